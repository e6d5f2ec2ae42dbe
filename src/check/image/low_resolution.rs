//! Photos with fewer than 300 pixels an inch at their printed size.

use crate::check::layout::look::Look;
use crate::diag::{Diagnostic, Level, Remedy, Rule, Words};
use crate::pdf::pages::Picture;
use crate::text;

/// Photos with fewer than 300 pixels an inch at their printed size.
pub static RULE: Rule = Rule {
    id: "image/low-resolution",
    level: Level::Warn,
    remedy: Remedy::None,
    what: Words {
        zh: "照片按印出的大小不足 300 ppi",
        en: "a photo has fewer than 300 pixels an inch at its printed size",
    },
    why: Words {
        zh: "低于 300 ppi 的照片印出来发虚，低于 150 会看到方块",
        en: "below 300 ppi photos look soft in print, below 150 their pixels show",
    },
    source: "印刷惯例：300 ppi",
    wrong: "600×400 像素的照片印成 130 毫米宽（117 ppi）",
    right: "1 536×1 024 像素的照片印成 130 毫米宽（300 ppi）",
};

/// What print wants, in pixels an inch.
const WANTED: f64 = 300.0;
/// Rounding of sizes.
const SLACK: f64 = 3.0;
/// Greater pictures are made as great as this by huikan itself.
const LONGEST: u32 = 3508;
const INCH: f64 = 72.0;
const MILLIMETRE: f64 = 72.0 / 25.4;

/// Finds them.
pub fn find(look: &Look<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for page in &look.pages.pages {
        for picture in &page.pictures {
            found.extend(judged(look, page.index + 1, picture));
        }
    }
    found
}

fn judged(look: &Look<'_>, page: usize, picture: &Picture) -> Option<Diagnostic> {
    let (across, down) = picture.pixels?;
    let (width, height) = picture.size;
    if width < 1.0 || height < 1.0 || across.max(down) >= LONGEST {
        return None;
    }
    // A turned picture has its sides the other way round.
    let turned = (width > height) != (across > down) && across != down;
    let (wide, high) = if turned { (height, width) } else { (width, height) };
    let ppi = (f64::from(across) * INCH / wide).min(f64::from(down) * INCH / high);
    if ppi >= WANTED - SLACK {
        return None;
    }
    let rounded = ppi.round();
    let (w, h) = ((width / MILLIMETRE).round(), (height / MILLIMETRE).round());
    let wanted = |points: f64| (points / INCH * WANTED).ceil();
    let (x, y) = (wanted(wide), wanted(high));
    let file = picture.path.as_deref().and_then(|path| path.rsplit('/').next());
    let file = file.unwrap_or("?");
    let finding = RULE.finding(text!(
        "第 {page} 面的图片 {file}（{across}×{down} 像素）印成 {w}×{h} 毫米，只有 {rounded} ppi",
        "the picture {file} on page {page} ({across}×{down} pixels) is printed at {w}×{h} mm, which is {rounded} ppi"
    ));
    let place = picture.path.as_deref().and_then(|path| look.picture_place(path));
    Some(Diagnostic { place, ..finding }.hint(text!(
        "换一张至少 {x}×{y} 像素的（拍摄时的原图，不是微信里压缩过的），或印得小一些",
        "take one of at least {x}×{y} pixels (the camera's own file), or print it smaller"
    )))
}
