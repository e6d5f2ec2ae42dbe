//! Picture files of all kinds: one verdict for both outputs, and the same pixels in both.

#![allow(clippy::disallowed_methods, reason = "tests write the files they run on")]

mod support;

use std::fmt::Write;
use std::io::{Cursor, Read};
use std::path::Path;

use huikan::diag::Lang;
use huikan::project::Package;
use huikan::project::picture;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgba, RgbaImage};
use serde_json::{Value, json};
use support::layout::lay_out;
use support::project::Project;
use typst::layout::{Frame, FrameItem};
use typst::visualize::ImageKind;
use typst_layout::PagedDocument;

const RED: Rgba<u8> = Rgba([220, 20, 40, 255]);
const GREY: Rgba<u8> = Rgba([200, 200, 200, 255]);

/// Grey, with a red quarter at the upper left, so that one sees which way up it is.
fn upright(width: u32, height: u32) -> DynamicImage {
    let ink = |x, y| if x < width / 2 && y < height / 2 { RED } else { GREY };
    DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, ink))
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = match format {
        ImageFormat::Jpeg => DynamicImage::ImageRgb8(picture.to_rgb8()),
        _ => picture.clone(),
    };
    picture.write_to(&mut Cursor::new(&mut bytes), format).expect("a picture");
    bytes
}

fn png(width: u32, height: u32) -> Vec<u8> {
    file(&upright(width, height), ImageFormat::Png)
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    file(&upright(width, height), ImageFormat::Jpeg)
}

/// A photograph as a phone stores it that was held in one of eight ways: upright when
/// it is turned as its Exif data say.
fn held(exif: u8) -> Vec<u8> {
    let mut stored = upright(400, 300);
    stored.apply_orientation(
        match Orientation::from_exif(exif).expect("an orientation") {
            Orientation::Rotate90 => Orientation::Rotate270,
            Orientation::Rotate270 => Orientation::Rotate90,
            own_inverse => own_inverse,
        },
    );
    let jpeg = file(&stored, ImageFormat::Jpeg);
    let mut data = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    data.extend([exif, 0, 0, 0, 0, 0, 0]);
    let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &data, &jpeg[2..]].concat()
}

/// A PNG file that says it is large, with hardly any pixels.
fn png_head(width: u32, height: u32, depth: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(if depth == 1 {
        png::BitDepth::One
    } else {
        png::BitDepth::Sixteen
    });
    let mut writer = encoder.write_header().expect("a header");
    writer.write_chunk(png::chunk::IDAT, &[0x78, 0x9c, 3, 0]).expect("a chunk");
    drop(writer);
    bytes
}

fn cmyk() -> Vec<u8> {
    include_bytes!("pictures/cmyk.jpg").to_vec()
}

fn svg(inside: &str) -> Vec<u8> {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"60\">{inside}</svg>")
        .into_bytes()
}

fn half(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() / 2].to_vec()
}

/// The inks of print, without the mark that says how they are stored.
fn unmarked(jpeg: &[u8]) -> Vec<u8> {
    let mut bytes = jpeg.to_vec();
    let at = bytes.windows(5).position(|name| name == b"Adobe").expect("the mark");
    bytes[at..at + 5].copy_from_slice(b"Other");
    bytes
}

