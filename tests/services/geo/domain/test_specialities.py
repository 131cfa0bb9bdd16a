"""Specialities under one name, whichever file says them."""

import pytest

from services.geo.domain.facts import Facts, Kind
from services.geo.domain.specialities import Speciality, speciality_named, speciality_of


@pytest.mark.parametrize(
    ("rpps", "ameli", "speciality"),
    [
        ("Spécialiste en Médecine Générale", "Médecin généraliste", Speciality.GENERAL),
        ("Cardiologie et maladies vasculaires", "Cardiologue", Speciality.CARDIOLOGY),
        ("Dermatologie et vénéréologie", "Dermatologue et vénérologue", Speciality.DERMATOLOGY),
        ("Gynécologie-obstétrique", "Gynécologue / Obstétricien", Speciality.GYNAECOLOGY),
        ("O.R.L et chirurgie cervico faciale", "Oto-Rhino-Laryngologue (ORL) et chirurgien cervico-facial", Speciality.ENT),
        ("Chirurgie thoracique et cardio-vasculaire", "Chirurgien thoracique et cardio-vasculaire", Speciality.SURGERY),
        ("Chirurgie orthopédique et traumatologie", "Chirurgien orthopédiste et traumatologue", Speciality.ORTHOPAEDICS),
        ("Chirurgie urologique", "Chirurgien urologue", Speciality.UROLOGY),
        ("Neurologie", "Neurologue", Speciality.NEUROLOGY),
        ("Neuro-chirurgie", "Neurochirurgien", Speciality.SURGERY),
        ("Psychiatrie option enfant & adolescent", "Pédopsychiatre", Speciality.PSYCHIATRY),
        ("Oncologie option radiothérapie", "Radiothérapeute", Speciality.ONCOLOGY),
        ("Radio-diagnostic", "Radiologue", Speciality.RADIOLOGY),
        ("Anesthésie-réanimation", "Anesthésiste réanimateur", Speciality.ANAESTHESIA),
        ("Médecine d'urgence", "Urgentiste", Speciality.EMERGENCY),
    ],
)  # fmt: skip
def test_both_registers_mean_the_same(rpps: str, ameli: str, speciality: Speciality) -> None:
    assert speciality_named(rpps) is speciality_named(ameli) is speciality


def test_a_rare_one_has_no_name_and_others_than_doctors_have_none() -> None:
    assert speciality_named("Médecine thermale") is None
    assert speciality_named("") is None
    nurse = Facts(kind=Kind.NURSE, activity="Infirmier", speciality="Cardiologie")
    assert speciality_of(nurse) is None
    assert speciality_of(nurse.model_copy(update={"kind": Kind.DOCTOR})) is Speciality.CARDIOLOGY
