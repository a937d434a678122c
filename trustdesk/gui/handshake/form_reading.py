"""From what stands in the form's fields to a target, and back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.message import Message, msg
from trustdesk.core.target import Target, TargetProtocol, parse_target


class FormField(StrEnum):
    """A field that can hold something that cannot be used."""

    TARGET = "target"
    CONNECT = "connect"
    PORT = "port"
    SERVER_NAME = "server_name"
    VERIFY_NAME = "verify_name"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormValues:
    """What stands in the fields; "" for an empty one, whose value then follows from the target.

    Attributes:
        protocol: used where `target` names none.
        alpn: kept from an opened endpoint that offers other protocols than usual; None for the usual.
    """

    target: str
    protocol: TargetProtocol = TargetProtocol.HTTPS
    connect: str = ""
    port: str = ""
    server_name: str = ""
    send_server_name: bool = True
    verify_name: str = ""
    alpn: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormProblem:
    """Why the form names no target, and at which field."""

    field: FormField
    problem: Message
    remedy: Message


_NAME_REMEDY = msg("Write a DNS name or an IP address, or leave the field empty.")
_SNI_REMEDY = msg("Write a DNS name, leave the field empty, or send none.")
_PORT_REMEDY = msg("Write a number from 1 to 65535, or leave the field empty.")


def with_protocol(text: str, protocol: TargetProtocol) -> str:
    """Return a target's text with its scheme replaced, or put before it; "" stays empty."""
    text = text.strip()
    return f"{protocol}://{text.partition('://')[2] if '://' in text else text}" if text else ""


def protocol_of(text: str) -> TargetProtocol | None:
    """Return the protocol that a target's text names; None where it names none or another."""
    scheme, separator, _ = text.strip().partition("://")
    try:
        return TargetProtocol(scheme.lower()) if separator else None
    except ValueError:
        return None


def read_form(values: FormValues) -> Target | FormProblem:
    """Return the target that the fields name, or the first field that cannot be used."""
    text = values.target.strip()
    if text and "://" not in text:
        text = with_protocol(text, values.protocol)
    try:
        target = parse_target(text)
    except UnusableInputError as error:
        return FormProblem(field=FormField.TARGET, problem=error.problem, remedy=error.remedy)
    connect, port = values.connect.strip(), values.port.strip()
    server_name, verify_name = values.server_name.strip(), values.verify_name.strip()
    field, remedy = FormField.CONNECT, _NAME_REMEDY
    try:
        if connect:
            parsed = parse_target(text, connect=connect)
            target = replace(target, connect_address=parsed.connect_address, connect_port=parsed.connect_port)
        field, remedy = FormField.PORT, _PORT_REMEDY
        if port:
            target = replace(
                target, connect_port=parse_target(text, connect=f"192.0.2.1:{port}").connect_port
            )
        field, remedy = FormField.SERVER_NAME, _SNI_REMEDY
        if not values.send_server_name:
            target = replace(target, server_name=None)
        elif server_name:
            target = replace(target, server_name=parse_target(text, server_name=server_name).server_name)
        field, remedy = FormField.VERIFY_NAME, _NAME_REMEDY
        if verify_name:
            target = replace(target, verify_name=parse_target(text, verify_name=verify_name).verify_name)
    except UnusableInputError as error:
        return FormProblem(field=field, problem=error.problem, remedy=remedy)
    return target if values.alpn is None else replace(target, alpn=values.alpn)


def form_values(target: Target) -> FormValues:
    """Return the fields that name `target`; what follows from its endpoint stays empty."""
    usual = parse_target(target.endpoint)
    return FormValues(
        target=target.endpoint,
        protocol=target.protocol,
        connect=target.connect_address or "",
        port="" if target.connect_port is None else str(target.connect_port),
        server_name="" if target.server_name in {None, usual.server_name} else str(target.server_name),
        send_server_name=target.server_name is not None or usual.server_name is None,
        verify_name="" if target.verify_name == usual.verify_name else target.verify_name,
        alpn=None if target.alpn == usual.alpn else target.alpn,
    )


def set_parts(values: FormValues) -> tuple[Message, ...]:
    """Return what is not as it follows from the target, in words, for the folded second row."""
    parts: list[Message] = []
    if values.connect:
        parts.append(msg("connect to {address}", address=values.connect))
    if values.port:
        parts.append(msg("port {port}", port=values.port))
    if not values.send_server_name:
        parts.append(msg("no SNI"))
    elif values.server_name:
        parts.append(msg("SNI {name}", name=values.server_name))
    if values.verify_name:
        parts.append(msg("verify {name}", name=values.verify_name))
    return tuple(parts)
