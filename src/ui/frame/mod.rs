//! Rail, top bar, status bar and everything else around a view.
