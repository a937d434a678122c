"""What an office expects of partners, and how they reach it, as settings of its workspace."""

from __future__ import annotations

from dataclasses import replace

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import msg
from trustdesk.core.target import parse_target
from trustdesk.core.workspace_settings import WorkspaceSettings
from trustdesk.verify.readiness.api_rules import version_numbers


def expecting(
    before: WorkspaceSettings, own_endpoint: str | None, required_api_version: str | None
) -> WorkspaceSettings:
    """Return settings with our own endpoint and the least version; "" for none, None for what it was.

    Raises:
        UnusableInputError: the endpoint is no target, or the version no version.
    """
    endpoint = before.own_endpoint if own_endpoint is None else own_endpoint.strip()
    version = before.required_api_version if required_api_version is None else required_api_version.strip()
    if endpoint and endpoint != before.own_endpoint:
        parse_target(endpoint)
    if version and version_numbers(version) is None:
        raise UnusableInputError(
            msg("This is no version of the API."),
            remedy=msg("Write numbers with dots between them, as in 2.3.0."),
            place=version,
        )
    return replace(before, own_endpoint=endpoint, required_api_version=version)
