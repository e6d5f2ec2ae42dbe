//! The pictures and charts of a rendered document: loaded, drawn, and made parts of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::charts;
use super::draft::Draft;
use super::fragment;
use super::lettering::PictureFonts;
use super::media::{self, Format, Media};
use crate::diag::{Diagnostic, Diagnostics, Place, Text};
use crate::docx::Images;
use crate::docx::language::charts::Chart;
use crate::docx::language::picture::{Drawing, Picture};
use crate::docx::opc::package::NewPart;
use crate::docx::opc::relations::Mode;
use crate::docx::opc::xml::Outline;
use crate::docx::output::pagination;
use crate::docx::render::Rendered;
use crate::docx::template::site::Site;
use crate::text;

/// A vector picture by its path and printed size.
type Key = (String, (u64, u64));
/// A bitmap or its fault for each of them.
type Bitmaps = HashMap<Key, Result<Arc<[u8]>, Text>>;

/// What a run shows that is no text.
#[derive(Debug, Clone)]
pub(crate) enum Graphic {
    /// A picture file.
    Picture(Picture),
    /// A chart, which Word draws itself.
    Chart(Arc<Chart>),
}

/// What is ready to be drawn.
enum Ready<'r> {
    Picture(Box<Loaded<'r>>),
    Chart(&'r Chart),
}

/// A picture that is ready to be drawn.
struct Loaded<'r> {
    picture: &'r Picture,
    media: Media,
    size: (u64, u64),
    place: Place,
}

/// The drawings of each part in the order of its graphics; nothing stands for
/// one that could not be drawn, which `diagnostics` tell. The files and
/// their relationships go to the draft.
pub(crate) fn draw(
    draft: &mut Draft<'_>,
    sites: &[Site],
    rendered: &[Rendered],
    images: &dyn Images,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<Option<String>>> {
    let mut loaded: HashMap<String, Result<Media, Text>> = HashMap::new();
    let asks = |part: &Rendered| {
        part.graphics.iter().any(|(_, graphic)| match graphic {
            Graphic::Picture(picture) => picture.fits || !picture.is_sized(),
            Graphic::Chart(_) => false,
        })
    };
    let room = if rendered.iter().any(asks) { room(draft) } else { None };
    let ready: Vec<Vec<Option<Ready<'_>>>> = rendered
        .iter()
        .map(|part| ready(part, room, sites, images, &mut loaded, diagnostics))
        .collect();
    let bitmaps =
        rasterise(ready.iter().flatten().flatten().filter_map(Ready::loaded), images);
    let mut writer = Writer { draft, bitmaps, diagnostics };
    ready
        .iter()
        .zip(rendered)
        .map(|(graphics, part)| {
            let name = &part.program.name;
            let draw = |ready: &Option<Ready<'_>>| writer.drawing(name, ready.as_ref()?);
            graphics.iter().map(draw).collect()
        })
        .collect()
}

impl<'r> Ready<'r> {
    fn loaded(&self) -> Option<&Loaded<'r>> {
        match self {
            Self::Picture(loaded) => Some(loaded),
            Self::Chart(_) => None,
        }
    }
}

/// The width of a column and half the height of a page, where there are some.
fn room(draft: &Draft<'_>) -> Option<(f64, f64)> {
    let body = draft.text(&draft.package.main).ok()??;
    Some(pagination::room(&Outline::read(&body).ok()?))
}

/// Loads the pictures of a part; those of rich text, and slender ones, are no larger
/// than `room`.
fn ready<'r>(
    part: &'r Rendered,
    room: Option<(f64, f64)>,
    sites: &[Site],
    images: &dyn Images,
    loaded: &mut HashMap<String, Result<Media, Text>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Option<Ready<'r>>> {
    let mut all = Vec::with_capacity(part.graphics.len());
    for (tag, graphic) in &part.graphics {
        let picture = match graphic {
            Graphic::Picture(picture) => picture,
            Graphic::Chart(chart) => {
                all.push(Some(Ready::Chart(chart)));
                continue;
            }
        };
        let place = sites[*tag].place.clone();
        let media = loaded
            .entry(picture.path.clone())
            .or_insert_with(|| images.load(&picture.path).and_then(Media::read));
        all.push(match media {
            Ok(media) => {
                let size = media.size(picture.width, picture.height);
                let limited =
                    picture.fits || media.exceeds(picture.width, picture.height);
                let size = match room.filter(|_| limited) {
                    Some(room) => media::within(size, room),
                    None => size,
                };
                let media = media.clone();
                Some(Ready::Picture(Box::new(Loaded { picture, media, size, place })))
            }
            Err(cause) => {
                diagnostics.push(unusable(&picture.path, cause).at(place));
                None
            }
        });
    }
    all
}

