import type { AnswerSpec } from "../../api/client";
import { answers } from "../../state";
import { t } from "../../texts";

// The questions that the model takes, built from its card. Nothing is required.
export function Questions({ specs }: { specs: readonly AnswerSpec[] }) {
  const answered = specs.filter((spec) => (answers.value[spec.name] ?? "") !== "").length;
  return (
    <details class="questions" open={matchMedia("(min-width: 900px)").matches}>
      <summary>
        {t.review.questions}
        {answered > 0 && <span class="answered"> {t.review.answered(answered)}</span>}
      </summary>
      <p>{t.review.questionsHelp}</p>
      {specs.map((spec) => (
        <Question key={spec.name} spec={spec} />
      ))}
    </details>
  );
}

function Question({ spec }: { spec: AnswerSpec }) {
  const label = t.answers[spec.name] ?? spec.name;
  if (spec.kind === "number") return <NumberQuestion spec={spec} label={label} />;
  return isYesNo(spec.choices) ? (
    <YesNoQuestion name={spec.name} label={label} />
  ) : (
    <ChoiceQuestion name={spec.name} label={label} choices={spec.choices} />
  );
}

function isYesNo(choices: readonly string[]): boolean {
  return choices.length === 2 && choices.includes("yes") && choices.includes("no");
}

function set(name: string, value: string): void {
  answers.value = { ...answers.value, [name]: value };
}

function NumberQuestion({ spec, label }: { spec: AnswerSpec & { kind: "number" }; label: string }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        inputMode="numeric"
        min={spec.minimum}
        max={spec.maximum}
        value={answers.value[spec.name] ?? ""}
        onInput={(event) => set(spec.name, event.currentTarget.value)}
      />
    </label>
  );
}

function ChoiceQuestion(props: { name: string; label: string; choices: readonly string[] }) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <select
        value={answers.value[props.name] ?? ""}
        onChange={(event) => set(props.name, event.currentTarget.value)}
      >
        <option value="">{t.review.unknown}</option>
        {props.choices.map((choice) => (
          <option key={choice} value={choice}>
            {t.choices[choice] ?? choice}
          </option>
        ))}
      </select>
    </label>
  );
}

function YesNoQuestion({ name, label }: { name: string; label: string }) {
  const options = [
    ["yes", t.review.yes],
    ["no", t.review.no],
    ["", t.review.unknown],
  ] as const;
  return (
    <fieldset class="field yes-no">
      <legend>{label}</legend>
      <div class="segments">
        {options.map(([value, text]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={(answers.value[name] ?? "") === value}
              onChange={() => set(name, value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
