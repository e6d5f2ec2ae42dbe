//! Imposition: every page where it belongs and the right way up, whatever its boxes.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::collections::BTreeMap;

use huikan::press::document::Print;
use huikan::press::geometry::Length;
use huikan::press::impose::{self, Order, Plan, Scheme, Turn};
use lopdf::content::Content;
use lopdf::encryption::{EncryptionState, EncryptionVersion, Permissions};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

use support::project::Project;

/// A page to be made: its boxes as a dictionary's entries.
type Boxes = Dictionary;

fn rect(sides: [i64; 4]) -> Object {
    Object::Array(sides.into_iter().map(Object::Integer).collect())
}

/// Pages of 300 by 400 points.
fn plain() -> Boxes {
    dictionary! { "MediaBox" => rect([0, 0, 300, 400]) }
}

/// A file with these pages; each draws its number.
fn file(pages: Vec<Boxes>) -> Document {
    let mut document = Document::new();
    document.version = "1.5".into();
    let root = document.new_object_id();
    let font = document.add_object(
        dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" },
    );
    let mut kids = Vec::new();
    for (index, mut page) in pages.into_iter().enumerate() {
        // About as much as a page of text has.
        let line =
            |n: usize| format!("{} 0 Td ({:x}) Tj\n", n % 7, n * 7919 * (index + 1));
        let text: String = (0..400).map(line).collect();
        let content = format!("BT /F 40 Tf 40 40 Td (P{}) Tj {text} ET", index + 1);
        let content =
            document.add_object(Stream::new(Dictionary::new(), content.into_bytes()));
        page.set("Type", "Page");
        page.set("Parent", Object::Reference(root));
        page.set("Contents", Object::Reference(content));
        page.set(
            "Resources",
            dictionary! { "Font" => dictionary! { "F" => Object::Reference(font) } },
        );
        kids.push(Object::Reference(document.add_object(page)));
    }
    let count = i64::try_from(kids.len()).expect("a count");
    let pages = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
    document.objects.insert(root, Object::Dictionary(pages));
    let catalog = document.add_object(
        dictionary! { "Type" => "Catalog", "Pages" => Object::Reference(root) },
    );
    document.trailer.set("Root", Object::Reference(catalog));
    document
}

fn bytes(document: &mut Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a file");
    bytes
}

fn of_plain(count: usize) -> Vec<u8> {
    bytes(&mut file(vec![plain(); count]))
}

fn order(scheme: Scheme) -> Order {
    Order {
        scheme,
        sheet: (Length::mm(900.0), Length::mm(1300.0)),
        paper: Length::mm(0.1),
        bleed: Length::mm(3.0),
        gutter: None,
        milling: Length::mm(3.0),
        cover: false,
        turn: Turn::Sheetwise,
        marks: true,
        title: "test.pdf".into(),
    }
}

/// A page as it is found on a side: its number, its trim's middle, its way up as quarters
/// against the clock, and where the corner of its user space is.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    number: usize,
    middle: (f64, f64),
    quarters: i64,
    scale: f64,
}

/// What is drawn on each side of the finished sheets, from their operators.
fn found(sheets: &[u8], trims: &[[f64; 4]]) -> Vec<Vec<Found>> {
    let document = Document::load_mem(sheets).expect("a PDF");
    let pages = document.page_iter();
    pages
        .map(|page| {
            let content = document.get_page_content(page);
            let content = Content::decode(&content).expect("operators");
            let mut matrix = [0.0; 6];
            let mut found = Vec::new();
            for operation in content.operations {
                let numbers = || -> Vec<f64> {
                    let float =
                        |object: &Object| f64::from(object.as_float().expect("a number"));
                    operation.operands.iter().map(float).collect()
                };
                match operation.operator.as_str() {
                    "cm" => matrix = numbers().try_into().expect("six numbers"),
                    "Do" => {
                        let name = operation.operands[0].as_name().expect("a name");
                        let name = std::str::from_utf8(name).expect("a name");
                        // Marks are a form of their own.
                        let Ok(number) = name[1..].parse::<usize>() else { continue };
                        found.push(placed(
                            number,
                            matrix,
                            trims[(number - 1) % trims.len()],
                        ));
                    }
                    _ => {}
                }
            }
            found
        })
        .collect()
}

