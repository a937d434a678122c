"""The organisation's file: what it can say, and mistakes with their lines."""

from __future__ import annotations

import pytest

from trustdesk.core.errors import UnusableInputError
from trustdesk.core.finding import Severity
from trustdesk.services.wording import wording
from trustdesk.storage.resources import resource_folder
from trustdesk.verify.lint import RULE_IDS
from trustdesk.verify.profiles.policy import DEFAULT_POLICY, OrganisationPolicy
from trustdesk.verify.profiles.policy_file import MAX_FILE_BYTES, read_policy

DIGEST = "ab" * 32
SPELT = ":".join([DIGEST[index : index + 2].upper() for index in range(0, 64, 2)])


def read(text: str) -> OrganisationPolicy:
    return read_policy(text.encode(), "org.toml", RULE_IDS)


def test_example_is_read_and_names_every_key() -> None:
    text = (resource_folder() / "rules" / "org-example.toml").read_text(encoding="utf-8")
    policy = read(text)
    assert policy == OrganisationPolicy(
        name="Example organisation",
        rsa_min_bits=2048,
        curves=("P-256", "P-384"),
        max_validity_days=398,
        severities={"CLI-12": Severity.INFO, "SRV-06": Severity.INFO},
    )


def test_empty_file_is_the_defaults() -> None:
    assert read("") == DEFAULT_POLICY


def test_everything_can_be_said() -> None:
    policy = read(
        f"""
        name = "Acme"
        enforce_1r_2020 = true
        keys.rsa_min_bits = 3072
        keys.curves = ["P-384"]
        [expiry]
        warn_days = 60
        error_days = 14
        warn_percent = 50
        [validity]
        max_days = 200
        [issuers]
        allowed_cas = ["{DIGEST}", "{SPELT}"]
        [severity]
        "CLI-04" = "error"
        SRV-13 = "info"
        """
    )
    assert policy == OrganisationPolicy(
        name="Acme",
        enforce_1r_2020=True,
        rsa_min_bits=3072,
        curves=("P-384",),
        warn_days=60,
        error_days=14,
        warn_percent=50,
        max_validity_days=200,
        allowed_cas=(DIGEST, DIGEST),
        severities={"CLI-04": Severity.ERROR, "SRV-13": Severity.INFO},
    )


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("[keys]\nrsa_min_bit = 2048", "Line 2: keys.rsa_min_bit: Nothing is known", "mean rsa_min_bits?"),
        ("\n[key]\nrsa_min_bits = 2048", "Line 2: key: Nothing is known", "mean keys?"),
        ("[keys]\n\nrsa_min_bits = '2048'", "Line 3: keys.rsa_min_bits: It is no whole", "without quotes"),
        (
            "[keys]\nrsa_min_bits = 1024",
            "Line 2: keys.rsa_min_bits: It is no whole number from 2048",
            "number",
        ),
        ("[keys]\nrsa_min_bits = true", "Line 2: keys.rsa_min_bits: It is no whole number", "number"),
        ("keys.curves = ['P256']", "Line 1: keys.curves: P256 is no curve", "mean P-256?"),
        ("[keys]\ncurves = 'P-256'", "Line 2: keys.curves: It is no list of texts", "one"),
        ("name = 1", "Line 1: name: It is no text", "quotes"),
        ("enforce_1r_2020 = 1", "Line 1: enforce_1r_2020: It is neither true nor false", "true or false"),
        ("keys = 1", "Line 1: keys: It is no section", "[keys]"),
        (
            f"[issuers]\nallowed_cas = [\n '{DIGEST}',\n 'abc',\n]",
            "Line 4: issuers.allowed_cas: abc is no SHA-256",
            "64 hexadecimal digits",
        ),
        ("[severity]\n'CLI-99' = 'error'", "Line 2: severity.CLI-99: There is no rule", "mean CLI-"),
        ("[severity]\n'CLI-04' = 'fatal'", "Line 2: severity.CLI-04: fatal is no severity", "blocker, error"),
        ("[severity]\n'CLI-04' = 1", "Line 2: severity.CLI-04: 1 is no severity", "blocker, error"),
        ("[expiry]\nwarn_days = 5", "Line 1: expiry.error_days: The error would come", "at most"),
        ("[expiry]\nwarn_days = 5\nerror_days = 6", "Line 3: expiry.error_days: The error", "at most"),
        ("[keys\nrsa", "Line 1: This is no TOML", "Correct that line"),
        ("a = 1\nb = ", "Line 2: This is no TOML", "Correct that line"),
    ],
)
def test_mistake_names_file_line_key_and_remedy(text: str, problem: str, remedy: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        read(text)
    words = wording("en")
    assert problem in words.text(caught.value.problem)
    assert remedy in words.text(caught.value.remedy)
    assert caught.value.place == "org.toml"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'name = "a"\n\xff\xfe', "Line 2: The file is not UTF-8."),
        (b"#" * (MAX_FILE_BYTES + 1), "Line 1: The file is too big for a rule file."),
    ],
)
def test_file_that_is_none(data: bytes, problem: str) -> None:
    with pytest.raises(UnusableInputError) as caught:
        read_policy(data, "org.toml", RULE_IDS)
    assert wording("en").text(caught.value.problem) == problem


def test_byte_order_mark_is_no_mistake() -> None:
    assert read_policy(b'\xef\xbb\xbfname = "Acme"', "org.toml", RULE_IDS).name == "Acme"
