//! What stands on laid-out pages: runs of text, pictures, paragraphs with their lines,
//! headings and tables, each with its place on its page.
//!
//! One walk over the frames serves all that asks: the tags that the layout leaves for
//! the PDF's structure tell what a run belongs to. Lengths are in points, places are
//! from the upper left corner of the page.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use typst::foundations::{NativeElement, PathOrStr};
use typst::introspection::{Location, Tag};
use typst::layout::{Abs, Em, Frame, FrameItem, GroupItem, Point, Transform};
use typst::loading::DataSource;
use typst::model::{
    FigureCaption, FootnoteEntry, HeadingElem, ParElem, TableElem, TitleElem,
};
use typst::pdf::ArtifactElem;
use typst::text::{Glyph, SubElem, SuperElem, TextItem};
use typst::utils::Numeric;
use typst::visualize::{Geometry, Image, ImageElem, ImageKind, Paint};
use typst_layout::{Page, PagedDocument};

/// All pages of a document.
pub struct Pages<'a> {
    /// The pages, in order.
    pub pages: Vec<Leaf<'a>>,
    texts: OnceCell<Vec<Text>>,
}

/// One page.
pub struct Leaf<'a> {
    /// Its index in the document.
    pub index: usize,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Where text is poured, if that can be told: the box of the page's own flow.
    pub area: Option<Bounds>,
    /// The runs of text, in order.
    pub runs: Vec<Run<'a>>,
    /// The pictures.
    pub pictures: Vec<Picture>,
    /// What is drawn: rules, areas, boxes.
    pub shapes: Vec<Shape>,
}

/// A box on a page.
#[derive(Debug, Copy, Clone, PartialEq)]
pub struct Bounds {
    /// Its left edge.
    pub left: f64,
    /// Its upper edge.
    pub top: f64,
    /// Its right edge.
    pub right: f64,
    /// Its lower edge.
    pub bottom: f64,
}

impl Bounds {
    /// The smallest box around both.
    pub fn with(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// What both have in common; nothing is as high and wide as nothing.
    pub fn within(self, other: Self) -> Self {
        let left = self.left.max(other.left);
        let top = self.top.max(other.top);
        let right = self.right.min(other.right).max(left);
        let bottom = self.bottom.min(other.bottom).max(top);
        Self { left, top, right, bottom }
    }

    /// Whether both have a part of the page's width in common, more than a sliver.
    pub fn is_over_or_under(self, other: Self) -> bool {
        self.left + 1.0 < other.right && other.left + 1.0 < self.right
    }

    /// From the left to the right edge.
    pub fn width(self) -> f64 {
        self.right - self.left
    }

    /// From the upper to the lower edge.
    pub fn height(self) -> f64 {
        self.bottom - self.top
    }
}

/// What something on a page belongs to. Numbers count the document's elements of the
/// kind, from 0.
#[derive(Debug, Copy, Clone, Default, Eq, PartialEq)]
pub struct Belonging {
    /// The paragraph.
    pub paragraph: Option<usize>,
    /// The heading, or the title of the document.
    pub heading: Option<usize>,
    /// The table.
    pub table: Option<usize>,
    /// The picture.
    pub picture: Option<usize>,
    /// Whether it is in a caption.
    pub caption: bool,
    /// Whether it is in a footnote.
    pub note: bool,
    /// Whether it is above or below its line.
    pub script: bool,
    /// Whether it is furniture of the page: a running head, a folio, a background.
    pub artifact: bool,
    /// Whether it was put at a place, out of the flow of the text.
    pub placed: bool,
}

/// A run of text in one face.
pub struct Run<'a> {
    /// The glyphs.
    pub item: &'a TextItem,
    /// Where its baseline begins.
    pub x: f64,
    /// See `x`.
    pub y: f64,
    /// Where its baseline ends, without what the last glyph was stretched by.
    pub end: (f64, f64),
    /// Its size as it is seen.
    pub size: f64,
    /// Whether its baseline is not level.
    pub turned: bool,
    /// What it belongs to.
    pub of: Belonging,
}

impl Run<'_> {
    /// Its words.
    pub fn words(&self) -> &str {
        self.item.text.as_str()
    }

    /// Whether there is something to be seen: no white space, no ink that is none.
    pub fn is_seen(&self) -> bool {
        let inked = match &self.item.fill {
            Paint::Solid(colour) => colour.alpha().is_none_or(|alpha| alpha > 0.0),
            Paint::Gradient(_) | Paint::Tiling(_) => true,
        };
        (inked || self.item.stroke.is_some())
            && self.item.text.chars().any(|c| !c.is_whitespace())
    }

    /// The box of a level run: a character high.
    pub fn bounds(&self) -> Bounds {
        let (left, right) = (self.x.min(self.end.0), self.x.max(self.end.0));
        let (top, bottom) = (self.y - 0.88 * self.size, self.y + 0.12 * self.size);
        Bounds { left, top, right, bottom }
    }
}

