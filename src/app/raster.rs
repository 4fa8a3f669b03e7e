//! A CPU rasteriser for egui's meshes: pictures of the real window without a GPU or a display.
//!
//! It does what egui's shaders do: bilinear texture sampling times vertex colour, premultiplied
//! alpha, blended in gamma space. Triangles follow the top-left rule, so that shared edges are
//! drawn exactly once. The picture is cut into horizontal bands that are drawn in parallel; every
//! pixel sees its triangles in the same order, so the result does not depend on the threads.

use std::collections::HashMap;

use egui::{
    ClippedPrimitive, Color32, ColorImage, ImageData, TextureId, TexturesDelta,
    epaint::{Mesh, Primitive, Vertex},
};
use image::{Rgba, RgbaImage};
use rayon::prelude::*;

/// Rows per band of work.
const BAND_ROWS: usize = 32;

/// Texture store and drawing routine.
#[derive(Default)]
pub struct Rasterizer {
    textures: HashMap<TextureId, ColorImage>,
}

/// Premultiplied colour in 0…1, gamma space.
type Pixel = [f32; 4];

impl Rasterizer {
    /// Takes over new and changed textures. Call once per frame, before [`Self::draw`].
    pub fn update_textures(&mut self, delta: &mut TexturesDelta) {
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let ImageData::Color(source) = &change.image;
                match change.pos {
                    None => {
                        self.textures.insert(id, (**source).clone());
                    }
                    Some([x, y]) => {
                        if let Some(target) = self.textures.get_mut(&id) {
                            patch(target, source, x, y);
                        }
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// Draws tessellated shapes into a picture of this many pixels.
    #[must_use]
    pub fn draw(
        &self,
        primitives: &[ClippedPrimitive],
        size: [usize; 2],
        pixels_per_point: f32,
        background: Color32,
    ) -> RgbaImage {
        let [width, height] = size;
        let meshes: Vec<Prepared<'_>> = primitives
            .iter()
            .filter_map(|primitive| self.prepare(primitive, size, pixels_per_point))
            .collect();
        let mut pixels = vec![to_pixel(background); width * height];
        pixels
            .par_chunks_mut(width.max(1) * BAND_ROWS)
            .enumerate()
            .for_each(|(index, rows)| {
                let top = index * BAND_ROWS;
                let mut band = Band {
                    rows,
                    width,
                    top: top as i32,
                    bottom: (top + BAND_ROWS).min(height) as i32,
                };
                for mesh in &meshes {
                    mesh.draw(&mut band);
                }
            });
        to_image(&pixels, width as u32, height as u32)
    }

    fn prepare<'a>(
        &'a self,
        primitive: &'a ClippedPrimitive,
        size: [usize; 2],
        pixels_per_point: f32,
    ) -> Option<Prepared<'a>> {
        let Primitive::Mesh(mesh) = &primitive.primitive else {
            return None;
        };
        let texture = self.textures.get(&mesh.texture_id)?;
        let edge = |value: f32, limit: usize| {
            (value * pixels_per_point).round().clamp(0.0, limit as f32) as i32
        };
        let clip = primitive.clip_rect;
        let clip = Clip {
            left: edge(clip.min.x, size[0]),
            right: edge(clip.max.x, size[0]),
            top: edge(clip.min.y, size[1]),
            bottom: edge(clip.max.y, size[1]),
        };
        (clip.left < clip.right && clip.top < clip.bottom).then_some(Prepared {
            mesh,
            texture,
            clip,
            scale: pixels_per_point,
        })
    }
}

fn patch(target: &mut ColorImage, source: &ColorImage, x: usize, y: usize) {
    let stride = target.size[0];
    let [width, height] = source.size;
    for row in 0..height {
        let start = (y + row) * stride + x;
        target.pixels[start..start + width]
            .copy_from_slice(&source.pixels[row * width..(row + 1) * width]);
    }
}

/// Pixel bounds, right and bottom excluded.
#[derive(Clone, Copy)]
struct Clip {
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

/// Some rows of the picture.
struct Band<'a> {
    rows: &'a mut [Pixel],
    width: usize,
    top: i32,
    bottom: i32,
}

impl Band<'_> {
    fn blend(&mut self, x: i32, y: i32, color: Pixel) {
        let index = (y - self.top) as usize * self.width + x as usize;
        let target = &mut self.rows[index];
        let keep = 1.0 - color[3];
        for channel in 0..4 {
            target[channel] = color[channel] + target[channel] * keep;
        }
    }
}

/// A mesh with its texture and its clip rectangle in pixels.
struct Prepared<'a> {
    mesh: &'a Mesh,
    texture: &'a ColorImage,
    clip: Clip,
    scale: f32,
}

