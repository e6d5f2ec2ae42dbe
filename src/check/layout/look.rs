//! What rules about pages look at: the pages, and what they show.

use crate::diag::{Diagnostic, Place};
use crate::pdf::pages::{Bounds, Leaf, Line, Pages, Text};
use crate::project::finder::{Finder, each_string};
use crate::project::output::Binding;
use crate::project::{Package, Resolved};

/// What rules look at.
pub struct Look<'a> {
    /// The pages.
    pub pages: &'a Pages<'a>,
    /// What they show.
    pub resolved: &'a Resolved,
    /// The template.
    pub package: &'a Package,
    /// How the pages are bound, if somebody says.
    pub binding: Option<Binding>,
    finder: &'a Finder<'a>,
}

impl<'a> Look<'a> {
    /// A look at the pages of a dataset.
    pub fn new(
        pages: &'a Pages<'a>,
        resolved: &'a Resolved,
        package: &'a Package,
        finder: &'a Finder<'a>,
    ) -> Self {
        let binding = package.recipe.binding;
        Self { pages, resolved, package, binding, finder }
    }

    /// The left and right edge of the text where a box stands, if they can be told: those
    /// of the page's own flow, if the frames tell them. Else a paragraph whose lines end
    /// alike shows where a column ends, and all other text where the page's text does.
    pub fn sides(&self, page: &Leaf<'_>, own: Bounds) -> Option<(f64, f64)> {
        if let Some(area) = page.area {
            return Some((area.left, area.right));
        }
        let flows = |text: &&Text| {
            let of = &text.of;
            !of.artifact && !of.placed && of.table.is_none()
        };
        let (mut whole, mut filled) = (None::<Bounds>, false);
        for text in self.pages.texts().iter().filter(flows) {
            let here = text.lines.iter().filter(|line| line.page == page.index);
            let lines: Vec<Bounds> = here.map(|line| line.bounds).collect();
            let around = lines.iter().copied().reduce(Bounds::with);
            // What begins beside a column is in another one.
            let over = around.is_some_and(|around| {
                own.left < around.right && own.left > around.left - 2.0
            });
            filled |= over && end_alike(&lines).is_some();
            whole = whole.into_iter().chain(around).reduce(Bounds::with);
        }
        whole.filter(|_| filled).map(|whole| (whole.left, whole.right))
    }

    /// Where the text area of a page ends, if a page of its size tells it.
    pub fn bottom(&self, page: &Leaf<'_>) -> Option<f64> {
        let like = self.pages.pages.iter().filter(|other| {
            (other.height - page.height).abs() < 1.0
                && (other.width - page.width).abs() < 1.0
        });
        like.filter_map(|other| Some(other.area?.bottom)).reduce(f64::max)
    }

    /// The height of the text area of a page, or about that.
    pub fn height(&self, page: &Leaf<'_>) -> f64 {
        let areas = self.pages.pages.iter().filter(|other| other.height == page.height);
        let areas = areas.filter_map(|other| other.area);
        let tallest = areas.map(|area| area.height()).reduce(f64::max);
        tallest.unwrap_or(0.8 * page.height)
    }

    /// The paragraphs of the flow: no furniture, and nothing that was put at a place.
    pub fn paragraphs(&self) -> impl Iterator<Item = &'a Text> {
        self.pages.texts().iter().filter(|text| {
            text.of.paragraph.is_some() && !text.of.artifact && !text.of.placed
        })
    }

    /// Hands out each place where a paragraph's line ends and another one begins: the
    /// paragraph, the second line, and the words of both.
    pub fn line_ends(&self, mut each: impl FnMut(&Text, &Line, &str, &str)) {
        for text in self.paragraphs() {
            for pair in text.lines.windows(2) {
                let [before, after] = pair else { continue };
                each(text, after, &self.pages.words(before), &self.pages.words(after));
            }
        }
    }

    /// Whether a text has something to be seen.
    pub fn is_seen(&self, text: &Text) -> bool {
        let line = text.lines.iter().flat_map(|line| {
            line.runs.iter().map(|run| &self.pages.pages[line.page].runs[*run])
        });
        line.into_iter().any(|run| run.is_seen())
    }

    /// A finding with its place in the dataset: where the words stand among those of
    /// their paragraph. What no string of the dataset has is the template's own, and so
    /// is the place.
    pub fn at(&self, finding: Diagnostic, paragraph: &str, words: &str) -> Diagnostic {
        match self.finder.place_among(paragraph, words) {
            Some(place) => finding.at(place),
            None => {
                let main = self.package.recipe.pdf.as_deref().unwrap_or_default();
                finding.at(Place::file(self.package.shown(main)))
            }
        }
    }

    /// A finding about all of the dataset.
    pub fn whole(&self, finding: Diagnostic) -> Diagnostic {
        finding.at(self.resolved.dataset.place(&self.resolved.at))
    }

    /// Where the dataset names a picture that a template shows by this path.
    pub fn picture_place(&self, path: &str) -> Option<Place> {
        let stem = |path: &str| {
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            name.split('.').next().unwrap_or(name).to_owned()
        };
        let wanted = stem(path);
        let mut pointer = None;
        let dataset = &self.resolved.dataset;
        each_string(dataset.value(), "", &mut |at, words| {
            if pointer.is_none() && words.contains('.') && stem(words) == wanted {
                pointer = Some(at.to_owned());
            }
        });
        pointer.map(|pointer| dataset.place(&pointer))
    }
}

/// The first words of what is told, without what is only there for the line breaker.
pub(super) fn shown(words: &str) -> String {
    const MOST: usize = 20;
    let visible =
        words.trim().chars().filter(|c| !matches!(c, '\u{2060}' | '\u{AD}' | '\u{200B}'));
    let mut shown: String = visible.clone().take(MOST).collect();
    if visible.count() > MOST {
        shown.push('…');
    }
    shown
}

/// Where lines end, if at least two end alike: the farthest such end.
pub(super) fn end_alike(lines: &[Bounds]) -> Option<f64> {
    let alike =
        |end: f64| lines.iter().filter(|line| (line.right - end).abs() < 0.7).count() > 1;
    let ends = lines.iter().map(|line| line.right).filter(|end| alike(*end));
    ends.reduce(f64::max)
}
