//! The report and the scenes of a project as slides: a presentation whose charts can be edited, and a
//! PDF with the same slides.
//!
//! | file | holds |
//! | --- | --- |
//! | [`numbers`] | the numbers of a chart as its CSV has them |
//! | [`plot`], [`grid`] | what of them a presentation program draws itself, and as which table |
//! | [`drawing`] | the window's own drawing as paths and texts |
//! | [`faces`] | typefaces: who has a letter, how wide text runs |
//! | [`slide`], [`board`], [`side`] | slides with everything in its place |
//! | [`compose`], [`tabulate`] | pages → slides whose texts fit |
//! | [`pptx`], [`pdf`] | slides → bytes of a file |
//! | [`style`] | colours and sizes |
//!
//! No clock: the same slides give the same bytes.

pub mod board;
pub mod compose;
pub mod drawing;
pub mod faces;
pub mod grid;
pub mod numbers;
pub mod pdf;
pub mod plot;
pub mod pptx;
pub mod side;
pub mod slide;
pub mod style;
pub mod tabulate;
