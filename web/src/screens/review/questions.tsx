import { useState } from "preact/hooks";
import type { AnswerSpec } from "../../api/client";
import { answer, draft } from "../../draft";
import { BodyChoice } from "../../parts/body/body";
import { named, t } from "../../texts";

const given = (name: string) => draft.value?.answers[name] ?? "";
const set = (name: string, value: string) => void answer(name, value);

// The questions that the model takes, built from its card. Nothing is required.
export function Questions({ specs }: { specs: readonly AnswerSpec[] }) {
  const answered = specs.filter((spec) => given(spec.name) !== "").length;
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
  const label = named(t.answers, spec.name) ?? spec.name;
  if (spec.kind === "number") return <NumberQuestion spec={spec} label={label} />;
  if (isYesNo(spec.choices)) return <FewQuestion name={spec.name} label={label} options={YES_NO()} />;
  if (spec.choices.length <= FEW) {
    const options = spec.choices.map((choice) => [choice, named(t.choices, choice) ?? choice] as const);
    return <FewQuestion name={spec.name} label={label} options={options} />;
  }
  return <ListQuestion name={spec.name} label={label} choices={spec.choices} />;
}

// So many stand side by side on a phone; more become a list.
const FEW = 2;

const YES_NO = (): readonly Option[] => [
  ["yes", t.review.yes],
  ["no", t.review.no],
];

function isYesNo(choices: readonly string[]): boolean {
  return choices.length === 2 && choices.includes("yes") && choices.includes("no");
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
        value={given(spec.name)}
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

// A long list; for the place on the body there is an outline to tap on as well.
function ListQuestion(props: { name: string; label: string; choices: readonly string[] }) {
  const { name, label, choices } = props;
  return (
    <div class={name === "site" ? "field site" : "field"}>
      <label for={name}>{label}</label>
      {name === "site" && (
        <BodyChoice sites={choices} chosen={given(name)} onChoose={(site) => set(name, site)} />
      )}
      <select id={name} value={given(name)} onChange={(event) => set(name, event.currentTarget.value)}>
        <option value="">{t.review.unknown}</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {named(t.choices, choice) ?? choice}
          </option>
        ))}
      </select>
    </div>
  );
}

type Option = readonly [value: string, text: string];

function FewQuestion({ name, label, options }: { name: string; label: string; options: readonly Option[] }) {
  const all: readonly Option[] = [...options, ["", t.review.unknown]];
  return (
    <fieldset class="field">
      <legend>{label}</legend>
      <div class="segments">
        {all.map(([value, text]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={given(name) === value}
              onChange={() => set(name, value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
