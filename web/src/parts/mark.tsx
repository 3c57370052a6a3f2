// The mark: a soft spot. The shapes are those of icons/mark.svg.
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="18" fill="#0f5c5c" />
      <path
        d="M33 9c14-1 23 9 22 23-1 15-11 24-25 23C16 54 8 45 9 31 10 18 20 10 33 9z"
        fill="#f3d9bf"
        fill-opacity=".18"
      />
      <path
        d="M33 15c11-1 17 7 17 18-1 11-9 17-19 16-10 0-17-7-16-17 1-10 8-16 18-17z"
        fill="#f3d9bf"
        fill-opacity=".4"
      />
      <path d="M34 21c7 0 11 5 10 12-1 8-6 11-13 11-7-1-10-6-10-12 1-7 6-11 13-11z" fill="#f3d9bf" />
    </svg>
  );
}
