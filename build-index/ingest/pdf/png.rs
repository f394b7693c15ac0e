//! Pixels → PNG, small enough for a page that readers load over a telephone.

use std::collections::HashMap;

/// A decoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels in a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green, blue of each pixel, row by row.
    pub colours: Vec<u8>,
    /// Opacity of each pixel, where not all are opaque.
    pub alpha: Option<Vec<u8>>,
}

impl Pixels {
    /// `None` if the data is not as long as the size says.
    pub fn new(width: u32, height: u32, colours: Vec<u8>) -> Option<Self> {
        let wanted = (width as usize).checked_mul(height as usize)?.checked_mul(3)?;
        (wanted > 0 && colours.len() == wanted).then_some(Self { width, height, colours, alpha: None })
    }

    /// Whether nothing of it can be seen.
    pub fn is_invisible(&self) -> bool {
        self.alpha.as_ref().is_some_and(|alpha| alpha.iter().all(|opacity| *opacity == 0))
    }

    /// Half as wide and half as high: each pixel is the mean of four.
    pub fn halved(&self) -> Self {
        let (width, height) = (self.width.div_ceil(2), self.height.div_ceil(2));
        let shrink = |data: &[u8], channels: usize| {
            let (across, down) = (self.width as usize, self.height as usize);
            let mut out = Vec::with_capacity(width as usize * height as usize * channels);
            for y in 0..height as usize {
                for x in 0..width as usize {
                    let columns = [2 * x, (2 * x + 1).min(across - 1)];
                    let rows = [2 * y, (2 * y + 1).min(down - 1)];
                    for channel in 0..channels {
                        let sum: u32 = rows
                            .iter()
                            .flat_map(|row| {
                                columns.map(|column| (row * across + column) * channels + channel)
                            })
                            .map(|at| u32::from(data[at]))
                            .sum();
                        out.push(u8::try_from(sum / 4).unwrap_or(u8::MAX));
                    }
                }
            }
            out
        };
        Self {
            width,
            height,
            colours: shrink(&self.colours, 3),
            alpha: self.alpha.as_ref().map(|alpha| shrink(alpha, 1)),
        }
    }

    /// The colours and which of them each pixel has, if 256 are enough: drawings and screenshots, a third of the size.
    fn palette(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut known: HashMap<[u8; 3], u8> = HashMap::new();
        let mut colours = Vec::new();
        let mut last = ([0; 3], None);
        let mut indices = Vec::with_capacity(self.colours.len() / 3);
        for pixel in self.colours.as_chunks::<3>().0 {
            let index = match last {
                (colour, Some(index)) if colour == *pixel => index,
                _ => match known.get(pixel) {
                    Some(index) => *index,
                    None => {
                        let index = u8::try_from(known.len()).ok()?;
                        known.insert(*pixel, index);
                        colours.extend_from_slice(pixel);
                        index
                    }
                },
            };
            last = (*pixel, Some(index));
            indices.push(index);
        }
        Some((colours, indices))
    }

    fn with_alpha(&self, alpha: &[u8]) -> Vec<u8> {
        let pixels = self.colours.as_chunks::<3>().0.iter().zip(alpha);
        pixels.flat_map(|([red, green, blue], opacity)| [*red, *green, *blue, *opacity]).collect()
    }
}

/// The picture as a PNG.
pub fn encode(pixels: &Pixels) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, pixels.width, pixels.height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let transparent = pixels.alpha.as_ref().filter(|alpha| alpha.iter().any(|opacity| *opacity < u8::MAX));
    let data = match (transparent, pixels.palette()) {
        (Some(alpha), _) => {
            encoder.set_color(png::ColorType::Rgba);
            pixels.with_alpha(alpha)
        }
        (None, Some((colours, indices))) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(colours);
            indices
        }
        (None, None) => {
            encoder.set_color(png::ColorType::Rgb);
            pixels.colours.clone()
        }
    };
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&data).ok()?;
    writer.finish().ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (png::ColorType, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        let kind = decoder.read_header_info().unwrap().color_type;
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut data).unwrap();
        (kind, data)
    }

    #[test]
    fn what_is_encoded_is_what_is_shown() {
        let few = Pixels::new(2, 2, vec![9, 8, 7, 0, 0, 0, 9, 8, 7, 255, 255, 255]).unwrap();
        assert_eq!(decoded(&encode(&few).unwrap()), (png::ColorType::Indexed, few.colours.clone()));
        let seen = Pixels { alpha: Some(vec![0, 255, 128, 255]), ..few.clone() };
        assert_eq!(
            decoded(&encode(&seen).unwrap()),
            (png::ColorType::Rgba, vec![9, 8, 7, 0, 0, 0, 0, 255, 9, 8, 7, 128, 255, 255, 255, 255])
        );
        let many: Vec<u8> = (0..20 * 20 * 3).map(|at| (at * 7 % 251) as u8).collect();
        let many = Pixels::new(20, 20, many).unwrap();
        assert_eq!(decoded(&encode(&many).unwrap()).1, many.colours);
    }

    #[test]
    fn halving_keeps_the_mean() {
        let pixels = Pixels::new(3, 1, vec![0, 0, 0, 100, 50, 2, 10, 10, 10]).unwrap();
        let half = pixels.halved();
        assert_eq!((half.width, half.height), (2, 1));
        assert_eq!(half.colours, [50, 25, 1, 10, 10, 10]);
    }

    #[test]
    fn sizes_that_lie_are_refused() {
        assert!(Pixels::new(2, 2, vec![0; 3]).is_none());
        assert!(Pixels::new(0, 0, Vec::new()).is_none());
        assert!(Pixels::new(u32::MAX, u32::MAX, vec![0; 3]).is_none());
    }
}
