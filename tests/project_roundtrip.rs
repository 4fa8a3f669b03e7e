//! Project files: saved and loaded again they are the same project, and everything that is wrong with
//! one is said with its place.

// Helpers of tests may unwrap just as tests may.
#![allow(clippy::unwrap_used)]

use std::{fs, path::Path};

use keepers::{
    analysis::{
        cohorts::{CohortSpec, Metric, RowsBy},
        rfm::TieRule,
        rules::{Comparison, Condition, Field, Rule},
    },
    data::dataset::Role,
    data::dataset::options::{DateOrder, ReadOptions},
    data::day::Period,
    data::layouts,
    project::{
        Project, ProjectError, Source, VERSION,
        file::{self, load, parse, save, to_text, with_extension},
    },
};
use proptest::{collection, option, prelude::*, sample::select};

fn condition() -> impl Strategy<Value = Condition> {
    let fields = select(vec![
        Field::RScore,
        Field::FScore,
        Field::MScore,
        Field::RecencyDays,
        Field::Frequency,
        Field::Monetary,
        Field::Aov,
        Field::TenureDays,
    ]);
    let comparisons = select(vec![Comparison::AtLeast, Comparison::AtMost]);
    let threshold = prop_oneof![
        -1e12..1e12,
        prop::num::f64::NORMAL,
        Just(0.0),
        Just(0.1 + 0.2)
    ];
    let leaf = prop_oneof![
        Just(Condition::Always),
        (fields, comparisons, threshold)
            .prop_map(|(field, comparison, value)| Condition::Test(field, comparison, value)),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..4).prop_map(Condition::All),
            collection::vec(inner, 0..4).prop_map(Condition::Any),
        ]
    })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let rule = (any::<String>(), condition(), any::<u8>()).prop_map(|(name, when, style)| Rule {
        name,
        when,
        style,
    });
    collection::vec(rule, 0..8)
}

fn reading() -> impl Strategy<Value = ReadOptions> {
    let roles = collection::btree_map(any::<String>(), select(Role::ALL.to_vec()), 0..4);
    (
        collection::btree_map(any::<String>(), roles, 0..3),
        option::of(select(vec![DateOrder::DayMonth, DateOrder::MonthDay])),
        option::of(any::<String>()),
        collection::vec(any::<String>(), 0..3),
        collection::vec(any::<String>(), 0..3),
        collection::btree_map(any::<String>(), any::<String>(), 0..3),
        collection::btree_map(any::<String>(), any::<String>(), 0..3),
        collection::vec(select(layouts::built_in().to_vec()), 0..3),
    )
        .prop_map(
            |(roles, date_order, time_zone, rules_off, rules_on, sheets, answers, taught)| {
                ReadOptions {
                    roles,
                    date_order,
                    time_zone,
                    rules_off,
                    rules_on,
                    sheets,
                    answers,
                    taught,
                }
            },
        )
}

/// Sources with full paths, as the window keeps them, inside and outside the project's folder.
fn source(folder: &Path) -> impl Strategy<Value = Source> + use<> {
    let inside = folder.to_path_buf();
    let file = ("[a-zà-ÿ0-9 ._-]{1,12}x", any::<bool>()).prop_map(move |(name, near)| {
        let base = if near {
            inside.clone()
        } else {
            std::env::temp_dir().join("elsewhere")
        };
        base.join(name)
    });
    prop_oneof![
        Just(Source::None),
        Just(Source::Sample),
        collection::vec(file, 0..4).prop_map(Source::Files),
    ]
}

fn project(folder: &Path) -> impl Strategy<Value = Project> + use<> {
    let periods = select(vec![
        Period::Week,
        Period::Month,
        Period::Quarter,
        Period::Year,
    ]);
    let rows = prop_oneof![
        Just(RowsBy::Acquisition),
        any::<String>().prop_map(RowsBy::Attribute)
    ];
    (
        source(folder),
        reading(),
        option::of(-500_000..500_000_i32),
        select(vec![TieRule::Share, TieRule::RankFirst]),
        rules(),
        (
            periods.clone(),
            rows,
            select(Metric::ALL.to_vec()),
            periods,
            any::<String>(),
        ),
    )
        .prop_map(|(source, reading, as_of, ties, rules, shown)| {
            let (period, rows, cohort_metric, overview_period, currency) = shown;
            Project {
                source,
                reading,
                as_of,
                ties,
                rules,
                cohorts: CohortSpec { period, rows },
                cohort_metric,
                overview_period,
                currency,
                ..Project::default()
            }
        })
}

#[test]
fn a_saved_project_loads_as_the_same_project() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.keepers.ron");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&project(folder.path()), |project| {
            let text = to_text(&project, &path).unwrap();
            let loaded = parse(&text, &path).unwrap();
            prop_assert_eq!(&loaded, &project);
            prop_assert_eq!(to_text(&loaded, &path).unwrap(), text, "same bytes");
            Ok(())
        })
        .unwrap();
}

#[test]
fn saving_replaces_the_file_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.keepers.ron");
    let mut project = Project {
        source: Source::Sample,
        as_of: Some(10_000),
        ..Project::default()
    };
    save(&project, &path).unwrap();
    assert_eq!(load(&path).unwrap(), project);
    project.currency = "€".to_owned();
    save(&project, &path).unwrap();
    assert_eq!(load(&path).unwrap(), project);
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["shop.keepers.ron"], "no temporary file stays");
}