fn placed(number: usize, [a, b, c, d, e, f]: [f64; 6], trim: [f64; 4]) -> Found {
    let (x, y) = (f64::midpoint(trim[0], trim[2]), f64::midpoint(trim[1], trim[3]));
    let scale = (a * a + b * b).sqrt();
    let quarters = (b.atan2(a) / std::f64::consts::FRAC_PI_2).round();
    #[expect(clippy::cast_possible_truncation, reason = "it is one of four")]
    let quarters = (quarters as i64).rem_euclid(4);
    Found { number, middle: (a * x + c * y + e, b * x + d * y + f), quarters, scale }
}

const TRIM: [f64; 4] = [0.0, 0.0, 300.0, 400.0];

fn imposed(file: &[u8], order: &Order) -> (Plan, Vec<u8>) {
    let print = Print::open("test.pdf", file, None).expect("a PDF");
    let plan = impose::plan(&print, "test.pdf", order).expect("a plan");
    let sheets = impose::sheets(print, &plan, order).expect("sheets");
    (plan, sheets)
}

/// The numbers on a side from the left, row by row from above.
fn numbers(side: &[Found]) -> Vec<usize> {
    let mut side = side.to_vec();
    side.sort_by(|a, b| {
        let row = b.middle.1.round().total_cmp(&a.middle.1.round());
        row.then(a.middle.0.total_cmp(&b.middle.0))
    });
    side.iter().map(|found| found.number).collect()
}

/// Sheets put into each other and opened at the fold read 1, 2, 3 …
#[test]
fn stitched_sheets_read_in_order() {
    let file = of_plain(96);
    let (plan, sheets) = imposed(&file, &order(Scheme::Saddle));
    assert_eq!((plan.sheets.len(), plan.blanks), (24, 0));
    assert!(
        sheets.len() as f64 <= file.len() as f64 * 1.1,
        "{} of {}",
        sheets.len(),
        file.len()
    );
    let sides = found(&sheets, &[TRIM]);
    let mut leaves: Vec<(usize, usize)> = Vec::new();
    for (front, back) in
        sides.chunks(2).map(|pair| (numbers(&pair[0]), numbers(&pair[1])))
    {
        // What is on the right of the front has the left of the back behind it.
        leaves.push((front[1], back[0]));
    }
    for (front, back) in
        sides.chunks(2).rev().map(|pair| (numbers(&pair[0]), numbers(&pair[1])))
    {
        leaves.push((back[1], front[0]));
    }
    let read: Vec<usize> =
        leaves.into_iter().flat_map(|(recto, verso)| [recto, verso]).collect();
    assert_eq!(read, (1..=96).collect::<Vec<_>>());
    assert!(sides.iter().flatten().all(|found| found.quarters == 0));
}

/// Each sheet's pages are moved towards the fold by the paper that is outside of it.
#[test]
fn creep_grows_from_sheet_to_sheet() {
    let (plan, sheets) = imposed(&of_plain(48), &order(Scheme::Saddle));
    let middle = plan.width.0 / 2.0;
    for (index, sides) in found(&sheets, &[TRIM]).chunks(2).enumerate() {
        let creep = Length::mm(0.1 * index as f64).0;
        for found in sides.concat() {
            let apart = (found.middle.0 - middle).abs();
            assert!((apart - (150.0 - creep)).abs() < 0.01, "{found:?}, sheet {index}");
        }
    }
}