/// A file, by the name that says what is wrong with it or good about it.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let mut broken = png(400, 300);
    let at = broken.len() / 2;
    broken[at..at + 20].fill(0);
    let sound = [
        ("sound.png", png(400, 300)),
        ("sound.jpg", jpeg(400, 300)),
        ("a-jpeg.png", jpeg(400, 300)),
        ("a-png.jpg", png(400, 300)),
        ("no-extension", png(400, 300)),
        ("UPPER.JPG", jpeg(400, 300)),
        ("sound.gif", file(&upright(400, 300), ImageFormat::Gif)),
        ("sound.webp", file(&upright(400, 300), ImageFormat::WebP)),
        ("sound.svg", svg("<rect width='9' height='9'/>")),
        (
            "data.svg",
            svg("<image href='data:image/png;base64,AAAA'/><rect width='9' height='9'/>"),
        ),
        ("trailing.jpg", [jpeg(400, 300), vec![0; 99]].concat()),
    ];
    let told = [
        ("inks.jpg", cmyk()),
        ("inks-unmarked.jpg", unmarked(&cmyk())),
        ("four-pixels.png", png(2, 2)),
        ("small.png", png(200, 150)),
        ("cut.jpg", half(&jpeg(400, 300))),
        ("head-only.jpg", jpeg(400, 300)[..30].to_vec()),
        ("cut.png", half(&png(400, 300))),
        ("cut.gif", half(&file(&upright(400, 300), ImageFormat::Gif))),
        ("cut.webp", half(&file(&upright(400, 300), ImageFormat::WebP))),
        ("broken.png", broken),
        ("bomb.png", png_head(50_000, 50_000, 1)),
        ("deep-bomb.png", png_head(13_000, 12_000, 16)),
        ("empty.png", Vec::new()),
        ("text.png", "这不是图片。".into()),
        ("page.jpg", b"<!DOCTYPE html><html><body>404".to_vec()),
        ("x.tif", b"II*\0\x08\0\0\0".to_vec()),
        ("x.bmp", b"BM\0\0\0\0".to_vec()),
        ("x.heic", b"\0\0\0\x18ftypheic".to_vec()),
        ("x.pdf", b"%PDF-1.7\n".to_vec()),
        ("x.emf", [&[1, 0, 0, 0][..], &[0; 36], b" EMF"].concat()),
        ("x.docx", b"PK\x03\x04".to_vec()),
        ("x.mov", b"\0\0\0\x14ftypqt  ".to_vec()),
        (
            "links.svg",
            svg("<image href='https://example.org/x.png'/><use href='y.svg#a'/>"),
        ),
        ("script.svg", svg("<script>1</script><rect width='9' height='9'/>")),
        ("empty.svg", svg("")),
        ("unclosed.svg", svg("<g>")),
        ("deep.svg", svg(&("<g>".repeat(20_000) + &"</g>".repeat(20_000)))),
    ];
    sound.into_iter().chain(told).collect()
}

