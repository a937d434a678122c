"""The look: colours, fonts and icons. The token object is the only place of the window that writes hex."""
