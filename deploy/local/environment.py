"""The environment of a service: all that it is told, and the only way it is told anything."""

import json

from deploy.local import ports, services
from deploy.local.components import mongo_admin
from deploy.local.plan import Plan


def env_for(plan: Plan, service: str) -> dict[str, str]:
    return {
        **_database(plan, service),
        **_broker(plan, service),
        **_mail(plan),
        **_web(plan, service),
        "SECRETS_DIR": str(plan.folder / "secrets"),
        "CLOCK_OFFSET_FILE": str(plan.folder / "clock-offset"),
        "VAR_DIR": str(plan.folder),
        "WITNESS_DIR": str(plan.folder / "witness"),
        "TRACE_FILE": str(plan.folder / "spans" / f"{service}.jsonl"),
        "WORKS_FILE": str(plan.folder / "works"),
    }


def base_url(port: int) -> str:
    return f"http://{ports.HOST}:{port}"


def _database(plan: Plan, service: str) -> dict[str, str]:
    return {"MONGO_URL": mongo_admin.url(plan, service), "MONGO_DATABASE": service}


def _broker(plan: Plan, service: str) -> dict[str, str]:
    outside = plan.kafka
    return {
        "KAFKA_BOOTSTRAP": outside.address if outside else f"{ports.HOST}:{plan.ports['kafka']}",
        "KAFKA_USERNAME": outside.username if outside else service,
        "KAFKA_PASSWORD": outside.password if outside else plan.passwords[service],
    }


def _mail(plan: Plan) -> dict[str, str]:
    return {
        "SMTP_HOST": ports.HOST,
        "SMTP_PORT": str(plan.ports["smtp"]),
        "MAIL_SINK_URL": base_url(plan.ports["mail"]),
    }


def _web(plan: Plan, service: str) -> dict[str, str]:
    urls = {name: base_url(plan.ports[name]) for name in services.SERVICES}
    return {
        "HTTP_HOST": ports.HOST,
        "HTTP_PORT": str(plan.ports[service]),
        "SERVICE_URLS": json.dumps(urls),
        "PUBLIC_URL": urls["console" if service == "console" else "gateway"],
    }