/// A picture.
pub struct Picture {
    /// Where it stands, as far as it is seen.
    pub bounds: Bounds,
    /// Its width and height, with what is cut off.
    pub size: (f64, f64),
    /// Its pixels across and down; nothing for drawings.
    pub pixels: Option<(u32, u32)>,
    /// Its path as the template had it.
    pub path: Option<String>,
    /// What it shows, in words.
    pub shows: Option<String>,
    /// What it belongs to.
    pub of: Belonging,
}

/// What is drawn.
pub struct Shape {
    /// Where it stands.
    pub bounds: Bounds,
    /// Whether it is an area of colour.
    pub filled: bool,
    /// What it belongs to.
    pub of: Belonging,
}

/// A paragraph, or text outside of paragraphs that stands together.
pub struct Text {
    /// What it belongs to.
    pub of: Belonging,
    /// Its lines in order, over as many pages as it needs.
    pub lines: Vec<Line>,
}

/// A line of a text.
pub struct Line {
    /// The page's index.
    pub page: usize,
    /// The indices of its runs on the page.
    pub runs: Vec<usize>,
    /// The height of its baseline.
    pub y: f64,
    /// The greatest size of its runs.
    pub size: f64,
    /// Where it stands.
    pub bounds: Bounds,
}

impl<'a> Pages<'a> {
    /// Reads the pages of a document.
    pub fn of(document: &'a PagedDocument) -> Self {
        let mut walk = Walk::default();
        let numbered = document.pages().iter().enumerate();
        let pages = numbered.map(|(index, page)| walk.page(index, page)).collect();
        Self { pages, texts: OnceCell::new() }
    }

    /// The paragraphs, and other text that stands together, in order.
    pub fn texts(&self) -> &[Text] {
        self.texts.get_or_init(|| self.lined())
    }

    /// The words of a line.
    pub fn words(&self, line: &Line) -> String {
        let page = &self.pages[line.page];
        line.runs.iter().map(|run| page.runs[*run].words()).collect()
    }

    /// The words of a text.
    pub fn all_words(&self, text: &Text) -> String {
        text.lines.iter().map(|line| self.words(line)).collect()
    }

    /// The runs of all pages as paragraphs and lines, in the order of their first
    /// words.
    fn lined(&self) -> Vec<Text> {
        let mut texts: Vec<Text> = Vec::new();
        let mut known: BTreeMap<usize, usize> = BTreeMap::new();
        for (page, leaf) in self.pages.iter().enumerate() {
            // The text outside of paragraphs that the last run was of.
            let mut loose: Option<usize> = None;
            for (index, run) in leaf.runs.iter().enumerate() {
                if run.turned || run.item.text.is_empty() {
                    continue;
                }
                let at = match run.of.paragraph {
                    Some(paragraph) => {
                        loose = None;
                        *known.entry(paragraph).or_insert_with(|| {
                            texts.push(Text { of: run.of, lines: Vec::new() });
                            texts.len() - 1
                        })
                    }
                    None => {
                        let like = |at: &usize| texts[*at].goes_on(page, run);
                        let at = loose.filter(like).unwrap_or_else(|| {
                            texts.push(Text { of: run.of, lines: Vec::new() });
                            texts.len() - 1
                        });
                        loose = Some(at);
                        at
                    }
                };
                texts[at].add(page, index, run);
            }
        }
        texts
    }
}

impl Text {
    /// Whether a run outside of paragraphs goes on with the last line of this.
    fn goes_on(&self, page: usize, run: &Run<'_>) -> bool {
        let same = Belonging { script: run.of.script, ..self.of };
        same == run.of && self.lines.last().is_some_and(|line| line.takes(page, run))
    }

    fn add(&mut self, page: usize, index: usize, run: &Run<'_>) {
        match self.lines.last_mut() {
            Some(line) if line.takes(page, run) => line.push(index, run),
            _ => self.lines.push(Line {
                page,
                runs: vec![index],
                y: run.y,
                size: run.size,
                bounds: run.bounds(),
            }),
        }
    }
}

impl Line {
    /// Whether a run stands on this line, behind what is there.
    fn takes(&self, page: usize, run: &Run<'_>) -> bool {
        let size = self.size.max(run.size);
        let near = (run.y - self.y).abs() < 0.6 * size;
        self.page == page && near && run.x > self.bounds.right - size
    }

