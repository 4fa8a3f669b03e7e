//! What leaves the window: lists, the report. Made off the UI thread, once it is known where they go.

use egui::Context;

use super::{
    App,
    dialogs::{Made, Outgoing},
};
use export::{Tool, delivery::Delivered, report::Format, write};
use project::file;
use ui::{
    action::{Action, View},
    frame::{
        export::ExportOrder,
        tour::{self, TourAction},
    },
    views::segments::Section,
};

impl App {
    /// Asks where, then writes a list.
    pub(super) fn export(&mut self, ctx: &Context, order: ExportOrder) {
        let Some(shop) = self.snapshot.shop.clone() else {
            return;
        };
        let project = self.history.current().clone();
        let extension = order.options.format.extension();
        let list = match order.delivery.tool {
            Tool::Table => order.what.name(),
            tool => format!("{} {}", order.what.name(), tool.name()),
        };
        let name = format!("{} {list}.{extension}", self.shop_name());
        self.dialogs.save_told(ctx, name, move || {
            let chosen = order.selected.then_some(shop.selected.customers.as_slice());
            let what = &order.what;
            let Delivered { table, told } = what.deliver(&shop, &project, chosen, order.delivery);
            let table = if order.delivery.tool == Tool::Table {
                let missing = |name| format!("There is no column {name} any more. Export again.");
                table.select(&order.columns).map_err(missing)?
            } else {
                table
            };
            let bytes = write::bytes(&table, order.options).map_err(|error| format!("{error}."))?;
            Ok(Made { bytes, told })
        });
    }

    /// Asks where, then writes the report: a page, slides or a PDF, as the name asks for.
    pub(super) fn save_report(&mut self, ctx: &Context, suggested: Format) {
        if self.snapshot.shop.is_none() {
            return;
        }
        let order = self.report_order();
        let name = format!("{} report.{}", self.shop_name(), suggested.ending());
        let outgoing = Outgoing::Report(Box::new(move |format| order.bytes(format)));
        self.dialogs.save_as(ctx, name.into(), outgoing);
    }

    /// Name of the project or the data, as it may stand in a file name.
    fn shop_name(&self) -> String {
        let name = match (self.document_path(), &self.snapshot.shop) {
            (Some(path), _) => file::stem(path),
            (None, Some(shop)) => shop.dataset.name.clone(),
            (None, None) => "shop".to_owned(),
        };
        name.replace(['/', '\\', ':'], "-")
    }

    /// Whether the guided tour is under way.
    #[must_use]
    pub fn tours(&self) -> bool {
        self.shown.tour.is_some()
    }

    pub(super) fn tour(&mut self, ctx: &Context, action: TourAction) {
        let step = match action {
            TourAction::Start => Some(0),
            TourAction::Go(step) => Some(step),
            TourAction::End => None,
        };
        // Seen once, it does not come again by itself.
        self.settings.toured = true;
        self.shown.tour = step.filter(|step| tour::view_of(*step).is_some());
        if let Some(view) = self.shown.tour.and_then(tour::view_of) {
            if view == View::Segments {
                // The words of the step speak of the bubbles.
                self.views.segments.section = Section::Map;
            }
            self.apply(ctx, Action::Show(view));
        }
    }
}
