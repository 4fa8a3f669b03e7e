//! The point view's numbers: hexagons with their counts, or people.

use super::{
    cloud::{Answer, Cloud},
    paint,
};
use crate::{
    chart::{Sheet, sheet::cell},
    cx::Cx,
    frame::selection_text,
};
use analysis::selection::Axis;

/// What is in sight, for the clipboard or a file.
pub(super) fn sheet(cx: &Cx<'_>, shown: Option<&Answer>) -> Sheet {
    let Some(shown) = shown else {
        return Sheet::default();
    };
    let name = |axis: Axis| {
        selection_text::quantity(axis.quantity)
            .to_lowercase()
            .replace(' ', "_")
    };
    let value = |axis: Axis, place: f64| cell(Some(paint::value(axis, place)));
    let (x, y) = (shown.ask.x, shown.ask.y);
    match &shown.cloud {
        Cloud::Bins(bins) => {
            let mut sheet = Sheet::new(&[&name(x), &name(y), "customers", "selected"]);
            if shown.ask.predicted {
                sheet.columns.push("predicted_value_mean".to_owned());
            }
            for bin in bins {
                let mut row = vec![
                    value(x, bin.x),
                    value(y, bin.y),
                    bin.customers.to_string(),
                    bin.selected.to_string(),
                ];
                row.extend(shown.ask.predicted.then(|| cell(bin.predicted)));
                sheet.push(row);
            }
            sheet
        }
        Cloud::Points(points) => {
            let ids = &cx.shop.dataset.orders.customer_ids;
            let mut sheet = Sheet::new(&["customer", &name(x), &name(y), "selected"]);
            for point in points {
                let row = point.row as usize;
                sheet.push(vec![
                    ids.get(row).to_owned(),
                    cell(Some(x.quantity.of(&cx.shop.customers, row))),
                    cell(Some(y.quantity.of(&cx.shop.customers, row))),
                    u8::from(point.selected).to_string(),
                ]);
            }
            sheet
        }
    }
}