/// The file that a 16-page signature of a handbook is.
#[test]
fn signatures_stand_as_handbooks_have_them() {
    let (plan, sheets) =
        imposed(&of_plain(38), &order(Scheme::Perfect { signature: 16 }));
    // Two of 16 pages and one of 8 for the six that are left.
    assert_eq!((plan.sheets.len(), plan.blanks), (3, 2));
    let sides = found(&sheets, &[TRIM]);
    assert_eq!(numbers(&sides[0]), [5, 12, 9, 8, 4, 13, 16, 1]);
    assert_eq!(numbers(&sides[1]), [7, 10, 11, 6, 2, 15, 14, 3]);
    for found in &sides[0] {
        let upper = [5, 12, 9, 8].contains(&found.number);
        assert_eq!(found.quarters, if upper { 2 } else { 0 }, "{found:?}");
    }
    // Behind each page is the one of its leaf: mirrored, at the same place.
    for (front, back) in sides[..4].chunks(2).map(|pair| (&pair[0], &pair[1])) {
        for page in front {
            let other =
                if page.number % 2 == 1 { page.number + 1 } else { page.number - 1 };
            let behind =
                back.iter().find(|found| found.number == other).expect("its leaf");
            assert!((page.middle.0 + behind.middle.0 - plan.width.0).abs() < 0.01);
            assert!((page.middle.1 - behind.middle.1).abs() < 0.01);
            assert_eq!(page.quarters, behind.quarters);
        }
    }
}

#[test]
fn a_cover_has_a_back_of_the_book() {
    let perfect = Order { cover: true, ..order(Scheme::Perfect { signature: 8 }) };
    let (plan, sheets) = imposed(&of_plain(84), &perfect);
    // 40 leaves of 0.1 mm.
    assert!((plan.spine.expect("a spine").in_mm() - 4.0).abs() < 0.001);
    let sides = found(&sheets, &[TRIM]);
    assert_eq!(numbers(&sides[0]), [84, 1]);
    assert_eq!(numbers(&sides[1]), [2, 83]);
    let apart = sides[0][1].middle.0 - sides[0][0].middle.0;
    assert!((apart - 300.0 - Length::mm(4.0).0).abs() < 0.01);
    assert_eq!(numbers(&sides[2]), [7, 6, 10, 3]);
}

/// Cut, and put on each other, the stacks are in order.
#[test]
fn stacks_are_in_order() {
    let (plan, sheets) =
        imposed(&of_plain(24), &order(Scheme::CutAndStack { columns: 2, rows: 2 }));
    assert_eq!(plan.sheets.len(), 3);
    let sides = found(&sheets, &[TRIM]);
    let mut read = Vec::new();
    for place in 0..4 {
        for pair in sides.chunks(2) {
            let mirrored = place ^ 1;
            read.extend([numbers(&pair[0])[place], numbers(&pair[1])[mirrored]]);
        }
    }
    assert_eq!(read, (1..=24).collect::<Vec<_>>());
}

#[test]
fn several_pages_share_a_smaller_sheet() {
    let up = Order {
        sheet: (Length::mm(148.0), Length::mm(210.0)),
        marks: false,
        ..order(Scheme::NUp { columns: 2, rows: 2 })
    };
    let (_, sheets) = imposed(&of_plain(6), &up);
    let sides = found(&sheets, &[TRIM]);
    assert_eq!((numbers(&sides[0]), numbers(&sides[1])), (vec![1, 2, 3, 4], vec![5, 6]));
    let scale = Length::mm(148.0).0 / 600.0;
    assert!(sides.concat().iter().all(|found| (found.scale - scale).abs() < 0.001));
}