    fn push(&mut self, index: usize, run: &Run<'_>) {
        if run.size > self.size {
            (self.size, self.y) = (run.size, run.y);
        }
        self.runs.push(index);
        // A space at the end of a line stands outside of it.
        if run.words().contains(|c: char| !c.is_whitespace()) {
            self.bounds = self.bounds.with(run.bounds());
        }
    }
}

/// The state of the walk: the elements that are open, with what is in them, and how
/// many of each kind there were.
#[derive(Default)]
struct Walk {
    /// What the groups around cut off.
    clip: Option<Bounds>,
    open: Vec<(Option<Location>, Belonging)>,
    counts: [usize; 4],
    /// The paths of pictures, by their numbers.
    paths: BTreeMap<usize, String>,
}

const PARAGRAPHS: usize = 0;
const HEADINGS: usize = 1;
const TABLES: usize = 2;
const PICTURES: usize = 3;

impl Walk {
    fn page<'a>(&mut self, index: usize, page: &'a Page) -> Leaf<'a> {
        let size = page.frame.size();
        let mut leaf = Leaf {
            index,
            width: size.x.to_pt(),
            height: size.y.to_pt(),
            area: None,
            runs: Vec::new(),
            pictures: Vec::new(),
            shapes: Vec::new(),
        };
        leaf.area = area(page);
        self.frame(&page.frame, Transform::identity(), &mut leaf);
        leaf
    }

    fn here(&self) -> Belonging {
        self.open.last().map_or_else(Belonging::default, |(_, of)| *of)
    }

    fn frame<'a>(&mut self, frame: &'a Frame, outer: Transform, leaf: &mut Leaf<'a>) {
        for (at, item) in frame.items() {
            match item {
                FrameItem::Group(group) => self.group(*at, group, outer, leaf),
                FrameItem::Text(item) => {
                    leaf.runs.push(run(item, *at, outer, self.here()));
                }
                FrameItem::Image(image, size, _) => {
                    let bounds = bounds(*at, size.to_point(), outer);
                    leaf.pictures.push(self.picture(image, bounds));
                }
                FrameItem::Shape(shape, _) => leaf.shapes.push(Shape {
                    bounds: drawn(&shape.geometry, *at, outer),
                    filled: shape.fill.is_some(),
                    of: self.here(),
                }),
                FrameItem::Tag(tag) => self.tag(tag),
                FrameItem::Link(..) => {}
            }
        }
    }

    fn group<'a>(
        &mut self,
        at: Point,
        group: &'a GroupItem,
        outer: Transform,
        leaf: &mut Leaf<'a>,
    ) {
        let inner = outer.pre_concat(Transform::translate(at.x, at.y));
        let inner = inner.pre_concat(group.transform);
        // What has a parent elsewhere stands in the middle of another's text.
        let strange = group.parent.is_some();
        let depth = self.open.len();
        let clip = self.clip;
        if let Some(curve) = &group.clip {
            let around = curve.bbox(None);
            let cut = bounds(around.min, around.size().to_point(), inner);
            self.clip = Some(clip.map_or(cut, |clip| clip.within(cut)));
        }
        if strange {
            self.open.push((None, Belonging { paragraph: None, ..self.here() }));
        }
        self.frame(&group.frame, inner, leaf);
        self.clip = clip;
        if strange && self.open.len() > depth {
            self.open.remove(depth);
        }
    }

    fn picture(&self, image: &Image, bounds: Bounds) -> Picture {
        let of = self.here();
        let pixels = match image.kind() {
            ImageKind::Raster(raster) => Some((raster.width(), raster.height())),
            ImageKind::Svg(_) | ImageKind::Pdf(_) => None,
        };
        let path = of.picture.and_then(|number| self.paths.get(&number).cloned());
        let size = (bounds.width(), bounds.height());
        let bounds = self.clip.map_or(bounds, |clip| clip.within(bounds));
        let shows = image.alt().map(str::to_owned);
        Picture { bounds, size, pixels, path, shows, of }
    }

    fn tag(&mut self, tag: &Tag) {
        match tag {
            Tag::Start(element, _) => {
                let mut of = self.here();
                let mut next = |kind: usize| {
                    self.counts[kind] += 1;
                    Some(self.counts[kind] - 1)
                };
                let kind = element.elem();
                if kind == ParElem::ELEM {
                    of.paragraph = next(PARAGRAPHS);
                } else if kind == HeadingElem::ELEM || kind == TitleElem::ELEM {
                    of.heading = next(HEADINGS);
                } else if kind == TableElem::ELEM {
                    of.table = next(TABLES);
                } else if kind == FigureCaption::ELEM {
                    of.caption = true;
                } else if kind == FootnoteEntry::ELEM {
                    of = Belonging { note: true, ..Belonging::default() };
                } else if kind == ArtifactElem::ELEM {
                    of = Belonging { artifact: true, ..Belonging::default() };
                } else if kind == SubElem::ELEM || kind == SuperElem::ELEM {
                    of.script = true;
                } else if kind.name() == "place" {
                    of = Belonging { placed: true, paragraph: None, ..of };
                } else if let Some(image) = element.to_packed::<ImageElem>() {
                    of.picture = next(PICTURES);
                    if let (Some(number), DataSource::Path(path)) =
                        (of.picture, &image.source.source)
                    {
                        self.paths.insert(number, shown(path));
                    }
                }
                self.open.push((element.location(), of));
            }
            Tag::End(location, ..) => {
                let is_it = |(open, _): &(Option<Location>, _)| *open == Some(*location);
                if let Some(at) = self.open.iter().rposition(is_it) {
                    self.open.remove(at);
                }
            }
        }
    }
}