#[test]
fn a_failed_save_leaves_the_old_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.keepers.ron");
    save(&Project::default(), &path).unwrap();
    let before = fs::read(&path).unwrap();
    let mut broken = Project::default();
    broken.rules[0].when = Condition::Test(Field::Aov, Comparison::AtLeast, f64::INFINITY);
    let error = save(&broken, &path).unwrap_err();
    assert!(error.to_string().contains("VIP"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);

    let nowhere = folder.path().join("missing").join("shop.keepers.ron");
    let error = save(&Project::default(), &nowhere).unwrap_err();
    assert!(
        error.to_string().contains("there is no such folder"),
        "{error}"
    );
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("real.keepers.ron");
    let link = folder.path().join("link.keepers.ron");
    save(&Project::default(), &file).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&file, &link).unwrap();
    let project = Project {
        source: Source::Sample,
        ..Project::default()
    };
    save(&project, &link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(load(&file).unwrap(), project);
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn files_beside_the_project_move_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.keepers.ron");
    let elsewhere = std::env::temp_dir().join("elsewhere.csv");
    let project = Project {
        source: Source::Files(vec![folder.path().join("orders.csv"), elsewhere.clone()]),
        ..Project::default()
    };
    let text = to_text(&project, &path).unwrap();
    assert!(text.contains("\"orders.csv\""), "{text}");
    let moved = folder.path().join("moved").join("shop.keepers.ron");
    assert_eq!(
        parse(&text, &moved).unwrap().source,
        Source::Files(vec![
            folder.path().join("moved").join("orders.csv"),
            elsewhere
        ])
    );
}

#[test]
fn what_is_left_out_has_its_default() {
    let project = parse(
        &format!("(version: {VERSION}, source: sample, as_of: 10408)"),
        Path::new("p"),
    )
    .unwrap();
    assert_eq!(
        project,
        Project {
            source: Source::Sample,
            as_of: Some(10_408),
            ..Project::default()
        }
    );
}

fn error_of(text: &str) -> ProjectError {
    parse(text, Path::new("shop.keepers.ron")).unwrap_err()
}

#[test]
fn an_unknown_field_is_named_with_its_place() {
    let error = error_of("(\n    version: 1,\n    source: sample,\n    as_off: 10408,\n)");
    let ProjectError::Syntax { line, column, .. } = error else {
        panic!("{error}");
    };
    assert_eq!((line, column), (4, 5));
    let text = error.to_string();
    assert!(
        text.starts_with("shop.keepers.ron, line 4, column 5: "),
        "{text}"
    );
    assert!(
        text.contains("`as_off`") && text.contains("`as_of`"),
        "{text}"
    );
}

#[test]
fn a_wrong_value_is_named_with_its_place() {
    let text = error_of("(version: 1,\nas_of: \"yesterday\")").to_string();
    assert!(text.contains("line 2, column"), "{text}");
    let text = error_of("(version: 1,\nties: sometimes)").to_string();
    assert!(
        text.contains("line 2") && text.contains("sometimes") && text.contains("rank-first"),
        "{text}"
    );
    let text = error_of("(version: 1, source: sample").to_string();
    assert!(
        text.contains("line 1, column 22") && text.contains("comma"),
        "the place of the last word: {text}"
    );
}

#[test]
fn a_newer_project_is_refused_in_words() {
    let error = error_of("(version: 2, hologram: (a: 1, b: [\"x\"]))");
    assert!(
        matches!(error, ProjectError::Newer { found: 2, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("Update Keepers"), "{error}");
    let text = error_of("(source: sample)").to_string();
    assert!(text.contains("version"), "{text}");
}

#[test]
fn a_file_that_is_no_project_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let binary = folder.path().join("picture.keepers.ron");
    fs::write(&binary, [0xFF, 0xD8, 0xFF, 0x00]).unwrap();
    let text = load(&binary).unwrap_err().to_string();
    assert!(text.contains("A project is a text file"), "{text}");
    let text = load(&folder.path().join("none.keepers.ron"))
        .unwrap_err()
        .to_string();
    assert!(text.contains("moved or renamed"), "{text}");
    assert!(matches!(error_of(""), ProjectError::Syntax { .. }));
}

#[test]
fn a_project_no_analysis_could_use_is_refused() {
    let text = error_of("(version: 1, as_of: 2000000000)").to_string();
    assert!(text.contains("as-of date"), "{text}");
    let text =
        error_of("(version: 1, rules: [(name: \"X\", when: test(aov, at_least, NaN), style: 0)])")
            .to_string();
    assert!(text.contains("“X”"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", cut in 0..2_000_usize) {
        let _ = parse(&text, Path::new("p"));
        let whole = to_text(&Project::default(), Path::new("p")).unwrap();
        let cut = whole.char_indices().map(|(at, _)| at).take_while(|&at| at <= cut).last().unwrap_or(0);
        prop_assert!(parse(&whole[..cut], Path::new("p")).is_err() || cut + 1 >= whole.len());
    }
}

#[test]
fn the_ending_is_added_once() {
    assert_eq!(with_extension("shop".into()), Path::new("shop.keepers.ron"));
    assert_eq!(
        with_extension("shop.keepers.ron".into()),
        Path::new("shop.keepers.ron")
    );
    assert_eq!(with_extension("v1.2".into()), Path::new("v1.2.keepers.ron"));
    assert_eq!(file::stem(Path::new("a/shop.keepers.ron")), "shop");
}
