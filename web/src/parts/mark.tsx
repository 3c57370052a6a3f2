// The mark: a soft spot, and the ring that looks at it.
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="18" fill="#f3e3d3" />
      <path d="M33 13c11-1 19 7 19 18 0 12-8 21-20 20-11-1-20-8-19-20 1-11 9-17 20-18z" fill="#8a5a3c" />
      <path d="M35 20c8 0 12 6 11 13-1 8-7 12-14 11-7-1-12-6-11-12 1-8 7-12 14-12z" fill="#6d4229" />
      <circle cx="44" cy="44" r="11" fill="none" stroke="#0f5c5c" stroke-width="4" />
    </svg>
  );
}
