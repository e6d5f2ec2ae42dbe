//! Parity: what a PDF and a Word document say, and what differs.
mod support;
use huikan::check::parity;
#[test]
fn dump() {
    let Ok(path) = std::env::var("DUMP") else { return };
    let bytes = std::fs::read(&path).unwrap();
    if path.ends_with(".pdf") {
        let start = std::time::Instant::now();
        let account = parity::pdf_account(&bytes).unwrap();
        println!("took {:?}", start.elapsed());
        for w in &account.warnings { println!("!! {}", w.message.en); }
        for p in account.value.body.iter().chain(&account.value.notes) { println!("{:?} g{:?} {:?} {}", p.kind, p.grid, p.place, p.key); }
        let file = huikan::pdf::reading::File::open(bytes).unwrap();
        for b in file.outline() { println!("B {} {}", b.level, b.title); }
    } else {
        let r = huikan::docx::reading::read("x", bytes).unwrap();
        let account = parity::from_word::account(&r);
        for p in account.body.iter().chain(&account.notes) { println!("{:?} g{:?} {}", p.kind, p.grid, p.key); }
    }
}
