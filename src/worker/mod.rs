//! The one named background thread: the newest request replaces any waiting one and cancels the running one.
