// One of a few values, side by side.
export function Segments(props: {
  name: string;
  label: string;
  chosen: string;
  options: (readonly [value: string, text: string])[];
  onChoose: (value: string) => void;
}) {
  return (
    <fieldset class="field">
      <legend>{props.label}</legend>
      <div class="segments">
        {props.options.map(([value, text]) => (
          <label key={value}>
            <input
              type="radio"
              name={props.name}
              value={value}
              checked={props.chosen === value}
              onChange={() => props.onChoose(value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
