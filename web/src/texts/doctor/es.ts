import type { DoctorTexts } from "./en";

export const doctor: DoctorTexts = {
  title: "Para el médico",
  lead: "Un informe para imprimir o enviar. Se hace en este dispositivo.",
  none: "Guarde primero un resultado; después podrá hacer un informe.",
  spot: "Mancha",
  photos: "Fotos",
  photosHelp: "Las fotos que elija van en el informe, con la respuesta de ese día.",
  sections: "Qué incluir",
  section: {
    estimate: "Las estimaciones de la aplicación",
    answers: "Mis respuestas",
    course: "La evolución",
    notes: "Mis notas",
  },
  person: "Su nombre (opcional)",
  born: "Fecha de nacimiento (opcional)",
  preview: "Vista previa",
  pdf: "PDF",
  print: "Imprimir",
  send: "Enviar al médico",
  sending: {
    title: "Enviar al médico",
    to: "Correo electrónico del médico (opcional aquí)",
    toWrong: "Esto no es una dirección de correo.",
    replyTo: "Su correo electrónico, para la respuesta (opcional)",
    subject: "Asunto",
    message: "Su mensaje",
    subjectDefault: "Una mancha en mi piel",
    messageDefault: "Estimado/a doctor/a:\n\nPor favor, mire las fotos y el informe adjuntos.\n\nUn saludo",
    attached: (count) => (count === 1 ? "1 archivo adjunto" : `${count} archivos adjuntos`),
    preparing: "Preparando el informe…",
    sending: "Enviando…",
    share: "Enviar con otra aplicación",
    shareHelp: "Abre su aplicación de correo, u otra, con las fotos y el informe adjuntos.",
    server: "Enviar por este servidor",
    serverHelp:
      "El servidor envía al médico el mensaje, las fotos y el informe, con un asunto propio, y no guarda nada.",
    lacks: {
      address: "Para esto, escriba arriba el correo electrónico del médico.",
      photos: "Para esto, elija de una a tres fotos.",
      message: "Para esto, escriba un mensaje.",
    },
    email: "Guardar como borrador de correo",
    emailHelp:
      "Un archivo que su programa de correo abre como borrador, con las fotos y el informe adjuntos. Compruebe allí la dirección y envíe.",
    privacy: "Un correo normal no va cifrado. Pregunte en la consulta si hay una vía más segura.",
    done: {
      share: "Entregado a la otra aplicación.",
      server: "El servidor de correo ha aceptado el mensaje. Solo la consulta sabe si se lee.",
      email: "El borrador se ha guardado. Ábralo con su programa de correo.",
    },
    kept: "Su mensaje se conserva.",
    unsent: (when) => `El envío de su carta del ${when} no funcionó.`,
    again: "Enviar de nuevo",
    codes: {
      recipient_not_allowed:
        "Este servidor no puede escribir a esa dirección. Compruébela o use su propia aplicación de correo.",
      address_invalid:
        "Una de las direcciones no es una dirección de correo simple. Escríbala como nombre@clinica.example.",
      referrals_off: "Este servidor ya no envía correo. Use su propia aplicación de correo.",
      malformed_request:
        "El mensaje no se puede enviar así. Escriba como máximo 4000 caracteres de texto simple.",
      report_unusable: "El informe es demasiado grande para enviarlo. Elija menos fotos.",
      mail_too_large: "El correo es demasiado grande. Elija menos fotos.",
      photo_unusable: "Una de las fotos no se puede enviar. Quítela.",
      mail_refused:
        "El servidor de correo del médico rechaza el mensaje. Compruebe la dirección; el mismo tampoco se aceptará más tarde.",
      mail_misconfigured:
        "El correo de este servidor está mal configurado; quien lo gestiona debe arreglarlo. No se envió nada.",
      mail_deferred:
        "El servidor de correo del médico no acepta el mensaje ahora. No se envió nada; inténtelo de nuevo en unos minutos.",
      mail_unreachable:
        "No se puede contactar con el servidor de correo. No se envió nada; inténtelo más tarde.",
      mail_unsure:
        "La conexión se cortó mientras se entregaba el mensaje. Puede haber llegado; si lo envía otra vez, quizá llegue dos veces.",
      rate_limited: "Fueron muchos correos en poco tiempo. No se envió nada; inténtelo más tarde.",
      overloaded: "Muchas personas están enviando ahora. No se envió nada; inténtelo pronto.",
      too_slow: "Su conexión es lenta. No se envió nada; inténtelo donde sea mejor.",
      offline: "No tiene conexión. No se envió nada.",
      network:
        "No se puede contactar con el servidor. Si la conexión se cortó al enviar, el correo puede haber llegado igualmente.",
      internal_error: "Algo ha fallado por nuestra parte. Inténtelo más tarde.",
    },
    failed: "No ha funcionado. Su mensaje se conserva; inténtelo de nuevo o elija otra vía.",
    cancelled: "No enviado. Su mensaje se conserva.",
  },
  report: {
    title: (name) => `Mancha en la piel: ${name}`,
    made: (date) => `Informe del ${date}`,
    made_by:
      "Hecho con Lentigo, una aplicación que estima a partir de fotos. No es un producto sanitario, y esto no es un diagnóstico.",
    person: "Persona",
    born: "Fecha de nacimiento",
    place: "Lugar del cuerpo",
    followed: "En seguimiento desde",
    photoCount: "Fotos guardadas",
    photos: "Fotos",
    estimate: (date) => `Estimación del ${date}`,
    chance: "Probabilidad de cáncer o de una fase temprana",
    outcome: "Resultado",
    model: "Modelo",
    answers: "Respuestas de la persona",
    course: "Evolución",
    notes: "Notas de la persona",
    of100: (value) => `${value} de 100`,
    page: (page, pages) => `Página ${page} de ${pages}`,
  },
};
