//! Vectors → cells: groups of nearby passages, one file each.
//!
//! Spherical k-means (Dhillon, Modha, 2001) on projected unit vectors: a centroid is the normalised sum of its members, a
//! passage belongs to the centroid with the greatest dot product, ties to the lower number. The first centroids are
//! passages spread evenly over the library, so nothing is random. Up to [`ONE_CELL`] passages there is one cell and
//! search is exact.
//!
//! A centroid is rounded to its code before passages are given to it, so that a later build, which knows only codes, gives
//! them to the same. While [`still_fits`], a build keeps the centroids of the site before: an edited page then
//! changes the cells of its own passages and no others.
//!
//! Finding the nearest of `k` centroids for `n` passages is the costly part. [`nearest_exact`] tries all of them;
//! [`nearest_by_graph`] asks a navigable small-world graph (Malkov, Yashunin, 2018) built by `instant-distance`, with
//! its seed fixed and built on one thread, because it inserts in parallel and would otherwise differ from run to run.
//! The graph can pay only here and only for many centroids ([`GRAPH_FROM`]): a query
//! compares itself with all centroids faster than a graph of them could be downloaded.

use instant_distance::{Builder, Point, Search};
use mcdewey_format::code::{self, Bits};
use rayon::prelude::*;

/// Up to this many passages a library has one cell: 200 kB, less than its text.
pub const ONE_CELL: usize = 1024;
/// Passages a cell aims at: about 50 kB.
pub const CELL_SIZE: usize = 256;
/// Number of centroids from which the graph is used: half a million passages. A cautious choice, not a measured one;
/// below it trying all centroids takes seconds of a build that embeds for hours.
pub const GRAPH_FROM: usize = 2048;
/// Rounds of moving centroids; after eight, fewer than one passage in a hundred still changes its cell.
const ROUNDS: usize = 8;

/// Passages near each other.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cluster {
    /// Code of the unit vector in their middle.
    pub centroid: Vec<u8>,
    /// Numbers of the passages, rising.
    pub members: Vec<usize>,
}

/// For each vector, the number of its centroid.
pub type Assignment = Vec<usize>;

/// Whether centroids that were made for another number of passages still divide this one well: into cells of half to one
/// and a half times the size aimed at. A single cell costs nothing to make anew.
pub(super) fn still_fits(passages: usize, cells: usize) -> bool {
    passages > ONE_CELL && (CELL_SIZE / 2..=CELL_SIZE * 3 / 2).contains(&(passages / cells.max(1)))
}

/// The clusters of `vectors` around centroids made for them; none is empty, every vector is in one.
pub(super) fn clusters(vectors: &[Vec<f32>]) -> Vec<Cluster> {
    let code_of = |centroid: Vec<f32>| {
        let mut code = Vec::new();
        code::encode_coarse(&centroid, super::COUNTS, &mut code);
        code
    };
    around(centroids(vectors).into_iter().map(code_of).collect(), vectors)
}

/// The clusters of `vectors` around the centroids of these codes; none is empty, every vector is in one.
pub(super) fn around(codes: Vec<Vec<u8>>, vectors: &[Vec<f32>]) -> Vec<Cluster> {
    let dims = vectors.first().map_or(0, Vec::len);
    let centroids: Vec<Vec<f32>> = codes.iter().map(|code| code::decode(Bits::Int8, dims, code)).collect();
    let mut clusters: Vec<Cluster> =
        codes.into_iter().map(|centroid| Cluster { centroid, members: Vec::new() }).collect();
    let assignment = assign(vectors, &centroids);
    assignment.into_iter().enumerate().for_each(|(n, cluster)| clusters[cluster].members.push(n));
    clusters.retain(|cluster| !cluster.members.is_empty());
    clusters
}

fn centroids(vectors: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let count = if vectors.len() <= ONE_CELL { 1 } else { vectors.len().div_ceil(CELL_SIZE) };
    let mut centroids: Vec<Vec<f32>> =
        (0..count).map(|n| vectors[n * vectors.len() / count].clone()).collect();
    let mut assignment = assign(vectors, &centroids);
    for _ in 1..if count == 1 { 1 } else { ROUNDS } {
        centroids = middles(vectors, &assignment, &centroids);
        assignment = assign(vectors, &centroids);
    }
    middles(vectors, &assignment, &centroids)
}

fn assign(vectors: &[Vec<f32>], centroids: &[Vec<f32>]) -> Assignment {
    if centroids.len() < GRAPH_FROM {
        nearest_exact(vectors, centroids)
    } else {
        nearest_by_graph(vectors, centroids)
    }
}

