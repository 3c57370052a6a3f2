import { useState } from "preact/hooks";
import { draft } from "../../draft";
import { Confirm } from "../../parts/dialog";
import { offerUndo } from "../../parts/undo";
import { dropModels } from "../../phone/state";
import { deleteEverything } from "../../storage/everything";
import { orTell } from "../../storage/trouble";
import { t } from "../../texts";

export function DeleteAll() {
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState(false);
  const remove = async () => {
    const gone = await orTell(deleteEverything());
    await dropModels();
    if (gone) offerUndo(gone);
    draft.value = null;
    setAsking(false);
    setDone(gone !== null);
  };
  return (
    <>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        {t.settings.deleteAll}
      </button>
      <p role="status">{done ? t.settings.deleted : ""}</p>
      {asking && (
        <Confirm
          title={t.settings.deleteTitle}
          text={t.settings.deleteText}
          yes={t.settings.deleteYes}
          onYes={() => void remove()}
          onNo={() => setAsking(false)}
        />
      )}
    </>
  );
}