impl Prepared<'_> {
    fn draw(&self, band: &mut Band<'_>) {
        if self.clip.bottom <= band.top || self.clip.top >= band.bottom {
            return;
        }
        for corners in self.mesh.indices.chunks_exact(3) {
            let vertices = [
                &self.mesh.vertices[corners[0] as usize],
                &self.mesh.vertices[corners[1] as usize],
                &self.mesh.vertices[corners[2] as usize],
            ];
            self.triangle(vertices, band);
        }
    }

    fn triangle(&self, vertices: [&Vertex; 3], band: &mut Band<'_>) {
        let points = vertices.map(|vertex| [vertex.pos.x * self.scale, vertex.pos.y * self.scale]);
        let Some(edges) = Edges::new(points) else {
            return;
        };
        let low = |axis: usize| points.iter().map(|p| p[axis]).fold(f32::MAX, f32::min);
        let high = |axis: usize| points.iter().map(|p| p[axis]).fold(f32::MIN, f32::max);
        let left = (low(0).floor() as i32).max(self.clip.left);
        let right = (high(0).ceil() as i32).min(self.clip.right);
        let top = (low(1).floor() as i32).max(self.clip.top).max(band.top);
        let bottom = (high(1).ceil() as i32)
            .min(self.clip.bottom)
            .min(band.bottom);
        if left >= right || top >= bottom {
            return;
        }
        let shade = Shade::new(vertices, self.texture);
        for y in top..bottom {
            for x in edges.span(y, left, right) {
                if let Some(weights) = edges.weights(x, y) {
                    band.blend(x, y, shade.at(weights));
                }
            }
        }
    }
}

/// Edge functions of a triangle with positive area.
struct Edges {
    points: [[f32; 2]; 3],
    /// Per edge: does a pixel centre exactly on it belong to this triangle?
    owns_border: [bool; 3],
    /// +1 or −1, so that inside is positive whichever way the triangle is wound.
    winding: f32,
    inverse_area: f32,
}

impl Edges {
    fn new(points: [[f32; 2]; 3]) -> Option<Self> {
        let area = edge(points[0], points[1], points[2]);
        if area == 0.0 || !area.is_finite() {
            return None;
        }
        let winding = area.signum();
        let owns_border = std::array::from_fn(|side| {
            let (from, to) = (points[(side + 1) % 3], points[(side + 2) % 3]);
            let along = [(to[0] - from[0]) * winding, (to[1] - from[1]) * winding];
            (along[1] == 0.0 && along[0] > 0.0) || along[1] < 0.0
        });
        Some(Self {
            points,
            owns_border,
            winding,
            inverse_area: 1.0 / area,
        })
    }

    /// Pixels of row `y` between `left` and `right` that can lie inside: cuts the row with the
    /// three edges, one pixel of slack on either side for rounding.
    fn span(&self, y: i32, left: i32, right: i32) -> std::ops::Range<i32> {
        let line = y as f32 + 0.5;
        let (mut from, mut to) = (f32::MAX, f32::MIN);
        for side in 0..3 {
            let (a, b) = (self.points[side], self.points[(side + 1) % 3]);
            let (low, high) = (a[1].min(b[1]), a[1].max(b[1]));
            if line < low || line > high {
                continue;
            }
            if a[1] == b[1] {
                from = from.min(a[0]).min(b[0]);
                to = to.max(a[0]).max(b[0]);
            } else {
                let x = a[0] + (line - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
                from = from.min(x);
                to = to.max(x);
            }
        }
        if from > to {
            return 0..0;
        }
        let start = (from.floor() as i32 - 1).max(left);
        start..(to.ceil() as i32 + 1).min(right).max(start)
    }

    /// Barycentric weights of a pixel's centre, `None` outside.
    fn weights(&self, x: i32, y: i32) -> Option<[f32; 3]> {
        let centre = [x as f32 + 0.5, y as f32 + 0.5];
        let [a, b, c] = self.points;
        let areas = [edge(b, c, centre), edge(c, a, centre), edge(a, b, centre)];
        for (area, owns_border) in areas.iter().zip(self.owns_border) {
            let inside = area * self.winding;
            if inside < 0.0 || (inside == 0.0 && !owns_border) {
                return None;
            }
        }
        Some(areas.map(|area| area * self.inverse_area))
    }
}

fn edge(a: [f32; 2], b: [f32; 2], point: [f32; 2]) -> f32 {
    (b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0])
}

/// Colour of a triangle's pixels.
struct Shade<'a> {
    texture: &'a ColorImage,
    /// Vertex colours, 0…1.
    colors: [Pixel; 3],
    /// Texel coordinates of the vertices, shifted so that texel centres are whole numbers.
    texels: [[f32; 2]; 3],
    /// Texture colour where all corners share one texel: solid fills, most of a window.
    solid: Option<Pixel>,
    /// Vertex colours are equal: nothing to interpolate.
    flat: bool,
}

