"""The rules of path validation: one short function each, on one certificate of one path.

`ALL_RULES` holds every rule in the order in which its checks are reported. A rule never stops another one.
"""

from trustdesk.verify.rules.anchor import ANCHOR_RULES
from trustdesk.verify.rules.authority import AUTHORITY_RULES
from trustdesk.verify.rules.chain import CHAIN_RULES
from trustdesk.verify.rules.end_entity import END_ENTITY_RULES
from trustdesk.verify.rules.extensions import EXTENSION_RULES
from trustdesk.verify.rules.form import FORM_RULES
from trustdesk.verify.rules.names import NAME_RULES
from trustdesk.verify.rules.policy import POLICY_RULES
from trustdesk.verify.rules.purpose import PURPOSE_RULES
from trustdesk.verify.rules.revocation import REVOCATION_RULES
from trustdesk.verify.rules.rule import Rule
from trustdesk.verify.rules.trust import TRUST_RULES

ALL_RULES: tuple[Rule, ...] = (
    *FORM_RULES,
    *EXTENSION_RULES,
    *CHAIN_RULES,
    *AUTHORITY_RULES,
    *END_ENTITY_RULES,
    *PURPOSE_RULES,
    *NAME_RULES,
    *POLICY_RULES,
    *ANCHOR_RULES,
    *TRUST_RULES,
    *REVOCATION_RULES,
)

RULE_BY_ID = {rule.id: rule for rule in ALL_RULES}
"""Titles, sources and kinds by rule id, for whoever shows a check."""