/// Draws all vector pictures, each size once, on as many threads as there are.
fn rasterise<'r>(
    ready: impl Iterator<Item = &'r Loaded<'r>>,
    images: &dyn Images,
) -> Bitmaps {
    let mut wanted: BTreeMap<Key, Arc<[u8]>> = BTreeMap::new();
    for ready in ready.filter(|ready| ready.media.format == Format::Svg) {
        let key = (ready.picture.path.clone(), ready.size);
        wanted.entry(key).or_insert_with(|| ready.media.bytes.clone());
    }
    let jobs: Vec<_> = wanted.into_iter().collect();
    let fonts = match jobs.iter().any(|(_, bytes)| media::has_words(bytes)) {
        true => images.fonts(),
        false => PictureFonts::default(),
    };
    let threads =
        std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let draw = |start: usize| -> Vec<_> {
        jobs.iter()
            .skip(start)
            .step_by(threads.max(1))
            .map(|(key, bytes)| {
                (key.clone(), media::rasterise(bytes.clone(), key.1, &fonts))
            })
            .collect()
    };
    std::thread::scope(|scope| {
        let handles: Vec<_> =
            (1..threads).map(|start| scope.spawn(move || draw(start))).collect();
        let mut all: Bitmaps = draw(0).into_iter().collect();
        for handle in handles {
            all.extend(handle.join().unwrap_or_default());
        }
        all
    })
}

/// Writes drawings and the files that they show.
struct Writer<'w, 'p> {
    draft: &'w mut Draft<'p>,
    bitmaps: Bitmaps,
    diagnostics: &'w mut Diagnostics,
}

impl Writer<'_, '_> {
    fn drawing(&mut self, part: &str, ready: &Ready<'_>) -> Option<String> {
        match ready {
            Ready::Picture(loaded) => self.picture(part, loaded),
            Ready::Chart(chart) => {
                let drawn = charts::add(self.draft, part, chart);
                self.diagnostics.absorb(drawn)
            }
        }
    }

    fn picture(&mut self, part: &str, loaded: &Loaded<'_>) -> Option<String> {
        let Loaded { picture, media, size, place } = loaded;
        let original = media.bytes.clone();
        let (bitmap, vector) = if media.format == Format::Svg {
            let key = (picture.path.clone(), *size);
            let bitmap = self.bitmaps.get(&key).cloned();
            match bitmap.unwrap_or_else(|| Err(media::damaged())) {
                Ok(bitmap) => {
                    let bitmap = self.file(part, bitmap, Format::Png)?;
                    (bitmap, Some(self.file(part, original, Format::Svg)?))
                }
                Err(cause) => {
                    let fault = unusable(&picture.path, &cause).at(place.clone());
                    self.diagnostics.push(fault);
                    return None;
                }
            }
        } else {
            (self.file(part, original, media.format)?, None)
        };
        let name = picture.path.rsplit('/').next().unwrap_or_default();
        let address = picture.link.as_deref().and_then(fragment::address);
        let link =
            address.and_then(|url| self.relate(part, "hyperlink", &url, Mode::External));
        let drawing = Drawing {
            bitmap: &bitmap,
            vector: vector.as_deref(),
            size: *size,
            alt: &picture.alt,
            link: link.as_deref(),
            name,
        };
        Some(drawing.write())
    }

    /// Makes a file a part of the package; returns the relationship to it.
    fn file(&mut self, part: &str, bytes: Arc<[u8]>, format: Format) -> Option<String> {
        let name = media::name(&bytes, format);
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = format!("{folder}/media/{name}");
        let path = path.trim_start_matches('/');
        self.draft.types.add(format.extension(), format.content_type());
        if !self.draft.contains(path) {
            let compressed = format != Format::Svg;
            self.draft.put_file(path, NewPart { bytes: bytes.to_vec(), compressed });
        }
        self.relate(part, "image", &format!("media/{name}"), Mode::Internal)
    }

    fn relate(
        &mut self,
        part: &str,
        kind: &str,
        target: &str,
        mode: Mode,
    ) -> Option<String> {
        let relations = self.diagnostics.absorb(self.draft.relations(part))?;
        Some(relations.add(kind, target, mode))
    }
}

fn unusable(path: &str, cause: &Text) -> Diagnostic {
    let (zh, en) = (&cause.zh, &cause.en);
    Diagnostic::error(
        "docx/image",
        text!("图片 `{path}` 用不了（{zh}）", "failed to use picture `{path}` ({en})"),
    )
}