/// A project of the handout with photos.
fn project(files: &[(&str, Vec<u8>)]) -> Project {
    let project = Project::empty();
    let run = project.run(&["init", "."]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let path = project.path().join("data/sample.json");
    let text = std::fs::read_to_string(&path).expect("the sample");
    let mut data: Value = serde_json::from_str(&text).expect("JSON");
    data["figures"] = json!([]);
    let photos = files.iter().map(|(name, _)| json!({"src": name, "caption": name}));
    data["highlights"][0]["photos"] = photos.collect();
    data["highlights"][1]["photos"] = json!([]);
    for (name, bytes) in files {
        project.write(&format!("data/{name}"), bytes);
    }
    project.write("data/sample.json", data.to_string().as_bytes());
    project
}

/// What is said of each file, in both languages; sound ones are not spoken of.
#[test]
fn every_kind_of_file_has_a_verdict() {
    let mut shown = String::new();
    for (name, bytes) in files() {
        let _ = writeln!(shown, "{name}");
        let mut say = |remark: &picture::Remark, severity: &str| {
            let _ = writeln!(shown, "  {severity} {}", remark.code);
            for lang in [Lang::Zh, Lang::En] {
                let (what, todo) = (remark.what.get(lang), remark.todo.get(lang));
                let _ = writeln!(shown, "    {what}\n      {todo}");
            }
        };
        match picture::look(&bytes) {
            Ok(seen) => seen.remarks.iter().for_each(|remark| say(remark, "warning")),
            Err(fault) => say(&fault, "error"),
        }
    }
    insta::assert_snapshot!(shown);
}

/// All faults are told at once, each at its place.
#[test]
fn faults_have_places() {
    let bad = ["cut.jpg", "empty.png", "small.png", "x.heic", "links.svg"];
    let files = files().into_iter().filter(|(name, _)| bad.contains(name));
    let project = project(&files.collect::<Vec<_>>());
    std::fs::create_dir(project.path().join("data/folder.png")).expect("a folder");
    let path = project.path().join("data/sample.json");
    let text = std::fs::read_to_string(&path).expect("the data");
    project.write(
        "data/sample.json",
        text.replace("\"cut.jpg\",\"caption", "\"folder.png\",\"caption").as_bytes(),
    );
    let mut shown = String::new();
    for lang in ["zh", "en"] {
        let run = project.run(&["build", "--lang", lang, "--message-format", "json"]);
        assert_eq!(run.code, Some(1));
        for line in run.stderr.lines().chain(run.stdout.lines()) {
            let Ok(told) = serde_json::from_str::<Value>(line) else { continue };
            if told["kind"] != "diagnostic" {
                continue;
            }
            let _ = writeln!(
                shown,
                "{} {} {}",
                told["code"], told["place"]["pointer"], told["message"]
            );
        }
    }
    insta::assert_snapshot!(shown);
}

/// The bitmaps of laid-out pages, in order.
fn printed(document: &PagedDocument) -> Vec<DynamicImage> {
    fn walk(frame: &Frame, found: &mut Vec<DynamicImage>) {
        for (_, item) in frame.items() {
            match item {
                FrameItem::Group(group) => walk(&group.frame, found),
                FrameItem::Image(image, ..) => {
                    if let ImageKind::Raster(raster) = image.kind() {
                        assert_eq!(raster.exif_rotation().unwrap_or(1), 1);
                        found.push(raster.dynamic().as_ref().clone());
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    document.pages().iter().for_each(|page| walk(&page.frame, &mut found));
    found
}

/// The bitmaps of a Word document, in the order of its body.
fn drawn(document: &Path) -> Vec<(String, DynamicImage)> {
    let body = support::draft::part(document, "word/document.xml");
    let links = support::draft::part(document, "word/_rels/document.xml.rels");
    let opened = std::fs::File::open(document).expect("a document");
    let mut archive = zip::ZipArchive::new(opened).expect("a zip");
    let ids = body.split("r:embed=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut found = Vec::new();
    for id in ids {
        let link = links
            .split("<Relationship ")
            .find(|link| link.contains(&format!("\"{id}\"")));
        let target = link.and_then(|link| link.split("Target=\"").nth(1));
        let target = target.and_then(|rest| rest.split('"').next()).expect("a target");
        // The drawing beside its bitmap is no bitmap.
        if target.ends_with(".svg") {
            continue;
        }
        let mut bytes = Vec::new();
        let mut part = archive.by_name(&format!("word/{target}")).expect("the file");
        part.read_to_end(&mut bytes).expect("its bytes");
        let picture = image::load_from_memory(&bytes).expect("a picture");
        found.push((target.to_string(), picture));
    }
    found
}

fn is_red(pixel: Rgba<u8>) -> bool {
    let [r, g, b, _] = pixel.0;
    r > 180 && g < 80 && b < 90
}

/// Builds both outputs and compares what they show; the red quarter is at the upper
/// left of each picture.
fn shown_alike(files: &[(&str, Vec<u8>)]) -> Vec<(String, DynamicImage)> {
    let project = project(files);
    let run = project.run(&["build", "-f", "docx"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/handout");
    let package = Package::in_folder(&package, "templates/handout").expect("the handout");
    let (_, document, _) = lay_out(&project.path().join("data/sample.json"), &package);
    let on_pages = printed(&document);
    let in_word = drawn(&project.path().join("out/sample-handout.docx"));
    assert_eq!((on_pages.len(), in_word.len()), (files.len(), files.len()));
    for ((name, _), (page, (_, word))) in files.iter().zip(on_pages.iter().zip(&in_word))
    {
        assert_eq!(page.to_rgba8(), word.to_rgba8(), "{name}");
        let (width, height) = word.dimensions();
        for (x, y, red) in [(1, 1, true), (3, 1, false), (1, 3, false), (3, 3, false)] {
            let pixel = word.get_pixel(width * x / 4, height * y / 4);
            assert_eq!(is_red(pixel), red, "{name}: {pixel:?} at {x}/4, {y}/4");
        }
    }
    in_word
}

#[test]
fn phones_are_held_in_eight_ways() {
    let names = ["1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "6.jpg", "7.jpg", "8.jpg"];
    let files: Vec<_> = names.into_iter().zip((1..=8).map(held)).collect();
    for (name, picture) in shown_alike(&files) {
        assert_eq!(picture.dimensions(), (400, 300), "{name}");
    }
}

#[test]
fn formats_are_told_by_content() {
    let files = [
        ("a-jpeg.png", jpeg(400, 300)),
        ("a-png.jpg", png(400, 300)),
        ("none", png(410, 300)),
        ("lossless.webp", file(&upright(420, 300), ImageFormat::WebP)),
        ("still.gif", file(&upright(400, 300), ImageFormat::Gif)),
        ("inks.jpg", cmyk()),
    ];
    let shown = shown_alike(&files);
    let ends: Vec<_> =
        shown.iter().filter_map(|(name, _)| name.rsplit('.').next()).collect();
    assert_eq!(ends, ["jpeg", "png", "png", "png", "gif", "jpeg"]);
}

#[test]
fn pixels_of_all_depths() {
    let deep = upright(400, 300).to_rgba16();
    let files = [
        (
            "rgb16.png",
            file(
                &DynamicImage::ImageRgb16(DynamicImage::from(deep.clone()).to_rgb16()),
                ImageFormat::Png,
            ),
        ),
        ("rgba16.png", file(&DynamicImage::ImageRgba16(deep), ImageFormat::Png)),
    ];
    for (name, picture) in shown_alike(&files) {
        assert_eq!(
            picture.color().bits_per_pixel() / u16::from(picture.color().channel_count()),
            8,
            "{name}"
        );
    }
}

/// What paper cannot show is not carried along; what it can stays as it is.
#[test]
fn only_far_too_many_pixels_are_reduced() {
    let camera = jpeg(4032, 300);
    let files = [
        ("large.jpg", jpeg(4800, 640)),
        ("tall.png", png(300, 4400)),
        ("camera.jpg", camera.clone()),
    ];
    let sizes = shown_alike(&files).into_iter().map(|(_, picture)| picture.dimensions());
    assert_eq!(sizes.collect::<Vec<_>>(), [(3508, 468), (239, 3508), (4032, 300)]);
    let seen = picture::look(&camera).expect("a picture");
    assert!(seen.made.is_none());
}

/// Words in drawings are there in the bitmap that stands beside them in Word, too.
#[test]
fn drawings_have_their_words_in_bitmaps() {
    let words = "<rect width='90' height='60' fill='white'/>\
        <text x='10' y='40' font-family='Noto Sans SC' font-size='30'>会场</text>";
    let project = project(&[("words.svg", svg(words))]);
    let run = project.run(&["build", "-f", "docx"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let drafts: Vec<String> = project.outputs("out");
    let draft = project.path().join("out").join(drafts.first().expect("a draft"));
    let bitmaps = drawn(&draft);
    let (_, bitmap) = bitmaps.first().expect("a bitmap");
    let dark = bitmap.to_rgb8().pixels().filter(|pixel| pixel.0[0] < 128).count();
    let share = dark as f64 / f64::from(bitmap.width() * bitmap.height());
    assert!((0.02..0.3).contains(&share), "{share} of the bitmap is dark");
}
