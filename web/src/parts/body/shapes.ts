// Written by scripts/body.mjs from lentigo/datasets/description/body.toml; a test compares them.
// In a box of 140 by 364. What lies on both sides is drawn once, at the left, and mirrored.

export interface BodyShape {
  site: string;
  path: string;
  bothSides: boolean;
}

// biome-ignore format: written by a script
export const BODY: Record<"front" | "back", readonly BodyShape[]> = {
  front: [
    {site: "scalp", path: "M52.6 26C52 12 60 6 70 6S88 12 87.4 26C84 19 78 17.5 70 17.5S56 19 52.6 26Z", bothSides: false},
    {site: "face", path: "M53 29C56 22 62 20.5 70 20.5S84 22 87 29C88.5 42 81 54 70 54S51.5 42 53 29Z", bothSides: false},
    {site: "neck", path: "M61.5 55.5C67 58 73 58 78.5 55.5L79.5 64.5C73 69 67 69 60.5 64.5Z", bothSides: false},
    {site: "chest", path: "M58.5 67C52 71 45 71.5 39.5 75C42 86 44.5 100 46 117C60 122 80 122 94 117C95.5 100 98 86 100.5 75 C95 71.5 88 71 81.5 67C74 71.5 66 71.5 58.5 67Z", bothSides: false},
    {site: "abdomen", path: "M46.3 120.5C60 125.5 80 125.5 93.7 120.5C93 136 93 148 95.5 160C97.5 168 98.5 176 98.8 183L81 185 C77 186.5 63 186.5 59 185L41.2 183C41.5 176 42.5 168 44.5 160C47 148 47 136 46.3 120.5Z", bothSides: false},
    {site: "genital", path: "M61.5 188.5C66 190 74 190 78.5 188.5L70 202.5Z", bothSides: false},
    {site: "ear", path: "M50.6 27.5C47 26.5 46.5 31 48 35C49 38 51 38.5 51.6 36.5Z", bothSides: true},
    {site: "upper extremity", path: "M36 77C28 80.5 26.5 93 25.5 107C23.5 127 19.5 149 14.5 177L23.5 180C30 158 36.5 136 39.5 113 C41.5 103 41 92 36 77Z", bothSides: true},
    {site: "hand", path: "M14 180.5L23 183.5C23.5 192 22 202 17.5 207.5C11.5 205 10 193 14 180.5Z", bothSides: true},
    {site: "lower extremity", path: "M41 186.5L58.5 189L68.5 205C68.5 231 66.5 250 65 264C65.5 287 62.5 308 60 333L50 333C48 308 44.5 285 45.5 264 C41.5 240 39.5 214 41 186.5Z", bothSides: true},
    {site: "foot", path: "M50 336.5L60 336.5C61.5 345 61 353 56.5 355.5L44.5 356C41.5 352 46.5 345 50 336.5Z", bothSides: true},
  ],
  back: [
    {site: "scalp", path: "M52.6 28C52 12 60 6 70 6S88 12 87.4 28C88 42 82 52 70 52S52 42 52.6 28Z", bothSides: false},
    {site: "neck", path: "M61.5 55.5C67 58 73 58 78.5 55.5L79.5 64.5C73 69 67 69 60.5 64.5Z", bothSides: false},
    {site: "back", path: "M58.5 67C52 71 45 71.5 39.5 75C42 86 44.5 100 46 117C47 132 47 148 44.5 160C42.5 168 41.5 176 41.2 187 C52 199 64 199 70 192C76 199 88 199 98.8 187C98.5 176 97.5 168 95.5 160C93 148 93 132 94 117 C95.5 100 98 86 100.5 75C95 71.5 88 71 81.5 67C74 71.5 66 71.5 58.5 67Z", bothSides: false},
    {site: "ear", path: "M50.6 27.5C47 26.5 46.5 31 48 35C49 38 51 38.5 51.6 36.5Z", bothSides: true},
    {site: "upper extremity", path: "M36 77C28 80.5 26.5 93 25.5 107C23.5 127 19.5 149 14.5 177L23.5 180C30 158 36.5 136 39.5 113 C41.5 103 41 92 36 77Z", bothSides: true},
    {site: "hand", path: "M14 180.5L23 183.5C23.5 192 22 202 17.5 207.5C11.5 205 10 193 14 180.5Z", bothSides: true},
    {site: "lower extremity", path: "M41 191C52 202 63 202.5 68.7 197C68.7 231 66.5 250 65 264C65.5 287 62.5 308 60 333L50 333 C48 308 44.5 285 45.5 264C41.5 240 39.5 214 41 191Z", bothSides: true},
    {site: "foot", path: "M50 336.5L60 336.5C62 346 60 355 55.5 355.5S47.5 346 50 336.5Z", bothSides: true},
  ],
};
