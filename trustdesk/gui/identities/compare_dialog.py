"""A fingerprint that somebody sent, compared with an identity's certificate."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trustdesk.core.identity import IdentityView
from trustdesk.core.message import msg
from trustdesk.gui.inspector.fingerprint_field import FingerprintField
from trustdesk.gui.theme.type import TypeStyle
from trustdesk.gui.widgets.plain_dialog import PlainDialog
from trustdesk.gui.widgets.text import Text
from trustdesk.gui.words import fingerprint_text


class CompareDialog(PlainDialog):
    """The certificate's own fingerprint above, the field below it."""

    def __init__(self, parent: QWidget, view: IdentityView) -> None:
        # Everything that a certificate says is read when it is wanted, and not with every row of the table.
        from trustdesk.formats.certificate_details import read_details

        super().__init__(
            parent,
            msg("Compare with {identity}", identity=view.identity.name),
            msg(
                "Paste the fingerprint that a CA or a partner named: SHA-256, SHA-1 or MD5, in any spelling."
            ),
            size=(640, 420),
        )
        certificate = view.identity.certificate
        digest = Text(fingerprint_text(certificate.sha256), TypeStyle.FIXED)
        digest.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.field = FingerprintField()
        self.field.show_certificate(read_details(certificate.der))
        self.content.addWidget(Text("SHA-256", TypeStyle.LABEL, "text2"))
        self.content.addWidget(digest)
        self.content.addWidget(self.field)
        self.content.addStretch(1)
        self.field.field.setFocus()
