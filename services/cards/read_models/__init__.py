"""What the screens of the cards service show: one file a screen, pure."""
