import java.io.FileInputStream;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.VeraPDFFoundry;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Validates PDF files against PDF/UA-1 (ISO 14289-1), all in one process: a line of JSON for each. */
public class Validate {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        VeraPDFFoundry foundry = Foundries.defaultInstance();
        ObjectMapper json = new ObjectMapper();
        for (String file : files) {
            System.out.println(json.writeValueAsString(validated(foundry, file)));
        }
    }

    private static Map<String, Object> validated(VeraPDFFoundry foundry, String file) throws Exception {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("file", file);
        try (InputStream content = new FileInputStream(file);
                PDFAParser parser = foundry.createParser(content, PDFAFlavour.PDFUA_1);
                PDFAValidator validator = foundry.createValidator(PDFAFlavour.PDFUA_1, false)) {
            ValidationResult result = validator.validate(parser);
            TreeSet<String> failed = new TreeSet<>();
            for (TestAssertion assertion : result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                    failed.add(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber() + " "
                        + assertion.getMessage());
                }
            }
            said.put("compliant", result.isCompliant());
            said.put("checks", result.getTotalAssertions());
            said.put("failed", failed);
        }
        return said;
    }
}
