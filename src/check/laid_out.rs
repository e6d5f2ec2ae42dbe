//! What the rules say of laid-out pages.

use typst_layout::PagedDocument;

use super::layout::{self, Look, findings};
use super::template::unused_field::Printed;
use super::told::at_most;
use super::{fonts, glyph};
use crate::diag::Diagnostic;
use crate::pdf::Fonts;
use crate::pdf::pages::Pages;
use crate::project::finder::Finder;
use crate::project::{Package, Profile, Resolved};

/// Which rules are asked.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
pub enum Extent {
    /// Those that every build asks: whether something is not printed at all.
    Quick,
    /// All.
    Thorough,
}

/// What there is to say of the pages of a dataset, made as a profile says; and what they
/// print, if all is asked.
pub fn told(
    document: &PagedDocument,
    resolved: &Resolved,
    package: &Package,
    fonts: &Fonts,
    profile: &Profile,
    extent: Extent,
) -> (Vec<Diagnostic>, Option<Printed>) {
    let mut told = fonts::missing_families(package, fonts);
    told.extend(findings::told(document, resolved));
    let pages = Pages::of(document);
    let finder = Finder::new(&resolved.dataset, &resolved.at);
    let mut look = Look::new(&pages, resolved, package, &finder);
    look.binding = profile.binding.or(look.binding);
    told.extend(glyph::of_pages(&look));
    told.extend(layout::quick(&look));
    let mut printed = None;
    if extent == Extent::Thorough {
        printed = Some(Printed::of_pages(&pages));
        told.extend(at_most(&glyph::fallback::RULE, glyph::fallback::of_pages(&look)));
        told.extend(layout::thorough(&look));
    }
    (told, printed)
}