impl<'a> Shade<'a> {
    fn new(vertices: [&Vertex; 3], texture: &'a ColorImage) -> Self {
        let size = texture.size.map(|side| side as f32);
        let texels =
            vertices.map(|vertex| [vertex.uv.x * size[0] - 0.5, vertex.uv.y * size[1] - 0.5]);
        let one_texel = vertices[1..]
            .iter()
            .all(|vertex| vertex.uv == vertices[0].uv);
        let flat = vertices[1..]
            .iter()
            .all(|vertex| vertex.color == vertices[0].color);
        Self {
            texture,
            colors: vertices.map(|vertex| to_pixel(vertex.color)),
            texels,
            solid: one_texel.then(|| sample(texture, texels[0])),
            flat,
        }
    }

    fn at(&self, weights: [f32; 3]) -> Pixel {
        let texel = self
            .solid
            .unwrap_or_else(|| sample(self.texture, mix(weights, self.texels)));
        let tint = if self.flat {
            self.colors[0]
        } else {
            mix(weights, self.colors)
        };
        std::array::from_fn(|channel| texel[channel] * tint[channel])
    }
}

fn mix<const N: usize>(weights: [f32; 3], corners: [[f32; N]; 3]) -> [f32; N] {
    std::array::from_fn(|part| {
        weights[0] * corners[0][part]
            + weights[1] * corners[1][part]
            + weights[2] * corners[2][part]
    })
}

/// Bilinear sample; coordinates beyond the border take the border's colour.
fn sample(texture: &ColorImage, at: [f32; 2]) -> Pixel {
    let [width, height] = texture.size;
    let (left, top) = (at[0].floor(), at[1].floor());
    let (right_share, bottom_share) = (at[0] - left, at[1] - top);
    let texel = |x: f32, y: f32| {
        let column = (x.max(0.0) as usize).min(width - 1);
        let row = (y.max(0.0) as usize).min(height - 1);
        to_pixel(texture.pixels[row * width + column])
    };
    let corners = [
        texel(left, top),
        texel(left + 1.0, top),
        texel(left, top + 1.0),
        texel(left + 1.0, top + 1.0),
    ];
    std::array::from_fn(|channel| {
        let upper = corners[0][channel] * (1.0 - right_share) + corners[1][channel] * right_share;
        let lower = corners[2][channel] * (1.0 - right_share) + corners[3][channel] * right_share;
        upper * (1.0 - bottom_share) + lower * bottom_share
    })
}

fn to_pixel(color: Color32) -> Pixel {
    color.to_array().map(|channel| f32::from(channel) / 255.0)
}

fn to_image(pixels: &[Pixel], width: u32, height: u32) -> RgbaImage {
    let mut picture = RgbaImage::new(width, height);
    for (target, source) in picture.pixels_mut().zip(pixels) {
        *target = Rgba(source.map(|channel| (channel.clamp(0.0, 1.0) * 255.0 + 0.5) as u8));
    }
    picture
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Pos2, Rect, pos2};

    fn white_texture() -> Rasterizer {
        let mut rasterizer = Rasterizer::default();
        rasterizer.textures.insert(
            TextureId::default(),
            ColorImage::filled([2, 2], Color32::WHITE),
        );
        rasterizer
    }

    fn rectangle(rect: Rect, color: Color32) -> ClippedPrimitive {
        let mut mesh = Mesh::default();
        mesh.add_colored_rect(rect, color);
        ClippedPrimitive {
            clip_rect: Rect::from_min_max(Pos2::ZERO, pos2(100.0, 100.0)),
            primitive: Primitive::Mesh(mesh),
        }
    }

    #[test]
    fn a_rectangle_fills_exactly_its_pixels_once() {
        let half = Color32::from_rgba_premultiplied(100, 0, 0, 128);
        let shape = rectangle(Rect::from_min_max(pos2(10.0, 20.0), pos2(40.0, 70.0)), half);
        let picture = white_texture().draw(&[shape], [100, 100], 1.0, Color32::BLACK);
        for (x, y, pixel) in picture.enumerate_pixels() {
            let inside = (10..40).contains(&x) && (20..70).contains(&y);
            let red = if inside { 100 } else { 0 };
            assert_eq!(pixel.0, [red, 0, 0, 255], "at {x}, {y}");
        }
    }

    #[test]
    fn blending_is_premultiplied_in_gamma_space() {
        let over = Color32::from_rgba_premultiplied(0, 0, 128, 128);
        let shape = rectangle(Rect::from_min_max(pos2(0.0, 0.0), pos2(4.0, 4.0)), over);
        let picture = white_texture().draw(&[shape], [4, 4], 1.0, Color32::WHITE);
        // 128/255 + 1 · (1 − 128/255) = 1 in blue; 1 − 128/255 → 127 in red and green.
        assert_eq!(picture.get_pixel(1, 1).0, [127, 127, 255, 255]);
    }
}
