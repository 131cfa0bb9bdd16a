"""What the screens of the notifications service show: one file a screen, pure."""
