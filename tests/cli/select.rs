//! Parts of a selection by name on the command line: what a click in the window selects.

use std::fs;

use super::run::{failure, keepers, text};

/// Anna's order came back, Bert pays in three instalments, Cleo at once; Dora has cancelled one order.
const ORDERS: &str = "customer_id,order_date,amount,order_id,status,instalments,returned_at\n\
    Anna,2024-01-05,10,1,complete,1,\nAnna,2024-02-05,10,2,returned,1,2024-02-20\n\
    Bert,2024-01-06,20,3,complete,3,\nCleo,2024-01-07,30,4,complete,1,\n\
    Dora,2024-01-08,40,5,complete,12,\nDora,2024-01-09,50,6,cancelled,3,\nCleo,2024-03-01,5,7,complete,1,\n";

#[test]
fn a_list_holds_the_customers_of_a_part() {
    let folder = tempfile::tempdir().expect("a folder");
    let orders = folder.path().join("orders.csv");
    fs::write(&orders, ORDERS).expect("written");
    let list = folder.path().join("list.csv");
    let chosen = |parts: &[&str]| {
        let mut arguments = vec!["export", text(&orders), "--what", "customers", "--replace"];
        arguments.extend(["--columns", "customer_id", "--out", text(&list)]);
        for part in parts {
            arguments.extend(["--select", part]);
        }
        let run = keepers(&arguments);
        assert_eq!(run.code, Some(0), "{}", run.err);
        let written = fs::read_to_string(&list).expect("written");
        let names: Vec<String> = written.lines().skip(1).map(str::to_owned).collect();
        names.join(" ")
    };
    assert_eq!(chosen(&[]), "Anna Bert Cleo Dora");
    assert_eq!(chosen(&["line:not-kept"]), "Anna Dora");
    assert_eq!(chosen(&["status:cancelled"]), "Dora");
    // Of Dora's orders the one in three instalments was cancelled.
    assert_eq!(chosen(&["number:instalments:3"]), "Bert");
    assert_eq!(chosen(&["number:instalments:2:12"]), "Bert Dora");
    assert_eq!(chosen(&["number:instalments:4:"]), "Dora");
    // Kinds narrow each other.
    assert_eq!(chosen(&["line:not-kept", "column:instalments:1"]), "Anna");
    let mut arguments = vec!["export", text(&orders), "--what", "customers", "--replace"];
    arguments.extend(["--out", text(&list), "--select", "status:lost"]);
    let says = failure(1, &arguments);
    assert!(
        says.contains("nothing to select is called “status:lost”")
            && says.contains("step:returned"),
        "{says}"
    );
}
