//! The pictures of a rendered document: loaded, drawn, and made parts of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Images;
use super::fragment;
use super::media::{self, Format, Media};
use super::package::{NewPart, Package};
use super::picture::{Drawing, Picture};
use super::relations::{ContentTypes, Mode, Relations};
use super::render::Rendered;
use crate::diag::{Diagnostic, Diagnostics, Place, Text};
use crate::text;

/// A vector picture by its path and printed size.
type Key = (String, (u64, u64));
/// A bitmap or its fault for each of them.
type Bitmaps = HashMap<Key, Result<Arc<[u8]>, Text>>;

/// A picture that is ready to be drawn.
struct Ready<'r> {
    picture: &'r Picture,
    media: Media,
    size: (u64, u64),
    place: Place,
}

/// The drawings of each part in the order of its pictures; nothing stands for
/// a picture that could not be drawn, which `diagnostics` tell. The files go to
/// `parts`, their relationships to those of the parts.
pub(super) fn draw(
    package: &Package,
    rendered: &mut [Rendered],
    images: &dyn Images,
    types: &mut ContentTypes,
    parts: &mut BTreeMap<String, NewPart>,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<Option<String>>> {
    let mut loaded: HashMap<String, Result<Media, Text>> = HashMap::new();
    let ready: Vec<Vec<Option<Ready<'_>>>> = rendered
        .iter()
        .map(|part| ready(part, images, &mut loaded, diagnostics))
        .collect();
    let bitmaps = rasterise(ready.iter().flatten().flatten());
    let mut writer = Writer { package, types, parts };
    let drawn: Vec<(Relations, Vec<Option<String>>)> = ready
        .iter()
        .zip(rendered.iter())
        .map(|(pictures, part)| {
            let mut relations = part.relations.clone();
            let drawings = pictures
                .iter()
                .map(|ready| {
                    let ready = ready.as_ref()?;
                    writer.drawing(
                        &part.program.name,
                        ready,
                        &bitmaps,
                        &mut relations,
                        diagnostics,
                    )
                })
                .collect();
            (relations, drawings)
        })
        .collect();
    drop(ready);
    rendered
        .iter_mut()
        .zip(drawn)
        .map(|(part, (relations, drawings))| {
            part.relations = relations;
            drawings
        })
        .collect()
}

/// Loads the pictures of a part.
fn ready<'r>(
    part: &'r Rendered,
    images: &dyn Images,
    loaded: &mut HashMap<String, Result<Media, Text>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Option<Ready<'r>>> {
    let mut all = Vec::with_capacity(part.pictures.len());
    for (tag, picture) in &part.pictures {
        let place = part.program.sites[*tag].place.clone();
        let media = loaded
            .entry(picture.path.clone())
            .or_insert_with(|| images.load(&picture.path).and_then(Media::read));
        all.push(match media {
            Ok(media) => {
                let size = media.size(picture.width, picture.height);
                Some(Ready { picture, media: media.clone(), size, place })
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
fn rasterise<'r>(ready: impl Iterator<Item = &'r Ready<'r>>) -> Bitmaps {
    let mut wanted: BTreeMap<Key, Arc<[u8]>> = BTreeMap::new();
    for ready in ready.filter(|ready| ready.media.format == Format::Svg) {
        let key = (ready.picture.path.clone(), ready.size);
        wanted.entry(key).or_insert_with(|| ready.media.bytes.clone());
    }
    let jobs: Vec<_> = wanted.into_iter().collect();
    let threads =
        std::thread::available_parallelism().map_or(1, usize::from).min(jobs.len());
    let draw = |start: usize| -> Vec<_> {
        jobs.iter()
            .skip(start)
            .step_by(threads.max(1))
            .map(|(key, bytes)| (key.clone(), media::rasterise(bytes.clone(), key.1)))
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
struct Writer<'w> {
    package: &'w Package,
    types: &'w mut ContentTypes,
    parts: &'w mut BTreeMap<String, NewPart>,
}

impl Writer<'_> {
    fn drawing(
        &mut self,
        part: &str,
        ready: &Ready<'_>,
        bitmaps: &Bitmaps,
        relations: &mut Relations,
        diagnostics: &mut Diagnostics,
    ) -> Option<String> {
        let Ready { picture, media, size, place } = ready;
        let original = media.bytes.clone();
        let (bitmap, vector) = if media.format == Format::Svg {
            let key = (picture.path.clone(), *size);
            let bitmap =
                bitmaps.get(&key).cloned().unwrap_or_else(|| Err(media::damaged()));
            match bitmap {
                Ok(bitmap) => {
                    let bitmap = self.file(part, bitmap, Format::Png, relations);
                    (bitmap, Some(self.file(part, original, Format::Svg, relations)))
                }
                Err(cause) => {
                    diagnostics.push(unusable(&picture.path, &cause).at(place.clone()));
                    return None;
                }
            }
        } else {
            (self.file(part, original, media.format, relations), None)
        };
        let name = picture.path.rsplit('/').next().unwrap_or_default();
        let address = picture.link.as_deref().and_then(fragment::address);
        let link = address.map(|url| relations.add("hyperlink", &url, Mode::External));
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
    fn file(
        &mut self,
        part: &str,
        bytes: Arc<[u8]>,
        format: Format,
        relations: &mut Relations,
    ) -> String {
        let name = media::name(&bytes, format);
        let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = format!("{folder}/media/{name}");
        let path = path.trim_start_matches('/');
        self.types.add(format.extension(), format.content_type());
        if !self.package.contains(path) && !self.parts.contains_key(path) {
            let compressed = format != Format::Svg;
            let file = NewPart { bytes: bytes.to_vec(), compressed };
            self.parts.insert(path.to_owned(), file);
        }
        relations.add("image", &format!("media/{name}"), Mode::Internal)
    }
}

fn unusable(path: &str, cause: &Text) -> Diagnostic {
    let (zh, en) = (&cause.zh, &cause.en);
    Diagnostic::error(
        "docx/image",
        text!("图片 `{path}` 用不了（{zh}）", "failed to use picture `{path}` ({en})"),
    )
}
