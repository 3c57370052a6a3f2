import { useState } from "preact/hooks";
import type { AnswerSpec } from "../../api/client";
import { answers } from "../../state";
import { t } from "../../texts";

// The questions that the model takes, built from its card. Nothing is required.
export function Questions({ specs }: { specs: readonly AnswerSpec[] }) {
  const answered = specs.filter((spec) => (answers.value[spec.name] ?? "") !== "").length;
  return (
    <details class="questions" open={matchMedia("(min-width: 900px)").matches}>
      <summary>
        {t.review.questions} {answered > 0 && <span class="answered">{t.review.answered(answered)}</span>}
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

// Whether every answer can be sent. The first that cannot says so and takes the focus: the browser's own bubble does
// neither where the questions are closed, and the button would seem dead.
export function checkAnswers(form: HTMLFormElement): boolean {
  if (form.checkValidity()) return true;
  const wrong = form.querySelector<HTMLElement>("input:invalid");
  const questions = wrong?.closest("details");
  if (questions) questions.open = true;
  wrong?.focus();
  return false;
}

function NumberQuestion({ spec, label }: { spec: AnswerSpec & { kind: "number" }; label: string }) {
  const [wrong, setWrong] = useState(false);
  const hint = `${spec.name}-hint`;
  return (
    <div class="field">
      <label for={spec.name}>{label}</label>
      <input
        id={spec.name}
        type="number"
        inputMode="numeric"
        min={spec.minimum}
        max={spec.maximum}
        step="any"
        value={answers.value[spec.name] ?? ""}
        aria-invalid={wrong}
        aria-describedby={wrong ? hint : undefined}
        onInvalid={() => setWrong(true)}
        onInput={(event) => {
          if (event.currentTarget.validity.valid) setWrong(false);
          set(spec.name, event.currentTarget.value);
        }}
      />
      {wrong && (
        <p id={hint} class="wrong" role="alert">
          {t.review.outOfRange(spec.minimum, spec.maximum)}
        </p>
      )}
    </div>
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
