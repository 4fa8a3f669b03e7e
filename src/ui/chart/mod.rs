//! The shared chart kit: one look for every chart of the window.
//!
//! | module | holds |
//! | --- | --- |
//! | [`scale`] | round tick values and units |
//! | [`plot`] | the house plot on `egui_plot`: grid, axes, zoom; every x–y chart stands in it |
//! | [`bars`] | bars, stacked bars and histograms |
//! | [`lines`] | a set of lines over whole steps (ages, periods) |
//! | [`curves`] | free curves and dots over a numeric axis, with a cut line to drag |
//! | [`bar_list`] | named horizontal bars with figure and share: rankings, steps |
//! | [`spark`] | the line without axes of KPI cards and table cells |
//! | [`legend`], [`tip`] | swatch row and hover card |
//! | [`card`] | the card around a chart: title, finding, ⓘ, ⤓ copy and save |
//! | [`picture`] | what a chart can be saved as: kind of file, size, colours |
//! | [`portrait`] | one card drawn alone, for pictures |
//! | [`sheet`] | the numbers of a chart as TSV and CSV |
//!
//! Charts never take the plain scroll wheel: scrolling the page scrolls the page.

pub mod bar_list;
pub mod bars;
pub mod card;
pub mod curves;
pub mod legend;
pub mod lines;
mod menu;
pub mod picture;
pub mod plot;
pub mod portrait;
pub mod scale;
pub mod sheet;
pub mod spark;
pub mod tip;

pub use bar_list::{BarList, BarRow, bar_list_ui};
pub use bars::{Bars, Series, bars_ui};
pub use card::ChartCard;
pub use curves::{Curve, Curves, Handle, curves_ui};
pub use legend::{Key, KeyMark, hatch, keys_ui, legend_ui, spread};
pub use lines::{Line, Lines, lines_ui};
pub use picture::{Format, PictureOrder, PictureSpec};
pub use plot::{Axes, Axis, HousePlot, PlotOptions};
pub use scale::Unit;
pub use sheet::Sheet;
pub use spark::sparkline_ui;
pub use tip::{Tip, TipRow, tip_ui};
