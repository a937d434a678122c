"""Reports out of the window: a review sheet or the board, written while everything else goes on."""