fn shown(path: &PathOrStr) -> String {
    match path {
        PathOrStr::Path(path) => path.vpath().get_with_slash().to_string(),
        PathOrStr::Str(path) => path.to_string(),
    }
}

/// The box of the page's own flow: the greatest group that is not turned and takes up
/// most of the page.
fn area(page: &Page) -> Option<Bounds> {
    let size = page.frame.size();
    let boxes = page.frame.items().filter_map(|(at, item)| match item {
        FrameItem::Group(group) if group.transform.is_identity() => {
            Some(bounds(*at, group.frame.size().to_point(), Transform::identity()))
        }
        _ => None,
    });
    let large = |found: &Bounds| {
        found.width() > 0.5 * size.x.to_pt()
            && found.height() > 0.5 * size.y.to_pt()
            && found.width() < size.x.to_pt() - 1.0
            && found.height() < size.y.to_pt() - 1.0
    };
    boxes.filter(large).max_by(|a, b| a.width().total_cmp(&b.width()))
}

fn run<'a>(item: &'a TextItem, at: Point, outer: Transform, of: Belonging) -> Run<'a> {
    let start = at.transform(outer);
    let end = (at + Point::with_x(length(item))).transform(outer);
    let turned = outer.kx.get() != 0.0 || outer.ky.get() != 0.0;
    let high = outer.sy.get().abs().max(outer.kx.get().abs());
    Run {
        item,
        x: start.x.to_pt(),
        y: start.y.to_pt(),
        end: (end.x.to_pt(), end.y.to_pt()),
        size: item.size.to_pt() * high,
        turned,
        of,
    }
}

/// How far a text reaches. What the last glyph of a justified line may be stretched by is
/// not seen, nor are spaces at its end.
fn length(text: &TextItem) -> Abs {
    let is_space = |glyph: &&Glyph| {
        text.text.get(glyph.range()).is_some_and(|c| !c.is_empty() && c.trim().is_empty())
    };
    let Some(last) = text.glyphs.last() else { return Abs::zero() };
    let spaces = text.glyphs.iter().rev().take_while(is_space);
    let spaces: Em = spaces.map(|glyph| glyph.x_advance).sum();
    let more = match spaces.is_zero() {
        true => last.x_advance.max(Em::one()) - Em::one(),
        false => spaces,
    };
    text.width() - more.at(text.size)
}

fn bounds(at: Point, size: Point, outer: Transform) -> Bounds {
    let corners = [Point::zero(), Point::with_x(size.x), Point::with_y(size.y), size]
        .map(|corner| {
            let place = (at + corner).transform(outer);
            (place.x.to_pt(), place.y.to_pt())
        });
    let least =
        |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::MAX, f64::min);
    let most =
        |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).fold(f64::MIN, f64::max);
    Bounds {
        left: least(|c| c.0),
        top: least(|c| c.1),
        right: most(|c| c.0),
        bottom: most(|c| c.1),
    }
}

fn drawn(geometry: &Geometry, at: Point, outer: Transform) -> Bounds {
    match geometry {
        Geometry::Line(to) => bounds(at, *to, outer),
        Geometry::Rect(size) => bounds(at, size.to_point(), outer),
        Geometry::Curve(curve) => {
            let around = curve.bbox(None);
            bounds(at + around.min, around.size().to_point(), outer)
        }
    }
}
