"""The rules of identity. Pure: no clock, no ids made here, no I/O."""
