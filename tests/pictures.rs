//! Every chart as a picture: SVG, PNG and numbers of the sample shop's cards.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

use keepers::{
    app::{
        headless::{RenderOptions, Stage},
        picture::{Output, PictureError, render_charts},
    },
    project::Source,
    ui::{
        action::View,
        chart::{Format, PictureSpec},
    },
};

fn stage() -> Stage {
    Stage::open(Source::Sample, &RenderOptions::default()).expect("the sample shop opens")
}

/// Names of all elements, after checking that every element is closed in order: what an XML parser
/// would say about the structure.
fn elements(svg: &str) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut names = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let text = &rest[..start];
        let entities = ["&amp;", "&lt;", "&gt;", "&quot;"];
        let bare = entities
            .iter()
            .fold(text.to_owned(), |text, entity| text.replace(entity, ""));
        assert!(!bare.contains(['&', '>']), "unescaped text: {text:?}");
        let end = start + rest[start..].find('>').expect("every tag ends");
        let tag = &rest[start + 1..end];
        assert!(!tag.contains('<'), "a tag within a tag: {tag}");
        assert!(
            tag.matches('"').count().is_multiple_of(2),
            "an open quote: {tag}"
        );
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed in order");
        } else {
            let name = tag.split([' ', '/']).next().unwrap_or_default().to_owned();
            names.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "left open: {open:?}");
    names
}

#[test]
fn every_chart_has_a_name_of_its_own() {
    let mut stage = stage();
    for view in View::ALL {
        let mut names: Vec<String> = stage
            .charts(view)
            .into_iter()
            .map(|card| card.name)
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "{}: {names:?}", view.title());
    }
    let names = |cards: Vec<keepers::ui::chart::portrait::Card>| -> Vec<String> {
        cards.into_iter().map(|card| card.name).collect()
    };
    assert_eq!(
        names(stage.charts(View::Cohorts)),
        ["cohort_table", "cohort_curves"]
    );
    assert!(names(stage.charts(View::Overview)).contains(&"revenue_over_time".to_owned()));
}

#[test]
fn an_svg_is_one_document_of_shapes_and_words_and_always_the_same() {
    let spec = PictureSpec::light(1000, 700, 1.0);
    let mut first = stage();
    let card = first
        .charts(View::Segments)
        .into_iter()
        .find(|card| card.name == "segment_bubbles")
        .expect("the bubble plot");
    let draw = |stage: &mut Stage| {
        stage
            .chart(View::Segments, "segment_bubbles", &spec)
            .expect("drawn")
            .svg()
    };
    let svg = draw(&mut first);
    let names = elements(&svg);
    assert_eq!(names[..3], ["svg", "title", "desc"]);
    let count = |name: &str| names.iter().filter(|other| *other == name).count();
    // Six segments, each filled and outlined, and the two circles of the size key.
    assert_eq!(count("circle"), 6 * 2 + 2);
    assert_eq!(count("image"), 0);
    assert!(svg.contains("width=\"1000\" height=\"700\""));
    assert!(svg.contains(&format!(">{}</text>", card.title)));
    assert!(svg.contains(&format!("<desc>{}</desc>", card.finding)));
    assert!(svg.contains(">VIP</text>") && svg.contains("fill=\"#e69f00\""));
    assert_eq!(svg, draw(&mut first), "the same from the same stage");
    assert_eq!(svg, draw(&mut stage()), "the same from another stage");
}

#[test]
fn every_chart_draws_in_both_colours_and_shows_its_title_and_finding() {
    let mut stage = stage();
    let (light, dark) = (PictureSpec::PAGE, PictureSpec::PAGE.dark());
    for view in View::ALL {
        for card in stage.charts(view) {
            let mut svg = |spec| {
                let picture = stage.chart(view, &card.name, spec).expect("drawn");
                picture.svg()
            };
            let (light, dark) = (svg(&light), svg(&dark));
            elements(&light);
            elements(&dark);
            let title = card.title.replace('&', "&amp;");
            assert!(light.contains(&format!(">{title}</text>")), "{}", card.name);
            assert!(light.contains("fill=\"#ffffff\"") && dark.contains("fill=\"#1c2027\""));
        }
    }
}

#[test]
fn a_png_has_the_size_asked_for() {
    let mut stage = stage();
    for spec in [
        PictureSpec::SLIDE,
        PictureSpec::PAGE,
        PictureSpec::light(640, 411, 1.0),
    ] {
        let picture = stage.chart(View::Cohorts, "cohort_table", &spec);
        let bytes = picture.and_then(|picture| picture.png()).expect("drawn");
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        let number = |at: usize| {
            let bytes = bytes[at..at + 4].try_into().expect("four bytes");
            u32::from_be_bytes(bytes)
        };
        assert_eq!((number(16), number(20)), (spec.width, spec.height));
    }
}

#[test]
fn a_wide_table_is_drawn_smaller_instead_of_cut_off() {
    let mut stage = stage();
    let spec = PictureSpec::light(600, 400, 1.0);
    let picture = stage.chart(View::Cohorts, "cohort_table", &spec);
    let svg = picture.expect("drawn").svg();
    // The oldest of 36 monthly cohorts and the last row below the youngest one.
    for words in [">Jul 2022<", ">Jun 2025<", ">Weighted mean<", ">35<"] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn the_numbers_of_a_chart_are_those_of_its_card() {
    let mut stage = stage();
    let picture = stage
        .chart(View::Segments, "rf_grid", &PictureSpec::PAGE)
        .expect("drawn");
    let csv = picture.sheet().csv();
    // 5 × 5 scores below the head.
    assert_eq!(csv.lines().count(), 26, "{csv}");
}

#[test]
fn an_unknown_chart_is_named_with_those_there_are() {
    let mut stage = stage();
    let Err(error) = stage.chart(View::Cohorts, "pie", &PictureSpec::PAGE) else {
        panic!("there is no pie");
    };
    assert!(matches!(error, PictureError::Unknown { .. }));
    assert_eq!(
        error.to_string(),
        "Cohorts shows no chart called “pie”. Its charts are cohort_table, cohort_curves"
    );
}

#[test]
fn charts_are_written_under_their_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = RenderOptions {
        views: vec![View::Cohorts],
        ..RenderOptions::default()
    };
    for (output, ending) in [
        (Output::Picture(Format::Svg), "svg"),
        (Output::Picture(Format::Png), "png"),
        (Output::Csv, "csv"),
    ] {
        let files = render_charts(Source::Sample, folder.path(), &options, ("all", output));
        let names: Vec<String> = files
            .expect("written")
            .iter()
            .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .collect();
        let expected = ["cohort_table", "cohort_curves"].map(|name| format!("{name}.{ending}"));
        assert_eq!(names, expected);
    }
}