/// What lies behind each panel is what is meant to.
#[test]
fn leaflets_have_their_panels_behind_each_other() {
    let cases = [
        (Scheme::TriFold, [5, 6, 1], [2, 3, 4]),
        (Scheme::ZFold, [4, 5, 1], [2, 3, 6]),
        (Scheme::GateFold, [2, 6, 1], [3, 4, 5]),
    ];
    for (scheme, outside, inside) in cases {
        // Panels behind each other are of one width.
        let mut widths = BTreeMap::new();
        for (place, page) in outside.iter().enumerate() {
            let width = [90, 100, 95][place];
            widths.insert(*page, width);
            widths.insert(inside[2 - place], width);
        }
        let boxes = (1..=6)
            .map(|page| dictionary! { "MediaBox" => rect([0, 0, widths[&page], 200]) });
        let (_, sheets) = imposed(&bytes(&mut file(boxes.collect())), &order(scheme));
        let sides = found(&sheets, &[[0.0, 0.0, 95.0, 200.0]]);
        assert_eq!(
            (numbers(&sides[0]), numbers(&sides[1])),
            (outside.to_vec(), inside.to_vec())
        );
    }
}

/// One set of plates prints both sides: turned over, the back meets the front.
#[test]
fn turned_and_tumbled_sheets_meet() {
    for turn in [Turn::WorkAndTurn, Turn::WorkAndTumble] {
        let (plan, sheets) =
            imposed(&of_plain(4), &Order { turn, ..order(Scheme::Saddle) });
        let sides = found(&sheets, &[TRIM]);
        assert_eq!(sides[0], sides[1]);
        let at = |number: usize| {
            sides[0].iter().find(|found| found.number == number).expect("a page")
        };
        let tumble = turn == Turn::WorkAndTumble;
        for (recto, verso) in [(1, 2), (3, 4)] {
            let (recto, verso) = (at(recto), at(verso));
            let over = match tumble {
                true => (verso.middle.0, plan.height.0 - verso.middle.1),
                false => (plan.width.0 - verso.middle.0, verso.middle.1),
            };
            assert!((recto.middle.0 - over.0).abs() < 0.01, "{recto:?} {verso:?}");
            assert!((recto.middle.1 - over.1).abs() < 0.01, "{recto:?} {verso:?}");
            assert_eq!((recto.quarters + verso.quarters) % 4, if tumble { 2 } else { 0 });
        }
    }
}

/// Boxes that do not begin at nought, negative ones, corners the other way round, turned
/// pages, and a unit of its own.
#[test]
fn odd_boxes_are_understood() {
    let pages = vec![
        plain(),
        dictionary! { "MediaBox" => rect([-100, 50, 200, 450]) },
        dictionary! { "MediaBox" => rect([300, 400, 0, 0]) },
        dictionary! { "MediaBox" => rect([0, 0, 400, 300]), "Rotate" => 90 },
        dictionary! { "MediaBox" => rect([0, 0, 400, 300]), "Rotate" => -90 },
        dictionary! { "MediaBox" => rect([0, 0, 320, 420]), "TrimBox" => rect([10, 10, 310, 410]) },
        dictionary! { "MediaBox" => rect([0, 0, 150, 200]), "UserUnit" => 2 },
        dictionary! { "MediaBox" => rect([0, 0, 300, 400]), "Rotate" => 180 },
    ];
    let trims = [
        TRIM,
        [-100.0, 50.0, 200.0, 450.0],
        TRIM,
        [0.0, 0.0, 400.0, 300.0],
        [0.0, 0.0, 400.0, 300.0],
        [10.0, 10.0, 310.0, 410.0],
        [0.0, 0.0, 150.0, 200.0],
        TRIM,
    ];
    let (plan, sheets) = imposed(&bytes(&mut file(pages)), &order(Scheme::Saddle));
    let sides = found(&sheets, &trims);
    // Turned clockwise when it is shown, a page is turned so on the sheet.
    let turned = BTreeMap::from([(4, 3), (5, 1), (8, 2)]);
    for (side, (_, planned)) in sides.iter().zip(plan.sides()) {
        for found in side {
            let cell = planned.cells.iter().find(|cell| cell.page == Some(found.number));
            let cell = cell.expect("its cell");
            let x = f64::midpoint(cell.rect.left, cell.rect.right) + cell.shift.0;
            let y = f64::midpoint(cell.rect.bottom, cell.rect.top);
            assert!(
                (found.middle.0 - x).abs() < 0.01 && (found.middle.1 - y).abs() < 0.01,
                "{found:?}"
            );
            assert_eq!(
                found.quarters,
                *turned.get(&found.number).unwrap_or(&0),
                "{found:?}"
            );
            let scale = if found.number == 7 { 2.0 } else { 1.0 };
            assert!((found.scale - scale).abs() < 0.001, "{found:?}");
        }
    }
}