/// The nearest centroid of each vector, by trying all.
pub fn nearest_exact(vectors: &[Vec<f32>], centroids: &[Vec<f32>]) -> Assignment {
    let nearest = |vector: &Vec<f32>| {
        let mut best = (0, f32::MIN);
        for (n, centroid) in centroids.iter().enumerate() {
            let score = dot(vector, centroid);
            if score > best.1 {
                best = (n, score);
            }
        }
        best.0
    };
    vectors.par_iter().map(nearest).collect()
}

/// A vector as the graph sees it.
#[derive(Clone)]
struct Direction(Vec<f32>);

impl Point for Direction {
    fn distance(&self, other: &Self) -> f32 {
        1.0 - dot(&self.0, &other.0)
    }
}

/// The nearest centroid of each vector, nearly always, by a graph over the centroids.
pub fn nearest_by_graph(vectors: &[Vec<f32>], centroids: &[Vec<f32>]) -> Assignment {
    let points: Vec<Direction> = centroids.iter().cloned().map(Direction).collect();
    let build = || {
        Builder::default().seed(0x006d_6364_6577_6579).ef_construction(64).ef_search(32).build_hnsw(points)
    };
    let (graph, ids) = match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(one_thread) => one_thread.install(build),
        Err(_) => return nearest_exact(vectors, centroids),
    };
    // `ids[n]` is where centroid `n` went; turned round, where a point of the graph came from.
    let mut origin = vec![0; ids.len()];
    ids.iter().enumerate().for_each(|(n, id)| origin[id.into_inner() as usize] = n);
    let nearest = |search: &mut Search, vector: &Vec<f32>| {
        let found = graph.search(&Direction(vector.clone()), search).next();
        found.map_or(0, |item| origin[item.pid.into_inner() as usize])
    };
    vectors.par_iter().map_init(Search::default, nearest).collect()
}

/// The normalised sum of each cluster's members, summed in order; an empty cluster keeps its centroid.
fn middles(vectors: &[Vec<f32>], assignment: &[usize], before: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let dims = vectors.first().map_or(0, Vec::len);
    let mut sums = vec![vec![0f32; dims]; before.len()];
    for (vector, &cluster) in vectors.iter().zip(assignment) {
        sums[cluster].iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
    }
    for (sum, before) in sums.iter_mut().zip(before) {
        let norm = dot(sum, sum).sqrt();
        if norm > 0.0 {
            sum.iter_mut().for_each(|x| *x /= norm);
        } else {
            sum.clone_from(before);
        }
    }
    sums
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0f32; 8];
    for (xs, ys) in a.chunks(8).zip(b.chunks(8)) {
        for ((sum, x), y) in sums.iter_mut().zip(xs).zip(ys) {
            *sum += x * y;
        }
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Unit vectors around `groups` directions.
    fn vectors(count: usize, groups: usize, dims: usize) -> Vec<Vec<f32>> {
        let mut state = 1u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        (0..count)
            .map(|n| {
                let mut vector: Vec<f32> = (0..dims).map(|_| 0.2 * noise()).collect();
                vector[n % groups % dims] += 1.0;
                let norm = dot(&vector, &vector).sqrt();
                vector.iter_mut().for_each(|x| *x /= norm);
                vector
            })
            .collect()
    }

    #[test]
    fn every_vector_is_in_one_cell_and_few_vectors_share_one() {
        assert_eq!(clusters(&vectors(ONE_CELL, 3, 16)).len(), 1);
        let many = vectors(3000, 12, 16);
        let found = clusters(&many);
        let mut members: Vec<usize> = found.iter().flat_map(|cluster| cluster.members.clone()).collect();
        members.sort_unstable();
        assert_eq!(members, (0..many.len()).collect::<Vec<_>>());
        assert_eq!(found, clusters(&many), "the same input gives the same cells");
    }

    #[test]
    fn frozen_centroids_move_only_what_changed() {
        let mut many = vectors(3000, 12, 16);
        let before = clusters(&many);
        let codes: Vec<Vec<u8>> = before.iter().map(|cluster| cluster.centroid.clone()).collect();
        assert_eq!(around(codes.clone(), &many), before);
        many[7] = many[8].clone();
        let after = around(codes, &many);
        let changed = before.iter().zip(&after).filter(|(a, b)| a != b).count();
        assert!((1..=2).contains(&changed), "{changed} cells changed");
        assert!(still_fits(3000, before.len()) && !still_fits(6000, before.len()) && !still_fits(900, 4));
    }

    #[test]
    fn the_graph_finds_what_trying_all_finds() {
        let (all, centroids) = (vectors(500, 16, 16), vectors(300, 16, 16));
        let (fast, slow) = (nearest_by_graph(&all, &centroids), nearest_exact(&all, &centroids));
        let same = fast.iter().zip(&slow).filter(|(a, b)| a == b).count();
        assert!(same >= 475, "{same} of 500 agree");
        assert_eq!(fast, nearest_by_graph(&all, &centroids), "the same graph every time");
    }
}