/// What is wrong with a file or an order is told, with a way out.
#[test]
fn what_cannot_be_imposed_is_told() {
    let project = Project::empty();
    let good = of_plain(96);
    let mut mixed = vec![plain(); 7];
    mixed.push(dictionary! { "MediaBox" => rect([0, 0, 500, 700]) });
    let mut locked = file(vec![plain()]);
    locked.trailer.set(
        "ID",
        Object::Array(vec![Object::string_literal("a"), Object::string_literal("a")]),
    );
    let version = EncryptionVersion::V2 {
        document: &locked,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).expect("a state");
    locked.encrypt(&state).expect("an encrypted file");
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("good.pdf", good.clone()),
        ("cut.pdf", good[..good.len() / 40].to_vec()),
        ("empty.pdf", Vec::new()),
        ("text.pdf", b"not a PDF at all".to_vec()),
        ("none.pdf", bytes(&mut file(Vec::new()))),
        ("mixed.pdf", bytes(&mut file(mixed))),
        ("locked.pdf", bytes(&mut locked)),
    ];
    for (name, bytes) in &files {
        project.write(name, bytes);
    }
    let runs: &[&[&str]] = &[
        &["cut.pdf"],
        &["empty.pdf"],
        &["text.pdf"],
        &["none.pdf"],
        &["mixed.pdf"],
        &["locked.pdf"],
        &["locked.pdf", "--password", "wrong"],
        &["missing.pdf"],
        &["good.pdf", "--paper", "0.5mm"],
        &["good.pdf", "--sheet", "A5"],
        &["good.pdf", "--scheme", "perfect-12"],
        &["good.pdf", "--scheme", "tri-fold"],
        &["good.pdf", "--scheme", "spiral", "--sheet", "A33", "--bleed", "wide"],
    ];
    let mut told = String::new();
    for arguments in runs {
        let all = [&["impose"], *arguments, &["-o", "out.pdf", "--lang", "en"]].concat();
        let run = project.run(&all);
        assert_ne!(run.code, Some(0), "{arguments:?}");
        told += &format!("$ huikan impose {}\n{}\n", arguments.join(" "), run.stderr);
    }
    assert!(!project.path().join("out.pdf").exists());
    insta::assert_snapshot!("faults", told);
    let opened =
        project.run(&["impose", "locked.pdf", "--password", "user", "-o", "open.pdf"]);
    assert_eq!(opened.code, Some(0), "{}", opened.stderr);
}

/// The plan can be read by programs, and looked at by people.
#[test]
fn plans_are_written_for_programs_and_people() {
    let project = Project::empty();
    project.write("in.pdf", &of_plain(6));
    let run = project.run(&[
        "impose",
        "in.pdf",
        "-o",
        "out/sheets.pdf",
        "--plan",
        "out/plan.json",
        "--diagram",
        "out/plan.svg",
        "--sheet",
        "A3",
        "--lang",
        "en",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    insta::assert_snapshot!("said", run.stderr);
    let read =
        |name: &str| std::fs::read_to_string(project.path().join(name)).expect("a file");
    let plan: serde_json::Value =
        serde_json::from_str(&read("out/plan.json")).expect("JSON");
    assert_eq!(plan["sheets"][0]["front"]["cells"][1]["page"], 1);
    assert_eq!(plan["sheets"][0]["front"]["cells"][0]["page"], serde_json::Value::Null);
    assert_eq!(plan["blanks"], 2);
    let picture = read("out/plan.svg");
    assert!(picture.contains(">1</text>") && picture.contains(">—</text>"), "{picture}");
}
