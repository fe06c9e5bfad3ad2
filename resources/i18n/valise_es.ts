<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES" sourcelanguage="en">
<context>
    <name>Acting</name>
    <message>
        <source>Contact cards (*.vcf);;All files (*)</source>
        <translation>Tarjetas de contacto (*.vcf);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>Importar tarjetas de contacto</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>Nota verbal</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Guardar tarjetas de contacto</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>Guardar la nota verbal</translation>
    </message>
    <message>
        <source>Written as {file} and entered as sent under number {number}.</source>
        <translation>Escrita como {file} e inscrita como enviada con el número {number}.</translation>
    </message>
    <message>
        <source>{what} copied. The clipboard forgets it after a few seconds.</source>
        <translation>Se ha copiado: {what}. El portapapeles lo olvida a los pocos segundos.</translation>
    </message>
</context>
<context>
    <name>Acts</name>
    <message>
        <source>Acknowledge receipt</source>
        <translation>Acusar recibo</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Respuesta</translation>
    </message>
    <message>
        <source>Change what has changed. What stood before stays in the record, and everybody sees both.</source>
        <translation>Cambie lo que haya cambiado. Lo que figuraba antes permanece en el acta y todos ven ambas cosas.</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Canal</translation>
    </message>
    <message>
        <source>Choose offers</source>
        <translation>Elegir ofrecimientos</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>Cerrarlo</translation>
    </message>
    <message>
        <source>Close the incident</source>
        <translation>Cerrar el incidente</translation>
    </message>
    <message>
        <source>Everybody in the room sees that you now use that channel. Speak to your counterparts there as well.</source>
        <translation>Todos en la sala ven que usted utiliza ahora ese canal. Hable también por él con sus homólogos.</translation>
    </message>
    <message>
        <source>Everybody in the room sees which offers your delegation takes.</source>
        <translation>Todos en la sala ven qué ofrecimientos acepta su delegación.</translation>
    </message>
    <message>
        <source>Everybody in the room that you choose reads it.</source>
        <translation>Todos en la sala que usted elija lo leen.</translation>
    </message>
    <message>
        <source>Everybody reads how it ended. Exchange first (Ctrl+R), so that what is under way is here.</source>
        <translation>Todos leen cómo terminó. Haga primero un intercambio (Ctrl+R), para que lo que está en camino se encuentre aquí.</translation>
    </message>
    <message>
        <source>It is closed.</source>
        <translation>Queda cerrado.</translation>
    </message>
    <message>
        <source>It is done</source>
        <translation>Está hecha</translation>
    </message>
    <message>
        <source>It is open again.</source>
        <translation>Está abierto de nuevo.</translation>
    </message>
    <message>
        <source>It is reported there in the name of your delegation, with its markings word for word, and what its source allows. Internal notes do not go along.</source>
        <translation>Se comunica allí en nombre de su delegación, con sus marcas al pie de la letra y lo que permite su fuente. Las notas internas no lo acompañan.</translation>
    </message>
    <message>
        <source>It is said which offers you take.</source>
        <translation>Se ha indicado qué ofrecimientos acepta usted.</translation>
    </message>
    <message>
        <source>It is sent on.</source>
        <translation>Se ha transmitido.</translation>
    </message>
    <message>
        <source>It is taken higher.</source>
        <translation>El incidente se ha elevado de nivel.</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>Conservar la nota</translation>
    </message>
    <message>
        <source>Keep the task</source>
        <translation>Conservar la tarea</translation>
    </message>
    <message>
        <source>New internal note</source>
        <translation>Nueva nota interna</translation>
    </message>
    <message>
        <source>New task</source>
        <translation>Nueva tarea</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Offer assistance</source>
        <translation>Ofrecer asistencia</translation>
    </message>
    <message>
        <source>Offers</source>
        <translation>Ofrecimientos</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Abrir de nuevo</translation>
    </message>
    <message>
        <source>Read a STIX bundle</source>
        <translation>Leer un paquete STIX</translation>
    </message>
    <message>
        <source>Receipt is acknowledged.</source>
        <translation>Se ha acusado recibo.</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Sala</translation>
    </message>
    <message>
        <source>STIX bundles (*.json)</source>
        <translation>Paquetes STIX (*.json)</translation>
    </message>
    <message>
        <source>Save as STIX 2.1</source>
        <translation>Guardar como STIX 2.1</translation>
    </message>
    <message>
        <source>Save it all the same</source>
        <translation>Guardarlo de todos modos</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>Guardar el archivo</translation>
    </message>
    <message>
        <source>Send it on</source>
        <translation>Transmitirlo</translation>
    </message>
    <message>
        <source>Send on to others</source>
        <translation>Transmitir a otros</translation>
    </message>
    <message>
        <source>Send the answer</source>
        <translation>Enviar la respuesta</translation>
    </message>
    <message>
        <source>Send the offer</source>
        <translation>Enviar el ofrecimiento</translation>
    </message>
    <message>
        <source>Send the update</source>
        <translation>Enviar la actualización</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>Retirarlo</translation>
    </message>
    <message>
        <source>Take it higher</source>
        <translation>Elevar de nivel</translation>
    </message>
    <message>
        <source>Take it there</source>
        <translation>Elevarlo a ese canal</translation>
    </message>
    <message>
        <source>Take the offer back</source>
        <translation>Retirar el ofrecimiento</translation>
    </message>
    <message>
        <source>Take these offers</source>
        <translation>Aceptar estos ofrecimientos</translation>
    </message>
    <message>
        <source>Task done</source>
        <translation>Tarea hecha</translation>
    </message>
    <message>
        <source>The answer is on its way.</source>
        <translation>La respuesta está en camino.</translation>
    </message>
    <message>
        <source>The file is saved.</source>
        <translation>El archivo se ha guardado.</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed.</source>
        <translation>El archivo queda fuera de la bóveda y no está sellado.</translation>
    </message>
    <message>
        <source>The note is kept.</source>
        <translation>La nota se ha conservado.</translation>
    </message>
    <message>
        <source>The offer is on its way.</source>
        <translation>El ofrecimiento está en camino.</translation>
    </message>
    <message>
        <source>The offer is taken back.</source>
        <translation>El ofrecimiento queda retirado.</translation>
    </message>
    <message>
        <source>The task is done.</source>
        <translation>La tarea está hecha.</translation>
    </message>
    <message>
        <source>The task is kept.</source>
        <translation>La tarea se ha conservado.</translation>
    </message>
    <message>
        <source>The update is on its way.</source>
        <translation>La actualización está en camino.</translation>
    </message>
    <message>
        <source>There is an embargo until {0}.</source>
        <translation>Hay un embargo de difusión vigente (plazo: {0}).</translation>
    </message>
    <message>
        <source>There is no other room with another delegation.</source>
        <translation>No hay ninguna otra sala con otra delegación.</translation>
    </message>
    <message>
        <source>Until when (optional)</source>
        <translation>Hasta cuándo (opcional)</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Actualización</translation>
    </message>
    <message>
        <source>What came of it (optional)</source>
        <translation>Qué resultó de ello (opcional)</translation>
    </message>
    <message>
        <source>What is to be done</source>
        <translation>Qué hay que hacer</translation>
    </message>
    <message>
        <source>Who (optional)</source>
        <translation>Quién (opcional)</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Por qué</translation>
    </message>
    <message>
        <source>Why (optional)</source>
        <translation>Por qué (opcional)</translation>
    </message>
    <message>
        <source>Why it cannot wait (kept in your internal record)</source>
        <translation>Por qué no puede esperar (se conserva en su acta interna)</translation>
    </message>
    <message>
        <source>Words with it (optional)</source>
        <translation>Palabras que lo acompañan (opcional)</translation>
    </message>
    <message>
        <source>You say that your delegation received it, and nothing else: this accepts no fact, admits nothing and agrees with nothing (norm 13 (c)).</source>
        <translation>Usted dice que su delegación lo ha recibido, y nada más: con ello no se acepta ningún hecho, no se admite nada ni se da conformidad a nada (norma 13 (c)).</translation>
    </message>
</context>
<context>
    <name>AddressesPane</name>
    <message>
        <source>A delegation with a relay sends you one sealed, or hands you a card with permission: open it under Contacts.</source>
        <translation>Una delegación con repetidor le envía una sellada, o le entrega una tarjeta con permiso: ábrala en Contactos.</translation>
    </message>
    <message>
        <source>Addresses others gave us</source>
        <translation>Direcciones que otros nos dieron</translation>
    </message>
    <message>
        <source>Its relay</source>
        <translation>Su repetidor</translation>
    </message>
    <message>
        <source>Nobody has given you an address yet</source>
        <translation>Todavía nadie le ha dado una dirección</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>Permiso</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>Dónde podemos escribir</translation>
    </message>
</context>
<context>
    <name>AdmitDialog</name>
    <message>
        <source>Admit another laptop</source>
        <translation>Admitir otro portátil</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Continuar a la clave raíz…</translation>
    </message>
    <message>
        <source>The other laptop makes a request: first start, “Join our delegation”.</source>
        <translation>El otro portátil prepara una solicitud: primer inicio, “Unirse a nuestra delegación”.</translation>
    </message>
</context>
<context>
    <name>AdmitHereDialog</name>
    <message>
        <source>A newer identity card of ours…</source>
        <translation>Una tarjeta de identidad nuestra más reciente…</translation>
    </message>
    <message>
        <source>Admit this laptop</source>
        <translation>Admitir este portátil</translation>
    </message>
    <message>
        <source>Admit this laptop with the key file</source>
        <translation>Admitir este portátil con el archivo de clave</translation>
    </message>
    <message>
        <source>Do this only when no other laptop of your delegation is in use: two laptops that each sign a list of laptops make two lists, and then nobody can tell which is yours.</source>
        <translation>Hágalo solo cuando no se utilice ningún otro portátil de su delegación: si dos portátiles firman cada uno una lista de portátiles, hay dos listas, y entonces nadie puede saber cuál es la suya.</translation>
    </message>
    <message>
        <source>Laptops that are lost or given up, revoked in the same step</source>
        <translation>Portátiles perdidos o que ya no se utilizan, revocados en el mismo paso</translation>
    </message>
    <message>
        <source>Needed when laptops were admitted or revoked since the backup: any delegation can give it to you.</source>
        <translation>Hace falta cuando se han admitido o revocado portátiles desde la copia de seguridad: cualquier delegación puede dársela.</translation>
    </message>
    <message>
        <source>Nothing is sent to it any more, and nothing it signs is sent on.</source>
        <translation>Ya no se le envía nada, y nada de lo que firma se transmite.</translation>
    </message>
    <message>
        <source>Open our identity card</source>
        <translation>Abrir nuestra tarjeta de identidad</translation>
    </message>
    <message>
        <source>{0} (the backup was made on it)</source>
        <translation>{0} (la copia de seguridad se hizo en él)</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
</context>
<context>
    <name>Agenda</name>
    <message>
        <source>Dates</source>
        <translation>Fechas</translation>
    </message>
</context>
<context>
    <name>Agreed</name>
    <message>
        <source>Agreed language: {0}</source>
        <translation>Formulación convenida: {0}</translation>
    </message>
    <message>
        <source>Agreed language: {0}. No difference.</source>
        <translation>Formulación convenida: {0}. Sin diferencias.</translation>
    </message>
    <message>
        <source>Dotted: agreed language, {0}. F3 goes to the next place.</source>
        <translation>Punteado: formulación convenida, {0}. F3 lleva al lugar siguiente.</translation>
    </message>
</context>
<context>
    <name>AmendmentsPane</name>
    <message>
        <source>Amendments to the paragraph</source>
        <translation>Enmiendas al párrafo</translation>
    </message>
    <message>
        <source>Go on with your unsent words</source>
        <translation>Seguir con sus palabras sin enviar</translation>
    </message>
    <message>
        <source>No amendments are open.</source>
        <translation>No hay enmiendas abiertas.</translation>
    </message>
    <message>
        <source>No amendments. Enter edits the words and makes a proposal.</source>
        <translation>No hay enmiendas. Intro edita las palabras y hace una propuesta.</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Observación</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>Observación a la sala sobre {0}</translation>
    </message>
    <message>
        <source>Settled</source>
        <translation>Resueltas</translation>
    </message>
    <message>
        <source>Speaking for: your delegation, or the name of a group</source>
        <translation>En nombre de: su delegación o el nombre de un grupo</translation>
    </message>
    <message>
        <source>The keys S, G, R, O and N speak to {0}</source>
        <translation>Con las teclas S, G, R, O y N se pronuncia usted sobre {0}</translation>
    </message>
    <message>
        <source>for ourselves</source>
        <translation>en nombre propio</translation>
    </message>
</context>
<context>
    <name>AskedView</name>
    <message>
        <source>Answer only what you know: that this entry of your delegation is right, has changed, or is not the right contact. The answer is signed and goes to the delegation that asks, to nobody else.</source>
        <translation>Responda solo lo que sepa: que esta entrada de su delegación es correcta, que ha cambiado o que no es el contacto adecuado. La respuesta se firma y se envía a la delegación que pregunta, a nadie más.</translation>
    </message>
    <message>
        <source>Answered. It leaves with the next exchange.</source>
        <translation>Respondido. Sale con el próximo intercambio.</translation>
    </message>
    <message>
        <source>Nobody asks</source>
        <translation>Nadie pregunta</translation>
    </message>
    <message>
        <source>When another delegation tests how it reaches you, its question stands here.</source>
        <translation>Cuando otra delegación prueba cómo comunicarse con usted, su pregunta figura aquí.</translation>
    </message>
</context>
<context>
    <name>AuthorsTable</name>
    <message>
        <source>Authors named in the file</source>
        <translation>Autores nombrados en el archivo</translation>
    </message>
    <message>
        <source>Everybody in the room reads what stands beside each choice. Choices are remembered on this laptop.</source>
        <translation>Todos en la sala leen lo que figura junto a cada opción. Las opciones se recuerdan en este portátil.</translation>
    </message>
    <message>
        <source>Further authors, not named to others: {0}.</source>
        <translation>Otros autores, que no se nombran ante otros: {0}.</translation>
    </message>
    <message>
        <source>Named as found in the file</source>
        <translation>Se nombra tal como figura en el archivo</translation>
    </message>
    <message>
        <source>Not named to others</source>
        <translation>No se nombra ante otros</translation>
    </message>
    <message>
        <source>Who the authors in the file are</source>
        <translation>Quiénes son los autores que figuran en el archivo</translation>
    </message>
    <message>
        <source>Who {0} is</source>
        <translation>Quién es {0}</translation>
    </message>
</context>
<context>
    <name>BackupDialog</name>
    <message>
        <source>Back up now</source>
        <translation>Hacer una copia de seguridad ahora</translation>
    </message>
    <message>
        <source>Back up this vault</source>
        <translation>Hacer una copia de seguridad de esta bóveda</translation>
    </message>
    <message>
        <source>Passphrase of this vault</source>
        <translation>Frase de contraseña de esta bóveda</translation>
    </message>
    <message>
        <source>The backup is one file, sealed under your passphrase. It holds everything you can read here, and none of the keys of this laptop: whoever restores it gets a new laptop that has to be admitted.</source>
        <translation>La copia de seguridad es un solo archivo, sellado con su frase de contraseña. Contiene todo lo que usted puede leer aquí y ninguna de las claves de este portátil: quien la restaure obtiene un nuevo portátil que ha de ser admitido.</translation>
    </message>
</context>
<context>
    <name>BackupsSection</name>
    <message>
        <source>Back up now…</source>
        <translation>Hacer una copia de seguridad ahora…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Copia de seguridad</translation>
    </message>
    <message>
        <source>Before a laptop is given away, or when it must not be found with what is in it.</source>
        <translation>Antes de ceder un portátil, o cuando no deba encontrarse con lo que contiene.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Cancelled. What was begun was taken away again; earlier backups are as they were.</source>
        <translation>Cancelado. Lo empezado se ha quitado de nuevo; las copias de seguridad anteriores están como estaban.</translation>
    </message>
    <message>
        <source>Carry it and its passphrase apart from each other.</source>
        <translation>Lleve por separado la bóveda y su frase de contraseña.</translation>
    </message>
    <message>
        <source>Check a backup…</source>
        <translation>Comprobar una copia de seguridad…</translation>
    </message>
    <message>
        <source>Close Valise</source>
        <translation>Cerrar Valise</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>Destruir esta bóveda</translation>
    </message>
    <message>
        <source>Destroy this vault…</source>
        <translation>Destruir esta bóveda…</translation>
    </message>
    <message>
        <source>For a journey</source>
        <translation>Para un viaje</translation>
    </message>
    <message>
        <source>It opens nothing any more.</source>
        <translation>Ya no abre nada.</translation>
    </message>
    <message>
        <source>Keep a stick for it, apart from this laptop, and make one at the end of every day of talks.</source>
        <translation>Reserve una memoria USB para ello, separada de este portátil, y haga una copia al final de cada jornada de conversaciones.</translation>
    </message>
    <message>
        <source>Keep it apart from this laptop.</source>
        <translation>Consérvela separada de este portátil.</translation>
    </message>
    <message>
        <source>Make a vault for a journey…</source>
        <translation>Preparar una bóveda para un viaje…</translation>
    </message>
    <message>
        <source>On the travel laptop start Valise and choose “I have a backup”.</source>
        <translation>En el portátil de viaje, inicie Valise y elija “Tengo una copia de seguridad”.</translation>
    </message>
    <message>
        <source>Save its new identity card and hand it to every delegation.</source>
        <translation>Guarde su nueva tarjeta de identidad y entréguela a todas las delegaciones.</translation>
    </message>
    <message>
        <source>The backup is written, was read again and verifies: {0}.</source>
        <translation>La copia de seguridad está escrita, se ha releído y se verifica: {0}.</translation>
    </message>
    <message>
        <source>The vault for the journey is written and verified: {0}.</source>
        <translation>La bóveda para el viaje está escrita y verificada: {0}.</translation>
    </message>
    <message>
        <source>The vault is destroyed. An entry of it in the keyring of this computer could not be removed.</source>
        <translation>La bóveda está destruida. No se pudo quitar una entrada de ella en el llavero de este equipo.</translation>
    </message>
    <message>
        <source>This laptop is admitted and exchanges from now on.</source>
        <translation>Este portátil está admitido e intercambia a partir de ahora.</translation>
    </message>
    <message>
        <source>What is not on a laptop cannot be taken from it at a border. A vault for a journey holds only the rooms you choose, under a passphrase of its own, on a laptop that is admitted for these rooms alone.</source>
        <translation>Lo que no está en un portátil no puede extraerse de él en una frontera. Una bóveda para un viaje contiene solo las salas que usted elija, con una frase de contraseña propia, en un portátil admitido únicamente para esas salas.</translation>
    </message>
</context>
<context>
    <name>BeginDialog</name>
    <message>
        <source>A further row</source>
        <translation>Una fila más</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuar</translation>
    </message>
</context>
<context>
    <name>BeginPage</name>
    <message>
        <source>Begin with an empty vault</source>
        <translation>Empezar con una bóveda vacía</translation>
    </message>
    <message>
        <source>Both can be changed later.</source>
        <translation>Ambas cosas pueden cambiarse después.</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Elegir una carpeta…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>Elegir la carpeta de intercambio</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>Archivos de un repetidor (*.valise-relay);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>How sealed envelopes travel</source>
        <translation>Cómo viajan los sobres sellados</translation>
    </message>
    <message>
        <source>How to begin</source>
        <translation>Cómo empezar</translation>
    </message>
    <message>
        <source>If the passphrase is ever lost</source>
        <translation>Si algún día se pierde la frase de contraseña</translation>
    </message>
    <message>
        <source>Later, or by courier</source>
        <translation>Más tarde, o por mensajero</translation>
    </message>
    <message>
        <source>Look around first, with invented talks of invented delegations</source>
        <translation>Echar primero un vistazo, con negociaciones ficticias de delegaciones ficticias</translation>
    </message>
    <message>
        <source>Make recovery shares soon: words on paper for several people, of whom some together can open the vault. You find them under Security, Unlocking. Without them nobody can help, and neither can we.</source>
        <translation>Prepare pronto fragmentos de recuperación: palabras en papel para varias personas, de las cuales algunas juntas pueden abrir la bóveda. Los encontrará en Seguridad, Desbloqueo. Sin ellos nadie puede ayudar, tampoco nosotros.</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>Abrir el archivo de un repetidor</translation>
    </message>
    <message>
        <source>Open the file…</source>
        <translation>Abrir el archivo…</translation>
    </message>
    <message>
        <source>Through a relay, with its operator&apos;s file</source>
        <translation>A través de un repetidor, con el archivo de su operador</translation>
    </message>
    <message>
        <source>Through a shared folder</source>
        <translation>A través de una carpeta compartida</translation>
    </message>
    <message>
        <source>Whoever looks after the folder or the relay sees only sealed envelopes, their sizes and times. With none of them everything stays on this laptop, and a courier can take it on a stick.</source>
        <translation>Quien se ocupa de la carpeta o del repetidor solo ve sobres sellados, sus tamaños y sus horas. Sin ninguno de los dos, todo permanece en este portátil y un mensajero puede llevarlo en una memoria USB.</translation>
    </message>
    <message>
        <source>{0}, called “{1}” by its operator</source>
        <translation>{0}, llamado “{1}” por su operador</translation>
    </message>
</context>
<context>
    <name>BoardLook</name>
    <message>
        <source>Arrow keys go from card to card, Enter opens one. Ctrl with an arrow moves it.</source>
        <translation>Las flechas van de ficha en ficha, Intro abre una. Ctrl con una flecha la mueve.</translation>
    </message>
    <message>
        <source>Asked for then: {0}.</source>
        <translation>Se pide entonces: {0}.</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>Sin anotar</translation>
    </message>
</context>
<context>
    <name>BreakSilence</name>
    <message>
        <source>A sentence is enough. A reason is needed.</source>
        <translation>Basta una frase. El motivo es necesario.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>Romper el silencio</translation>
    </message>
    <message>
        <source>Break the silence on {0}</source>
        <translation>Romper el silencio sobre {0}</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Continuar…</translation>
    </message>
    <message>
        <source>Keep silent</source>
        <translation>Guardar silencio</translation>
    </message>
    <message>
        <source>Reason, read by all delegations</source>
        <translation>Motivo, que leen todas las delegaciones</translation>
    </message>
    <message>
        <source>This cannot be taken back. The revision is then not agreed by silence.</source>
        <translation>Esto no se puede retirar. La revisión no queda entonces acordada tácitamente.</translation>
    </message>
    <message>
        <source>You say for your delegation that it does not agree. All delegations in the room read the reason.</source>
        <translation>Usted dice en nombre de su delegación que no está de acuerdo. Todas las delegaciones de la sala leen el motivo.</translation>
    </message>
</context>
<context>
    <name>Bundle</name>
    <message>
        <source>Being opened…</source>
        <translation>Abriendo…</translation>
    </message>
    <message>
        <source>Delete from the stick…</source>
        <translation>Eliminar de la memoria USB…</translation>
    </message>
    <message>
        <source>Delete {0} from the stick</source>
        <translation>Eliminar {0} de la memoria USB</translation>
    </message>
    <message>
        <source>Stopped. What came in by then is kept; open it again for the rest.</source>
        <translation>Detenido. Lo que entró hasta entonces se conserva; ábralo de nuevo para el resto.</translation>
    </message>
    <message>
        <source>Take a bundle back, so that {0} knows it arrived.</source>
        <translation>Lleve un paquete de vuelta, para que {0} sepa que llegó.</translation>
    </message>
    <message>
        <source>Take a bundle back…</source>
        <translation>Llevar un paquete de vuelta…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Intentar de nuevo</translation>
    </message>
    <message>
        <source>Waits its turn</source>
        <translation>Espera su turno</translation>
    </message>
    <message>
        <source>{0}, deleted from the stick</source>
        <translation>{0}, eliminado de la memoria USB</translation>
    </message>
</context>
<context>
    <name>CalendarPage</name>
    <message>
        <source>Dates written: {0}.</source>
        <translation>Fechas escritas: {0}.</translation>
    </message>
    <message>
        <source>Days and times are those of UTC.</source>
        <translation>Los días y las horas son los de UTC.</translation>
    </message>
    <message>
        <source>Entries taken in: {0}.</source>
        <translation>Entradas incorporadas: {0}.</translation>
    </message>
    <message>
        <source>Events, consultations, deadlines and reviews stand here by themselves once they have a date.</source>
        <translation>Los actos, las consultas, los plazos y los exámenes figuran aquí por sí solos en cuanto tienen fecha.</translation>
    </message>
    <message>
        <source>Every date</source>
        <translation>Todas las fechas</translation>
    </message>
    <message>
        <source>Every date of this month is internal: what your delegation assessed is not exported.</source>
        <translation>Todas las fechas de este mes son internas: lo que su delegación ha apreciado no se exporta.</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>Exportar el calendario</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportar…</translation>
    </message>
    <message>
        <source>Month after</source>
        <translation>Mes siguiente</translation>
    </message>
    <message>
        <source>Month before</source>
        <translation>Mes anterior</translation>
    </message>
    <message>
        <source>No date of this sort in this month</source>
        <translation>No hay fechas de este tipo en este mes</translation>
    </message>
    <message>
        <source>No dates in this month</source>
        <translation>No hay fechas en este mes</translation>
    </message>
    <message>
        <source>Note an event</source>
        <translation>Anotar un acto</translation>
    </message>
    <message>
        <source>Read a calendar…</source>
        <translation>Leer un calendario…</translation>
    </message>
    <message>
        <source>Show every date</source>
        <translation>Mostrar todas las fechas</translation>
    </message>
    <message>
        <source>There is nothing to export in this month.</source>
        <translation>No hay nada que exportar en este mes.</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message>
        <source>Which dates</source>
        <translation>Qué fechas</translation>
    </message>
</context>
<context>
    <name>CardDelegate</name>
    <message>
        <source>Annex</source>
        <translation>Anexo</translation>
    </message>
    <message>
        <source>Operative paragraphs</source>
        <translation>Párrafos de la parte dispositiva</translation>
    </message>
    <message>
        <source>Preamble</source>
        <translation>Preámbulo</translation>
    </message>
    <message>
        <source>ad ref</source>
        <translation>ad ref.</translation>
    </message>
</context>
<context>
    <name>CardDialog</name>
    <message>
        <source>Card with permission to write</source>
        <translation>Tarjeta con permiso para escribir</translation>
    </message>
    <message>
        <source>For whom? Kept here only, for example the code of the delegation</source>
        <translation>¿Para quién? Se conserva solo aquí; por ejemplo, el código de la delegación</translation>
    </message>
    <message>
        <source>Give it from hand to hand. If it goes astray, revoke it here.</source>
        <translation>Entréguelo en mano. Si se extravía, revóquelo aquí.</translation>
    </message>
    <message>
        <source>Make the card…</source>
        <translation>Preparar la tarjeta…</translation>
    </message>
    <message>
        <source>This file is handed over like a key.</source>
        <translation>Este archivo se entrega como una llave.</translation>
    </message>
    <message>
        <source>Whoever has it can write to you there in that correspondent&apos;s name; it opens nothing you send or receive.</source>
        <translation>Quien lo tenga puede escribirle allí en nombre de ese interlocutor; no abre nada de lo que usted envía o recibe.</translation>
    </message>
    <message>
        <source>Your identity card, and in it a permission to write to you through the relay: for one correspondent alone, with whom you do not exchange yet.</source>
        <translation>Su tarjeta de identidad y, en ella, un permiso para escribirle a través del repetidor: para un solo interlocutor, con quien todavía no intercambia.</translation>
    </message>
</context>
<context>
    <name>CardEditor</name>
    <message>
        <source>A remark on {0} that everybody in the room reads. It changes no word of the text.</source>
        <translation>Una observación sobre {0} que leen todos en la sala. No cambia ninguna palabra del texto.</translation>
    </message>
    <message>
        <source>Annex</source>
        <translation>Anexo</translation>
    </message>
    <message>
        <source>Becomes a proposal for a new paragraph after this one.</source>
        <translation>Pasa a ser una propuesta de nuevo párrafo después de este.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Intro</translation>
    </message>
    <message>
        <source>It differs from the paragraph here:</source>
        <translation>Difiere del párrafo aquí:</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Leave without sending, Escape</source>
        <translation>Cerrar sin enviar, Escape</translation>
    </message>
    <message>
        <source>No words are left. To delete the paragraph, leave and press D.</source>
        <translation>No quedan palabras. Para suprimir el párrafo, cierre y pulse D.</translation>
    </message>
    <message>
        <source>Operative paragraph</source>
        <translation>Párrafo de la parte dispositiva</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Otro</translation>
    </message>
    <message>
        <source>Other words for the whole paragraph</source>
        <translation>Otras palabras para todo el párrafo</translation>
    </message>
    <message>
        <source>Preambular paragraph</source>
        <translation>Párrafo del preámbulo</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>Proponer</translation>
    </message>
    <message>
        <source>Propose alternative</source>
        <translation>Proponer alternativa</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>Proponer supresión</translation>
    </message>
    <message>
        <source>Propose move</source>
        <translation>Proponer traslado</translation>
    </message>
    <message>
        <source>Propose paragraph</source>
        <translation>Proponer párrafo</translation>
    </message>
    <message>
        <source>Proposes to delete the paragraph:</source>
        <translation>Propone suprimir el párrafo:</translation>
    </message>
    <message>
        <source>Proposes to move the paragraph after:</source>
        <translation>Propone trasladar el párrafo después de:</translation>
    </message>
    <message>
        <source>Proposes:</source>
        <translation>Propone:</translation>
    </message>
    <message>
        <source>Reason (optional, read by everybody in the room)</source>
        <translation>Motivo (opcional, lo leen todos en la sala)</translation>
    </message>
    <message>
        <source>Reason, read by everybody in the room</source>
        <translation>Motivo, que leen todos en la sala</translation>
    </message>
    <message>
        <source>Remark, read by everybody in the room</source>
        <translation>Observación, que leen todos en la sala</translation>
    </message>
    <message>
        <source>Say it to the room</source>
        <translation>Decirlo a la sala</translation>
    </message>
    <message>
        <source>Section of the new paragraph</source>
        <translation>Sección del nuevo párrafo</translation>
    </message>
    <message>
        <source>Set the words</source>
        <translation>Fijar las palabras</translation>
    </message>
    <message>
        <source>The paragraph after which it should stand</source>
        <translation>El párrafo después del cual debería figurar</translation>
    </message>
    <message>
        <source>The paragraph as it should read</source>
        <translation>El párrafo tal como debería decir</translation>
    </message>
    <message>
        <source>The paragraph as the pen will set it</source>
        <translation>El párrafo tal como lo fijará la delegación redactora</translation>
    </message>
    <message>
        <source>The pen changed this paragraph while you were writing. Your words are kept; look at the difference again.</source>
        <translation>La delegación redactora cambió este párrafo mientras usted escribía. Sus palabras se conservan; examine la diferencia de nuevo.</translation>
    </message>
    <message>
        <source>The text will change here:</source>
        <translation>El texto cambiará aquí:</translation>
    </message>
    <message>
        <source>The words hold a hidden control character. Write that place again.</source>
        <translation>Las palabras contienen un carácter de control oculto. Escriba ese lugar de nuevo.</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Palabras</translation>
    </message>
    <message>
        <source>Words of the new paragraph</source>
        <translation>Palabras del nuevo párrafo</translation>
    </message>
    <message>
        <source>Write other words for the whole paragraph; they will stand beside it.</source>
        <translation>Escriba otras palabras para todo el párrafo; figurarán a su lado.</translation>
    </message>
    <message>
        <source>Write the paragraph as it should read. The difference becomes the proposal.</source>
        <translation>Escriba el párrafo tal como debería decir. La diferencia pasa a ser la propuesta.</translation>
    </message>
</context>
<context>
    <name>CardPage</name>
    <message>
        <source>Beside the vault, in {0}, stands the key file of your delegation. Move it to a stick and keep that locked away: it is needed to admit another laptop, and whoever has it and the passphrase can do so.</source>
        <translation>Junto a la bóveda, en {0}, está el archivo de clave de su delegación. Trasládelo a una memoria USB y guárdela bajo llave: se necesita para admitir otro portátil, y quien lo tenga junto con la frase de contraseña puede hacerlo.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Huella</translation>
    </message>
    <message>
        <source>Other delegations need this card to seal anything for you. It holds no secret: hand the file over on a stick or send it by any way, and let them compare the code below with you in person.</source>
        <translation>Otras delegaciones necesitan esta tarjeta para poder sellar algo para usted. No contiene ningún secreto: entregue el archivo en una memoria USB o envíelo por cualquier vía, y pida que comparen con usted en persona el código que figura más abajo.</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>Código QR de su huella</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>Guardar la tarjeta…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Guardar la tarjeta de identidad</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Guardado como {0}</translation>
    </message>
    <message>
        <source>Your identity card</source>
        <translation>Su tarjeta de identidad</translation>
    </message>
</context>
<context>
    <name>CellDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>For example: Ministry of Foreign Affairs, statement in the working group</source>
        <translation>Por ejemplo: el Ministerio de Relaciones Exteriores, en una reunión</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conservar</translation>
    </message>
    <message>
        <source>Nothing has been said here yet.</source>
        <translation>Todavía no se ha dicho nada aquí.</translation>
    </message>
    <message>
        <source>Said by, or seen where</source>
        <translation>Dicho por, o visto en</translation>
    </message>
    <message>
        <source>Stands: {0} — {1}</source>
        <translation>Figura: {0} — {1}</translation>
    </message>
    <message>
        <source>Still needed: {0}</source>
        <translation>Falta aún: {0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Por qué</translation>
    </message>
    <message>
        <source>Why (may stay empty)</source>
        <translation>Por qué (puede quedar vacío)</translation>
    </message>
    <message>
        <source>one of the choices</source>
        <translation>una de las opciones</translation>
    </message>
    <message>
        <source>who says it, or where it was seen</source>
        <translation>quién lo dice o dónde se vio</translation>
    </message>
</context>
<context>
    <name>CeremonyDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Close it without signing</source>
        <translation>Cerrarla sin firmar</translation>
    </message>
    <message>
        <source>Close it, do nothing</source>
        <translation>Cerrarla sin hacer nada</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Hecho</translation>
    </message>
    <message>
        <source>Every counterpart sees the change with the next exchange.</source>
        <translation>Cada homólogo ve el cambio con el próximo intercambio.</translation>
    </message>
    <message>
        <source>From its key file and passphrase</source>
        <translation>Con su archivo de clave y la frase de contraseña</translation>
    </message>
    <message>
        <source>From recovery shares on paper</source>
        <translation>Con fragmentos de recuperación en papel</translation>
    </message>
    <message>
        <source>It is used for this, and nothing else:</source>
        <translation>Se usa para esto, y nada más:</translation>
    </message>
    <message>
        <source>It will sign this, and nothing else:</source>
        <translation>Firmará esto, y nada más:</translation>
    </message>
    <message>
        <source>Only the root key can say which laptops are yours. It is needed for a minute; then it goes back to where it is locked away.</source>
        <translation>Solo la clave raíz puede decir qué portátiles son suyos. Se necesita durante un minuto; después vuelve al lugar donde se guarda bajo llave.</translation>
    </message>
    <message>
        <source>Open the root key</source>
        <translation>Abrir la clave raíz</translation>
    </message>
    <message>
        <source>Sign and close the root key</source>
        <translation>Firmar y cerrar la clave raíz</translation>
    </message>
    <message>
        <source>Take the stick with the key file out now and lock it away. What this program held of the key has been overwritten; copies the system made go when Valise is locked or closed.</source>
        <translation>Retire ahora la memoria USB con el archivo de clave y guárdela bajo llave. Lo que este programa tenía de la clave se ha sobrescrito; las copias que hizo el sistema desaparecen cuando se bloquea o se cierra Valise.</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>La clave raíz de la delegación</translation>
    </message>
    <message>
        <source>The root key is closed again.</source>
        <translation>La clave raíz está cerrada de nuevo.</translation>
    </message>
    <message>
        <source>The root key is open.</source>
        <translation>La clave raíz está abierta.</translation>
    </message>
    <message>
        <source>What will be signed</source>
        <translation>Qué se firmará</translation>
    </message>
</context>
<context>
    <name>ChangeDialog</name>
    <message>
        <source>Change it</source>
        <translation>Cambiarla</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>Cambiar la frase de contraseña</translation>
    </message>
    <message>
        <source>Current passphrase</source>
        <translation>Frase de contraseña actual</translation>
    </message>
    <message>
        <source>From then on only the new one opens this vault. Copies of the vault made before, backups among them, keep what opened them then.</source>
        <translation>A partir de entonces solo la nueva abre esta bóveda. Las copias de la bóveda hechas antes, entre ellas las copias de seguridad, conservan lo que las abría entonces.</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Nueva frase de contraseña</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>Repetir la nueva frase de contraseña</translation>
    </message>
</context>
<context>
    <name>Changed</name>
    <message>
        <source>It has changed</source>
        <translation>Ha cambiado</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>Nota (opcional)</translation>
    </message>
    <message>
        <source>Only what differs is sent. Several values stand between semicolons.</source>
        <translation>Solo se envía lo que difiere. Si hay varios valores, se separan con punto y coma.</translation>
    </message>
    <message>
        <source>Sign and answer</source>
        <translation>Firmar y responder</translation>
    </message>
    <message>
        <source>Tell {who} that this is the wrong contact</source>
        <translation>Comunicar a {who} que es el contacto equivocado</translation>
    </message>
    <message>
        <source>What should {who} write into its entry?</source>
        <translation>¿Qué debería escribir {who} en su entrada?</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>Contacto equivocado</translation>
    </message>
    <message>
        <source>You may say whom to ask instead.</source>
        <translation>Puede indicar a quién preguntar en su lugar.</translation>
    </message>
</context>
<context>
    <name>Changing</name>
    <message>
        <source>Kept. Ctrl+Z takes it back.</source>
        <translation>Conservado. Ctrl+Z lo deshace.</translation>
    </message>
    <message>
        <source>No different values stand in this row.</source>
        <translation>En esta fila no figuran valores distintos.</translation>
    </message>
    <message>
        <source>Nothing to take back here. A new row is taken out, and every change of a row can be undone in its history.</source>
        <translation>No hay nada que deshacer aquí. Una fila nueva se da de baja, y todo cambio de una fila puede deshacerse en su historial.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abrir</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>Restablecer</translation>
    </message>
    <message>
        <source>Settle the difference…</source>
        <translation>Resolver la diferencia…</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Dar de baja…</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>Deshecho; ambas cosas quedan en el historial.</translation>
    </message>
    <message>
        <source>What can be done with the row</source>
        <translation>Qué puede hacerse con la fila</translation>
    </message>
    <message>
        <source>{0}: what was begun is taken back.</source>
        <translation>{0}: se deshizo lo que se había empezado.</translation>
    </message>
</context>
<context>
    <name>CheckCode</name>
    <message>
        <source>Check code</source>
        <translation>Código de comprobación</translation>
    </message>
    <message>
        <source>Check code: {0}</source>
        <translation>Código de comprobación: {0}</translation>
    </message>
    <message>
        <source>QR code of the request</source>
        <translation>Código QR de la solicitud</translation>
    </message>
    <message>
        <source>The first laptop shows a code too, when it opens the request. Admit only when they are the same.</source>
        <translation>El primer portátil también muestra un código al abrir la solicitud. Admita solo cuando ambos sean iguales.</translation>
    </message>
</context>
<context>
    <name>CheckDialog</name>
    <message>
        <source>Check a backup</source>
        <translation>Comprobar una copia de seguridad</translation>
    </message>
    <message>
        <source>Check it</source>
        <translation>Comprobarla</translation>
    </message>
    <message>
        <source>It is read to its end and proved; nothing of it enters this vault.</source>
        <translation>Se lee hasta el final y se comprueba; nada de ella entra en esta bóveda.</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>Frase de contraseña de la copia de seguridad</translation>
    </message>
</context>
<context>
    <name>ChecksSection</name>
    <message>
        <source>A copy of {0}, every page verified, is kept beside the vault, sealed as the vault is.</source>
        <translation>Junto a la bóveda se conserva una copia ({0}), con cada página verificada y sellada como la bóveda.</translation>
    </message>
    <message>
        <source>A verified copy is kept beside the vault after the first check.</source>
        <translation>Tras la primera comprobación, junto a la bóveda se conserva una copia verificada.</translation>
    </message>
    <message>
        <source>An older copy was put back; noticed on {0} and healed.</source>
        <translation>Se repuso una copia anterior; se advirtió el {0} y se subsanó.</translation>
    </message>
    <message>
        <source>As far as anybody here knows, yes.</source>
        <translation>Hasta donde se sabe aquí, sí.</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>Comprobar ahora</translation>
    </message>
    <message>
        <source>Checked {0}: everything verifies.</source>
        <translation>Última comprobación: {0}. Todo está verificado.</translation>
    </message>
    <message>
        <source>Checked {0}: something is wrong.</source>
        <translation>Última comprobación: {0}. Hay algo incorrecto.</translation>
    </message>
    <message>
        <source>Copies of other laptops</source>
        <translation>Copias de otros portátiles</translation>
    </message>
    <message>
        <source>Go on without waiting</source>
        <translation>Continuar sin esperar</translation>
    </message>
    <message>
        <source>I have read this: go on</source>
        <translation>He leído esto: continuar</translation>
    </message>
    <message>
        <source>If this laptop has signed something that only somebody has who has not answered, it would sign a second thing at the same place. Everybody would see both, and what it signs in that room would never count again: it would have to be admitted anew.</source>
        <translation>Si este portátil ha firmado algo que solo tiene alguien que no ha respondido, firmaría una segunda cosa en el mismo lugar. Todos verían ambas, y lo que firmara en esa sala no volvería a contar nunca: tendría que ser admitido de nuevo.</translation>
    </message>
    <message>
        <source>Is this the newest state of this vault?</source>
        <translation>¿Es este el estado más reciente de esta bóveda?</translation>
    </message>
    <message>
        <source>Make a backup now, close Valise, and run valise doctor --salvage.</source>
        <translation>Haga ahora una copia de seguridad, cierre Valise y ejecute valise doctor --salvage.</translation>
    </message>
    <message>
        <source>No keyring answers on this computer; other laptops repeat what they last heard from this one.</source>
        <translation>En este equipo no responde ningún llavero; otros portátiles repiten lo último que recibieron de este.</translation>
    </message>
    <message>
        <source>Not checked yet. It is checked a little after each exchange, and once a day as a whole.</source>
        <translation>Aún sin comprobar. Se comprueba un poco después de cada intercambio y, una vez al día, en su totalidad.</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>Avance de la comprobación</translation>
    </message>
    <message>
        <source>Signed here too early, and not sent: {0}. Look for it in your rooms, and say it again.</source>
        <translation>Firmado aquí demasiado pronto y no enviado: {0}. Búsquelo en sus salas y dígalo de nuevo.</translation>
    </message>
    <message>
        <source>The keyring of this computer keeps its count beside the vault, and other laptops repeat what they heard.</source>
        <translation>El llavero de este equipo lleva su cuenta junto a la bóveda, y otros portátiles repiten lo que recibieron.</translation>
    </message>
    <message>
        <source>There is no sign that a copy of another laptop&apos;s vault is in use.</source>
        <translation>No hay indicios de que se utilice una copia de la bóveda de otro portátil.</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault, noticed on {0}. Nothing is lost: what it had said since is asked of the others. Connect; it goes on by itself.</source>
        <translation>Esta es una copia anterior de la bóveda de este portátil, advertida el {0}. No se ha perdido nada: lo que había dicho desde entonces se pide a los demás. Conéctese; continúa por sí sola.</translation>
    </message>
    <message>
        <source>This vault was rescued from a damaged one; kinds of entries of which some were lost: {0}.</source>
        <translation>Esta bóveda se rescató de una dañada; tipos de entradas de los que se perdieron algunas: {0}.</translation>
    </message>
    <message>
        <source>What stands on the disk</source>
        <translation>Qué hay en el disco</translation>
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Take out: {0}</source>
        <translation>Quitar: {0}</translation>
    </message>
</context>
<context>
    <name>ChoiceEditor</name>
    <message>
        <source>Nothing entered</source>
        <translation>Sin anotar</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
</context>
<context>
    <name>CloseSilence</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>Cerrar el procedimiento</translation>
    </message>
    <message>
        <source>Close the silence procedure</source>
        <translation>Cerrar el procedimiento de acuerdo tácito</translation>
    </message>
    <message>
        <source>Nobody broke the silence: {0} then stands as agreed. Exchange first, so that a break that is under way is known here.</source>
        <translation>Nadie rompió el silencio: la revisión {0} queda entonces acordada. Haga primero un intercambio, para que se conozca aquí una ruptura que esté en camino.</translation>
    </message>
    <message>
        <source>{0} was not agreed: the silence was broken. Closing says so and makes room for another procedure.</source>
        <translation>No hubo acuerdo sobre la revisión {0}: se rompió el silencio. Al cerrar se deja constancia de ello y se da lugar a otro procedimiento.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Choose an amendment first (Alt+Down).</source>
        <translation>Elija primero una enmienda (Alt+Abajo).</translation>
    </message>
    <message>
        <source>Choose an amendment of another delegation first (Alt+Down).</source>
        <translation>Elija primero una enmienda de otra delegación (Alt+Abajo).</translation>
    </message>
    <message>
        <source>Choose one of your own amendments first.</source>
        <translation>Elija primero una de sus propias enmiendas.</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions.</source>
        <translation>Copiado con corchetes y atribuciones.</translation>
    </message>
    <message>
        <source>Letters are acts here, so these were not taken.</source>
        <translation>Aquí las letras son acciones, por lo que estas no se tomaron.</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Reabrir</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Retirar</translation>
    </message>
    <message>
        <source>That is your position already.</source>
        <translation>Esa ya es su posición.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>El portapapeles se vacía en diez segundos.</translation>
    </message>
    <message>
        <source>To write, press Enter on an open paragraph.</source>
        <translation>Para escribir, pulse Intro en un párrafo abierto.</translation>
    </message>
    <message>
        <source>Your delegation sponsors {0} too.</source>
        <translation>Su delegación también patrocina {0}.</translation>
    </message>
    <message>
        <source>Your position on {0} for {2}: {1}.</source>
        <translation>Su posición sobre {0} en nombre de {2}: {1}.</translation>
    </message>
    <message>
        <source>Your position on {0}: {1}.</source>
        <translation>Su posición sobre {0}: {1}.</translation>
    </message>
    <message>
        <source>{0} is agreed ad ref.</source>
        <translation>{0} queda acordado ad referendum.</translation>
    </message>
    <message>
        <source>{0} is {1}: nothing can be proposed until the pen reopens it.</source>
        <translation>{0}: {1}. No puede proponerse nada hasta que la delegación redactora lo reabra.</translation>
    </message>
</context>
<context>
    <name>CommitmentList</name>
    <message>
        <source>Commitments</source>
        <translation>Compromisos</translation>
    </message>
    <message>
        <source>Enter goes to the page</source>
        <translation>Intro lleva a la página</translation>
    </message>
    <message>
        <source>Norms and measures</source>
        <translation>Normas y medidas</translation>
    </message>
    <message>
        <source>Word, letter or symbol</source>
        <translation>Palabra, letra o signatura</translation>
    </message>
</context>
<context>
    <name>CommitmentsScreen</name>
    <message>
        <source>No norms or measures are here</source>
        <translation>Aquí no hay normas ni medidas</translation>
    </message>
    <message>
        <source>Their registers come with the program.</source>
        <translation>Sus registros vienen con el programa.</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>By everybody</source>
        <translation>De todos</translation>
    </message>
    <message>
        <source>By {0}</source>
        <translation>De {0}</translation>
    </message>
    <message>
        <source>Choose other revisions, another delegation, or look at every paragraph.</source>
        <translation>Elija otras revisiones u otra delegación, o examine todos los párrafos.</translation>
    </message>
    <message>
        <source>Compare from</source>
        <translation>Comparar desde</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Comparar con</translation>
    </message>
    <message>
        <source>Copied. The clipboard is emptied in ten seconds.</source>
        <translation>Copiado. El portapapeles se vacía en diez segundos.</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Copiar como texto</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Desde</translation>
    </message>
    <message>
        <source>No revision to compare with yet</source>
        <translation>Todavía no hay ninguna revisión con la que comparar</translation>
    </message>
    <message>
        <source>Nothing differs</source>
        <translation>No hay diferencias</translation>
    </message>
    <message>
        <source>Only what changed</source>
        <translation>Solo lo que cambió</translation>
    </message>
    <message>
        <source>Only what this delegation brought about</source>
        <translation>Solo lo que aportó esta delegación</translation>
    </message>
    <message>
        <source>Paragraphs compared</source>
        <translation>Párrafos comparados</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision; from then on you see here what changed since.</source>
        <translation>La delegación redactora fija el texto como revisión; desde entonces usted ve aquí qué ha cambiado.</translation>
    </message>
    <message>
        <source>to</source>
        <translation>hasta</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach files</source>
        <translation>Adjuntar archivos</translation>
    </message>
    <message>
        <source>Attach files (or drop them here)</source>
        <translation>Adjuntar archivos (o soltarlos aquí)</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Intro</translation>
    </message>
    <message>
        <source>Decide in Contacts</source>
        <translation>Decidir en Contactos</translation>
    </message>
    <message>
        <source>Draft not saved</source>
        <translation>Borrador sin guardar</translation>
    </message>
    <message>
        <source>Draft saved {time}</source>
        <translation>Borrador guardado: {time}</translation>
    </message>
    <message>
        <source>For the record (signed)</source>
        <translation>Para que conste en acta (firmado)</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>Se conserva en la bóveda a medida que escribe</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensaje</translation>
    </message>
    <message>
        <source>Not signed: members know it is from you, but cannot prove it to others.</source>
        <translation>Sin firmar: los miembros saben que procede de usted, pero no pueden demostrarlo ante otros.</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>Sellar y enviar</translation>
    </message>
    <message>
        <source>Sealing…</source>
        <translation>Sellando…</translation>
    </message>
    <message>
        <source>Signed: every member can prove later, to anybody, that your delegation wrote this.</source>
        <translation>Firmado: cada miembro puede demostrar después, ante cualquiera, que su delegación escribió esto.</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Asunto</translation>
    </message>
    <message>
        <source>Subject of the new thread</source>
        <translation>Asunto del nuevo hilo</translation>
    </message>
    <message>
        <source>Write to your own delegation. Nothing here can be sent to another.</source>
        <translation>Escriba a su propia delegación. Nada de lo que hay aquí puede enviarse a otra.</translation>
    </message>
    <message>
        <source>Write to {room}. Drafts are kept in the vault.</source>
        <translation>Escriba a {room}. Los borradores se conservan en la bóveda.</translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>Please confirm</source>
        <translation>Confirme, por favor</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>Frase de contraseña</translation>
    </message>
</context>
<context>
    <name>ContactsScreen</name>
    <message>
        <source>Ask a delegation for its card, then import the file or drop it here.</source>
        <translation>Pida a una delegación su tarjeta; después importe el archivo o suéltelo aquí.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <source>Compare with it, in person or by telephone.</source>
        <translation>Compare con esa delegación, en persona o por teléfono.</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contactos</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>Delegaciones</translation>
    </message>
    <message>
        <source>Delegations or points of contact</source>
        <translation>Delegaciones o puntos de contacto</translation>
    </message>
    <message>
        <source>Do it only while you stand together or speak on a line where you know the voice.</source>
        <translation>Hágalo solo mientras estén juntos o hablen por una línea en que reconozca la voz.</translation>
    </message>
    <message>
        <source>Find a delegation or an officer</source>
        <translation>Delegación o funcionario</translation>
    </message>
    <message>
        <source>Import a card…</source>
        <translation>Importar una tarjeta…</translation>
    </message>
    <message>
        <source>Import an identity card</source>
        <translation>Importar una tarjeta de identidad</translation>
    </message>
    <message>
        <source>It is not verified yet: anybody could have made a card with this name.</source>
        <translation>Todavía no está verificada: cualquiera podría haber hecho una tarjeta con este nombre.</translation>
    </message>
    <message>
        <source>No other delegation yet</source>
        <translation>Todavía no hay ninguna otra delegación</translation>
    </message>
    <message>
        <source>Nothing more is sent to it until you decide below.</source>
        <translation>No se le envía nada más hasta que usted decida más abajo.</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Puntos de contacto</translation>
    </message>
    <message>
        <source>Save our identity card</source>
        <translation>Guardar nuestra tarjeta de identidad</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Guardado como {file}.</translation>
    </message>
    <message>
        <source>The card of {who} is the one you know.</source>
        <translation>La tarjeta de {who} es la que usted conoce.</translation>
    </message>
    <message>
        <source>The card of {who} was received.</source>
        <translation>Se ha recibido la tarjeta de {who}.</translation>
    </message>
    <message>
        <source>The numbers differ: nothing more is sent to {who} until you decide.</source>
        <translation>Los números difieren: no se envía nada más a {who} hasta que usted decida.</translation>
    </message>
    <message>
        <source>This card of {who} holds another identity than the one you know.</source>
        <translation>Esta tarjeta de {who} contiene una identidad distinta de la que usted conoce.</translation>
    </message>
    <message>
        <source>Verify now</source>
        <translation>Verificar ahora</translation>
    </message>
    <message>
        <source>{name} ({n})</source>
        <translation>{name} ({n})</translation>
    </message>
    <message>
        <source>{who} is verified in person.</source>
        <translation>Identidad de {who}: verificada en persona.</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now.</source>
        <translation>{who} quiere comparar palabras con usted ahora.</translation>
    </message>
</context>
<context>
    <name>ConvergenceView</name>
    <message>
        <source>Columns</source>
        <translation>Columnas</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Esquina de la tabla</translation>
    </message>
    <message>
        <source>Nothing to measure yet</source>
        <translation>Todavía no hay nada que medir</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Revisiones</translation>
    </message>
    <message>
        <source>The text has no words. Once it has some, you see here how many stand outside brackets.</source>
        <translation>El texto no tiene palabras. Cuando las tenga, verá aquí cuántas están fuera de corchetes.</translation>
    </message>
    <message>
        <source>With each revision the pen-holder freezes, another bar is added.</source>
        <translation>Con cada revisión que fija la delegación redactora se añade otra barra.</translation>
    </message>
    <message>
        <source>Words outside brackets by revision</source>
        <translation>Palabras fuera de corchetes, por revisión</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>A new thread</source>
        <translation>Un nuevo hilo</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Acusar recibo</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Entrega</translation>
    </message>
    <message>
        <source>Give it a subject below. Everybody in the room will see it.</source>
        <translation>Póngale un asunto más abajo. Todos en la sala lo verán.</translation>
    </message>
    <message>
        <source>Messages {first} to {last} of {all}</source>
        <translation>Mensajes {first} a {last} de {all}</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>Nuevo hilo</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>El más reciente</translation>
    </message>
    <message>
        <source>No subject</source>
        <translation>Sin asunto</translation>
    </message>
    <message>
        <source>Oldest</source>
        <translation>El más antiguo</translation>
    </message>
    <message>
        <source>Save file as</source>
        <translation>Guardar archivo como</translation>
    </message>
    <message>
        <source>Save {file} as…</source>
        <translation>Guardar {file} como…</translation>
    </message>
    <message>
        <source>Saved as {file}. Outside the vault it is no longer protected by it.</source>
        <translation>Guardado como {file}. Fuera de la bóveda ya no está protegido por ella.</translation>
    </message>
    <message>
        <source>Show members</source>
        <translation>Mostrar miembros</translation>
    </message>
</context>
<context>
    <name>DateEditor</name>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>Un día, como 2026-11-22</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message>
        <source>Up and Down change the day, with Ctrl the month; T is today</source>
        <translation>Arriba y Abajo cambian el día y, con Ctrl, el mes; T es hoy</translation>
    </message>
    <message>
        <source>YYYY-MM-DD</source>
        <translation>AAAA-MM-DD</translation>
    </message>
    <message>
        <source>{0}: today</source>
        <translation>{0}: hoy</translation>
    </message>
</context>
<context>
    <name>DeadlineField</name>
    <message>
        <source>Exact deadline in UTC, for example 2026-12-10 18:00</source>
        <translation>Plazo exacto en UTC, por ejemplo 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>Exactly</source>
        <translation>Exactamente</translation>
    </message>
    <message>
        <source>In {0}: {1}</source>
        <translation>En {0}: {1}</translation>
    </message>
    <message>
        <source>The deadline has to lie between one hour and one year ahead.</source>
        <translation>El plazo tiene que vencer entre una hora y un año a partir de ahora.</translation>
    </message>
    <message>
        <source>The new deadline has to be later than the one in force.</source>
        <translation>El nuevo plazo tiene que ser posterior al vigente.</translation>
    </message>
    <message>
        <source>Write the time as year-month-day hour:minute in UTC, for example 2026-12-10 18:00.</source>
        <translation>Escriba la hora como año-mes-día hora:minuto en UTC, por ejemplo 2026-12-10 18:00.</translation>
    </message>
</context>
<context>
    <name>DecideDialog</name>
    <message>
        <source>A computer of a delegation has signed two different histories.</source>
        <translation>Un equipo de una delegación ha firmado dos historias distintas.</translation>
    </message>
    <message>
        <source>A laptop of {0} has two histories; its own delegation may say alone which one stands.</source>
        <translation>Un portátil de {0} tiene dos historias; su propia delegación puede decir por sí sola cuál vale.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Continuation {0}</source>
        <translation>Continuación {0}</translation>
    </message>
    <message>
        <source>Delegation that holds the pen from here on</source>
        <translation>Delegación que lleva la redacción a partir de aquí</translation>
    </message>
    <message>
        <source>Give it the pen</source>
        <translation>Darle la redacción</translation>
    </message>
    <message>
        <source>History {0}</source>
        <translation>Historia {0}</translation>
    </message>
    <message>
        <source>How this text goes on</source>
        <translation>Cómo continúa este texto</translation>
    </message>
    <message>
        <source>It changes no words.</source>
        <translation>No cambia ninguna palabra.</translation>
    </message>
    <message>
        <source>Or the pen goes to</source>
        <translation>O la redacción pasa a</translation>
    </message>
    <message>
        <source>Reason, which everybody in the room reads</source>
        <translation>Motivo, que leen todos en la sala</translation>
    </message>
    <message>
        <source>Said by nobody yet, {1} are needed.</source>
        <translation>Nadie lo ha dicho todavía; se necesitan {1}.</translation>
    </message>
    <message>
        <source>Said by {0}, {1} are needed.</source>
        <translation>Dicho por {0}; se necesitan {1}.</translation>
    </message>
    <message>
        <source>The pen to {0}: said by {1}, {2} are needed.</source>
        <translation>La redacción a {0}: dicho por {1}; se necesitan {2}.</translation>
    </message>
    <message>
        <source>This one stands</source>
        <translation>Esta es la que vale</translation>
    </message>
    <message>
        <source>This text is not frozen.</source>
        <translation>Este texto no está congelado.</translation>
    </message>
    <message>
        <source>{0} stands</source>
        <translation>Vale {0}</translation>
    </message>
</context>
<context>
    <name>Deciding</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Your delegation has said so; it leaves with the next exchange.</source>
        <translation>Su delegación lo ha dicho; sale con el próximo intercambio.</translation>
    </message>
</context>
<context>
    <name>DefineDialog</name>
    <message>
        <source>A register is a text file (TOML): its fields, their choices, its views. Every laptop of your delegation gets it. A file with the name of one you added before renews it; its rows stay.</source>
        <translation>Un registro es un archivo de texto (TOML): sus campos, sus opciones, sus vistas. Lo recibe cada portátil de su delegación. Un archivo con el nombre de uno que usted añadió antes lo renueva; sus filas permanecen.</translation>
    </message>
    <message>
        <source>Add a register</source>
        <translation>Añadir un registro</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>Añadir un registro desde un archivo</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>Elegir el archivo…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Definitions (*.toml)</source>
        <translation>Definiciones (*.toml)</translation>
    </message>
    <message>
        <source>the file is not text in UTF-8</source>
        <translation>el archivo no es texto en UTF-8</translation>
    </message>
</context>
<context>
    <name>DelegationPage</name>
    <message>
        <source>A code is two or three Latin letters, such as XA.</source>
        <translation>Un código consta de dos o tres letras latinas, como XA.</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Código</translation>
    </message>
    <message>
        <source>Join our delegation: another laptop of ours already has Valise</source>
        <translation>Unirse a nuestra delegación: otro portátil nuestro ya tiene Valise</translation>
    </message>
    <message>
        <source>Name of the delegation</source>
        <translation>Nombre de la delegación</translation>
    </message>
    <message>
        <source>Off: the unlock page shows nothing about whose vault this is.</source>
        <translation>Desactivado: la página de desbloqueo no indica de quién es esta bóveda.</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>Funcionario</translation>
    </message>
    <message>
        <source>Our delegation is new to Valise</source>
        <translation>Nuestra delegación es nueva en Valise</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
    <message>
        <source>Show the delegation&apos;s name on the unlock page</source>
        <translation>Mostrar el nombre de la delegación en la página de desbloqueo</translation>
    </message>
    <message>
        <source>This makes a vault on this laptop. Nothing is registered anywhere and nothing is sent.</source>
        <translation>Esto crea una bóveda en este portátil. No se inscribe nada en ninguna parte ni se envía nada.</translation>
    </message>
    <message>
        <source>Your delegation</source>
        <translation>Su delegación</translation>
    </message>
    <message>
        <source>as others should see it</source>
        <translation>tal como deben verlo los demás</translation>
    </message>
    <message>
        <source>for example: Delegate, Legal adviser</source>
        <translation>por ejemplo: delegado, asesora jurídica</translation>
    </message>
    <message>
        <source>two or three letters, as on the name plate</source>
        <translation>dos o tres letras, como en el cartel de la mesa</translation>
    </message>
    <message>
        <source>who works on this laptop</source>
        <translation>quién trabaja en este portátil</translation>
    </message>
</context>
<context>
    <name>DelegationRow</name>
    <message>
        <source>Somebody who takes this laptop and its passphrase can also open what this laptop was sent from there since {0}.</source>
        <translation>Quien se lleve este portátil y su frase de contraseña puede abrir también lo que se ha enviado desde allí a este portátil a partir de este momento: {0}.</translation>
    </message>
    <message>
        <source>What is replaced by now is destroyed by {0}.</source>
        <translation>Lo reemplazado hasta ahora se destruye a más tardar: {0}.</translation>
    </message>
    <message>
        <source>{0}: nothing exchanged yet.</source>
        <translation>{0}: nada intercambiado todavía.</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; last moved on {2}.</source>
        <translation>{0}: con ambos sistemas desde el {1}; último avance: {2}.</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; no answer to a newer key yet.</source>
        <translation>{0}: con ambos sistemas desde el {1}; sin respuesta todavía a una clave más reciente.</translation>
    </message>
</context>
<context>
    <name>DelegationsPane</name>
    <message>
        <source>Arrows move; Enter or the menu key chooses the way; A, R, F and C choose it at once</source>
        <translation>Las flechas desplazan; Intro o la tecla de menú eligen la vía; A, R, F y C la eligen directamente</translation>
    </message>
    <message>
        <source>Choose the way for this delegation</source>
        <translation>Elegir la vía para esta delegación</translation>
    </message>
    <message>
        <source>Choose the way…</source>
        <translation>Elegir la vía…</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>Delegación</translation>
    </message>
    <message>
        <source>Go to Contacts</source>
        <translation>Ir a Contactos</translation>
    </message>
    <message>
        <source>How each delegation is reached</source>
        <translation>Cómo se llega a cada delegación</translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation>Última noticia</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>Preparar un paquete…</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>Siguiente paso</translation>
    </message>
    <message>
        <source>Open an identity card under Contacts; then it stands here how that delegation is reached.</source>
        <translation>Abra una tarjeta de identidad en Contactos; entonces figurará aquí cómo se llega a esa delegación.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>Vía</translation>
    </message>
    <message>
        <source>Way for {0}</source>
        <translation>Vía para {0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Por qué</translation>
    </message>
    <message>
        <source>You know no delegation yet</source>
        <translation>Todavía no conoce ninguna delegación</translation>
    </message>
    <message>
        <source>our other laptops</source>
        <translation>otros portátiles</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>desde: {0}</translation>
    </message>
</context>
<context>
    <name>DeliveryPane</name>
    <message>
        <source>Acknowledged by you {time}</source>
        <translation>Recibo acusado por usted: {time}</translation>
    </message>
    <message>
        <source>Choose a message to see what became of it.</source>
        <translation>Elija un mensaje para ver qué ha sido de él.</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Entrega</translation>
    </message>
    <message>
        <source>Delivery to each device</source>
        <translation>Entrega a cada dispositivo</translation>
    </message>
    <message>
        <source>Received here {time}</source>
        <translation>Recibido aquí: {time}</translation>
    </message>
    <message>
        <source>Sent {time}</source>
        <translation>Enviado: {time}</translation>
    </message>
</context>
<context>
    <name>DestroyDialog</name>
    <message>
        <source>Also destroy the delegation&apos;s key file, which still lies beside the vault</source>
        <translation>Destruir también el archivo de clave de la delegación, que sigue estando junto a la bóveda</translation>
    </message>
    <message>
        <source>Destroy it</source>
        <translation>Destruirla</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>Destruir esta bóveda</translation>
    </message>
    <message>
        <source>Everything in this vault on this laptop is gone for good. No passphrase and no recovery share opens it any more.</source>
        <translation>Todo lo que hay en esta bóveda en este portátil desaparece definitivamente. Ninguna frase de contraseña ni ningún fragmento de recuperación la abre ya.</translation>
    </message>
    <message>
        <source>The keys are overwritten before the files are removed. The storage of a laptop or stick may keep old blocks for a while; what is in them is sealed under the keys that are gone.</source>
        <translation>Las claves se sobrescriben antes de quitar los archivos. El almacenamiento de un portátil o de una memoria USB puede conservar bloques antiguos durante un tiempo; lo que hay en ellos está sellado con las claves que ya no existen.</translation>
    </message>
    <message>
        <source>There is no backup of this vault.</source>
        <translation>No hay ninguna copia de seguridad de esta bóveda.</translation>
    </message>
    <message>
        <source>Type the code of your delegation, {0}, to confirm</source>
        <translation>Escriba el código de su delegación, {0}, para confirmar</translation>
    </message>
    <message>
        <source>What remains: your backups, your other laptops, the key file and its shares where they are kept, and what the other delegations hold. They are not told; have this laptop revoked.</source>
        <translation>Qué permanece: sus copias de seguridad, sus otros portátiles, el archivo de clave y sus fragmentos donde se guarden, y lo que tienen las demás delegaciones. A ellas no se les comunica; haga que se revoque este portátil.</translation>
    </message>
    <message>
        <source>Without it and without its shares no laptop can ever be admitted again.</source>
        <translation>Sin él y sin sus fragmentos no podrá volver a admitirse ningún portátil.</translation>
    </message>
</context>
<context>
    <name>Detail</name>
    <message>
        <source>Accept the new</source>
        <translation>Aceptar la nueva</translation>
    </message>
    <message>
        <source>Accept the new identity of {who}?</source>
        <translation>¿Aceptar la nueva identidad de {who}?</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Huella</translation>
    </message>
    <message>
        <source>Held here:</source>
        <translation>Se tiene aquí:</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Mantenerla</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>Mantener detenido el envío</translation>
    </message>
    <message>
        <source>Keep the identity of {who} that you have?</source>
        <translation>¿Mantener la identidad de {who} que tiene?</translation>
    </message>
    <message>
        <source>Keep the old</source>
        <translation>Mantener la anterior</translation>
    </message>
    <message>
        <source>Keep the old identity of {who}?</source>
        <translation>¿Mantener la identidad anterior de {who}?</translation>
    </message>
    <message>
        <source>Keep the one we have…</source>
        <translation>Mantener la que tenemos…</translation>
    </message>
    <message>
        <source>Laptops</source>
        <translation>Portátiles</translation>
    </message>
    <message>
        <source>No laptop is known yet.</source>
        <translation>Todavía no se conoce ningún portátil.</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Volver a enviar</translation>
    </message>
    <message>
        <source>Send again…</source>
        <translation>Volver a enviar…</translation>
    </message>
    <message>
        <source>Send to {who} again?</source>
        <translation>¿Volver a enviar a {who}?</translation>
    </message>
    <message>
        <source>Sending goes on, sealed to the new keys. Trust falls to “not verified yet”: compare the safety number next.</source>
        <translation>El envío continúa, sellado para las claves nuevas. La confianza baja a “sin verificar”: a continuación, compare el número de seguridad.</translation>
    </message>
    <message>
        <source>Sending goes on. The custodian&apos;s word is kept in the history and asked about no more.</source>
        <translation>El envío continúa. La palabra del garante se conserva en el historial y no se vuelve a preguntar por ella.</translation>
    </message>
    <message>
        <source>The new card is set aside and sending goes on, sealed to the keys you know.</source>
        <translation>La tarjeta nueva se deja aparte y el envío continúa, sellado para las claves que usted conoce.</translation>
    </message>
    <message>
        <source>The whole fingerprint of the delegation&apos;s root key, for comparing in writing.</source>
        <translation>La huella completa de la clave raíz de la delegación, para compararla por escrito.</translation>
    </message>
    <message>
        <source>Trust falls to “not verified yet”. If somebody stands between you, they read what you send.</source>
        <translation>La confianza baja a “sin verificar”. Si alguien se interpone entre ustedes, lee lo que usted envía.</translation>
    </message>
    <message>
        <source>Verify again…</source>
        <translation>Verificar de nuevo…</translation>
    </message>
    <message>
        <source>Verify {who}</source>
        <translation>Verificar a {who}</translation>
    </message>
    <message>
        <source>Verify…</source>
        <translation>Verificar…</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>Avalar a {who}</translation>
    </message>
    <message>
        <source>Vouch…</source>
        <translation>Avalar…</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>Qué ha cambiado y desde cuándo</translation>
    </message>
    <message>
        <source>{said} Since {date}.</source>
        <translation>{said} Desde el {date}.</translation>
    </message>
    <message>
        <source>{who} vouches for this one, since {date}:</source>
        <translation>Aval de {who}, desde el {date}:</translation>
    </message>
</context>
<context>
    <name>DirectoryPage</name>
    <message>
        <source>All categories</source>
        <translation>Todas las categorías</translation>
    </message>
    <message>
        <source>All entries</source>
        <translation>Todas las entradas</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>Nos preguntan</translation>
    </message>
    <message>
        <source>Asked of us ({n})</source>
        <translation>Nos preguntan ({n})</translation>
    </message>
    <message>
        <source>Enter a point of contact…</source>
        <translation>Inscribir un punto de contacto…</translation>
    </message>
    <message>
        <source>Enter one, or import contact cards. A role before a person: it stays when people move on.</source>
        <translation>Inscriba uno o importe tarjetas de contacto. Mejor una función que una persona: permanece cuando las personas se van.</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Entrada</translation>
    </message>
    <message>
        <source>Find a State, a role, an office, a language</source>
        <translation>Estado, función, oficina o idioma</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Requiere atención</translation>
    </message>
    <message>
        <source>New point of contact</source>
        <translation>Nuevo punto de contacto</translation>
    </message>
    <message>
        <source>New point of contact (Ctrl+N)</source>
        <translation>Nuevo punto de contacto (Ctrl+N)</translation>
    </message>
    <message>
        <source>No point of contact yet</source>
        <translation>Todavía no hay puntos de contacto</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Rondas de pruebas de comunicación</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Puntos de contacto</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>Disponibilidad</translation>
    </message>
    <message>
        <source>What is shown beside</source>
        <translation>Qué se muestra al lado</translation>
    </message>
</context>
<context>
    <name>DispositionList</name>
    <message>
        <source>Choose…</source>
        <translation>Elegir…</translation>
    </message>
    <message>
        <source>Kept as alternative</source>
        <translation>Mantenida como alternativa</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are lost: say what becomes of each amendment.</source>
        <translation>No se pierden las palabras de ninguna delegación: indique qué se hace con cada enmienda.</translation>
    </message>
    <message>
        <source>Not taken</source>
        <translation>No incorporada</translation>
    </message>
    <message>
        <source>Replaced by these words</source>
        <translation>Reemplazada por estas palabras</translation>
    </message>
    <message>
        <source>Stays open, carried over</source>
        <translation>Sigue abierta, se mantiene en el nuevo texto</translation>
    </message>
    <message>
        <source>Taken as it stands</source>
        <translation>Incorporada tal como está</translation>
    </message>
    <message>
        <source>Taken with changes</source>
        <translation>Incorporada con cambios</translation>
    </message>
    <message>
        <source>What becomes of {0} by {1}</source>
        <translation>Qué se hace con {0} de {1}</translation>
    </message>
</context>
<context>
    <name>DocumentsPane</name>
    <message>
        <source>By language</source>
        <translation>Por idioma</translation>
    </message>
    <message>
        <source>By symbol</source>
        <translation>Por signatura</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>Por título</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Documentos</translation>
    </message>
    <message>
        <source>Enter shows the document</source>
        <translation>Intro muestra el documento</translation>
    </message>
    <message>
        <source>Imported last</source>
        <translation>Últimos importados</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Primero los más recientes</translation>
    </message>
    <message>
        <source>Order of the documents</source>
        <translation>Orden de los documentos</translation>
    </message>
    <message>
        <source>Symbol, title or language</source>
        <translation>Signatura, título o idioma</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} de {1}</translation>
    </message>
</context>
<context>
    <name>Doing</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>Parece que la tecla Bloq Mayús está activada.</translation>
    </message>
</context>
<context>
    <name>DropDialog</name>
    <message>
        <source>Stop using it</source>
        <translation>Dejar de usarla</translation>
    </message>
    <message>
        <source>Stop using the folder</source>
        <translation>Dejar de usar la carpeta</translation>
    </message>
    <message>
        <source>What waits here is kept and goes another way. The sealed envelopes in the folder stay there.</source>
        <translation>Lo que espera aquí se conserva y sale por otra vía. Los sobres sellados de la carpeta permanecen allí.</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Choose a document</source>
        <translation>Elegir un documento</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Elegir un archivo…</translation>
    </message>
    <message>
        <source>Drop a document here (Word, UN XML, text), or choose one</source>
        <translation>Suelte aquí un documento (Word, UN XML, texto) o elija uno</translation>
    </message>
    <message>
        <source>Texts (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;All files (*)</source>
        <translation>Textos (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;Todos los archivos (*)</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>{0}, required</source>
        <translation>{0}, obligatorio</translation>
    </message>
</context>
<context>
    <name>EnrolPage</name>
    <message>
        <source>Carry its request to your delegation&apos;s first laptop, and open the answer here.</source>
        <translation>Lleve su solicitud al primer portátil de su delegación y abra aquí la respuesta.</translation>
    </message>
    <message>
        <source>Choose the answer…</source>
        <translation>Elegir la respuesta…</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Finalizar</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>Abrir la respuesta</translation>
    </message>
    <message>
        <source>Passphrase of this laptop</source>
        <translation>Frase de contraseña de este portátil</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Guardar la solicitud</translation>
    </message>
    <message>
        <source>Save the request again…</source>
        <translation>Guardar la solicitud de nuevo…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Guardado como {0}</translation>
    </message>
    <message>
        <source>Show the check code</source>
        <translation>Mostrar el código de comprobación</translation>
    </message>
    <message>
        <source>This laptop waits to be admitted</source>
        <translation>Este portátil espera a ser admitido</translation>
    </message>
    <message>
        <source>Type the passphrase of this laptop first; the request is kept in its vault.</source>
        <translation>Escriba primero la frase de contraseña de este portátil; la solicitud se conserva en su bóveda.</translation>
    </message>
    <message>
        <source>Waiting to be admitted</source>
        <translation>En espera de admisión</translation>
    </message>
</context>
<context>
    <name>EntryDetail</name>
    <message>
        <source>Card…</source>
        <translation>Tarjeta…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Cambiar…</translation>
    </message>
    <message>
        <source>Copy: {what}</source>
        <translation>Copiar: {what}</translation>
    </message>
    <message>
        <source>Entered or changed {when} by {who}</source>
        <translation>Inscrita o modificada: {when}, por {who}</translation>
    </message>
    <message>
        <source>How to reach it</source>
        <translation>Cómo comunicarse</translation>
    </message>
    <message>
        <source>Its review was due {when}.</source>
        <translation>Debía examinarse: {when}.</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>Última confirmación: {when}</translation>
    </message>
    <message>
        <source>Memberships of the State</source>
        <translation>Organizaciones de que es miembro el Estado</translation>
    </message>
    <message>
        <source>No round has asked this contact yet.</source>
        <translation>Ninguna ronda ha preguntado aún a este contacto.</translation>
    </message>
    <message>
        <source>Note verbale…</source>
        <translation>Nota verbal…</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Rondas de pruebas de comunicación</translation>
    </message>
    <message>
        <source>Show the round {title}</source>
        <translation>Mostrar la ronda {title}</translation>
    </message>
    <message>
        <source>This entry names a person only: it ends when the person moves on. Prefer a role.</source>
        <translation>Esta entrada solo nombra a una persona: termina cuando la persona deja el puesto. Es preferible una función.</translation>
    </message>
    <message>
        <source>Two laptops of your delegation say different things in this entry. Change it to settle that.</source>
        <translation>Dos portátiles de su delegación dicen cosas distintas en esta entrada. Cámbiela para resolverlo.</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Qué es</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>De dónde procede</translation>
    </message>
    <message>
        <source>asked at {clock} there</source>
        <translation>se preguntó a las {clock}, hora de allí</translation>
    </message>
</context>
<context>
    <name>EventCard</name>
    <message>
        <source>Put back</source>
        <translation>Restablecer</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>De baja</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>Deshacer: {0}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
    <message>
        <source>{0} (undone)</source>
        <translation>{0} (deshecho)</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>A file</source>
        <translation>Un archivo</translation>
    </message>
    <message>
        <source>A file that is not here yet</source>
        <translation>Un archivo que todavía no está aquí</translation>
    </message>
    <message>
        <source>Add a file as evidence</source>
        <translation>Añadir un archivo como documento justificativo</translation>
    </message>
    <message>
        <source>Save a copy; outside the vault it is not protected</source>
        <translation>Guardar una copia; fuera de la bóveda no está protegida</translation>
    </message>
</context>
<context>
    <name>EvidenceEditor</name>
    <message>
        <source>A file</source>
        <translation>Un archivo</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>Añadir un archivo…</translation>
    </message>
    <message>
        <source>Save a copy of {0}</source>
        <translation>Guardar una copia de {0}</translation>
    </message>
    <message>
        <source>{0}: add a file</source>
        <translation>{0}: añadir un archivo</translation>
    </message>
</context>
<context>
    <name>EvidenceSection</name>
    <message>
        <source>A file that proves to anybody who said what: texts, amendments, positions, revisions, joint statements, and messages sent for the record. The conversation is signed for nobody and is never in it; neither are your internal notes.</source>
        <translation>Un archivo que demuestra ante cualquiera quién dijo qué: textos, enmiendas, posiciones, revisiones, declaraciones conjuntas y mensajes enviados para que consten en acta. La conversación no se firma para nadie y nunca figura en él; tampoco sus notas internas.</translation>
    </message>
    <message>
        <source>Any evidence file, also of talks you took no part in. It is read by a process that holds no keys. Outside Valise the command valise verify does the same.</source>
        <translation>Cualquier archivo de prueba, también de conversaciones en que usted no participó. Lo lee un proceso que no tiene ninguna clave. Fuera de Valise, el comando valise verify hace lo mismo.</translation>
    </message>
    <message>
        <source>Check a file</source>
        <translation>Comprobar un archivo</translation>
    </message>
    <message>
        <source>Check a file…</source>
        <translation>Comprobar un archivo…</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>Comprobar un archivo de prueba</translation>
    </message>
    <message>
        <source>Evidence (*{0});;All files (*)</source>
        <translation>Pruebas (*{0});;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>I want an archive of our own internal notes. I will hand it to nobody.</source>
        <translation>Quiero un archivo histórico de nuestras propias notas internas. No lo entregaré a nadie.</translation>
    </message>
    <message>
        <source>Internal room</source>
        <translation>Sala interna</translation>
    </message>
    <message>
        <source>It holds messages with a marking ({0}): see that you may pass them on.</source>
        <translation>Contiene mensajes con una marca ({0}): asegúrese de que puede transmitirlos.</translation>
    </message>
    <message>
        <source>It holds what was said of other delegations&apos; identities ({0}).</source>
        <translation>Contiene lo que se dijo de las identidades de otras delegaciones ({0}).</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Sala</translation>
    </message>
    <message>
        <source>Save as evidence…</source>
        <translation>Guardar como prueba…</translation>
    </message>
    <message>
        <source>Save the record as evidence</source>
        <translation>Guardar el acta como prueba</translation>
    </message>
    <message>
        <source>Saved as {0}, read back and sound: {1} entries. SHA-256 of the file: {2}</source>
        <translation>Guardado como {0}, releído y válido: {1} entradas. SHA-256 del archivo: {2}</translation>
    </message>
    <message>
        <source>The record of a room, for others</source>
        <translation>El acta de una sala, para otros</translation>
    </message>
    <message>
        <source>There is no room yet. Open one in Messages; its record can be written here.</source>
        <translation>Todavía no hay ninguna sala. Abra una en Mensajes; su acta puede escribirse aquí.</translation>
    </message>
    <message>
        <source>These are your delegation&apos;s own notes and red lines. The file says so in its first line.</source>
        <translation>Estas son las notas y líneas rojas propias de su delegación. El archivo lo dice en su primera línea.</translation>
    </message>
    <message>
        <source>Whoever gets the file can read all of it, with the names of these delegations and officers, and pass it on.</source>
        <translation>Quien reciba el archivo puede leerlo entero, con los nombres de estas delegaciones y funcionarios, y transmitirlo.</translation>
    </message>
    <message>
        <source>own archive only</source>
        <translation>solo archivo histórico propio</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>ExchangeCard</name>
    <message>
        <source>Exchange</source>
        <translation>Intercambio</translation>
    </message>
    <message>
        <source>Sealed envelopes travel through a relay, a shared folder, or by courier on a stick. Whoever looks after one of these sees only sealed envelopes, their sizes and times.</source>
        <translation>Los sobres sellados viajan a través de un repetidor, de una carpeta compartida o por mensajero en una memoria USB. Quien se ocupa de cualquiera de estas vías solo ve sobres sellados, sus tamaños y sus horas.</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Vías de intercambio…</translation>
    </message>
</context>
<context>
    <name>ExchangePage</name>
    <message>
        <source>Change…</source>
        <translation>Cambiar…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Elegir una carpeta…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>Elegir la carpeta de intercambio</translation>
    </message>
    <message>
        <source>Correspondents with whom you share a bilateral room are sent permission to write, sealed.</source>
        <translation>A los interlocutores con quienes comparte una sala bilateral se les envía, sellado, el permiso para escribir.</translation>
    </message>
    <message>
        <source>Delegations and permissions</source>
        <translation>Delegaciones y permisos</translation>
    </message>
    <message>
        <source>Hand your card with permission to those with whom you do not exchange yet.</source>
        <translation>Entregue su tarjeta con permiso a aquellos con quienes todavía no intercambia.</translation>
    </message>
    <message>
        <source>How each is reached</source>
        <translation>Cómo se llega a cada una</translation>
    </message>
    <message>
        <source>Leave…</source>
        <translation>Dejar…</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>Preparar un paquete…</translation>
    </message>
    <message>
        <source>Open bundles…</source>
        <translation>Abrir paquetes…</translation>
    </message>
    <message>
        <source>Open the new file…</source>
        <translation>Abrir el archivo nuevo…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Guardar las revocaciones…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Stop…</source>
        <translation>Dejar…</translation>
    </message>
    <message>
        <source>Take it by courier…</source>
        <translation>Llevarlo por mensajero…</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Probar</translation>
    </message>
    <message>
        <source>The folder is in use from now on.</source>
        <translation>La carpeta se usa a partir de ahora.</translation>
    </message>
    <message>
        <source>The folder is no longer used.</source>
        <translation>La carpeta ya no se usa.</translation>
    </message>
    <message>
        <source>The relay is no longer used.</source>
        <translation>El repetidor ya no se usa.</translation>
    </message>
    <message>
        <source>This laptop uses the relay {0} from now on.</source>
        <translation>Este portátil usa a partir de ahora el repetidor {0}.</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Vías de intercambio</translation>
    </message>
    <message>
        <source>What waits here is kept.</source>
        <translation>Lo que espera aquí se conserva.</translation>
    </message>
    <message>
        <source>What waits is kept. You can take it by courier.</source>
        <translation>Lo que espera se conserva. Puede llevarlo por mensajero.</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>Dónde podemos escribir</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>Quién puede escribirnos</translation>
    </message>
</context>
<context>
    <name>ExerciseBanner</name>
    <message>
        <source>This is an exercise. Nothing of it is real.</source>
        <translation>Esto es un ejercicio. Nada de ello es real.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>A file of this name is there already. What it holds now is lost.</source>
        <translation>Ya hay un archivo con este nombre. Lo que contiene ahora se pierde.</translation>
    </message>
    <message>
        <source>A note verbale nominates one entry: choose its row first.</source>
        <translation>Una nota verbal designa una sola entrada: elija primero su fila.</translation>
    </message>
    <message>
        <source>A note verbale nominates the entry one is at. To whom it goes is asked next; it gets the next running number and is entered as sent in the correspondence.</source>
        <translation>Una nota verbal designa la entrada en que se está. A continuación se pregunta a quién se dirige; recibe el siguiente número de orden y se inscribe como enviada en la correspondencia.</translation>
    </message>
    <message>
        <source>All rows of this side</source>
        <translation>Todas las filas de este lado</translation>
    </message>
    <message>
        <source>Arrows move; Space ticks</source>
        <translation>Las flechas desplazan; Espacio marca</translation>
    </message>
    <message>
        <source>As it stands now</source>
        <translation>Tal como está ahora</translation>
    </message>
    <message>
        <source>Built from the room&apos;s record alone: no internal note, no draft, nothing that has not left. Authors are delegations; no officer is named.</source>
        <translation>Se elabora solo a partir del acta de la sala: ninguna nota interna, ningún borrador, nada que no haya salido. Los autores son delegaciones; no se nombra a ningún funcionario.</translation>
    </message>
    <message>
        <source>Bundle {0} is ready</source>
        <translation>El paquete {0} está listo</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>Elija una memoria USB o una carpeta</translation>
    </message>
    <message>
        <source>Choose the stick or folder…</source>
        <translation>Elegir la memoria USB o la carpeta…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>Delegación</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Hecho</translation>
    </message>
    <message>
        <source>Eject the stick before you take it out. When they have opened it, have a bundle brought back: it confirms what came.</source>
        <translation>Expulse la memoria USB antes de retirarla. Cuando la otra parte lo haya abierto, haga que le traigan un paquete de vuelta: confirma lo que llegó.</translation>
    </message>
    <message>
        <source>Everything still waits here.</source>
        <translation>Todo sigue en espera aquí.</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>Exportar filas</translation>
    </message>
    <message>
        <source>Export the text</source>
        <translation>Exportar el texto</translation>
    </message>
    <message>
        <source>Export the text as a file</source>
        <translation>Exportar el texto como archivo</translation>
    </message>
    <message>
        <source>Export: {0}</source>
        <translation>Exportar: {0}</translation>
    </message>
    <message>
        <source>For whom</source>
        <translation>Para quién</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Formato</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>Continuar…</translation>
    </message>
    <message>
        <source>It is for: {0}</source>
        <translation>Es para: {0}</translation>
    </message>
    <message>
        <source>Language of the headings</source>
        <translation>Idioma de los encabezados</translation>
    </message>
    <message>
        <source>Last bundle</source>
        <translation>Último paquete</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>Preparar un paquete para el mensajero</translation>
    </message>
    <message>
        <source>Make the bundle</source>
        <translation>Preparar el paquete</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Marca</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Nada elegido</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Nada salió de este dispositivo sin sellar.</translation>
    </message>
    <message>
        <source>One sealed file with what the ticked delegations have not confirmed. Nobody else can open it, and no name stands on it.</source>
        <translation>Un solo archivo sellado con lo que las delegaciones marcadas no han confirmado. Nadie más puede abrirlo y no lleva ningún nombre.</translation>
    </message>
    <message>
        <source>Open the identity card of a delegation under Contacts first.</source>
        <translation>Abra primero la tarjeta de identidad de una delegación en Contactos.</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Reemplazarlo</translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation>¿Reemplazar {0}?</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Filas</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Guardar como…</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>Guardar el archivo</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>Guardar la nota verbal</translation>
    </message>
    <message>
        <source>Save the rows</source>
        <translation>Guardar las filas</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Stopped. No bundle was made.</source>
        <translation>Detenido. No se preparó ningún paquete.</translation>
    </message>
    <message>
        <source>Stopped. No file was written.</source>
        <translation>Detenido. No se ha escrito ningún archivo.</translation>
    </message>
    <message>
        <source>Table (CSV), as it is on the screen</source>
        <translation>Tabla (CSV), tal como está en la pantalla</translation>
    </message>
    <message>
        <source>The file is not encrypted: whoever has it can read it.</source>
        <translation>El archivo no está cifrado: quien lo tenga puede leerlo.</translation>
    </message>
    <message>
        <source>The rows shown: {0}</source>
        <translation>Las filas mostradas: {0}</translation>
    </message>
    <message>
        <source>There is nobody to make a bundle for</source>
        <translation>No hay nadie para quien preparar un paquete</translation>
    </message>
    <message>
        <source>These are our own assessments. The file says “internal” in its name; nothing keeps it from being passed on.</source>
        <translation>Estas son nuestras propias apreciaciones. El archivo dice “interno” en su nombre; nada impide que se transmita.</translation>
    </message>
    <message>
        <source>This format has no changes of its own: brackets show them. To bring a file back, take Word.</source>
        <translation>Este formato no tiene cambios propios: se muestran con corchetes. Para poder devolver un archivo, elija Word.</translation>
    </message>
    <message>
        <source>This format keeps changes and remarks as such: it can be brought back without loss.</source>
        <translation>Este formato conserva los cambios y las observaciones como tales: puede devolverse sin pérdida.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En espera</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>Qué contiene</translation>
    </message>
    <message>
        <source>What is in that file now is lost.</source>
        <translation>Lo que contiene ahora ese archivo se pierde.</translation>
    </message>
    <message>
        <source>What is in the file</source>
        <translation>Qué contiene el archivo</translation>
    </message>
    <message>
        <source>What leaves: a card for each entry, without authority, escalation, review, source and status.</source>
        <translation>Qué sale: una tarjeta por cada entrada, sin autoridad, escalada, examen, fuente ni situación.</translation>
    </message>
    <message>
        <source>What leaves: {0}</source>
        <translation>Qué sale: {0}</translation>
    </message>
    <message>
        <source>Which state of the text</source>
        <translation>Qué estado del texto</translation>
    </message>
    <message>
        <source>Which text</source>
        <translation>Qué texto</translation>
    </message>
    <message>
        <source>Written as {0} and entered as sent under number {1}.</source>
        <translation>Escrito como {0} e inscrito como enviado con el número {1}.</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>Escrito: {0}, en {1}</translation>
    </message>
    <message>
        <source>as it stands</source>
        <translation>tal como está</translation>
    </message>
    <message>
        <source>{0} (.{1})</source>
        <translation>{0} (.{1})</translation>
    </message>
</context>
<context>
    <name>ExtendSilence</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Everybody is told. Who has broken the silence already need not do so again.</source>
        <translation>Se comunica a todos. Quien ya ha roto el silencio no necesita volver a hacerlo.</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>Prorrogar</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>Prorrogar el plazo</translation>
    </message>
    <message>
        <source>In force on {0}: {1}</source>
        <translation>Plazo vigente para {0}: {1}</translation>
    </message>
</context>
<context>
    <name>EyePane</name>
    <message>
        <source>Digits: {digits}</source>
        <translation>Cifras: {digits}</translation>
    </message>
    <message>
        <source>Read the words or the digits to each other, face to face or over a line where you know the voice. Both sides see the same. Valise never sends them.</source>
        <translation>Léanse mutuamente las palabras o las cifras, cara a cara o por una línea en que reconozcan la voz. Ambas partes ven lo mismo. Valise nunca las envía.</translation>
    </message>
    <message>
        <source>They differ</source>
        <translation>Difieren</translation>
    </message>
    <message>
        <source>They match</source>
        <translation>Coinciden</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>Palabras: {words}</translation>
    </message>
</context>
<context>
    <name>FieldLine</name>
    <message>
        <source>Settle…</source>
        <translation>Resolver…</translation>
    </message>
    <message>
        <source>{0} Different values stand</source>
        <translation>{0} Figuran valores distintos</translation>
    </message>
    <message>
        <source>{0} This is not what the field asks for</source>
        <translation>{0} Esto no es lo que pide el campo</translation>
    </message>
    <message>
        <source>{0}: settle which value stands</source>
        <translation>{0}: resolver qué valor es el que vale</translation>
    </message>
</context>
<context>
    <name>FileChoice</name>
    <message>
        <source>None chosen</source>
        <translation>Nada elegido</translation>
    </message>
</context>
<context>
    <name>FileTray</name>
    <message>
        <source>file attached earlier</source>
        <translation>archivo adjuntado antes</translation>
    </message>
    <message>
        <source>sealing</source>
        <translation>sellando</translation>
    </message>
</context>
<context>
    <name>FilesBench</name>
    <message>
        <source>A second officer of your delegation releases them, paragraph by paragraph.</source>
        <translation>Un segundo funcionario de su delegación las autoriza, párrafo por párrafo.</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions: {0}.</source>
        <translation>Copiado con corchetes y atribuciones: {0}.</translation>
    </message>
    <message>
        <source>It is not encrypted: whoever has the file can read it.</source>
        <translation>No está cifrado: quien tenga el archivo puede leerlo.</translation>
    </message>
    <message>
        <source>Proposals from the file that wait: {0}.</source>
        <translation>Propuestas del archivo que están en espera: {0}.</translation>
    </message>
    <message>
        <source>Proposed from the file: {0}.</source>
        <translation>Propuesto a partir del archivo: {0}.</translation>
    </message>
    <message>
        <source>Remarks stay: they cannot be taken back.</source>
        <translation>Las observaciones permanecen: no se pueden retirar.</translation>
    </message>
    <message>
        <source>Remarks to the room: {0}.</source>
        <translation>Observaciones a la sala: {0}.</translation>
    </message>
    <message>
        <source>Saved: {0}.</source>
        <translation>Guardado: {0}.</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Retirar</translation>
    </message>
    <message>
        <source>Taken back.</source>
        <translation>Retirado.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>El portapapeles se vacía en diez segundos.</translation>
    </message>
    <message>
        <source>They leave with the next exchange.</source>
        <translation>Salen con el próximo intercambio.</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Filter by what fields say (Ctrl+Shift+F)</source>
        <translation>Filtrar por lo que dicen los campos (Ctrl+Mayús+F)</translation>
    </message>
    <message>
        <source>Filters under a name</source>
        <translation>Filtros con nombre</translation>
    </message>
    <message>
        <source>Keep this filter…</source>
        <translation>Conservar este filtro…</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>Filtros conservados</translation>
    </message>
    <message>
        <source>Only rows where different values stand</source>
        <translation>Solo filas en que figuran valores distintos</translation>
    </message>
    <message>
        <source>Only rows whose review is due</source>
        <translation>Solo filas por examinar</translation>
    </message>
    <message>
        <source>Rows that were taken out, instead of those that stand</source>
        <translation>Filas dadas de baja, en lugar de las que figuran</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Take this filter away</source>
        <translation>Quitar este filtro</translation>
    </message>
    <message>
        <source>Take this filter away: {0}</source>
        <translation>Quitar este filtro: {0}</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>De baja</translation>
    </message>
    <message>
        <source>Words in any field</source>
        <translation>Buscar en los campos</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} Diferencias</translation>
    </message>
    <message>
        <source>{0} Review due</source>
        <translation>{0} Por examinar</translation>
    </message>
</context>
<context>
    <name>FilterDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrar</translation>
    </message>
    <message>
        <source>Filter by</source>
        <translation>Filtrar por</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>Sin anotar</translation>
    </message>
    <message>
        <source>Possible values</source>
        <translation>Qué puede ser</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Mostrar</translation>
    </message>
    <message>
        <source>Show rows with</source>
        <translation>Mostrar filas con</translation>
    </message>
    <message>
        <source>Space ticks</source>
        <translation>Espacio marca</translation>
    </message>
    <message>
        <source>Take all ticks away</source>
        <translation>Quitar todas las marcas</translation>
    </message>
    <message>
        <source>{0}, ticked: {1}</source>
        <translation>{0}, marcados: {1}</translation>
    </message>
</context>
<context>
    <name>Fingerprint</name>
    <message>
        <source>Fingerprint: {digits}</source>
        <translation>Huella: {digits}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Hecho</translation>
    </message>
    <message>
        <source>First run</source>
        <translation>Primera ejecución</translation>
    </message>
    <message>
        <source>I have a backup…</source>
        <translation>Tengo una copia de seguridad…</translation>
    </message>
    <message>
        <source>Make the vault</source>
        <translation>Crear la bóveda</translation>
    </message>
    <message>
        <source>Open the vault</source>
        <translation>Abrir la bóveda</translation>
    </message>
    <message>
        <source>Practise first…</source>
        <translation>Practicar primero…</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>Paso {0} de {1}</translation>
    </message>
</context>
<context>
    <name>FolderChoice</name>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>Elija una memoria USB o una carpeta</translation>
    </message>
    <message>
        <source>Choose the place…</source>
        <translation>Elegir el lugar…</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Nada elegido</translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>Level</source>
        <translation>Nivel</translation>
    </message>
    <message>
        <source>Name of the scale</source>
        <translation>Nombre de la escala</translation>
    </message>
    <message>
        <source>Not stated here</source>
        <translation>No se indica aquí</translation>
    </message>
    <message>
        <source>One a line</source>
        <translation>Uno por línea</translation>
    </message>
    <message>
        <source>One a line. {0}</source>
        <translation>Uno por línea. {0}</translation>
    </message>
    <message>
        <source>required</source>
        <translation>obligatorio</translation>
    </message>
    <message>
        <source>year-month-day hour:minute</source>
        <translation>año-mes-día hora:minuto</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}, en UTC, por ejemplo 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>{0}: level</source>
        <translation>{0}: nivel</translation>
    </message>
    <message>
        <source>{0}: name of the scale</source>
        <translation>{0}: nombre de la escala</translation>
    </message>
</context>
<context>
    <name>Front</name>
    <message>
        <source>Guide</source>
        <translation>Guía</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
</context>
<context>
    <name>FrozenStrip</name>
    <message>
        <source>A computer of a delegation has signed two different histories.</source>
        <translation>Un equipo de una delegación ha firmado dos historias distintas.</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>Decidir…</translation>
    </message>
    <message>
        <source>Everybody sees the last common state. Nothing is lost and nothing leaks; the delegations decide together how it goes on.</source>
        <translation>Todos ven el último estado común. No se pierde ni se filtra nada; las delegaciones deciden juntas cómo continúa.</translation>
    </message>
    <message>
        <source>What it sent since then is not counted until its delegation has settled it. Computers concerned: {0}.</source>
        <translation>Lo que envió desde entonces no se cuenta hasta que su delegación lo haya resuelto. Equipos afectados: {0}.</translation>
    </message>
</context>
<context>
    <name>GiveDialog</name>
    <message>
        <source>Delegation</source>
        <translation>Delegación</translation>
    </message>
    <message>
        <source>Every delegation you know has one already, or sending to it is stopped.</source>
        <translation>Cada delegación que conoce ya tiene uno, o el envío a ella está detenido.</translation>
    </message>
    <message>
        <source>Give it</source>
        <translation>Darlo</translation>
    </message>
    <message>
        <source>Give permission to write</source>
        <translation>Dar permiso para escribir</translation>
    </message>
    <message>
        <source>The delegation can then put sealed envelopes into your mailbox at the relay, and nothing else. The permission is sent to it sealed; it ends by itself and you can take it back.</source>
        <translation>La delegación podrá entonces depositar sobres sellados en su buzón del repetidor, y nada más. El permiso se le envía sellado; termina por sí solo y usted puede retirarlo.</translation>
    </message>
</context>
<context>
    <name>GoTo</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>Ir</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>Ir al párrafo</translation>
    </message>
    <message>
        <source>No paragraph has this number.</source>
        <translation>Ningún párrafo tiene este número.</translation>
    </message>
    <message>
        <source>Number of the paragraph, for example OP 3 bis</source>
        <translation>Número del párrafo, por ejemplo OP 3 bis</translation>
    </message>
    <message>
        <source>OP 3 bis, PP 5, 12 …</source>
        <translation>OP 3 bis, PP 5, 12 …</translation>
    </message>
</context>
<context>
    <name>GrantsPane</name>
    <message>
        <source>Arrows move; Delete revokes</source>
        <translation>Las flechas desplazan; Supr revoca</translation>
    </message>
    <message>
        <source>Given</source>
        <translation>Dado</translation>
    </message>
    <message>
        <source>How it reached them</source>
        <translation>Cómo les llegó</translation>
    </message>
    <message>
        <source>It ends on {0} and renews by itself while you share a room with it alone; you can take it back.</source>
        <translation>Termina el {0} y se renueva por sí solo mientras usted comparta una sala solo con esa delegación; puede retirarlo.</translation>
    </message>
    <message>
        <source>It is not saved yet.</source>
        <translation>Todavía no está guardada.</translation>
    </message>
    <message>
        <source>No relay, no permissions</source>
        <translation>Sin repetidor no hay permisos</translation>
    </message>
    <message>
        <source>Nobody has a permission yet. Give one, or hand over a card with one.</source>
        <translation>Todavía nadie tiene permiso. Dé uno, o entregue una tarjeta que lo contenga.</translation>
    </message>
    <message>
        <source>Nothing more is taken with it.</source>
        <translation>Con él no se acepta nada más.</translation>
    </message>
    <message>
        <source>Our mailbox at {0}: {1}</source>
        <translation>Nuestro buzón en {0}: {1}</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>Permiso</translation>
    </message>
    <message>
        <source>Permissions to write to us</source>
        <translation>Permisos para escribirnos</translation>
    </message>
    <message>
        <source>Revoking: the relay has not confirmed yet.</source>
        <translation>Revocación en curso: el repetidor aún no la ha confirmado.</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>Guardar en otro lugar…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>Guardar…</translation>
    </message>
    <message>
        <source>Save the card</source>
        <translation>Guardar la tarjeta</translation>
    </message>
    <message>
        <source>Save the revocations</source>
        <translation>Guardar las revocaciones</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Guardar las revocaciones…</translation>
    </message>
    <message>
        <source>The card is saved as {0}. Hand it over like a key, to that correspondent alone.</source>
        <translation>La tarjeta se ha guardado como {0}. Entréguela como una llave, solo a ese interlocutor.</translation>
    </message>
    <message>
        <source>The old one ends by itself.</source>
        <translation>El anterior termina por sí solo.</translation>
    </message>
    <message>
        <source>The permission goes to it sealed, with the next exchange.</source>
        <translation>El permiso se le envía sellado con el próximo intercambio.</translation>
    </message>
    <message>
        <source>The permission is revoked and the relay has confirmed it.</source>
        <translation>El permiso está revocado y el repetidor lo ha confirmado.</translation>
    </message>
    <message>
        <source>The revocations are saved as {0}. Give the file to the operator of the relay.</source>
        <translation>Las revocaciones se han guardado como {0}. Entregue el archivo al operador del repetidor.</translation>
    </message>
    <message>
        <source>This laptop may not give permissions; another one of your delegation does.</source>
        <translation>Este portátil no puede dar permisos; lo hace otro de su delegación.</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>Usar un repetidor…</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>Quién puede escribirnos</translation>
    </message>
    <message>
        <source>With a relay you say who may write to you there, one correspondent at a time.</source>
        <translation>Con un repetidor usted indica quién puede escribirle allí, un interlocutor cada vez.</translation>
    </message>
    <message>
        <source>{0} gets a new permission, until {1}.</source>
        <translation>{0} recibe un permiso nuevo, hasta el {1}.</translation>
    </message>
    <message>
        <source>{0} may write to you through the relay.</source>
        <translation>{0} puede escribirle a través del repetidor.</translation>
    </message>
</context>
<context>
    <name>Grid</name>
    <message>
        <source>Arrows move, Enter goes to the paragraph</source>
        <translation>Las flechas desplazan, Intro lleva al párrafo</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Esquina de la tabla</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>Delegaciones</translation>
    </message>
    <message>
        <source>Paragraphs</source>
        <translation>Párrafos</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Posición de cada delegación</translation>
    </message>
</context>
<context>
    <name>GridModel</name>
    <message>
        <source>{0} (amendment {1})</source>
        <translation>{0} (enmienda {1})</translation>
    </message>
    <message>
        <source>{0} (an amendment)</source>
        <translation>{0} (una enmienda)</translation>
    </message>
    <message>
        <source>{0} amendment {1}</source>
        <translation>{0} la enmienda {1}</translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}, en nombre de {1}</translation>
    </message>
    <message>
        <source>{0}, {1}: said nothing</source>
        <translation>{0}, {1}: no ha dicho nada</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}, {1}: {2}</translation>
    </message>
</context>
<context>
    <name>GuideWindow</name>
    <message>
        <source>Contents</source>
        <translation>Índice</translation>
    </message>
    <message>
        <source>Found in the guide</source>
        <translation>Encontrado en la guía</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Guía</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>Nothing in the guide has all of these words.</source>
        <translation>En la guía no hay nada que contenga todas estas palabras.</translation>
    </message>
    <message>
        <source>Search the guide</source>
        <translation>Buscar en la guía</translation>
    </message>
    <message>
        <source>This page is not there in the language of the window yet; it is shown in English.</source>
        <translation>Esta página no existe todavía en el idioma de la ventana; se muestra en inglés.</translation>
    </message>
    <message>
        <source>{0} – Guide</source>
        <translation>{0} – Guía</translation>
    </message>
</context>
<context>
    <name>HandOverDialog</name>
    <message>
        <source>A laptop that is still to be admitted</source>
        <translation>Un portátil que aún se ha de admitir</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Continuar a la clave raíz…</translation>
    </message>
    <message>
        <source>Hand over an office</source>
        <translation>Traspasar un cargo</translation>
    </message>
    <message>
        <source>The officer at this very laptop is handed over on the successor&apos;s, once it is admitted there.</source>
        <translation>El cargo del funcionario de este mismo portátil se traspasa en el portátil del sucesor, una vez admitido allí.</translation>
    </message>
    <message>
        <source>The successor gets the rights and the old laptop gets nothing any more, by one signature. Notes, red lines and the record stay with the delegation: the successor&apos;s laptop receives them.</source>
        <translation>El sucesor recibe los derechos y el portátil anterior ya no recibe nada, con una sola firma. Las notas, las líneas rojas y el acta quedan en la delegación: el portátil del sucesor las recibe.</translation>
    </message>
    <message>
        <source>Who follows</source>
        <translation>Quién le sucede</translation>
    </message>
    <message>
        <source>Who leaves</source>
        <translation>Quién se va</translation>
    </message>
</context>
<context>
    <name>HashBox</name>
    <message>
        <source>Copy the hash</source>
        <translation>Copiar el hash</translation>
    </message>
    <message>
        <source>Hash that is signed: {0}</source>
        <translation>Hash que se firma: {0}</translation>
    </message>
</context>
<context>
    <name>Headline</name>
    <message>
        <source>Files and copies of the text</source>
        <translation>Archivos y copias del texto</translation>
    </message>
    <message>
        <source>The text from further away</source>
        <translation>El texto visto de más lejos</translation>
    </message>
    <message>
        <source>amendments: {0}</source>
        <translation>enmiendas: {0}</translation>
    </message>
    <message>
        <source>not complete yet, waiting for {0}</source>
        <translation>aún incompleto, en espera de {0}</translation>
    </message>
    <message>
        <source>your delegation holds the pen on another computer</source>
        <translation>su delegación lleva la redacción en otro equipo</translation>
    </message>
    <message>
        <source>{0} holds the pen</source>
        <translation>{0} lleva la redacción</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>{0} de {1} abiertos</translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message>
        <source>Reason: {0}</source>
        <translation>Motivo: {0}</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Autorizar</translation>
    </message>
    <message>
        <source>Release this draft to the room of the text</source>
        <translation>Autorizar la salida de este borrador a la sala del texto</translation>
    </message>
    <message>
        <source>Return this draft to its author, with the reason</source>
        <translation>Devolver este borrador a su autor, indicando el motivo</translation>
    </message>
    <message>
        <source>Returned by {0}</source>
        <translation>Devuelto por {0}</translation>
    </message>
    <message>
        <source>Returned by {0}: {1}</source>
        <translation>Devuelto por {0}: {1}</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>Devolver…</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Retirar</translation>
    </message>
    <message>
        <source>Take this draft back</source>
        <translation>Retirar este borrador</translation>
    </message>
    <message>
        <source>Take this draft back and go on writing it</source>
        <translation>Retirar este borrador y seguir escribiéndolo</translation>
    </message>
    <message>
        <source>Write again</source>
        <translation>Escribir de nuevo</translation>
    </message>
    <message>
        <source>⧗ Draft, {0}</source>
        <translation>⧗ Borrador, {0}</translation>
    </message>
</context>
<context>
    <name>HistoryPane</name>
    <message>
        <source>Choose a paragraph in the text; what happened to it stands here.</source>
        <translation>Elija un párrafo en el texto; aquí figura lo que le ocurrió.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>Historial del párrafo</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>Historial de la fila</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Primero los más recientes</translation>
    </message>
    <message>
        <source>Nothing to tell yet</source>
        <translation>Todavía no hay nada que contar</translation>
    </message>
    <message>
        <source>Nothing was changed here yet.</source>
        <translation>Todavía no se ha cambiado nada aquí.</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Primero los más antiguos</translation>
    </message>
    <message>
        <source>Order of the history</source>
        <translation>Orden del historial</translation>
    </message>
</context>
<context>
    <name>HowMany</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Continuar a la clave raíz…</translation>
    </message>
    <message>
        <source>Recovery shares of the delegation</source>
        <translation>Fragmentos de recuperación de la delegación</translation>
    </message>
    <message>
        <source>Sheets made before stay valid: collect and burn them when these take their place.</source>
        <translation>Las hojas hechas antes siguen siendo válidas: recójalas y quémelas cuando estas ocupen su lugar.</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say give the root key back when the key file or its passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>Hojas de papel para varias personas o cajas fuertes. Juntas, tantas como usted indique devuelven la clave raíz cuando se pierde el archivo de clave o su frase de contraseña; menos no revelan nada de ella. Lo más adecuado suele ser tres hojas, de las que se necesitan dos.</translation>
    </message>
</context>
<context>
    <name>HygieneSection</name>
    <message>
        <source>Everything passes: {0} of {0}.</source>
        <translation>Todo superado: {0} de {0}.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Revisar de nuevo</translation>
    </message>
</context>
<context>
    <name>IdentityCard</name>
    <message>
        <source>Fingerprint</source>
        <translation>Huella</translation>
    </message>
    <message>
        <source>Hand the card to other delegations. It holds no secret; the code lets them compare it.</source>
        <translation>Entregue la tarjeta a otras delegaciones. No contiene ningún secreto; el código les permite compararla.</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>Código QR de su huella</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>Guardar la tarjeta…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Guardar la tarjeta de identidad</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Guardado como {0}</translation>
    </message>
    <message>
        <source>This laptop may: {0}.</source>
        <translation>Este portátil puede: {0}.</translation>
    </message>
    <message>
        <source>Your identity</source>
        <translation>Su identidad</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>A State, by its name or its two letters</source>
        <translation>Un Estado, por su nombre o sus dos letras</translation>
    </message>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>Un día, como 2026-11-22</translation>
    </message>
    <message>
        <source>A moment as 2026-11-22 14:05 UTC</source>
        <translation>Una fecha y hora, como 2026-11-22 14:05 UTC</translation>
    </message>
    <message>
        <source>A number as +41 22 000 00 00</source>
        <translation>Un número, como +41 22 000 00 00</translation>
    </message>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>Un número, por ejemplo 12 o 3.5</translation>
    </message>
    <message>
        <source>A time zone as Europe/Zurich</source>
        <translation>Un huso horario, como Europe/Zurich</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Después</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>Una dirección como office@example.org</translation>
    </message>
    <message>
        <source>An address of the web as https://example.org</source>
        <translation>Una dirección web, como https://example.org</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Antes</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>Elegir archivos…</translation>
    </message>
    <message>
        <source>Choose the files on the stick, or drop them here. Everything in them is verified before it counts, and nothing is changed on the stick.</source>
        <translation>Elija los archivos en la memoria USB o suéltelos aquí. Todo lo que contienen se verifica antes de que cuente, y nada se cambia en la memoria USB.</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>Elegir el archivo…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>Columna</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>Errores</translation>
    </message>
    <message>
        <source>Faults: {0}. Mend the file and choose it again; nothing was taken.</source>
        <translation>Errores: {0}. Corrija el archivo y elíjalo de nuevo; no se ha incorporado nada.</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Campo</translation>
    </message>
    <message>
        <source>First you see what would change. Nothing is taken while there is a fault, and then all of it or nothing.</source>
        <translation>Primero ve qué cambiaría. No se incorpora nada mientras haya un error, y después se incorpora todo o nada.</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>Importar filas</translation>
    </message>
    <message>
        <source>Import: {0}</source>
        <translation>Importar: {0}</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Línea</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>Nuevo: {0}</translation>
    </message>
    <message>
        <source>One of these: {0}</source>
        <translation>Uno de estos valores: {0}</translation>
    </message>
    <message>
        <source>Open bundles</source>
        <translation>Abrir paquetes</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>Abrir paquetes de un mensajero</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>Fila</translation>
    </message>
    <message>
        <source>Rows ({0})</source>
        <translation>Filas ({0})</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Take all of it</source>
        <translation>Incorporarlo todo</translation>
    </message>
    <message>
        <source>The file has {0}. Changes: {1}. Equal already: {2}.</source>
        <translation>El archivo tiene {0}. Cambios: {1}. Ya iguales: {2}.</translation>
    </message>
    <message>
        <source>The file has {0}; all of it stands here already.</source>
        <translation>El archivo tiene {0}; todo figura ya aquí.</translation>
    </message>
    <message>
        <source>The first {0} are shown.</source>
        <translation>Se muestran los primeros: {0}.</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Qué está mal</translation>
    </message>
    <message>
        <source>What stands there</source>
        <translation>Qué figura allí</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>Qué cambiaría</translation>
    </message>
    <message>
        <source>Yes or no</source>
        <translation>Sí o no</translation>
    </message>
</context>
<context>
    <name>ImportReport</name>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>Archivos que no se pudieron leer</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>Qué no se pudo leer</translation>
    </message>
</context>
<context>
    <name>IncidentPage</name>
    <message>
        <source>Copy the hash of the record</source>
        <translation>Copiar el hash del acta</translation>
    </message>
    <message>
        <source>Embargo: not to be sent on before {0}.</source>
        <translation>Embargo de difusión: no debe transmitirse antes de {0}.</translation>
    </message>
    <message>
        <source>Record, the same at every delegation:</source>
        <translation>Acta, la misma en todas las delegaciones:</translation>
    </message>
    <message>
        <source>Reported by {0}</source>
        <translation>Comunicado por {0}</translation>
    </message>
    <message>
        <source>SHA-256 of the record: {0}</source>
        <translation>SHA-256 del acta: {0}</translation>
    </message>
    <message>
        <source>The incident</source>
        <translation>El incidente</translation>
    </message>
    <message>
        <source>We reported it</source>
        <translation>Lo comunicamos nosotros</translation>
    </message>
    <message>
        <source>We reported it to {0}</source>
        <translation>Lo comunicamos nosotros a {0}</translation>
    </message>
    <message>
        <source>a room you are no longer in</source>
        <translation>una sala en la que usted ya no está</translation>
    </message>
    <message>
        <source>{0}.</source>
        <translation>{0}.</translation>
    </message>
    <message>
        <source>{who} in {room}, {when}. Reference {reference}.</source>
        <translation>{who} en {room}, {when}. Referencia: {reference}.</translation>
    </message>
    <message>
        <source>{who}, {when}. Reference {reference}.</source>
        <translation>{who}, {when}. Referencia: {reference}.</translation>
    </message>
</context>
<context>
    <name>IncidentsList</name>
    <message>
        <source>Incidents and requests, open ones first</source>
        <translation>Incidentes y solicitudes, primero los abiertos</translation>
    </message>
</context>
<context>
    <name>IncidentsModel</name>
    <message>
        <source>not looked at yet</source>
        <translation>aún sin examinar</translation>
    </message>
    <message>
        <source>we</source>
        <translation>nosotros</translation>
    </message>
</context>
<context>
    <name>IncidentsScreen</name>
    <message>
        <source>Choose an incident</source>
        <translation>Elija un incidente</translation>
    </message>
    <message>
        <source>Go on with a draft</source>
        <translation>Seguir con un borrador</translation>
    </message>
    <message>
        <source>Go on with a draft ({0})</source>
        <translation>Seguir con un borrador ({0})</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidentes</translation>
    </message>
    <message>
        <source>It is on its way: sealed now, sent with the next exchange.</source>
        <translation>Está en camino: sellado ahora, se envía con el próximo intercambio.</translation>
    </message>
    <message>
        <source>No incident has been reported</source>
        <translation>No se ha comunicado ningún incidente</translation>
    </message>
    <message>
        <source>Report an incident or ask for help (Ctrl+N)</source>
        <translation>Comunicar un incidente o pedir ayuda (Ctrl+N)</translation>
    </message>
    <message>
        <source>Report an incident, or ask for help, to a delegation or to a group. What others report to you stands here too.</source>
        <translation>Comunique un incidente, o pida ayuda, a una delegación o a un grupo. Lo que otros le comunican figura también aquí.</translation>
    </message>
    <message>
        <source>Report or ask for help…</source>
        <translation>Comunicar o pedir ayuda…</translation>
    </message>
    <message>
        <source>What needs you stands first.</source>
        <translation>Lo que requiere su atención figura primero.</translation>
    </message>
</context>
<context>
    <name>Inside</name>
    <message>
        <source>Bring it back</source>
        <translation>Recuperarla</translation>
    </message>
    <message>
        <source>No draft of another officer waits on this paragraph.</source>
        <translation>Ningún borrador de otro funcionario está en espera en este párrafo.</translation>
    </message>
    <message>
        <source>Returned to {0}. It did not leave.</source>
        <translation>Devuelto a {0}. No salió.</translation>
    </message>
    <message>
        <source>Taken back. It did not leave.</source>
        <translation>Retirado. No salió.</translation>
    </message>
    <message>
        <source>The note is struck out.</source>
        <translation>La nota está tachada.</translation>
    </message>
    <message>
        <source>The paragraph has changed. Your draft said: {0}</source>
        <translation>El párrafo ha cambiado. Su borrador decía: {0}</translation>
    </message>
</context>
<context>
    <name>InternalPane</name>
    <message>
        <source>Alt+1 to Alt+4 while writing</source>
        <translation>Alt+1 a Alt+4 mientras se escribe</translation>
    </message>
    <message>
        <source>Changes the note; Esc keeps it as it was.</source>
        <translation>Cambia la nota; Esc la deja como estaba.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Intro</translation>
    </message>
    <message>
        <source>For your delegation only</source>
        <translation>Solo para su delegación</translation>
    </message>
    <message>
        <source>Internal remark, never leaves your delegation</source>
        <translation>Observación interna, nunca sale de su delegación</translation>
    </message>
    <message>
        <source>Internal remarks on the paragraph</source>
        <translation>Observaciones internas sobre el párrafo</translation>
    </message>
    <message>
        <source>Internal, stays in your delegation</source>
        <translation>Interno, permanece en su delegación</translation>
    </message>
    <message>
        <source>Keep internally</source>
        <translation>Conservar internamente</translation>
    </message>
    <message>
        <source>Kind of internal remark</source>
        <translation>Tipo de observación interna</translation>
    </message>
    <message>
        <source>Red lines, fallbacks and notes from the room.</source>
        <translation>Líneas rojas, textos de repliegue y notas tomadas en la sala.</translation>
    </message>
</context>
<context>
    <name>ItemPage</name>
    <message>
        <source>All States and all items at once (Ctrl+M)</source>
        <translation>Todos los Estados y todos los elementos a la vez (Ctrl+M)</translation>
    </message>
    <message>
        <source>Choose a State in the matrix to note what it has said, with its date and who said it.</source>
        <translation>Elija un Estado en la matriz para anotar lo que ha dicho, con la fecha y quién lo dijo.</translation>
    </message>
    <message>
        <source>Every field of what our State has said and done (Ctrl+Shift+W)</source>
        <translation>Todos los campos de lo que nuestro Estado ha dicho y hecho (Ctrl+Mayús+W)</translation>
    </message>
    <message>
        <source>In our words</source>
        <translation>En nuestras palabras</translation>
    </message>
    <message>
        <source>In the order of the States&apos; names; Enter opens the row</source>
        <translation>Por orden de los nombres de los Estados; Intro abre la fila</translation>
    </message>
    <message>
        <source>Last changed by {0}</source>
        <translation>Último cambio: {0}</translation>
    </message>
    <message>
        <source>Look in the library</source>
        <translation>Buscar en la biblioteca</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Matriz</translation>
    </message>
    <message>
        <source>Nobody&apos;s statement is noted yet</source>
        <translation>Todavía no se ha anotado la declaración de ningún Estado</translation>
    </message>
    <message>
        <source>Nothing is written about our own State yet. Open our row to begin.</source>
        <translation>Todavía no hay nada escrito sobre nuestro propio Estado. Abra nuestra fila para empezar.</translation>
    </message>
    <message>
        <source>Only reviews due: {0}</source>
        <translation>Solo por examinar: {0}</translation>
    </message>
    <message>
        <source>Open our row</source>
        <translation>Abrir nuestra fila</translation>
    </message>
    <message>
        <source>Our own implementation</source>
        <translation>Nuestra propia aplicación</translation>
    </message>
    <message>
        <source>Reviews due</source>
        <translation>Por examinar</translation>
    </message>
    <message>
        <source>Reviews due: {0}</source>
        <translation>Por examinar: {0}</translation>
    </message>
    <message>
        <source>To the matrix</source>
        <translation>A la matriz</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Qué es</translation>
    </message>
    <message>
        <source>Who has stated what</source>
        <translation>Quién ha declarado qué</translation>
    </message>
</context>
<context>
    <name>JoinDialog</name>
    <message>
        <source>A relay keeps sealed envelopes until your laptops fetch them, wherever they are. Its operator gives you a file for this laptop; it is handed over like a key.</source>
        <translation>Un repetidor guarda los sobres sellados hasta que los portátiles de su delegación los recogen, dondequiera que estén. Su operador le da un archivo para este portátil; se entrega como una llave.</translation>
    </message>
    <message>
        <source>Every delegation with which you share a bilateral room gets permission to write to you there. Keep the file where keys are kept, or delete it once it has been used.</source>
        <translation>Cada delegación con la que usted comparte una sala bilateral recibe permiso para escribirle allí. Guarde el archivo donde se guardan las llaves, o elimínelo una vez utilizado.</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>Archivos de un repetidor (*.valise-relay);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>Abrir el archivo de un repetidor</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file…</source>
        <translation>Abrir el archivo del operador…</translation>
    </message>
    <message>
        <source>Use a relay</source>
        <translation>Usar un repetidor</translation>
    </message>
    <message>
        <source>Use this relay</source>
        <translation>Usar este repetidor</translation>
    </message>
    <message>
        <source>What its operator calls it, in words of theirs:</source>
        <translation>Cómo lo llama su operador, en sus propias palabras:</translation>
    </message>
</context>
<context>
    <name>JointBench</name>
    <message>
        <source>Copied, one name a line: {0}.</source>
        <translation>Copiado, un nombre por línea: {0}.</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>Se comunica a todos en la sala con el próximo intercambio (Ctrl+R intercambia de inmediato).</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the words.</source>
        <translation>Es un archivo sin protección: quien lo tenga lee las palabras.</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>Declaraciones conjuntas</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>Declaraciones conjuntas y listas de copatrocinadores</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors (Ctrl+J)</source>
        <translation>Declaraciones conjuntas y listas de copatrocinadores (Ctrl+J)</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>Nuestra delegación se ha adherido.</translation>
    </message>
    <message>
        <source>Our delegation&apos;s name is taken back.</source>
        <translation>Se ha retirado el nombre de nuestra delegación.</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>Guardar las palabras</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>El portapapeles se vacía en diez segundos.</translation>
    </message>
    <message>
        <source>The list is closed.</source>
        <translation>La lista está cerrada.</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>El hash completo queda en el portapapeles durante diez segundos.</translation>
    </message>
    <message>
        <source>The words are saved. The sha256sum of the file is the hash: {0} …</source>
        <translation>Las palabras se han guardado. El sha256sum del archivo es el hash: {0} …</translation>
    </message>
    <message>
        <source>Who signs on later waits for you to admit it.</source>
        <translation>Quien se adhiera después espera a que usted admita su adhesión.</translation>
    </message>
    <message>
        <source>{0} stands on the list.</source>
        <translation>{0} figura en la lista.</translation>
    </message>
</context>
<context>
    <name>JointPage</name>
    <message>
        <source>Back to the texts</source>
        <translation>Volver a los textos</translation>
    </message>
    <message>
        <source>Back to the texts (Escape)</source>
        <translation>Volver a los textos (Escape)</translation>
    </message>
    <message>
        <source>Co-sponsors sign the plain text of this revision. Look at the text in the workbench, or save the revision as a file.</source>
        <translation>Los copatrocinadores firman el texto sin formato de esta revisión. Examine el texto en la mesa de trabajo o guarde la revisión como archivo.</translation>
    </message>
    <message>
        <source>Joint statements and co-sponsors</source>
        <translation>Declaraciones conjuntas y copatrocinadores</translation>
    </message>
    <message>
        <source>No joint statement yet</source>
        <translation>Todavía no hay ninguna declaración conjunta</translation>
    </message>
    <message>
        <source>Open a joint statement (Ctrl+N)</source>
        <translation>Abrir una declaración conjunta (Ctrl+N)</translation>
    </message>
    <message>
        <source>Open a joint statement for the delegations of a room to sign on to, all of them to the same words. A list of co-sponsors is opened beside a revision of a text (Ctrl+Shift+N).</source>
        <translation>Abra una declaración conjunta para que las delegaciones de una sala se adhieran a ella, todas con las mismas palabras. La lista de copatrocinadores se abre junto a una revisión de un texto (Ctrl+Mayús+N).</translation>
    </message>
    <message>
        <source>Open a joint statement…</source>
        <translation>Abrir una declaración conjunta…</translation>
    </message>
    <message>
        <source>The text of this revision is not on this laptop, so it cannot be looked at or signed here.</source>
        <translation>El texto de esta revisión no está en este portátil, por lo que no puede examinarse ni firmarse aquí.</translation>
    </message>
    <message>
        <source>This laptop has no right to sign on for the delegation; another officer may have it.</source>
        <translation>Este portátil no tiene derecho a adherirse en nombre de la delegación; puede que lo tenga otro funcionario.</translation>
    </message>
    <message>
        <source>its room</source>
        <translation>su sala</translation>
    </message>
</context>
<context>
    <name>JourneyDialog</name>
    <message>
        <source>A passphrase for the journey, other than that of this vault</source>
        <translation>Una frase de contraseña para el viaje, distinta de la de esta bóveda</translation>
    </message>
    <message>
        <source>A vault for a journey</source>
        <translation>Una bóveda para un viaje</translation>
    </message>
    <message>
        <source>Internal room of our delegation</source>
        <translation>Sala interna de nuestra delegación</translation>
    </message>
    <message>
        <source>It holds only the rooms you choose and the contacts concerned. On the travel laptop choose “I have a backup”; that laptop is then admitted for these rooms alone.</source>
        <translation>Contiene solo las salas que usted elija y los contactos correspondientes. En el portátil de viaje, elija “Tengo una copia de seguridad”; ese portátil se admite después únicamente para esas salas.</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>Prepararla</translation>
    </message>
    <message>
        <source>Rooms it takes along</source>
        <translation>Salas que lleva consigo</translation>
    </message>
    <message>
        <source>Space takes a room along or leaves it here</source>
        <translation>Espacio incluye una sala o la deja aquí</translation>
    </message>
    <message>
        <source>Take the library of agreed language along</source>
        <translation>Llevar la biblioteca de formulaciones convenidas</translation>
    </message>
    <message>
        <source>With {0}</source>
        <translation>Con {0}</translation>
    </message>
    <message>
        <source>Your internal room goes along: instructions, red lines and fallbacks will be on a laptop that crosses borders. Leave it here unless you cannot work without it.</source>
        <translation>Su sala interna va incluida: las instrucciones, las líneas rojas y los textos de repliegue estarán en un portátil que cruza fronteras. Déjela aquí, salvo que no pueda trabajar sin ella.</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Keep this filter</source>
        <translation>Conservar este filtro</translation>
    </message>
    <message>
        <source>The filter is kept.</source>
        <translation>El filtro se ha conservado.</translation>
    </message>
    <message>
        <source>The filter {0} was taken out.</source>
        <translation>Se ha quitado el filtro {0}.</translation>
    </message>
    <message>
        <source>Under which name?</source>
        <translation>¿Con qué nombre?</translation>
    </message>
</context>
<context>
    <name>KeyFile</name>
    <message>
        <source>Choose the key file…</source>
        <translation>Elegir el archivo de clave…</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Archivo de clave</translation>
    </message>
    <message>
        <source>Open the key file</source>
        <translation>Abrir el archivo de clave</translation>
    </message>
    <message>
        <source>Passphrase of the key file</source>
        <translation>Frase de contraseña del archivo de clave</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source> or </source>
        <translation> o </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>En todas partes</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Guía</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>List of keys</source>
        <translation>Lista de teclas</translation>
    </message>
</context>
<context>
    <name>KeysSection</name>
    <message>
        <source>First contact</source>
        <translation>Primer contacto</translation>
    </message>
    <message>
        <source>Give your newest card to those who have never written to you before.</source>
        <translation>Dé su tarjeta más reciente a quienes nunca le han escrito.</translation>
    </message>
    <message>
        <source>How long replaced keys are kept</source>
        <translation>Cuánto tiempo se conservan las claves reemplazadas</translation>
    </message>
    <message>
        <source>Makes new keys for first contact now, and new ones for each room when you next send there. Do it after a laptop was out of your sight. It is complete with a delegation once it has answered.</source>
        <translation>Crea ahora claves nuevas para el primer contacto, y otras nuevas para cada sala la próxima vez que usted envíe algo en ella. Hágalo después de haber perdido de vista un portátil. Con cada delegación se completa una vez que ha respondido.</translation>
    </message>
    <message>
        <source>Move the keys on now</source>
        <translation>Hacer avanzar las claves ahora</translation>
    </message>
    <message>
        <source>Older cards still work until {0}. Until then, somebody who takes this laptop and its passphrase can also open first contacts that were sealed to those cards since {1}.</source>
        <translation>Las tarjetas anteriores siguen funcionando hasta el {0}. Hasta entonces, quien se lleve este portátil y su frase de contraseña puede abrir también los primeros contactos que se sellaron para esas tarjetas desde el {1}.</translation>
    </message>
    <message>
        <source>Rooms move on when you next send there; delegations when they have answered.</source>
        <translation>Las salas avanzan la próxima vez que usted envíe algo en ellas; las delegaciones, cuando hayan respondido.</translation>
    </message>
    <message>
        <source>Somebody uses a card of yours that is too old ({0}).</source>
        <translation>Alguien usa una tarjeta suya demasiado antigua ({0}).</translation>
    </message>
    <message>
        <source>Something sealed to a replaced key may still be under way, so it is kept for a while and then destroyed. Shorter is safer; what comes later than that is asked for again.</source>
        <translation>Puede que algo sellado para una clave reemplazada siga en camino, por lo que esta se conserva durante un tiempo y después se destruye. Cuanto menos tiempo, más seguro; lo que llegue después se pide de nuevo.</translation>
    </message>
    <message>
        <source>The keys for first contact are new.</source>
        <translation>Las claves para el primer contacto son nuevas.</translation>
    </message>
    <message>
        <source>The keys on your card are as they were made with this vault.</source>
        <translation>Las claves de su tarjeta son las que se crearon con esta bóveda.</translation>
    </message>
    <message>
        <source>The keys on your card are of {0}.</source>
        <translation>Fecha de las claves de su tarjeta: {0}.</translation>
    </message>
    <message>
        <source>They are replaced every week, and the day after somebody used them. No older ones are kept.</source>
        <translation>Se reemplazan cada semana, y al día siguiente de que alguien las haya usado. No se conserva ninguna anterior.</translation>
    </message>
    <message>
        <source>What is sent to this laptop is sealed under two systems together, one of them made to withstand a quantum computer, to a key that is replaced with every answer. A laptop broken into today does not open what was sent before its keys moved on, and heals after one round trip with each delegation.</source>
        <translation>Lo que se envía a este portátil se sella con dos sistemas a la vez, uno de ellos concebido para resistir a una computadora cuántica, para una clave que se reemplaza con cada respuesta. Un portátil en el que se haya irrumpido hoy no abre lo que se envió antes de que sus claves avanzaran, y se recupera tras un viaje de ida y vuelta con cada delegación.</translation>
    </message>
    <message>
        <source>What was sealed to it stays closed; its keys were destroyed when their time was over.</source>
        <translation>Lo que se selló para ella permanece cerrado; sus claves se destruyeron cuando terminó su tiempo.</translation>
    </message>
    <message>
        <source>With each delegation</source>
        <translation>Con cada delegación</translation>
    </message>
    <message>
        <source>You know no other laptop yet.</source>
        <translation>Todavía no conoce ningún otro portátil.</translation>
    </message>
</context>
<context>
    <name>Lane</name>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}, {1}</translation>
    </message>
</context>
<context>
    <name>LaptopRow</name>
    <message>
        <source>Change…</source>
        <translation>Cambiar…</translation>
    </message>
    <message>
        <source>May {0}</source>
        <translation>Puede {0}</translation>
    </message>
    <message>
        <source>Renew…</source>
        <translation>Renovar…</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>Revocar…</translation>
    </message>
    <message>
        <source>this laptop</source>
        <translation>este portátil</translation>
    </message>
</context>
<context>
    <name>LaptopsSection</name>
    <message>
        <source>A laptop without an exchange reads it from the identity card, saved under Contacts.</source>
        <translation>Un portátil sin intercambio lo lee de la tarjeta de identidad, que se guarda en Contactos.</translation>
    </message>
    <message>
        <source>Admit…</source>
        <translation>Admitir…</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase.</source>
        <translation>Cada archivo de clave hecho antes sigue abriéndose con su antigua frase de contraseña.</translation>
    </message>
    <message>
        <source>Give it back, or erase its vault. If this is a mistake, ask to be admitted as a new laptop.</source>
        <translation>Devuélvalo o borre su bóveda. Si es un error, solicite que se admita como portátil nuevo.</translation>
    </message>
    <message>
        <source>Hand over an office…</source>
        <translation>Traspasar un cargo…</translation>
    </message>
    <message>
        <source>It sends nothing any more and gets nothing. What it holds stays readable here.</source>
        <translation>Ya no envía ni recibe nada. Lo que contiene sigue siendo legible aquí.</translation>
    </message>
    <message>
        <source>Make it and close the root key</source>
        <translation>Hacerlo y cerrar la clave raíz</translation>
    </message>
    <message>
        <source>Make them and close the root key</source>
        <translation>Hacerlos y cerrar la clave raíz</translation>
    </message>
    <message>
        <source>Offices handed over</source>
        <translation>Cargos traspasados</translation>
    </message>
    <message>
        <source>Open the identity card of your delegation</source>
        <translation>Abrir la tarjeta de identidad de su delegación</translation>
    </message>
    <message>
        <source>Passed: {0}.</source>
        <translation>Se traspasó: {0}.</translation>
    </message>
    <message>
        <source>Put the key file back where it is locked away.</source>
        <translation>Devuelva el archivo de clave al lugar donde se guarda bajo llave.</translation>
    </message>
    <message>
        <source>Read a newer identity card of ours…</source>
        <translation>Leer una tarjeta de identidad nuestra más reciente…</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>Revocar el portátil de {0}: a partir de ahora no recibe nada.</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>Guardar en otro lugar…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>Guardar…</translation>
    </message>
    <message>
        <source>Save the answer</source>
        <translation>Guardar la respuesta</translation>
    </message>
    <message>
        <source>Save the new key file</source>
        <translation>Guardar el nuevo archivo de clave</translation>
    </message>
    <message>
        <source>Signed: identity card number {0} of your delegation.</source>
        <translation>Firmado: tarjeta de identidad número {0} de su delegación.</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away; then destroy the old key files.</source>
        <translation>Retire la memoria USB y guárdela bajo llave; después destruya los archivos de clave antiguos.</translation>
    </message>
    <message>
        <source>The answer is not saved yet.</source>
        <translation>La respuesta aún no está guardada.</translation>
    </message>
    <message>
        <source>The identity card was read.</source>
        <translation>Se ha leído la tarjeta de identidad.</translation>
    </message>
    <message>
        <source>The new key file is not saved yet.</source>
        <translation>El nuevo archivo de clave aún no está guardado.</translation>
    </message>
    <message>
        <source>The new key file is saved as {0}. It opens with the new passphrase.</source>
        <translation>El nuevo archivo de clave se ha guardado como {0}. Se abre con la nueva frase de contraseña.</translation>
    </message>
    <message>
        <source>The other laptop is admitted. Carry {0} back to it.</source>
        <translation>El otro portátil está admitido. Lleve de vuelta {0} a ese portátil.</translation>
    </message>
    <message>
        <source>These sheets give the root key of your delegation.</source>
        <translation>Estas hojas dan la clave raíz de su delegación.</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation.</source>
        <translation>Su delegación ha revocado este portátil.</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are compared with the root key and forgotten; nothing is changed.</source>
        <translation>Escriba las hojas a partir del papel. Se comparan con la clave raíz y se olvidan; no se cambia nada.</translation>
    </message>
    <message>
        <source>Until it is, only the old one opens the root key.</source>
        <translation>Hasta que lo esté, solo el antiguo abre la clave raíz.</translation>
    </message>
    <message>
        <source>Without it the other laptop cannot begin.</source>
        <translation>Sin ella el otro portátil no puede empezar.</translation>
    </message>
    <message>
        <source>Write the key file anew, under the new passphrase.</source>
        <translation>Escribir de nuevo el archivo de clave, con la nueva frase de contraseña.</translation>
    </message>
    <message>
        <source>Your counterparts see the change with the next exchange.</source>
        <translation>Sus homólogos ven el cambio con el próximo intercambio.</translation>
    </message>
    <message>
        <source>Your counterparts will see it as a new laptop of yours.</source>
        <translation>Sus homólogos lo verán como un portátil nuevo de su delegación.</translation>
    </message>
    <message>
        <source>share of the root key of {0}, made on {1}</source>
        <translation>fragmento de la clave raíz de {0}, hecho el {1}</translation>
    </message>
    <message>
        <source>{0} to {1}, {2}</source>
        <translation>{0} a {1}, {2}</translation>
    </message>
</context>
<context>
    <name>LeaveDialog</name>
    <message>
        <source>Leave it</source>
        <translation>Dejarlo</translation>
    </message>
    <message>
        <source>Leave the relay</source>
        <translation>Dejar el repetidor</translation>
    </message>
    <message>
        <source>To come back you need the operator&apos;s file again.</source>
        <translation>Para volver necesitará de nuevo el archivo del operador.</translation>
    </message>
    <message>
        <source>Use {0} no longer?</source>
        <translation>¿Dejar de usar {0}?</translation>
    </message>
    <message>
        <source>What waits here is kept: it goes by the folder where one is shared, and else by courier.</source>
        <translation>Lo que espera aquí se conserva: sale por la carpeta donde se comparta una y, si no, por mensajero.</translation>
    </message>
    <message>
        <source>Your correspondents are told to use another way; until they have heard it, what they send there waits there.</source>
        <translation>Se comunica a sus interlocutores que usen otra vía; hasta que lo sepan, lo que envíen allí espera allí.</translation>
    </message>
</context>
<context>
    <name>LeavingDialog</name>
    <message>
        <source>Back to the form</source>
        <translation>Volver al formulario</translation>
    </message>
    <message>
        <source>Everything that leaves</source>
        <translation>Todo lo que sale</translation>
    </message>
    <message>
        <source>Internal notes and tasks do not leave. What was sent cannot be taken back; it can be corrected.</source>
        <translation>Las notas y tareas internas no salen. Lo que se ha enviado no se puede retirar; se puede corregir.</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Con la marca</translation>
    </message>
    <message>
        <source>Nobody may send it on before {0}.</source>
        <translation>Nadie puede transmitirlo antes de {0}.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>This leaves</source>
        <translation>Esto sale</translation>
    </message>
    <message>
        <source>To {0}, sealed for {1}. Nobody else reads it.</source>
        <translation>A {0}, sellado para {1}. Nadie más lo lee.</translation>
    </message>
    <message>
        <source>You took away the sentence that this message attributes nothing to anybody.</source>
        <translation>Ha quitado usted la frase que indica que este mensaje no atribuye nada a nadie.</translation>
    </message>
</context>
<context>
    <name>LibraryScreen</name>
    <message>
        <source>All files</source>
        <translation>Todos los archivos</translation>
    </message>
    <message>
        <source>An import is under way.</source>
        <translation>Hay una importación en curso.</translation>
    </message>
    <message>
        <source>Choose a paragraph first.</source>
        <translation>Elija primero un párrafo.</translation>
    </message>
    <message>
        <source>Copied: {0}.</source>
        <translation>Copiado: {0}.</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Documentos</translation>
    </message>
    <message>
        <source>Enter goes to the passage in its document</source>
        <translation>Intro lleva al pasaje en su documento</translation>
    </message>
    <message>
        <source>Found as written: {0}</source>
        <translation>Encontrado tal como está escrito: {0}</translation>
    </message>
    <message>
        <source>Found as written: {0}. Much like it: {1}; underlined is what you asked for, struck what stands in the document.</source>
        <translation>Encontrado tal como está escrito: {0}. Muy parecido: {1}; subrayado, lo que usted buscó; tachado, lo que figura en el documento.</translation>
    </message>
    <message>
        <source>Import a folder into the library</source>
        <translation>Importar una carpeta en la biblioteca</translation>
    </message>
    <message>
        <source>Import files (Ctrl+N)</source>
        <translation>Importar archivos (Ctrl+N)</translation>
    </message>
    <message>
        <source>Import files…</source>
        <translation>Importar archivos…</translation>
    </message>
    <message>
        <source>Import into the library</source>
        <translation>Importar en la biblioteca</translation>
    </message>
    <message>
        <source>Its words are no longer found here. Your drafts and texts stay as they are; the file it came from is not touched and can be imported again.</source>
        <translation>Sus palabras ya no se encuentran aquí. Sus borradores y textos quedan como están; el archivo de origen no se toca y puede importarse de nuevo.</translation>
    </message>
    <message>
        <source>Looking for documents…</source>
        <translation>Buscando documentos…</translation>
    </message>
    <message>
        <source>No document that can be read is there.</source>
        <translation>Allí no hay ningún documento que pueda leerse.</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>En la biblioteca no hay nada parecido a estas palabras.</translation>
    </message>
    <message>
        <source>Nothing you type leaves this laptop.</source>
        <translation>Nada de lo que escribe sale de este portátil.</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>Pasajes encontrados</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Quitarlo</translation>
    </message>
    <message>
        <source>Take {0} out of the library?</source>
        <translation>¿Quitar {0} de la biblioteca?</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>El portapapeles se vacía en diez segundos.</translation>
    </message>
    <message>
        <source>The library is empty</source>
        <translation>La biblioteca está vacía</translation>
    </message>
    <message>
        <source>Valise brings no official text with it. Import the documents your delegation works with, for example resolutions and reports as the United Nations publishes them. They stay on this laptop, in the vault, and are found by their words, also while you write. A whole folder: Ctrl+O.</source>
        <translation>Valise no trae ningún texto oficial. Importe los documentos con que trabaja su delegación, por ejemplo resoluciones e informes tal como los publican las Naciones Unidas. Permanecen en este portátil, en la bóveda, y se encuentran por sus palabras, también mientras usted escribe. Una carpeta completa: Ctrl+O.</translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation>Espere a que termine o deténgala primero.</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>Qué no se pudo leer</translation>
    </message>
    <message>
        <source>Words of a draft, or A/70/174 13 (f)</source>
        <translation>Palabras de un borrador, o A/70/174 13 (f)</translation>
    </message>
    <message>
        <source>{0} is no longer in the library.</source>
        <translation>{0} ya no está en la biblioteca.</translation>
    </message>
</context>
<context>
    <name>LineEditor</name>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>Un número, por ejemplo 12 o 3.5</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>Una dirección como office@example.org</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>Headings</source>
        <translation>Encabezados</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Filas</translation>
    </message>
</context>
<context>
    <name>LinkEditor</name>
    <message>
        <source>Choose…</source>
        <translation>Elegir…</translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation>Ir a {0}</translation>
    </message>
    <message>
        <source>Something that is not here</source>
        <translation>Algo que no está aquí</translation>
    </message>
    <message>
        <source>{0}: choose</source>
        <translation>{0}: elegir</translation>
    </message>
</context>
<context>
    <name>LongEditor</name>
    <message>
        <source>One on each line</source>
        <translation>Uno en cada línea</translation>
    </message>
    <message>
        <source>Too long</source>
        <translation>Demasiado largo</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Go to Contacts</source>
        <translation>Ir a Contactos</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Pantalla</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Vías de intercambio</translation>
    </message>
</context>
<context>
    <name>MarkingChoice</name>
    <message>
        <source>A marking in your delegation&apos;s own words</source>
        <translation>Una marca con las palabras propias de su delegación</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Marca</translation>
    </message>
    <message>
        <source>National marking</source>
        <translation>Marca nacional</translation>
    </message>
    <message>
        <source>National marking…</source>
        <translation>Marca nacional…</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>Sin marca</translation>
    </message>
    <message>
        <source>e.g. AURELIA CONFIDENTIAL</source>
        <translation>p. ej., AURELIA CONFIDENTIAL</translation>
    </message>
</context>
<context>
    <name>MarkingLabel</name>
    <message>
        <source>Marking: {0}</source>
        <translation>Marca: {0}</translation>
    </message>
</context>
<context>
    <name>Matches</name>
    <message>
        <source>Enter opens the row</source>
        <translation>Intro abre la fila</translation>
    </message>
    <message>
        <source>Needs that go with this offer: {0}</source>
        <translation>Necesidades que corresponden a este ofrecimiento: {0}</translation>
    </message>
    <message>
        <source>Offers that go with this need: {0}</source>
        <translation>Ofrecimientos que corresponden a esta necesidad: {0}</translation>
    </message>
    <message>
        <source>They need a topic in common, and no region or form that says otherwise; the offer has to be open.</source>
        <translation>Deben tener un tema en común y ninguna región ni forma que lo contradiga; el ofrecimiento tiene que estar abierto.</translation>
    </message>
    <message>
        <source>What goes together</source>
        <translation>Qué se corresponde</translation>
    </message>
</context>
<context>
    <name>MatrixLook</name>
    <message>
        <source>Matrix</source>
        <translation>Matriz</translation>
    </message>
    <message>
        <source>More at once (Ctrl+Minus)</source>
        <translation>Más a la vez (Ctrl+Menos)</translation>
    </message>
    <message>
        <source>Nearer (Ctrl+Plus)</source>
        <translation>Más cerca (Ctrl+Más)</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>hay valores distintos</translation>
    </message>
</context>
<context>
    <name>MatrixMap</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Plus shows fewer and larger</source>
        <translation>Las flechas desplazan, Intro abre la celda, Ctrl+Más muestra menos y más grande</translation>
    </message>
    <message>
        <source>The whole matrix</source>
        <translation>La matriz completa</translation>
    </message>
</context>
<context>
    <name>MatrixModel</name>
    <message>
        <source>different values stand</source>
        <translation>figuran valores distintos</translation>
    </message>
    <message>
        <source>evidence: {0}</source>
        <translation>documentos justificativos: {0}</translation>
    </message>
    <message>
        <source>nothing said</source>
        <translation>sin anotar</translation>
    </message>
    <message>
        <source>review due</source>
        <translation>por examinar</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}, {1}: {2}</translation>
    </message>
</context>
<context>
    <name>MatrixTable</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Minus shows more at once</source>
        <translation>Las flechas desplazan, Intro abre la celda, Ctrl+Menos muestra más a la vez</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Esquina de la tabla</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Elementos</translation>
    </message>
    <message>
        <source>States</source>
        <translation>Estados</translation>
    </message>
</context>
<context>
    <name>MembersPane</name>
    <message>
        <source>Add</source>
        <translation>Añadir</translation>
    </message>
    <message>
        <source>Add a delegation</source>
        <translation>Añadir una delegación</translation>
    </message>
    <message>
        <source>Add {who} to this room?</source>
        <translation>¿Añadir a {who} a esta sala?</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Añadir…</translation>
    </message>
    <message>
        <source>Every delegation you know is in this room</source>
        <translation>Todas las delegaciones que usted conoce están en esta sala</translation>
    </message>
    <message>
        <source>It is given everything signed for the record in this room, and what is sent from now on.</source>
        <translation>Se le entrega todo lo firmado para que conste en acta en esta sala y lo que se envíe a partir de ahora.</translation>
    </message>
    <message>
        <source>It keeps what it has received and gets nothing that is sent from now on. Everyone sees this.</source>
        <translation>Conserva lo que ha recibido y no recibe nada de lo que se envíe a partir de ahora. Todos lo ven.</translation>
    </message>
    <message>
        <source>Its identity is not verified: compare the safety number first if you can.</source>
        <translation>Su identidad no está verificada: compare primero el número de seguridad, si puede.</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Miembros</translation>
    </message>
    <message>
        <source>Members of the room</source>
        <translation>Miembros de la sala</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Quitar</translation>
    </message>
    <message>
        <source>Remove the chosen delegation</source>
        <translation>Quitar la delegación elegida</translation>
    </message>
    <message>
        <source>Remove {who} from this room?</source>
        <translation>¿Quitar a {who} de esta sala?</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Quitar…</translation>
    </message>
    <message>
        <source>{who} holds the chair and decides who is in this room.</source>
        <translation>{who} ejerce la presidencia y decide quién está en esta sala.</translation>
    </message>
</context>
<context>
    <name>MessagesScreen</name>
    <message>
        <source>Rooms</source>
        <translation>Salas</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Hilos</translation>
    </message>
</context>
<context>
    <name>MomentEditor</name>
    <message>
        <source>A day and a time as 2026-11-22 14:05, in UTC</source>
        <translation>Un día y una hora, como 2026-11-22 14:05, en UTC</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Ahora</translation>
    </message>
    <message>
        <source>UTC</source>
        <translation>UTC</translation>
    </message>
    <message>
        <source>YYYY-MM-DD HH:MM</source>
        <translation>AAAA-MM-DD HH:MM</translation>
    </message>
    <message>
        <source>{0}: now</source>
        <translation>{0}: ahora</translation>
    </message>
</context>
<context>
    <name>MomentField</name>
    <message>
        <source>This is no time: write it like 2026-12-10 18:00.</source>
        <translation>No es una fecha con hora: escríbala como 2026-12-10 18:00.</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}, en UTC, por ejemplo 2026-12-10 18:00</translation>
    </message>
</context>
<context>
    <name>MonthGrid</name>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>{0} más</translation>
    </message>
    <message>
        <source>{0}, today</source>
        <translation>{0}, hoy</translation>
    </message>
    <message>
        <source>{day}: {what}</source>
        <translation>{day}: {what}</translation>
    </message>
</context>
<context>
    <name>NameEditor</name>
    <message>
        <source>Choose one of the list</source>
        <translation>Elija una opción de la lista</translation>
    </message>
</context>
<context>
    <name>NamesEditor</name>
    <message>
        <source>Add</source>
        <translation>Añadir</translation>
    </message>
    <message>
        <source>Add to {0}</source>
        <translation>Añadir a {0}</translation>
    </message>
</context>
<context>
    <name>NewKeyFileDialog</name>
    <message>
        <source>A new passphrase for the key file</source>
        <translation>Una nueva frase de contraseña para el archivo de clave</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy each copy once the new one is safe.</source>
        <translation>Cada archivo de clave hecho antes sigue abriéndose con su antigua frase de contraseña. Destruya cada copia una vez que el nuevo esté a salvo.</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy the old ones once the new one is safe: the one beside the vault, and each copy on a stick.</source>
        <translation>Cada archivo de clave hecho antes sigue abriéndose con su antigua frase de contraseña. Destruya los antiguos una vez que el nuevo esté a salvo: el que está junto a la bóveda y cada copia en una memoria USB.</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Continuar a la clave raíz…</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Nueva frase de contraseña</translation>
    </message>
    <message>
        <source>The delegation&apos;s key is written into a new key file under the new passphrase. The key itself stays the same, so nothing changes for other delegations.</source>
        <translation>La clave de la delegación se escribe en un nuevo archivo de clave con la nueva frase de contraseña. La clave en sí sigue siendo la misma, por lo que nada cambia para las demás delegaciones.</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>Repetir la nueva frase de contraseña</translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>Parece que la tecla Bloq Mayús está activada.</translation>
    </message>
    <message>
        <source>The same passphrase again</source>
        <translation>Repetir la frase de contraseña</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Las dos no son iguales.</translation>
    </message>
</context>
<context>
    <name>NewRoom</name>
    <message>
        <source>Bilateral</source>
        <translation>Bilateral</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Delegations in the room</source>
        <translation>Delegaciones en la sala</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Grupo</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>Interno</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>Nueva sala</translation>
    </message>
    <message>
        <source>Not verified in person: {who}. One false identity in a group reads everything in it; compare safety numbers first if you can.</source>
        <translation>Sin verificar en persona: {who}. Una sola identidad falsa en un grupo lee todo lo que hay en él; compare primero los números de seguridad, si puede.</translation>
    </message>
    <message>
        <source>Open the room</source>
        <translation>Abrir la sala</translation>
    </message>
    <message>
        <source>Title of the room</source>
        <translation>Título de la sala</translation>
    </message>
    <message>
        <source>Title, e.g. Drafting group on points of contact</source>
        <translation>Título, p. ej., Grupo de redacción sobre puntos de contacto</translation>
    </message>
    <message>
        <source>You know no other delegation yet. Import its card in Contacts first.</source>
        <translation>Todavía no conoce ninguna otra delegación. Importe primero su tarjeta en Contactos.</translation>
    </message>
</context>
<context>
    <name>News</name>
    <message>
        <source>Show them</source>
        <translation>Mostrarlos</translation>
    </message>
    <message>
        <source>Since I last looked ({0})</source>
        <translation>Desde la última vez que miré ({0})</translation>
    </message>
    <message>
        <source>Since {0}</source>
        <translation>Desde {0}</translation>
    </message>
</context>
<context>
    <name>Nominating</name>
    <message>
        <source>Addressed to</source>
        <translation>Destinatario</translation>
    </message>
    <message>
        <source>Addressed to, as it stands in the sentence (“the Secretariat of …”)</source>
        <translation>Destinatario, tal como figura en la frase (“la Secretaría de …”)</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Fecha</translation>
    </message>
    <message>
        <source>In place of</source>
        <translation>En sustitución de</translation>
    </message>
    <message>
        <source>In place of (optional)</source>
        <translation>En sustitución de (opcional)</translation>
    </message>
    <message>
        <source>It gets the next running number and is entered as sent in the correspondence, with the file.</source>
        <translation>Recibe el siguiente número de orden y se inscribe como enviada en la correspondencia, con el archivo.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Marca</translation>
    </message>
    <message>
        <source>Nominate {who}</source>
        <translation>Designar a {who}</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>Nota verbal</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Lugar</translation>
    </message>
    <message>
        <source>Write it…</source>
        <translation>Redactarla…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguna</translation>
    </message>
</context>
<context>
    <name>NoteCard</name>
    <message>
        <source>Change</source>
        <translation>Cambiar</translation>
    </message>
    <message>
        <source>Change this note: {0}</source>
        <translation>Cambiar esta nota: {0}</translation>
    </message>
    <message>
        <source>Strike out</source>
        <translation>Tachar</translation>
    </message>
    <message>
        <source>Strike out this note: {0}</source>
        <translation>Tachar esta nota: {0}</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>Cerrar este aviso</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Aviso</translation>
    </message>
</context>
<context>
    <name>NumbersModel</name>
    <message>
        <source>All words</source>
        <translation>Total</translation>
    </message>
    <message>
        <source>As it stands</source>
        <translation>Tal como está</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Fecha</translation>
    </message>
    <message>
        <source>Outside brackets</source>
        <translation>Fuera de corchetes</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Revisión</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Proporción</translation>
    </message>
</context>
<context>
    <name>OpenSilence</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>Plazo</translation>
    </message>
    <message>
        <source>Every delegation is told that {0} stands as agreed unless one of them breaks the silence, with its reason, by {1}. The deadline can be extended, not shortened. After it your computer closes the procedure by itself.</source>
        <translation>Se comunica a cada delegación que la revisión {0} queda acordada a menos que una de ellas rompa el silencio, indicando el motivo, antes del {1}. El plazo puede prorrogarse, no acortarse. Una vez vencido, su equipo cierra el procedimiento por sí solo.</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>Abrir un procedimiento de acuerdo tácito</translation>
    </message>
    <message>
        <source>Open the procedure</source>
        <translation>Abrir el procedimiento</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Revisión</translation>
    </message>
    <message>
        <source>Revision to put under silence</source>
        <translation>Revisión que se somete al procedimiento de acuerdo tácito</translation>
    </message>
    <message>
        <source>Silence procedure</source>
        <translation>Procedimiento de acuerdo tácito</translation>
    </message>
    <message>
        <source>What it covers (may stay empty: the whole revision)</source>
        <translation>Qué abarca (puede quedar vacío: toda la revisión)</translation>
    </message>
    <message>
        <source>What the silence covers</source>
        <translation>Qué abarca el procedimiento</translation>
    </message>
    <message>
        <source>for example: OP 1 to OP 4</source>
        <translation>por ejemplo: OP 1 a OP 4</translation>
    </message>
</context>
<context>
    <name>OpenSponsors</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>Copatrocinadores</translation>
    </message>
    <message>
        <source>Everybody in {0} can sign on to this revision and to no other; a later revision needs a list of its own. Opening the list does not sign your own delegation on.</source>
        <translation>Todos en {0} pueden adherirse a esta revisión y a ninguna otra; una revisión posterior necesita una lista propia. Al abrir la lista, su propia delegación no se adhiere.</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>Abrir una lista de copatrocinadores</translation>
    </message>
    <message>
        <source>Open the list</source>
        <translation>Abrir la lista</translation>
    </message>
    <message>
        <source>Revision to be co-sponsored</source>
        <translation>Revisión que se ha de copatrocinar</translation>
    </message>
</context>
<context>
    <name>OpenStatement</name>
    <message>
        <source>Arabic</source>
        <translation>Árabe</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chino</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Continuar…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Inglés</translation>
    </message>
    <message>
        <source>Everybody in {0} reads these words and can sign on to them. They cannot be changed afterwards: other words are a new statement in their place, which everybody signs anew. Opening does not sign your own delegation on.</source>
        <translation>Todos en {0} leen estas palabras y pueden adherirse a ellas. Después no pueden cambiarse: otras palabras son una nueva declaración en su lugar, que todos firman de nuevo. Al abrirla, su propia delegación no se adhiere.</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Francés</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Hash</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Declaración conjunta</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>Se conserva en la bóveda a medida que escribe</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Language of the statement</source>
        <translation>Idioma de la declaración</translation>
    </message>
    <message>
        <source>Names on the old words: {0}; none of them goes along.</source>
        <translation>Nombres en las palabras anteriores: {0}; ninguno se traslada.</translation>
    </message>
    <message>
        <source>Open a joint statement</source>
        <translation>Abrir una declaración conjunta</translation>
    </message>
    <message>
        <source>Open for sign-on</source>
        <translation>Abrir a adhesiones</translation>
    </message>
    <message>
        <source>Open other words in its place</source>
        <translation>Abrir otras palabras en su lugar</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Sala</translation>
    </message>
    <message>
        <source>Room whose delegations can sign on</source>
        <translation>Sala cuyas delegaciones pueden adherirse</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Ruso</translation>
    </message>
    <message>
        <source>Spaces at the ends of lines and empty lines around the words were left out.</source>
        <translation>Se han omitido los espacios al final de las líneas y las líneas vacías antes y después de las palabras.</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>Empezar de nuevo</translation>
    </message>
    <message>
        <source>The words as they will be signed</source>
        <translation>Las palabras tal como se firmarán</translation>
    </message>
    <message>
        <source>The words of the statement</source>
        <translation>Las palabras de la declaración</translation>
    </message>
    <message>
        <source>The words. Everybody signs them exactly as they stand here.</source>
        <translation>Las palabras. Todos las firman exactamente como figuran aquí.</translation>
    </message>
    <message>
        <source>This is what will be signed:</source>
        <translation>Esto es lo que se firmará:</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>Title of the statement</source>
        <translation>Título de la declaración</translation>
    </message>
    <message>
        <source>What you write is kept in the vault until it is opened.</source>
        <translation>Lo que escribe se conserva en la bóveda hasta que se abra.</translation>
    </message>
    <message>
        <source>What you wrote before is here again. Look at the language and the date: they are not kept.</source>
        <translation>Lo que escribió antes está aquí de nuevo. Revise el idioma y la fecha: no se conservan.</translation>
    </message>
</context>
<context>
    <name>OpenTextDialog</name>
    <message>
        <source>Arabic</source>
        <translation>Árabe</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chino</translation>
    </message>
    <message>
        <source>Comments: {0}, kept as remarks that the room reads.</source>
        <translation>Comentarios: {0}, conservados como observaciones que lee la sala.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Inglés</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Francés</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>De un archivo</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Language of the text</source>
        <translation>Idioma del texto</translation>
    </message>
    <message>
        <source>Open a text</source>
        <translation>Abrir un texto</translation>
    </message>
    <message>
        <source>Open a text for negotiation</source>
        <translation>Abrir un texto para la negociación</translation>
    </message>
    <message>
        <source>Open the text</source>
        <translation>Abrir el texto</translation>
    </message>
    <message>
        <source>Paragraphs found</source>
        <translation>Párrafos encontrados</translation>
    </message>
    <message>
        <source>Paragraphs found: {0}.</source>
        <translation>Párrafos encontrados: {0}.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Pegar</translation>
    </message>
    <message>
        <source>Paste the text. Paragraphs such as “OP 3 bis …” and the notation of brackets are recognised.</source>
        <translation>Pegue el texto. Se reconocen los párrafos como “OP 3 bis …” y la notación de corchetes.</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Leer</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>Leído: {0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>Leyendo {0}…</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Sala</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Ruso</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Signatura</translation>
    </message>
    <message>
        <source>The words of the text, pasted</source>
        <translation>Las palabras del texto, pegadas</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>Title of the text</source>
        <translation>Título del texto</translation>
    </message>
    <message>
        <source>Tracked changes: {0}; each becomes a proposal of your delegation.</source>
        <translation>Cambios marcados: {0}; cada uno pasa a ser una propuesta de su delegación.</translation>
    </message>
    <message>
        <source>What was found is shown here before anything is opened.</source>
        <translation>Aquí se muestra lo encontrado antes de que se abra nada.</translation>
    </message>
    <message>
        <source>Where the words come from</source>
        <translation>De dónde proceden las palabras</translation>
    </message>
    <message>
        <source>You will hold the pen. Everybody in the room can read the text and propose.</source>
        <translation>Usted llevará la redacción. Todos en la sala pueden leer el texto y proponer.</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>opcional</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>No se ha podido leer {0}. Elija otro archivo.</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>A list of co-sponsors of this revision is open already.</source>
        <translation>Ya está abierta una lista de copatrocinadores de esta revisión.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
    <message>
        <source>Answers by (UTC)</source>
        <translation>Respuestas antes de (UTC)</translation>
    </message>
    <message>
        <source>Ask now</source>
        <translation>Preguntar ahora</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry</source>
        <translation>Pedir a los puntos de contacto que confirmen su entrada</translation>
    </message>
    <message>
        <source>Each delegation is asked alone, and reads the name of the round, the date, and its own entry. Nobody sees who else is asked.</source>
        <translation>Se pregunta a cada delegación por separado, y esta lee el nombre de la ronda, la fecha y su propia entrada. Nadie ve a quién más se pregunta.</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange. Your own delegation has not signed on yet.</source>
        <translation>Se comunica a todos en la sala con el próximo intercambio. Su propia delegación aún no se ha adherido.</translation>
    </message>
    <message>
        <source>Forum or directory</source>
        <translation>Foro o directorio</translation>
    </message>
    <message>
        <source>Forum or directory (optional)</source>
        <translation>Foro o directorio (opcional)</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>Make a room under Messages first (Ctrl+5).</source>
        <translation>Cree primero una sala en Mensajes (Ctrl+5).</translation>
    </message>
    <message>
        <source>Name of the round</source>
        <translation>Nombre de la ronda</translation>
    </message>
    <message>
        <source>Name of the round, as those asked read it</source>
        <translation>Nombre de la ronda, tal como lo leen los consultados</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ninguno</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>Abrir una ronda de pruebas de comunicación</translation>
    </message>
    <message>
        <source>Round {n}</source>
        <translation>Ronda {n}</translation>
    </message>
    <message>
        <source>Sign on…</source>
        <translation>Adherirse…</translation>
    </message>
    <message>
        <source>The list of co-sponsors is open.</source>
        <translation>La lista de copatrocinadores está abierta.</translation>
    </message>
    <message>
        <source>The statement is open for sign-on.</source>
        <translation>La declaración está abierta a adhesiones.</translation>
    </message>
    <message>
        <source>There is no room yet in which delegations could sign on.</source>
        <translation>Todavía no hay ninguna sala en la que las delegaciones puedan adherirse.</translation>
    </message>
    <message>
        <source>This is an exercise</source>
        <translation>Esto es un ejercicio</translation>
    </message>
    <message>
        <source>This is an exercise: every question says so</source>
        <translation>Esto es un ejercicio: cada pregunta lo indica</translation>
    </message>
    <message>
        <source>Who is asked</source>
        <translation>A quién se pregunta</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>propia</translation>
    </message>
    <message>
        <source>real: not in a vault for practice</source>
        <translation>real: no en una bóveda de práctica</translation>
    </message>
    <message>
        <source>superseded or removed</source>
        <translation>sustituida o suprimida</translation>
    </message>
</context>
<context>
    <name>OutlinePane</name>
    <message>
        <source>Agreed</source>
        <translation>Acordado</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrar</translation>
    </message>
    <message>
        <source>Filter paragraphs by their words</source>
        <translation>Filtrar párrafos por sus palabras</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Míos</translation>
    </message>
    <message>
        <source>No paragraph matches.</source>
        <translation>Ningún párrafo coincide.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Abiertos</translation>
    </message>
    <message>
        <source>Outline of the text</source>
        <translation>Esquema del texto</translation>
    </message>
    <message>
        <source>Parked</source>
        <translation>En suspenso</translation>
    </message>
    <message>
        <source>Which paragraphs</source>
        <translation>Qué párrafos</translation>
    </message>
</context>
<context>
    <name>OverviewScreen</name>
    <message>
        <source>Calendar</source>
        <translation>Calendario</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Práctica</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message>
        <source>Views of the overview</source>
        <translation>Vistas de la vista general</translation>
    </message>
</context>
<context>
    <name>OwnCard</name>
    <message>
        <source>Custodians…</source>
        <translation>Garantes…</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Huella</translation>
    </message>
    <message>
        <source>Handing it over</source>
        <translation>Entrega</translation>
    </message>
    <message>
        <source>Import their card in the same way.</source>
        <translation>Importe del mismo modo la tarjeta de la otra delegación.</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts yet: a delegation is verified only by comparing with it.</source>
        <translation>Todavía no cuenta la palabra de nadie: una delegación solo se verifica comparando con ella.</translation>
    </message>
    <message>
        <source>Our identity card as a QR code</source>
        <translation>Nuestra tarjeta de identidad como código QR</translation>
    </message>
    <message>
        <source>Our identity card: {who}</source>
        <translation>Nuestra tarjeta de identidad: {who}</translation>
    </message>
    <message>
        <source>Save our identity card…</source>
        <translation>Guardar nuestra tarjeta de identidad…</translation>
    </message>
    <message>
        <source>Save the card as a file and give it to the other delegation on a stick.</source>
        <translation>Guarde la tarjeta como archivo y désela a la otra delegación en una memoria USB.</translation>
    </message>
    <message>
        <source>The card says who we are and holds only public keys. It may be handed to anybody.</source>
        <translation>La tarjeta dice quiénes somos y solo contiene claves públicas. Puede entregarse a cualquiera.</translation>
    </message>
    <message>
        <source>Then compare: let them take a picture of this code, and take one of theirs,</source>
        <translation>Después comparen: la otra delegación toma una imagen de este código y usted, una del suyo,</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>Qué ha cambiado y desde cuándo</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>De quién cuenta la palabra</translation>
    </message>
    <message>
        <source>or press “Verify…” and follow what both screens say.</source>
        <translation>o pulse “Verificar…” y siga lo que indican ambas pantallas.</translation>
    </message>
    <message>
        <source>{who}; {needed} have to agree.</source>
        <translation>{who}; tienen que coincidir {needed}.</translation>
    </message>
</context>
<context>
    <name>PartedLine</name>
    <message>
        <source>Keep it</source>
        <translation>Conservar</translation>
    </message>
    <message>
        <source>One laptop took this row out while another changed it. Both are in the history; say which holds.</source>
        <translation>Un portátil dio de baja esta fila mientras otro la cambiaba. Ambas cosas están en el historial; diga cuál vale.</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Dar de baja</translation>
    </message>
</context>
<context>
    <name>PassPenDialog</name>
    <message>
        <source>Choose a delegation…</source>
        <translation>Elegir una delegación…</translation>
    </message>
    <message>
        <source>Delegation that will hold the pen</source>
        <translation>Delegación que llevará la redacción</translation>
    </message>
    <message>
        <source>From then on only {0} changes the text. You can propose like everybody else, and only {0} can give the pen back.</source>
        <translation>A partir de entonces solo {0} cambia el texto. Usted puede proponer como los demás, y solo {0} puede devolverle la redacción.</translation>
    </message>
    <message>
        <source>Keep the pen</source>
        <translation>Mantener la redacción</translation>
    </message>
    <message>
        <source>Only the pen changes the text; everybody else proposes.</source>
        <translation>Solo quien lleva la redacción cambia el texto; los demás proponen.</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>Ceder la redacción</translation>
    </message>
    <message>
        <source>Pass the pen to another delegation</source>
        <translation>Ceder la redacción a otra delegación</translation>
    </message>
    <message>
        <source>You have not verified {0}: compare the safety words first.</source>
        <translation>No ha verificado a {0}: compare primero las palabras de seguridad.</translation>
    </message>
</context>
<context>
    <name>PassagePicker</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Enter inserts the words</source>
        <translation>Intro inserta las palabras</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>Insertar</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>Insertar desde la biblioteca</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>En la biblioteca no hay nada parecido a estas palabras.</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>Pasajes encontrados</translation>
    </message>
    <message>
        <source>The words go where the cursor is, their source into the reason.</source>
        <translation>Las palabras se insertan donde está el cursor; su fuente, en la motivación.</translation>
    </message>
    <message>
        <source>Words, or a symbol and paragraph: A/70/174 13 (f)</source>
        <translation>Palabras, o signatura y párrafo: A/70/174 13 (f)</translation>
    </message>
</context>
<context>
    <name>PassingCard</name>
    <message>
        <source>For another laptop or a colleague. No secret goes into the file: no key, no name, no folder, no password of a proxy. Before a file changes anything here you see what it would change.</source>
        <translation>Para otro portátil o para un colega. En el archivo no entra ningún secreto: ni claves, ni nombres, ni carpetas, ni la contraseña de un proxy. Antes de que un archivo cambie algo aquí, usted ve lo que cambiaría.</translation>
    </message>
    <message>
        <source>Save the settings</source>
        <translation>Guardar los ajustes</translation>
    </message>
    <message>
        <source>Save the settings…</source>
        <translation>Guardar los ajustes…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Guardado como {0}</translation>
    </message>
    <message>
        <source>Settings in a file</source>
        <translation>Ajustes en un archivo</translation>
    </message>
    <message>
        <source>Settings of Valise ({0})</source>
        <translation>Ajustes de Valise ({0})</translation>
    </message>
    <message>
        <source>Take settings from a file</source>
        <translation>Incorporar ajustes de un archivo</translation>
    </message>
    <message>
        <source>Take settings from a file…</source>
        <translation>Incorporar ajustes de un archivo…</translation>
    </message>
</context>
<context>
    <name>PassphraseEntry</name>
    <message>
        <source>Hide the passphrase</source>
        <translation>Ocultar la frase de contraseña</translation>
    </message>
    <message>
        <source>Show the passphrase</source>
        <translation>Mostrar la frase de contraseña</translation>
    </message>
</context>
<context>
    <name>PassphrasePage</name>
    <message>
        <source>It opens the vault on this laptop. It is never stored and never sent.</source>
        <translation>Abre la bóveda en este portátil. Nunca se almacena ni se envía.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Frase de contraseña</translation>
    </message>
</context>
<context>
    <name>PenBench</name>
    <message>
        <source>You hold the pen</source>
        <translation>Usted lleva la redacción</translation>
    </message>
</context>
<context>
    <name>PickDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Elegir</translation>
    </message>
    <message>
        <source>Choose a paragraph</source>
        <translation>Elegir un párrafo</translation>
    </message>
    <message>
        <source>Choose a row</source>
        <translation>Elegir una fila</translation>
    </message>
    <message>
        <source>Some of its words</source>
        <translation>Algunas de sus palabras</translation>
    </message>
    <message>
        <source>There is nothing to choose from yet.</source>
        <translation>Todavía no hay nada que elegir.</translation>
    </message>
    <message>
        <source>What can be chosen</source>
        <translation>Qué puede elegirse</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source> ≈ nearly alike ({0})</source>
        <translation> ≈ casi iguales ({0})</translation>
    </message>
    <message>
        <source>As it would read</source>
        <translation>Cómo quedaría</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are dropped unsaid.</source>
        <translation>No se abandonan las palabras de ninguna delegación sin decirlo.</translation>
    </message>
    <message>
        <source>Other words at this place</source>
        <translation>Otras palabras en este lugar</translation>
    </message>
    <message>
        <source>Other words:</source>
        <translation>Otras palabras:</translation>
    </message>
    <message>
        <source>Place {0}</source>
        <translation>Lugar {0}</translation>
    </message>
    <message>
        <source>Stays as it is: {0}</source>
        <translation>Queda como está: {0}</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>What becomes of each amendment</source>
        <translation>Qué se hace con cada enmienda</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
    <message>
        <source>without these words</source>
        <translation>sin estas palabras</translation>
    </message>
    <message>
        <source>{0}  ({1}; {2}){3}</source>
        <translation>{0}  ({1}; {2}){3}</translation>
    </message>
</context>
<context>
    <name>PlacesField</name>
    <message>
        <source>Add an address</source>
        <translation>Añadir una dirección</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>Words outside brackets: {0}</source>
        <translation>Palabras fuera de corchetes: {0}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>ahora</translation>
    </message>
    <message>
        <source>words in brackets</source>
        <translation>palabras entre corchetes</translation>
    </message>
    <message>
        <source>words outside brackets</source>
        <translation>palabras fuera de corchetes</translation>
    </message>
</context>
<context>
    <name>PracticeBanner</name>
    <message>
        <source>Fictional delegations only. Nothing here is real, and nothing leaves this vault.</source>
        <translation>Solo delegaciones ficticias. Aquí nada es real y nada sale de esta bóveda.</translation>
    </message>
</context>
<context>
    <name>PracticePage</name>
    <message>
        <source>Nothing here is real and nothing leaves this vault&apos;s folder. Keys, signatures and envelopes are the same as in your own vault.</source>
        <translation>Aquí nada es real y nada sale de la carpeta de esta bóveda. Las claves, las firmas y los sobres son iguales que en su propia bóveda.</translation>
    </message>
    <message>
        <source>Practice with fictional delegations</source>
        <translation>Práctica con delegaciones ficticias</translation>
    </message>
    <message>
        <source>Record of practice</source>
        <translation>Acta de la práctica</translation>
    </message>
    <message>
        <source>Save the record</source>
        <translation>Guardar el acta</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>Guardar el acta…</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Guardado como {file}.</translation>
    </message>
    <message>
        <source>What Borovia&apos;s laptop shows for your delegation</source>
        <translation>Lo que muestra el portátil de Borovia respecto de su delegación</translation>
    </message>
</context>
<context>
    <name>PractisePage</name>
    <message>
        <source>A passphrase for practice</source>
        <translation>Una frase de contraseña para practicar</translation>
    </message>
    <message>
        <source>A vault of its own beside yours, with two invented partners who answer. It takes in no real contact and carries nothing beyond its folder.</source>
        <translation>Una bóveda propia, junto a la suya, con dos interlocutores ficticios que responden. No admite ningún contacto real y no lleva nada fuera de su carpeta.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Making the vault and its partners. This takes a moment on purpose.</source>
        <translation>Creando la bóveda y sus interlocutores. Lleva un momento a propósito.</translation>
    </message>
    <message>
        <source>Passphrase of the vault for practice</source>
        <translation>Frase de contraseña de la bóveda de práctica</translation>
    </message>
    <message>
        <source>Practise</source>
        <translation>Practicar</translation>
    </message>
    <message>
        <source>Practise with fictional delegations</source>
        <translation>Practicar con delegaciones ficticias</translation>
    </message>
</context>
<context>
    <name>PreviewDialog</name>
    <message>
        <source>A STIX bundle</source>
        <translation>Un paquete STIX</translation>
    </message>
    <message>
        <source>A draft for you to look at. Nothing is sent, and nothing of it is executed. Taken in: {0}; kept out: {1}.</source>
        <translation>Un borrador para que usted lo examine. No se envía nada ni se ejecuta nada de él. Incorporado: {0}; excluido: {1}.</translation>
    </message>
    <message>
        <source>Kept out: patterns that name more than one address</source>
        <translation>Excluidos: patrones que nombran más de una dirección</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Dejarlo</translation>
    </message>
    <message>
        <source>Make a draft of it</source>
        <translation>Hacer de él un borrador</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Con la marca</translation>
    </message>
    <message>
        <source>To be filled in by you: {0}</source>
        <translation>Debe completarlo usted: {0}</translation>
    </message>
    <message>
        <source>What the bundle holds</source>
        <translation>Qué contiene el paquete</translation>
    </message>
    <message>
        <source>What this bundle would become</source>
        <translation>En qué se convertiría este paquete</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>Avance</translation>
    </message>
</context>
<context>
    <name>ProposalCard</name>
    <message>
        <source>Admit</source>
        <translation>Admitir</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>Copatrocinar</translation>
    </message>
    <message>
        <source>Co-sponsor {0}</source>
        <translation>Copatrocinar {0}</translation>
    </message>
    <message>
        <source>Do not take {0}</source>
        <translation>No incorporar {0}</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>Mantener como alternativa</translation>
    </message>
    <message>
        <source>Keep {0} as an alternative</source>
        <translation>Mantener {0} como alternativa</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>Motivo: {0}</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Observación</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>Observación a la sala sobre {0}</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>Incorporar</translation>
    </message>
    <message>
        <source>Take {0} back into the talks</source>
        <translation>Volver a incluir {0} en las conversaciones</translation>
    </message>
    <message>
        <source>Take {0} into the text</source>
        <translation>Incorporar {0} al texto</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Retirar</translation>
    </message>
    <message>
        <source>Withdraw {0}</source>
        <translation>Retirar {0}</translation>
    </message>
    <message>
        <source>with {0}</source>
        <translation>con {0}</translation>
    </message>
</context>
<context>
    <name>QShortcut</name>
    <message>
        <source>Backspace</source>
        <translation>Retroceso</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Supr</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Abajo</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Intro</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Izquierda</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Intro</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Derecha</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Mayús</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Arriba</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>It has changed…</source>
        <translation>Ha cambiado…</translation>
    </message>
    <message>
        <source>The entry is right</source>
        <translation>La entrada es correcta</translation>
    </message>
    <message>
        <source>Wrong contact…</source>
        <translation>Contacto equivocado…</translation>
    </message>
    <message>
        <source>You confirmed it</source>
        <translation>Usted la confirmó</translation>
    </message>
    <message>
        <source>You said that it has changed</source>
        <translation>Usted dijo que ha cambiado</translation>
    </message>
    <message>
        <source>You said that it is the wrong contact</source>
        <translation>Usted dijo que es el contacto equivocado</translation>
    </message>
    <message>
        <source>asked {when}, answer by {due}</source>
        <translation>pregunta recibida: {when}; responder antes de: {due}</translation>
    </message>
    <message>
        <source>{told}: {officer}, {when}</source>
        <translation>{told}: {officer}, {when}</translation>
    </message>
    <message>
        <source>{who} asks: is this entry right?</source>
        <translation>{who} pregunta: ¿es correcta esta entrada?</translation>
    </message>
</context>
<context>
    <name>ReachView</name>
    <message>
        <source>Contacts: {contacts} · rounds: {rounds}</source>
        <translation>Contactos: {contacts} · rondas: {rounds}</translation>
    </message>
    <message>
        <source>Exercises too</source>
        <translation>También los ejercicios</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>Todavía no hay nada que mostrar</translation>
    </message>
    <message>
        <source>Once a round was opened, you see here what came of it.</source>
        <translation>Cuando se haya abierto una ronda, aquí verá qué resultó de ella.</translation>
    </message>
    <message>
        <source>Reachability by contact and round</source>
        <translation>Disponibilidad por contacto y ronda</translation>
    </message>
    <message>
        <source>The bar is the time to the answer, on a scale from a minute to thirty days on which each step is a multiple of the one before. Hatched: asked outside their hours or on a public holiday there. States stand by name; no order is a ranking. Results of others stay here.</source>
        <translation>La barra es el tiempo hasta la respuesta, en una escala de un minuto a treinta días en que cada paso es un múltiplo del anterior. Rayado: se preguntó fuera de su horario o en un día festivo de allí. Los Estados figuran por su nombre; ningún orden es una clasificación. Los resultados de otros permanecen aquí.</translation>
    </message>
</context>
<context>
    <name>ReadingList</name>
    <message>
        <source>Enter goes to the paragraph</source>
        <translation>Intro lleva al párrafo</translation>
    </message>
</context>
<context>
    <name>ReadingPane</name>
    <message>
        <source>Choose a result or a document: it is shown here where it stands.</source>
        <translation>Elija un resultado o un documento: se muestra aquí en el lugar en que figura.</translation>
    </message>
    <message>
        <source>Enter on the first or last line shows more</source>
        <translation>Intro en la primera o la última línea muestra más</translation>
    </message>
    <message>
        <source>Nothing chosen</source>
        <translation>Nada elegido</translation>
    </message>
    <message>
        <source>Paragraphs of the document</source>
        <translation>Párrafos del documento</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>Motivo, se conserva en el historial</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>Answered or found out at (UTC)</source>
        <translation>Respondió o se averiguó el (UTC)</translation>
    </message>
    <message>
        <source>Asked at (UTC)</source>
        <translation>Se preguntó el (UTC)</translation>
    </message>
    <message>
        <source>By which way</source>
        <translation>Por qué vía</translation>
    </message>
    <message>
        <source>It cannot answer before it was asked.</source>
        <translation>No puede responder antes de que se le pregunte.</translation>
    </message>
    <message>
        <source>It stands in the record as your word, told apart from an answer they signed.</source>
        <translation>Consta en acta como afirmación de usted, distinta de una respuesta firmada por la otra delegación.</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Resultado</translation>
    </message>
    <message>
        <source>Record an outcome</source>
        <translation>Anotar un resultado</translation>
    </message>
    <message>
        <source>Record it</source>
        <translation>Anotarlo</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>La nota tiene más de 2.000 caracteres.</translation>
    </message>
    <message>
        <source>What came of asking {who}?</source>
        <translation>¿Qué resultado dio la consulta a {who}?</translation>
    </message>
</context>
<context>
    <name>RecoverPage</name>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Change and open</source>
        <translation>Cambiar y abrir</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Nueva frase de contraseña</translation>
    </message>
    <message>
        <source>Open with recovery shares</source>
        <translation>Abrir con fragmentos de recuperación</translation>
    </message>
    <message>
        <source>Open, keep the passphrase</source>
        <translation>Abrir y mantener la frase de contraseña</translation>
    </message>
    <message>
        <source>The shares open this vault. Choose the passphrase that opens it from now on; the one before opens nothing any more, and no keyring is needed beside it.</source>
        <translation>Los fragmentos abren esta bóveda. Elija la frase de contraseña que la abrirá a partir de ahora; la anterior ya no abre nada y no se necesita ningún llavero además de ella.</translation>
    </message>
</context>
<context>
    <name>RegisterList</name>
    <message>
        <source>Enter goes to the rows</source>
        <translation>Intro lleva a las filas</translation>
    </message>
    <message>
        <source>Find a register</source>
        <translation>Buscar un registro</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Registros</translation>
    </message>
</context>
<context>
    <name>RegisterPage</name>
    <message>
        <source>A first row</source>
        <translation>Una primera fila</translation>
    </message>
    <message>
        <source>A further row (Ctrl+N)</source>
        <translation>Una fila más (Ctrl+N)</translation>
    </message>
    <message>
        <source>Further acts</source>
        <translation>Otras acciones</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nuevo</translation>
    </message>
    <message>
        <source>No row belongs here now</source>
        <translation>Ninguna fila corresponde aquí por ahora</translation>
    </message>
    <message>
        <source>No row passes this filter</source>
        <translation>Ninguna fila pasa este filtro</translation>
    </message>
    <message>
        <source>Nothing is in this register yet</source>
        <translation>Todavía no hay nada en este registro</translation>
    </message>
    <message>
        <source>Show every row</source>
        <translation>Mostrar todas las filas</translation>
    </message>
</context>
<context>
    <name>RegisterTable</name>
    <message>
        <source>Arrows move, Enter opens the row, F2 changes the cell</source>
        <translation>Las flechas desplazan, Intro abre la fila, F2 cambia la celda</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Esquina de la tabla</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>Encabezados</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Filas</translation>
    </message>
</context>
<context>
    <name>RegistersScreen</name>
    <message>
        <source>Commitments</source>
        <translation>Compromisos</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contactos</translation>
    </message>
</context>
<context>
    <name>RehearseDialog</name>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Hecho</translation>
    </message>
    <message>
        <source>Look for the sheets with the name of your delegation on them, or make new ones.</source>
        <translation>Busque las hojas que llevan el nombre de su delegación o haga otras nuevas.</translation>
    </message>
    <message>
        <source>Put every sheet back to its keeper.</source>
        <translation>Devuelva cada hoja a quien la guarda.</translation>
    </message>
    <message>
        <source>Rehearse the recovery</source>
        <translation>Ensayar la recuperación</translation>
    </message>
    <message>
        <source>The day of the rehearsal is kept.</source>
        <translation>Se conserva el día del ensayo.</translation>
    </message>
    <message>
        <source>These sheets belong to something else.</source>
        <translation>Estas hojas corresponden a otra cosa.</translation>
    </message>
</context>
<context>
    <name>ReleaseCard</name>
    <message>
        <source>Ask to lift the rule</source>
        <translation>Pedir que se levante la regla</translation>
    </message>
    <message>
        <source>Keep the rule</source>
        <translation>Mantener la regla</translation>
    </message>
    <message>
        <source>Off. No second officer of your delegation has a laptop that may propose amendments.</source>
        <translation>Desactivada. Ningún segundo funcionario de su delegación tiene un portátil que pueda proponer enmiendas.</translation>
    </message>
    <message>
        <source>Off: proposals leave at once.</source>
        <translation>Desactivada: las propuestas salen de inmediato.</translation>
    </message>
    <message>
        <source>On. You asked to lift it; it is lifted when a second officer asks too.</source>
        <translation>Activada. Usted pidió levantarla; se levanta cuando también lo pide un segundo funcionario.</translation>
    </message>
    <message>
        <source>On. {0} asks to lift it; it is lifted when you ask too.</source>
        <translation>Activada. {0} pide levantarla; se levanta cuando usted también lo pide.</translation>
    </message>
    <message>
        <source>On: every proposal waits for a second officer.</source>
        <translation>Activada: cada propuesta espera a un segundo funcionario.</translation>
    </message>
    <message>
        <source>Release by a second officer</source>
        <translation>Autorización por un segundo funcionario</translation>
    </message>
    <message>
        <source>Wait for a second officer</source>
        <translation>Esperar a un segundo funcionario</translation>
    </message>
    <message>
        <source>With this rule a proposal stays in your delegation until another officer, on another laptop, releases it. It holds for proposals; positions, remarks to the room and what the pen writes leave at once. A laptop that has not heard of the rule yet does not keep it.</source>
        <translation>Con esta regla, una propuesta permanece en su delegación hasta que otro funcionario, en otro portátil, la autoriza. Rige para las propuestas; las posiciones, las observaciones a la sala y lo que escribe quien lleva la redacción salen de inmediato. Un portátil que aún no ha recibido noticia de la regla no la aplica.</translation>
    </message>
</context>
<context>
    <name>ReleaseDialog</name>
    <message>
        <source>A release of Valise</source>
        <translation>Una versión de Valise</translation>
    </message>
    <message>
        <source>Check a package</source>
        <translation>Comprobar un paquete</translation>
    </message>
    <message>
        <source>Check a package…</source>
        <translation>Comprobar un paquete…</translation>
    </message>
    <message>
        <source>Checksum of {0}: {1}</source>
        <translation>Suma de comprobación de {0}: {1}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>From the file {0}</source>
        <translation>Del archivo {0}</translation>
    </message>
    <message>
        <source>Not checked yet. Nothing is installed from here: install only a package that passed.</source>
        <translation>Aún sin comprobar. Desde aquí no se instala nada: instale solo un paquete que haya pasado la comprobación.</translation>
    </message>
    <message>
        <source>The package that came with it</source>
        <translation>El paquete que lo acompaña</translation>
    </message>
    <message>
        <source>The signature holds: it was signed with the key of this program&apos;s publisher, and nothing was changed since.</source>
        <translation>La firma es válida: se firmó con la clave del editor de este programa y nada ha cambiado desde entonces.</translation>
    </message>
    <message>
        <source>This package is exactly the one released: {0}.</source>
        <translation>Este paquete es exactamente el publicado: {0}.</translation>
    </message>
    <message>
        <source>Valise {0} of {1}</source>
        <translation>Valise {0} del {1}</translation>
    </message>
    <message>
        <source>What belongs to it and what is said about it</source>
        <translation>Qué comprende y qué se dice de ella</translation>
    </message>
    <message>
        <source>What belongs to it: name, size and checksum (SHA-256)</source>
        <translation>Qué comprende: nombre, tamaño y suma de comprobación (SHA-256)</translation>
    </message>
    <message>
        <source>What its publisher says about it</source>
        <translation>Lo que dice de ella su editor</translation>
    </message>
    <message>
        <source>{0} did not pass.</source>
        <translation>{0} no ha pasado la comprobación.</translation>
    </message>
</context>
<context>
    <name>RenewDialog</name>
    <message>
        <source>Change officer or rights</source>
        <translation>Cambiar el funcionario o los derechos</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Continuar a la clave raíz…</translation>
    </message>
    <message>
        <source>Its keys stay the same; the term begins anew. Fewer rights hold from now on: what it signed before stands. A laptop you no longer trust is not changed but revoked.</source>
        <translation>Sus claves siguen siendo las mismas; el plazo empieza de nuevo. Si se reducen los derechos, rige a partir de ahora: lo que firmó antes se mantiene. Un portátil en el que ya no confía no se cambia, sino que se revoca.</translation>
    </message>
    <message>
        <source>Renew the certificate</source>
        <translation>Renovar el certificado</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>A police or judicial matter: mutual legal assistance, extradition, evidence for a court</source>
        <translation>Un asunto policial o judicial: asistencia judicial recíproca, extradición, pruebas para un tribunal</translation>
    </message>
    <message>
        <source>Agreed</source>
        <translation>Acordado</translation>
    </message>
    <message>
        <source>An ICT incident between States</source>
        <translation>Un incidente relacionado con las TIC entre Estados</translation>
    </message>
    <message>
        <source>And {0} more: the command valise verify shows them all.</source>
        <translation>Y {0} más: el comando valise verify los muestra todos.</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>Adjuntar un archivo</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>Adjuntar un archivo…</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Certified from {0} to {1}.</source>
        <translation>Certificado del {0} al {1}.</translation>
    </message>
    <message>
        <source>Checkpoint with both signature algorithms: everything up to {0}.</source>
        <translation>Punto de control con los dos algoritmos de firma: todo hasta {0}.</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Cerrado</translation>
    </message>
    <message>
        <source>Confirmed by {0}.</source>
        <translation>Confirmado por {0}.</translation>
    </message>
    <message>
        <source>Contradicted by {0}.</source>
        <translation>Contradicho por {0}.</translation>
    </message>
    <message>
        <source>Drop the draft</source>
        <translation>Desechar el borrador</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>Entradas</translation>
    </message>
    <message>
        <source>Everybody in this room reads it: {0}. TLP:RED is not for a group.</source>
        <translation>Todos en esta sala lo leen: {0}. TLP:RED no es para un grupo.</translation>
    </message>
    <message>
        <source>Everything required is filled in. What you write is kept in the vault.</source>
        <translation>Todo lo obligatorio está completo. Lo que usted escribe se conserva en la bóveda.</translation>
    </message>
    <message>
        <source>Files are sealed for one room: attach them again for this one.</source>
        <translation>Los archivos se sellan para una sola sala: adjúntelos de nuevo para esta.</translation>
    </message>
    <message>
        <source>Fill in: {0}</source>
        <translation>Complete: {0}</translation>
    </message>
    <message>
        <source>Filled in by the delegations that answer.</source>
        <translation>Lo completan las delegaciones que responden.</translation>
    </message>
    <message>
        <source>Filled in by you when it is over.</source>
        <translation>Lo completa usted cuando haya terminado.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Huella</translation>
    </message>
    <message>
        <source>Laptop of</source>
        <translation>Portátil de</translation>
    </message>
    <message>
        <source>Look at what leaves and to whom; nothing is sent before (Ctrl+Enter)</source>
        <translation>Examinar lo que sale y a quién; antes no se envía nada (Ctrl+Intro)</translation>
    </message>
    <message>
        <source>Look at what leaves…</source>
        <translation>Examinar lo que sale…</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Miembros</translation>
    </message>
    <message>
        <source>Messages for the record: {0}.</source>
        <translation>Mensajes para que consten en acta: {0}.</translation>
    </message>
    <message>
        <source>No longer members</source>
        <translation>Ya no son miembros</translation>
    </message>
    <message>
        <source>Not to be sent on to others before (embargo)</source>
        <translation>No debe transmitirse a otros antes de (embargo de difusión)</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>Lo lee solo: {0}.</translation>
    </message>
    <message>
        <source>Own archive of an internal room: not to be handed to anybody.</source>
        <translation>Archivo histórico propio de una sala interna: no debe entregarse a nadie.</translation>
    </message>
    <message>
        <source>Report an incident or ask for help</source>
        <translation>Comunicar un incidente o pedir ayuda</translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>Resultado de la comprobación</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Revisión</translation>
    </message>
    <message>
        <source>Revoked {0}.</source>
        <translation>Revocado: {0}.</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Sala</translation>
    </message>
    <message>
        <source>Room in which it is reported; everybody in it reads it</source>
        <translation>Sala en que se comunica; todos en ella lo leen</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 of its words</source>
        <translation>SHA-256 de sus palabras</translation>
    </message>
    <message>
        <source>SHA-256 that is signed on to</source>
        <translation>SHA-256 al que se refieren las adhesiones</translation>
    </message>
    <message>
        <source>Say what is observed, not who did it. Use is voluntary: only what is marked as required must be filled in. All times are UTC.</source>
        <translation>Diga lo que se observa, no quién lo hizo. Su uso es voluntario: solo debe completarse lo indicado como obligatorio. Todas las horas son UTC.</translation>
    </message>
    <message>
        <source>Still required: {0}</source>
        <translation>Falta aún, con carácter obligatorio: {0}</translation>
    </message>
    <message>
        <source>Such matters keep their own channels and are not sent here. Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau.</source>
        <translation>Estos asuntos tienen sus propios canales y no se envían por aquí. Recurra a su autoridad central en materia de asistencia judicial recíproca, a la red 24/7 del tratado aplicable o a INTERPOL por conducto de su oficina central nacional.</translation>
    </message>
    <message>
        <source>The time of the embargo cannot be understood: write it like 2026-12-10 18:00.</source>
        <translation>No se entiende la hora del embargo de difusión: escríbala como 2026-12-10 18:00.</translation>
    </message>
    <message>
        <source>There is no room with another delegation yet. Make one under Messages (Ctrl+5).</source>
        <translation>Todavía no hay ninguna sala con otra delegación. Cree una en Mensajes (Ctrl+5).</translation>
    </message>
    <message>
        <source>This is the first entry that does not hold; others may follow.</source>
        <translation>Esta es la primera entrada que no es válida; puede haber otras después.</translation>
    </message>
    <message>
        <source>This matter is not sent here: use the channel named above.</source>
        <translation>Este asunto no se envía por aquí: utilice el canal indicado más arriba.</translation>
    </message>
    <message>
        <source>To whom?</source>
        <translation>¿A quién?</translation>
    </message>
    <message>
        <source>Two histories at {0}: {1}</source>
        <translation>Dos historias en {0}: {1}</translation>
    </message>
    <message>
        <source>What is it about?</source>
        <translation>¿De qué se trata?</translation>
    </message>
    <message>
        <source>What is not proved</source>
        <translation>Qué no queda demostrado</translation>
    </message>
    <message>
        <source>What is proved</source>
        <translation>Qué queda demostrado</translation>
    </message>
    <message>
        <source>What verifies and still has to be known</source>
        <translation>Qué se verifica y además debe saberse</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>Escrito por</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>nadie</translation>
    </message>
    <message>
        <source>{0} is NOT sound. Do not rely on it.</source>
        <translation>{0} NO es válido. No confíe en él.</translation>
    </message>
    <message>
        <source>{0} is sound: every entry verifies.</source>
        <translation>{0} es válido: cada entrada se verifica.</translation>
    </message>
</context>
<context>
    <name>RequestPage</name>
    <message>
        <source>Ask to be admitted</source>
        <translation>Solicitar la admisión</translation>
    </message>
    <message>
        <source>Back here: unlock Valise with your passphrase and open the answer.</source>
        <translation>De vuelta aquí: desbloquee Valise con su frase de contraseña y abra la respuesta.</translation>
    </message>
    <message>
        <source>On the first laptop: Security, “Our laptops”, Admit…, open the request, compare the code, save the answer.</source>
        <translation>En el primer portátil: Seguridad, “Nuestros portátiles”, Admitir…, abra la solicitud, compare el código y guarde la respuesta.</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Guardar la solicitud</translation>
    </message>
    <message>
        <source>Save the request on a stick. It holds no secret.</source>
        <translation>Guarde la solicitud en una memoria USB. No contiene ningún secreto.</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>Guardar la solicitud…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Guardado como {0}</translation>
    </message>
    <message>
        <source>Your delegation&apos;s first laptop decides what this one may do.</source>
        <translation>El primer portátil de su delegación decide qué puede hacer este.</translation>
    </message>
</context>
<context>
    <name>RequestPart</name>
    <message>
        <source>Choose the request…</source>
        <translation>Elegir la solicitud…</translation>
    </message>
    <message>
        <source>If they differ, do not go on: the request was exchanged on its way. Carry it yourself.</source>
        <translation>Si difieren, no continúe: la solicitud se cambió por otra en el camino. Llévela usted en persona.</translation>
    </message>
    <message>
        <source>Open the request</source>
        <translation>Abrir la solicitud</translation>
    </message>
    <message>
        <source>Read this code aloud; the other laptop shows its own. They must be the same.</source>
        <translation>Lea este código en voz alta; el otro portátil muestra el suyo. Tienen que ser iguales.</translation>
    </message>
    <message>
        <source>The codes are the same</source>
        <translation>Los códigos son iguales</translation>
    </message>
</context>
<context>
    <name>RestorePage</name>
    <message>
        <source>A passphrase for this laptop</source>
        <translation>Una frase de contraseña para este portátil</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Everything in the backup can be read at once. This becomes a new laptop of your delegation: it sends nothing before it is admitted, and the old one can be revoked in the same step.</source>
        <translation>Todo lo que contiene la copia de seguridad puede leerse de inmediato. Este equipo pasa a ser un nuevo portátil de su delegación: no envía nada antes de ser admitido, y el anterior puede revocarse en el mismo paso.</translation>
    </message>
    <message>
        <source>From a backup</source>
        <translation>Desde una copia de seguridad</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>Frase de contraseña de la copia de seguridad</translation>
    </message>
    <message>
        <source>Reading and proving everything that was signed. Nothing is believed because it is in a backup.</source>
        <translation>Leyendo y comprobando todo lo que se firmó. Nada se da por cierto por el hecho de estar en una copia de seguridad.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurar</translation>
    </message>
    <message>
        <source>The new vault opens with the same passphrase; it can be changed afterwards.</source>
        <translation>La nueva bóveda se abre con la misma frase de contraseña; puede cambiarse después.</translation>
    </message>
</context>
<context>
    <name>RestoredCard</name>
    <message>
        <source>A vault for a journey</source>
        <translation>Una bóveda para un viaje</translation>
    </message>
    <message>
        <source>Admit it with the key file…</source>
        <translation>Admitirlo con el archivo de clave…</translation>
    </message>
    <message>
        <source>Check code, read aloud: both laptops show the same</source>
        <translation>Código de comprobación, léase en voz alta: ambos portátiles muestran el mismo</translation>
    </message>
    <message>
        <source>If another laptop of yours is in use, let it admit this one:</source>
        <translation>Si se utiliza otro portátil suyo, que sea ese el que admita este:</translation>
    </message>
    <message>
        <source>If it was your only one, admit this laptop here:</source>
        <translation>Si era el único, admita este portátil aquí:</translation>
    </message>
    <message>
        <source>It is for: {0}.</source>
        <translation>Es para: {0}.</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>Abrir la respuesta</translation>
    </message>
    <message>
        <source>Open the answer…</source>
        <translation>Abrir la respuesta…</translation>
    </message>
    <message>
        <source>Restored from a backup</source>
        <translation>Restaurado desde una copia de seguridad</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Guardar la tarjeta de identidad</translation>
    </message>
    <message>
        <source>Save the new identity card…</source>
        <translation>Guardar la nueva tarjeta de identidad…</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Guardar la solicitud</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>Guardar la solicitud…</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and is admitted. Hand its new identity card to every delegation: they send nothing to it, and cannot read what it sends, before they have looked at it.</source>
        <translation>Este portátil se creó a partir de una copia de seguridad ({0}) y está admitido. Entregue su nueva tarjeta de identidad a todas las delegaciones: no le envían nada, ni pueden leer lo que envía, antes de haberla examinado.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and waits to be admitted. You can read everything; nothing is sent or fetched before that.</source>
        <translation>Este portátil se creó a partir de una copia de seguridad ({0}) y espera a ser admitido. Puede leerlo todo; antes de la admisión no se envía ni se recoge nada.</translation>
    </message>
    <message>
        <source>What was said for the record since the backup comes back from the other delegations.</source>
        <translation>Lo que se dijo para que conste en acta desde la copia de seguridad vuelve desde las demás delegaciones.</translation>
    </message>
</context>
<context>
    <name>ReturnDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>It does not leave. Your delegation reads the reason; nobody else does.</source>
        <translation>No sale. Su delegación lee el motivo; nadie más lo hace.</translation>
    </message>
    <message>
        <source>Reason, for your delegation only</source>
        <translation>Motivo, solo para su delegación</translation>
    </message>
    <message>
        <source>Return it</source>
        <translation>Devolverlo</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>Devolver el borrador</translation>
    </message>
    <message>
        <source>Return the draft to {0}</source>
        <translation>Devolver el borrador a {0}</translation>
    </message>
</context>
<context>
    <name>ReturnedDialog</name>
    <message>
        <source>A file comes back</source>
        <translation>Archivo devuelto</translation>
    </message>
    <message>
        <source>A file of this text comes back</source>
        <translation>Archivo devuelto de este texto</translation>
    </message>
    <message>
        <source>Author in the file: {0}.</source>
        <translation>Autor en el archivo: {0}.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Cannot be proposed: {0}; each says why.</source>
        <translation>No se puede proponer: {0}; en cada caso se indica por qué.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copiado.</translation>
    </message>
    <message>
        <source>Copy the words</source>
        <translation>Copiar las palabras</translation>
    </message>
    <message>
        <source>New first paragraph</source>
        <translation>Nuevo primer párrafo</translation>
    </message>
    <message>
        <source>New paragraph after {0}</source>
        <translation>Nuevo párrafo después de {0}</translation>
    </message>
    <message>
        <source>No author in the file: typed over.</source>
        <translation>Sin autor en el archivo: escrito directamente sobre el texto.</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>Proponer</translation>
    </message>
    <message>
        <source>Propose what is ticked (Ctrl+Enter in the list)</source>
        <translation>Proponer lo marcado (Ctrl+Intro en la lista)</translation>
    </message>
    <message>
        <source>Read against the text as it stands.</source>
        <translation>Leído en comparación con el texto tal como está.</translation>
    </message>
    <message>
        <source>Read against {0}, which it changes least.</source>
        <translation>Leído en comparación con {0}, que es lo que menos cambia.</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>Leerlo de nuevo</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>Leído: {0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>Leyendo {0}…</translation>
    </message>
    <message>
        <source>Remark on {0}</source>
        <translation>Observación sobre {0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Detener</translation>
    </message>
    <message>
        <source>Stopped. Choose a file, or drop it here.</source>
        <translation>Detenido. Elija un archivo o suéltelo aquí.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>El portapapeles se vacía en diez segundos.</translation>
    </message>
    <message>
        <source>This file changes nothing.</source>
        <translation>Este archivo no cambia nada.</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>Marcar todo</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>No marcar nada</translation>
    </message>
    <message>
        <source>What the file changes</source>
        <translation>Qué cambia el archivo</translation>
    </message>
    <message>
        <source>What was changed in it, tracked or typed over, is shown here. What you leave ticked becomes proposals of your delegation; nothing else of the file leaves this laptop.</source>
        <translation>Aquí se muestra lo que se cambió en él, con control de cambios o escrito directamente. Lo que deje marcado pasa a ser propuestas de su delegación; nada más del archivo sale de este portátil.</translation>
    </message>
    <message>
        <source>a paragraph</source>
        <translation>un párrafo</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>No se ha podido leer {0}. Elija otro archivo.</translation>
    </message>
    <message>
        <source>{0}: delete the paragraph</source>
        <translation>{0}: suprimir el párrafo</translation>
    </message>
    <message>
        <source>{0}: move after {1}</source>
        <translation>{0}: trasladar después de {1}</translation>
    </message>
    <message>
        <source>{0}: move to the start</source>
        <translation>{0}: trasladar al principio</translation>
    </message>
    <message>
        <source>{0}: other words</source>
        <translation>{0}: otras palabras</translation>
    </message>
</context>
<context>
    <name>RevisionDialog</name>
    <message>
        <source>Amendments still open: {0}. They stay in the text as brackets.</source>
        <translation>Enmiendas todavía abiertas: {0}. Permanecen en el texto entre corchetes.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Every delegation computes the hash of this text for itself and tells the others that it found the same.</source>
        <translation>Cada delegación calcula por sí misma el hash de este texto y comunica a las demás que ha obtenido el mismo.</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>Fijar</translation>
    </message>
    <message>
        <source>Freeze the text as a revision</source>
        <translation>Fijar el texto como revisión</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>Nueva revisión</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Signatura</translation>
    </message>
    <message>
        <source>Symbol of the revision</source>
        <translation>Signatura de la revisión</translation>
    </message>
    <message>
        <source>{0} is frozen. Its hash begins:</source>
        <translation>{0} queda fijada. Su hash empieza así:</translation>
    </message>
</context>
<context>
    <name>RevisionsPane</name>
    <message>
        <source>Co-sponsors…</source>
        <translation>Copatrocinadores…</translation>
    </message>
    <message>
        <source>Computed something else: {0}</source>
        <translation>Calcularon otra cosa: {0}</translation>
    </message>
    <message>
        <source>Computed the same: {0}</source>
        <translation>Calcularon lo mismo: {0}</translation>
    </message>
    <message>
        <source>Copy the whole hash</source>
        <translation>Copiar el hash completo</translation>
    </message>
    <message>
        <source>Copy the whole hash of {0}</source>
        <translation>Copiar el hash completo de {0}</translation>
    </message>
    <message>
        <source>Hash of the text: {0}</source>
        <translation>Hash del texto: {0}</translation>
    </message>
    <message>
        <source>No revision yet</source>
        <translation>Todavía no hay ninguna revisión</translation>
    </message>
    <message>
        <source>Nobody has confirmed the hash yet.</source>
        <translation>Nadie ha confirmado el hash todavía.</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors for {0}</source>
        <translation>Abrir una lista de copatrocinadores de {0}</translation>
    </message>
    <message>
        <source>Put under silence…</source>
        <translation>Someter a acuerdo tácito…</translation>
    </message>
    <message>
        <source>Put {0} under silence</source>
        <translation>Someter {0} a acuerdo tácito</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Revisiones</translation>
    </message>
    <message>
        <source>SHA-256 of the plain text file</source>
        <translation>SHA-256 del archivo de texto sin formato</translation>
    </message>
    <message>
        <source>Silence until {0}: {1}</source>
        <translation>Procedimiento de acuerdo tácito (plazo: {0}): {1}</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision when delegations may refer to it. Everybody computes the same hash.</source>
        <translation>La delegación redactora fija el texto como revisión cuando las delegaciones pueden remitirse a ella. Todos calculan el mismo hash.</translation>
    </message>
    <message>
        <source>This computer computes another text than the pen-holder signed. Do not rely on this revision; compare the hash by telephone.</source>
        <translation>Este equipo calcula un texto distinto del que firmó la delegación redactora. No confíe en esta revisión; compare el hash por teléfono.</translation>
    </message>
</context>
<context>
    <name>RevokeDialog</name>
    <message>
        <source>As soon as the relay confirms, it takes nothing more with this permission. What it holds already still comes.</source>
        <translation>En cuanto el repetidor lo confirma, no acepta nada más con este permiso. Lo que ya tiene sigue llegando.</translation>
    </message>
    <message>
        <source>From the next exchange on nobody seals anything for it, and nothing it sends is taken. What it signed before stands. This cannot be taken back: a laptop that is found again asks to be admitted anew.</source>
        <translation>A partir del próximo intercambio nadie sella nada para él, y no se acepta nada de lo que envíe. Lo que firmó antes se mantiene. Esto no se puede retirar: un portátil que reaparece solicita que se admita de nuevo.</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Continuar a la clave raíz…</translation>
    </message>
    <message>
        <source>Revoke a laptop</source>
        <translation>Revocar un portátil</translation>
    </message>
    <message>
        <source>Revoke a permission</source>
        <translation>Revocar un permiso</translation>
    </message>
    <message>
        <source>Revoke it</source>
        <translation>Revocarlo</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}</source>
        <translation>Revocar el portátil de {0}</translation>
    </message>
    <message>
        <source>Take the permission of {0} back?</source>
        <translation>¿Retirar el permiso de {0}?</translation>
    </message>
    <message>
        <source>The delegation reaches you by the folder or by courier meanwhile.</source>
        <translation>Entretanto, la delegación se comunica con usted por la carpeta o por mensajero.</translation>
    </message>
    <message>
        <source>This cannot be undone; you can give a new permission at any time.</source>
        <translation>Esto no se puede deshacer; puede dar un permiso nuevo en cualquier momento.</translation>
    </message>
    <message>
        <source>What it still holds can be read by whoever has it and its passphrase. If it was lost unlocked, tell your counterparts.</source>
        <translation>Lo que aún contiene puede leerlo quien lo tenga junto con su frase de contraseña. Si se perdió desbloqueado, avise a sus homólogos.</translation>
    </message>
    <message>
        <source>Why? This stays on this laptop.</source>
        <translation>¿Por qué? Esto permanece en este portátil.</translation>
    </message>
</context>
<context>
    <name>RootCard</name>
    <message>
        <source>1. Copy the key file to a stick…</source>
        <translation>1. Copiar el archivo de clave en una memoria USB…</translation>
    </message>
    <message>
        <source>2. Remove it here</source>
        <translation>2. Quitarlo de aquí</translation>
    </message>
    <message>
        <source>A disk may keep traces of removed files; the file was sealed under its passphrase all the time.</source>
        <translation>Un disco puede conservar rastros de archivos quitados; el archivo estuvo en todo momento sellado con su frase de contraseña.</translation>
    </message>
    <message>
        <source>Copied to {0} and read back: it is the same.</source>
        <translation>Copiado en {0} y releído: es el mismo.</translation>
    </message>
    <message>
        <source>Copy the key file to a stick</source>
        <translation>Copiar el archivo de clave en una memoria USB</translation>
    </message>
    <message>
        <source>It says which laptops are yours, and nothing else. It belongs on a stick in a safe and is opened only to admit, renew or revoke a laptop.</source>
        <translation>Dice qué portátiles son suyos, y nada más. Su lugar es una memoria USB en una caja fuerte y solo se abre para admitir, renovar o revocar un portátil.</translation>
    </message>
    <message>
        <source>Its key file is not on this laptop.</source>
        <translation>Su archivo de clave no está en este portátil.</translation>
    </message>
    <message>
        <source>Its key file still lies beside the vault: whoever takes this laptop takes both. Move it to a stick now.</source>
        <translation>Su archivo de clave sigue estando junto a la bóveda: quien se lleve este portátil se lleva ambas cosas. Trasládelo ahora a una memoria USB.</translation>
    </message>
    <message>
        <source>Make a second copy for another safe if you like, then remove it here.</source>
        <translation>Si lo desea, haga una segunda copia para otra caja fuerte; después quítelo de aquí.</translation>
    </message>
    <message>
        <source>Make recovery shares…</source>
        <translation>Hacer fragmentos de recuperación…</translation>
    </message>
    <message>
        <source>New passphrase for the key file…</source>
        <translation>Nueva frase de contraseña para el archivo de clave…</translation>
    </message>
    <message>
        <source>No recovery shares can be made of it: this delegation was founded by the first version. Keep two copies of the key file in two safes.</source>
        <translation>No se pueden hacer fragmentos de recuperación de ella: esta delegación se fundó con la primera versión. Guarde dos copias del archivo de clave en dos cajas fuertes.</translation>
    </message>
    <message>
        <source>No recovery shares were made here. If file or passphrase is lost, no laptop can be admitted or revoked.</source>
        <translation>Aquí no se han hecho fragmentos de recuperación. Si se pierde el archivo o la frase de contraseña, no se puede admitir ni revocar ningún portátil.</translation>
    </message>
    <message>
        <source>Rehearse the recovery…</source>
        <translation>Ensayar la recuperación…</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away. Make recovery shares if there are none.</source>
        <translation>Retire la memoria USB y guárdela bajo llave. Haga fragmentos de recuperación si no los hay.</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>La clave raíz de la delegación</translation>
    </message>
    <message>
        <source>The key file is no longer beside the vault.</source>
        <translation>El archivo de clave ya no está junto a la bóveda.</translation>
    </message>
</context>
<context>
    <name>RoundModel</name>
    <message>
        <source>Answered, their clock</source>
        <translation>Respuesta, su reloj</translation>
    </message>
    <message>
        <source>Asked, time there</source>
        <translation>Pregunta, hora de allí</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latencia</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Resultado</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>Punto de contacto</translation>
    </message>
    <message>
        <source>Received, our clock</source>
        <translation>Recepción, nuestro reloj</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
</context>
<context>
    <name>RoundsView</name>
    <message>
        <source>A round asks points of contact to confirm their entry, and nothing else. Every six months is usual.</source>
        <translation>En una ronda se pide a los puntos de contacto que confirmen su entrada, y nada más. Lo habitual es cada seis meses.</translation>
    </message>
    <message>
        <source>Close the round</source>
        <translation>Cerrar la ronda</translation>
    </message>
    <message>
        <source>Close the round…</source>
        <translation>Cerrar la ronda…</translation>
    </message>
    <message>
        <source>Close this round?</source>
        <translation>¿Cerrar esta ronda?</translation>
    </message>
    <message>
        <source>Contacts of the round</source>
        <translation>Contactos de la ronda</translation>
    </message>
    <message>
        <source>For one State only</source>
        <translation>Para un solo Estado</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>Última confirmación: {when}</translation>
    </message>
    <message>
        <source>Latency is taken from the signed times, and the time of an answer is that of their clock. That a question was delivered or read is no answer.</source>
        <translation>La latencia se toma de las horas firmadas, y la hora de una respuesta es la del reloj de quien responde. Que una pregunta se haya entregado o leído no es una respuesta.</translation>
    </message>
    <message>
        <source>No round yet</source>
        <translation>Todavía no hay ninguna ronda</translation>
    </message>
    <message>
        <source>Note as confirmed…</source>
        <translation>Anotar como confirmado…</translation>
    </message>
    <message>
        <source>Open a round…</source>
        <translation>Abrir una ronda…</translation>
    </message>
    <message>
        <source>Opened {when} by {who}</source>
        <translation>Abierta: {when}, por {who}</translation>
    </message>
    <message>
        <source>Pages (PDF)…</source>
        <translation>Páginas (PDF)…</translation>
    </message>
    <message>
        <source>Record an outcome…</source>
        <translation>Anotar un resultado…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Informe</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>Ronda</translation>
    </message>
    <message>
        <source>Round: {title}</source>
        <translation>Ronda: {title}</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Guardar el informe</translation>
    </message>
    <message>
        <source>Show the entry</source>
        <translation>Mostrar la entrada</translation>
    </message>
    <message>
        <source>Table (CSV)…</source>
        <translation>Tabla (CSV)…</translation>
    </message>
    <message>
        <source>Take into the entry…</source>
        <translation>Incorporar a la entrada…</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Incorporarlo</translation>
    </message>
    <message>
        <source>Take the correction…</source>
        <translation>Incorporar la corrección…</translation>
    </message>
    <message>
        <source>Take this into the entry of {who}?</source>
        <translation>¿Incorporar esto a la entrada de {who}?</translation>
    </message>
    <message>
        <source>Taken into the entry</source>
        <translation>Incorporado a la entrada</translation>
    </message>
    <message>
        <source>Taken into the entry.</source>
        <translation>Incorporado a la entrada.</translation>
    </message>
    <message>
        <source>Who has not answered is noted as “no reply”. An answer that comes later still counts, as late if it was.</source>
        <translation>Quien no haya respondido se anota como “sin respuesta”. Una respuesta que llegue después sigue contando, como tardía si lo fue.</translation>
    </message>
</context>
<context>
    <name>RowForm</name>
    <message>
        <source>Evidence and links</source>
        <translation>Documentos justificativos y enlaces</translation>
    </message>
    <message>
        <source>Fields of the row</source>
        <translation>Campos de la fila</translation>
    </message>
    <message>
        <source>Further</source>
        <translation>Otros</translation>
    </message>
    <message>
        <source>Internal to our delegation</source>
        <translation>Interno de nuestra delegación</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>Necesarios</translation>
    </message>
    <message>
        <source>Written by the program</source>
        <translation>Escrito por el programa</translation>
    </message>
    <message>
        <source>{0} is changed only together with: {1}</source>
        <translation>{0} solo se cambia junto con: {1}</translation>
    </message>
    <message>
        <source>{0} is needed.</source>
        <translation>Falta completar: {0}.</translation>
    </message>
    <message>
        <source>{0} is new, but {1} is still {2}. Change it, or keep again if it holds.</source>
        <translation>{0} es nuevo, pero {1} sigue siendo {2}. Cámbielo o, si es correcto, consérvelo de nuevo.</translation>
    </message>
    <message>
        <source>{0}: nothing said yet</source>
        <translation>{0}: sin anotar todavía</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>RowPage</name>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Back to the rows (Escape)</source>
        <translation>Volver a las filas (Escape)</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>Seguir escribiendo</translation>
    </message>
    <message>
        <source>History of the row (Ctrl+Shift+H)</source>
        <translation>Historial de la fila (Ctrl+Mayús+H)</translation>
    </message>
    <message>
        <source>It is no longer shown among the rows and in no export. Its values and history stay; it can be put back.</source>
        <translation>Ya no se muestra entre las filas ni figura en ninguna exportación. Sus valores y su historial permanecen; puede restablecerse.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conservar</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Conservar</translation>
    </message>
    <message>
        <source>Keep what was changed (Ctrl+S)</source>
        <translation>Conservar lo cambiado (Ctrl+S)</translation>
    </message>
    <message>
        <source>Kept.</source>
        <translation>Conservado.</translation>
    </message>
    <message>
        <source>Last changed by {0} · {1}</source>
        <translation>Último cambio: {0} · {1}</translation>
    </message>
    <message>
        <source>Leave it for later</source>
        <translation>Dejarlo para más tarde</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>Nuevo: {0}</translation>
    </message>
    <message>
        <source>Not kept yet.</source>
        <translation>Aún sin conservar.</translation>
    </message>
    <message>
        <source>Nothing written yet</source>
        <translation>Todavía no hay nada escrito</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>Restablecer</translation>
    </message>
    <message>
        <source>Settled.</source>
        <translation>Resuelto.</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Dar de baja</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Dar de baja</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Dar de baja…</translation>
    </message>
    <message>
        <source>Take this row out?</source>
        <translation>¿Dar de baja esta fila?</translation>
    </message>
    <message>
        <source>The row is kept.</source>
        <translation>La fila se ha conservado.</translation>
    </message>
    <message>
        <source>The row stands again.</source>
        <translation>La fila figura de nuevo.</translation>
    </message>
    <message>
        <source>The row was taken out.</source>
        <translation>La fila se ha dado de baja.</translation>
    </message>
    <message>
        <source>Throw it away</source>
        <translation>Desecharlo</translation>
    </message>
    <message>
        <source>Undo the last change of your delegation in this row (Ctrl+Z)</source>
        <translation>Deshacer el último cambio de su delegación en esta fila (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>Deshecho; ambas cosas quedan en el historial.</translation>
    </message>
    <message>
        <source>What you had begun here is back; it is not kept yet.</source>
        <translation>Lo que había empezado aquí está de nuevo; aún no está conservado.</translation>
    </message>
</context>
<context>
    <name>RowsModel</name>
    <message>
        <source>sorted downwards</source>
        <translation>en orden descendente</translation>
    </message>
    <message>
        <source>sorted upwards</source>
        <translation>en orden ascendente</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>Only entries marked no more strictly than</source>
        <translation>Solo entradas con una marca no más estricta que</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Guardar tarjetas de contacto</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Guardar…</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed. What is ours alone (authority, escalation, source, review) is in no card.</source>
        <translation>El archivo queda fuera de la bóveda y no está sellado. Lo que es solo nuestro (autoridad, escalada, fuente, examen) no figura en ninguna tarjeta.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versión</translation>
    </message>
    <message>
        <source>vCard 3.0, for older programs</source>
        <translation>vCard 3.0, para programas más antiguos</translation>
    </message>
    <message>
        <source>vCard 4.0</source>
        <translation>vCard 4.0</translation>
    </message>
</context>
<context>
    <name>SayDialog</name>
    <message>
        <source>Attach a file</source>
        <translation>Adjuntar un archivo</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>Adjuntar un archivo…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Everybody in {0} reads it.</source>
        <translation>Todos en {0} lo leen.</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Con la marca</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>Lo lee solo: {0}.</translation>
    </message>
    <message>
        <source>This stays inside your delegation.</source>
        <translation>Esto permanece dentro de su delegación.</translation>
    </message>
    <message>
        <source>What you wrote before is here again.</source>
        <translation>Lo que escribió antes está aquí de nuevo.</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Clear</source>
        <translation>Vaciar</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
</context>
<context>
    <name>SearchPalette</name>
    <message>
        <source>Amendment</source>
        <translation>Enmienda</translation>
    </message>
    <message>
        <source>Commitment</source>
        <translation>Compromiso</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Contacto</translation>
    </message>
    <message>
        <source>Found: {0}</source>
        <translation>Encontrado: {0}</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>Observación interna</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Declaración conjunta</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensaje</translation>
    </message>
    <message>
        <source>Nothing found in the vault.</source>
        <translation>No se ha encontrado nada en la bóveda.</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Resultados</translation>
    </message>
    <message>
        <source>Row of a register</source>
        <translation>Fila de un registro</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>Buscar en todo</translation>
    </message>
    <message>
        <source>Search texts, messages, contacts and actions</source>
        <translation>Buscar en textos, mensajes, contactos y acciones</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texto</translation>
    </message>
    <message>
        <source>Type to search the vault. Nothing you type leaves this device.</source>
        <translation>Escriba para buscar en la bóveda. Nada de lo que escribe sale de este dispositivo.</translation>
    </message>
</context>
<context>
    <name>SecretBox</name>
    <message>
        <source>Recovery shares</source>
        <translation>Fragmentos de recuperación</translation>
    </message>
    <message>
        <source>Use recovery shares instead…</source>
        <translation>Usar en su lugar fragmentos de recuperación…</translation>
    </message>
    <message>
        <source>Use the passphrase instead</source>
        <translation>Usar en su lugar la frase de contraseña</translation>
    </message>
</context>
<context>
    <name>SecurityScreen</name>
    <message>
        <source>Section</source>
        <translation>Sección</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Secciones</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Seguridad</translation>
    </message>
</context>
<context>
    <name>SeeingBench</name>
    <message>
        <source>It counts from now; it is sent with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>Cuenta desde ahora; se envía con el próximo intercambio (Ctrl+R intercambia de inmediato).</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the symbol {0} and the deadline.</source>
        <translation>Es un archivo sin protección: quien lo tenga lee la signatura {0} y el plazo.</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>Guardar la entrada de calendario</translation>
    </message>
    <message>
        <source>Silence ends: {0}</source>
        <translation>Fin del silencio: {0}</translation>
    </message>
    <message>
        <source>That is decided.</source>
        <translation>Queda decidido.</translation>
    </message>
    <message>
        <source>The calendar entry is saved.</source>
        <translation>La entrada de calendario se ha guardado.</translation>
    </message>
    <message>
        <source>The deadline is extended.</source>
        <translation>El plazo queda prorrogado.</translation>
    </message>
    <message>
        <source>The other delegations are told with the next exchange.</source>
        <translation>Se comunica a las demás delegaciones con el próximo intercambio.</translation>
    </message>
    <message>
        <source>The silence procedure is closed.</source>
        <translation>El procedimiento de acuerdo tácito está cerrado.</translation>
    </message>
    <message>
        <source>The silence procedure is open.</source>
        <translation>El procedimiento de acuerdo tácito está abierto.</translation>
    </message>
    <message>
        <source>This paragraph is no longer in the text as it stands.</source>
        <translation>Este párrafo ya no está en el texto tal como está.</translation>
    </message>
    <message>
        <source>Unless a delegation breaks the silence before, the revision stands as agreed.</source>
        <translation>A menos que una delegación rompa antes el silencio, la revisión queda acordada.</translation>
    </message>
    <message>
        <source>Your delegation has broken the silence.</source>
        <translation>Su delegación ha roto el silencio.</translation>
    </message>
</context>
<context>
    <name>SeeingPage</name>
    <message>
        <source>Back to the text</source>
        <translation>Volver al texto</translation>
    </message>
    <message>
        <source>Back to the text (Escape)</source>
        <translation>Volver al texto (Escape)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>Convergencia</translation>
    </message>
    <message>
        <source>Sent. Paragraphs the pen has set: {0}.</source>
        <translation>Enviado. Párrafos fijados por la delegación redactora: {0}.</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Descuidos</translation>
    </message>
    <message>
        <source>Streamlining</source>
        <translation>Simplificación</translation>
    </message>
    <message>
        <source>Views of the text</source>
        <translation>Vistas del texto</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Posición de cada delegación</translation>
    </message>
</context>
<context>
    <name>SeeingView</name>
    <message>
        <source>As it stands</source>
        <translation>Tal como está</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Locking closes the vault and ends the process that held its keys. Notifications never show a word of a message or a text.</source>
        <translation>El bloqueo cierra la bóveda y termina el proceso que tenía sus claves. Las notificaciones nunca muestran una palabra de un mensaje o de un texto.</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Página</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>This device</source>
        <translation>Este dispositivo</translation>
    </message>
</context>
<context>
    <name>SettleDialog</name>
    <message>
        <source>Different values were written without knowing of each other. Both stand until a person decides; who wrote what stays in the history.</source>
        <translation>Se escribieron valores distintos sin conocerse entre sí. Ambos figuran hasta que una persona decida; quién escribió qué queda en el historial.</translation>
    </message>
    <message>
        <source>Leave both standing</source>
        <translation>Mantener ambos</translation>
    </message>
    <message>
        <source>Let this stand</source>
        <translation>Mantener este</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>Motivo, se conserva en el historial</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>Resolver una diferencia</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>Otra cosa</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>vacío</translation>
    </message>
</context>
<context>
    <name>SettleSilence</name>
    <message>
        <source>A delegation broke the silence before the deadline, by its own clock, but this arrived only after you had closed the procedure. No computer can tell which clock was right; you decide, and everybody sees it.</source>
        <translation>Una delegación rompió el silencio antes del término del plazo, según su propio reloj, pero esto llegó solo después de que usted cerrara el procedimiento. Ningún equipo puede determinar qué reloj era correcto; usted decide y todos lo ven.</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>Decidir</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>Decidir más tarde</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>Decidir sobre el silencio controvertido</translation>
    </message>
    <message>
        <source>It was broken</source>
        <translation>Se rompió</translation>
    </message>
    <message>
        <source>It was kept</source>
        <translation>Se mantuvo</translation>
    </message>
    <message>
        <source>The revision is not agreed. The talks on it go on.</source>
        <translation>La revisión no está acordada. Las conversaciones al respecto continúan.</translation>
    </message>
    <message>
        <source>The revision stands as agreed. The break is shown as late, without effect; the delegation may well object.</source>
        <translation>La revisión queda acordada. La ruptura se muestra como tardía, sin efecto; la delegación bien puede oponerse.</translation>
    </message>
    <message>
        <source>Was the silence on {0} broken in time?</source>
        <translation>¿Se rompió a tiempo el silencio sobre {0}?</translation>
    </message>
    <message>
        <source>Who broke the silence, and why</source>
        <translation>Quién rompió el silencio y por qué</translation>
    </message>
</context>
<context>
    <name>ShareSheets</name>
    <message>
        <source>All are on paper</source>
        <translation>Todas están en papel</translation>
    </message>
    <message>
        <source>It is on paper: next sheet</source>
        <translation>Está en papel: hoja siguiente</translation>
    </message>
    <message>
        <source>Keep it locked away, apart from the others. Four letters tell a word.</source>
        <translation>Guárdela bajo llave, separada de las demás. Cuatro letras identifican una palabra.</translation>
    </message>
    <message>
        <source>Print all sheets…</source>
        <translation>Imprimir todas las hojas…</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Fragmentos de recuperación</translation>
    </message>
    <message>
        <source>Sheet before</source>
        <translation>Hoja anterior</translation>
    </message>
    <message>
        <source>Sheet {0} of {1}; any {2} of them are enough</source>
        <translation>Hoja {0} de {1}; bastan {2} cualesquiera de ellas</translation>
    </message>
    <message>
        <source>The printer did not take it. Write the sheets down by hand.</source>
        <translation>La impresora no lo ha aceptado. Escriba las hojas a mano.</translation>
    </message>
    <message>
        <source>These sheets are never shown again. Close once more to leave; then make new shares another time.</source>
        <translation>Estas hojas no vuelven a mostrarse. Cierre una vez más para salir; después haga fragmentos nuevos en otro momento.</translation>
    </message>
    <message>
        <source>Words of this sheet</source>
        <translation>Palabras de esta hoja</translation>
    </message>
    <message>
        <source>Write each sheet down by hand, or print them on a printer that keeps nothing. They are shown this once and kept nowhere. Give each to another person, or lock each away in another place.</source>
        <translation>Escriba cada hoja a mano o imprímalas en una impresora que no conserve nada. Se muestran solo esta vez y no se conservan en ninguna parte. Dé cada una a una persona distinta o guarde cada una bajo llave en un lugar distinto.</translation>
    </message>
</context>
<context>
    <name>SharesDialog</name>
    <message>
        <source>Make the shares</source>
        <translation>Hacer los fragmentos</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Frase de contraseña</translation>
    </message>
    <message>
        <source>Recovery shares of this vault</source>
        <translation>Fragmentos de recuperación de esta bóveda</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say open this vault when the passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>Hojas de papel para varias personas o cajas fuertes. Juntas, tantas como usted indique abren esta bóveda cuando se pierde la frase de contraseña; menos no revelan nada de ella. Lo más adecuado suele ser tres hojas, de las que se necesitan dos.</translation>
    </message>
    <message>
        <source>The sheets made before open this vault no longer. Collect and burn them.</source>
        <translation>Las hojas hechas antes ya no abren esta bóveda. Recójalas y quémelas.</translation>
    </message>
</context>
<context>
    <name>SharesEntry</name>
    <message>
        <source>A word of this share is wrong or in the wrong place. Compare each with the paper; the Left key and a click lead back to a word.</source>
        <translation>Una palabra de este fragmento es incorrecta o está en un lugar equivocado. Compare cada una con el papel; la flecha izquierda y un clic llevan de vuelta a una palabra.</translation>
    </message>
    <message>
        <source>Begin this share again</source>
        <translation>Empezar de nuevo este fragmento</translation>
    </message>
    <message>
        <source>First share</source>
        <translation>Primer fragmento</translation>
    </message>
    <message>
        <source>Perhaps: {0}</source>
        <translation>Quizá: {0}</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Fragmentos de recuperación</translation>
    </message>
    <message>
        <source>Several words begin with {0}: type one letter more.</source>
        <translation>Varias palabras empiezan con {0}: escriba una letra más.</translation>
    </message>
    <message>
        <source>Share {0} of {1}</source>
        <translation>Fragmento {0} de {1}</translation>
    </message>
    <message>
        <source>Share {0} of {1} is right. These are enough.</source>
        <translation>El fragmento {0} de {1} es correcto. Con estos basta.</translation>
    </message>
    <message>
        <source>Shares are typed, not pasted: other programs read what lies on the clipboard.</source>
        <translation>Los fragmentos se escriben, no se pegan: otros programas leen lo que hay en el portapapeles.</translation>
    </message>
    <message>
        <source>This share is right by itself and belongs to another set. Take one of the same set.</source>
        <translation>Este fragmento es correcto en sí mismo y pertenece a otro juego. Tome uno del mismo juego.</translation>
    </message>
    <message>
        <source>This share is whole, but Valise did not make it.</source>
        <translation>Este fragmento está completo, pero no lo hizo Valise.</translation>
    </message>
    <message>
        <source>This share was entered before. Take another one of the set.</source>
        <translation>Este fragmento ya se introdujo. Tome otro del juego.</translation>
    </message>
    <message>
        <source>Type the words as they stand on paper; four letters of a word are enough, then Space.</source>
        <translation>Escriba las palabras tal como figuran en el papel; bastan cuatro letras de una palabra y después Espacio.</translation>
    </message>
    <message>
        <source>Word {0} of {1}</source>
        <translation>Palabra {0} de {1}</translation>
    </message>
    <message>
        <source>Words of this share</source>
        <translation>Palabras de este fragmento</translation>
    </message>
    <message>
        <source>{0} is not in the list of words.</source>
        <translation>{0} no está en la lista de palabras.</translation>
    </message>
    <message>
        <source>{0}, word {1} of {2}</source>
        <translation>{0}, palabra {1} de {2}</translation>
    </message>
</context>
<context>
    <name>SharesPage</name>
    <message>
        <source>Enter the shares on paper one after the other. Each is checked as soon as it is whole.</source>
        <translation>Introduzca uno tras otro los fragmentos en papel. Cada uno se comprueba en cuanto está completo.</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Fragmentos de recuperación</translation>
    </message>
</context>
<context>
    <name>SheetCount</name>
    <message>
        <source>How many are needed</source>
        <translation>Cuántas se necesitan</translation>
    </message>
    <message>
        <source>How many sheets</source>
        <translation>Cuántas hojas</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Screens</source>
        <translation>Pantallas</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
</context>
<context>
    <name>SignDialog</name>
    <message>
        <source>It is signed with both algorithms, the usual one and one that is meant to withstand quantum computers, so that it can still be shown in many years who signed what.</source>
        <translation>Se firma con los dos algoritmos, el habitual y otro concebido para resistir a las computadoras cuánticas, a fin de que dentro de muchos años todavía pueda mostrarse quién firmó qué.</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>Adherirse</translation>
    </message>
    <message>
        <source>The date until which it was to be open has passed.</source>
        <translation>Ha pasado la fecha hasta la que debía estar abierta.</translation>
    </message>
    <message>
        <source>The list is closed: your name waits until {0} admits it.</source>
        <translation>La lista está cerrada: su nombre espera hasta que {0} lo admita.</translation>
    </message>
    <message>
        <source>You can take the name back later; everybody then sees that you did.</source>
        <translation>Puede retirar el nombre más adelante; todos ven entonces que lo hizo.</translation>
    </message>
    <message>
        <source>You say for your delegation that it co-sponsors exactly this revision, to everybody in {0}.</source>
        <translation>Usted dice en nombre de su delegación que copatrocina exactamente esta revisión, ante todos en {0}.</translation>
    </message>
    <message>
        <source>You say for your delegation that it joins exactly these words, to everybody in {0}.</source>
        <translation>Usted dice en nombre de su delegación que se suma exactamente a estas palabras, ante todos en {0}.</translation>
    </message>
    <message>
        <source>opened by {0}</source>
        <translation>abierta por {0}</translation>
    </message>
</context>
<context>
    <name>SignersList</name>
    <message>
        <source>Who has signed on</source>
        <translation>Quién se ha adherido</translation>
    </message>
</context>
<context>
    <name>SilenceStrip</name>
    <message>
        <source>(extended)</source>
        <translation>(prorrogado)</translation>
    </message>
    <message>
        <source>Deadline: {0}</source>
        <translation>Plazo: {0}</translation>
    </message>
    <message>
        <source>It covers: {0}</source>
        <translation>Abarca: {0}</translation>
    </message>
    <message>
        <source>The deadline of the silence on {0} has passed. It is over once the pen-holder&apos;s computer closes it.</source>
        <translation>Ha vencido el plazo del procedimiento de acuerdo tácito sobre {0}. Termina cuando lo cierra el equipo de la delegación redactora.</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time arrived only after you closed the procedure. You decide.</source>
        <translation>El silencio sobre {0} es controvertido: una ruptura hecha a tiempo llegó solo después de que usted cerrara el procedimiento. Decide usted.</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time reached the pen-holder only after the procedure was closed. The pen-holder decides.</source>
        <translation>El silencio sobre {0} es controvertido: una ruptura hecha a tiempo llegó a la delegación redactora solo después de cerrarse el procedimiento. Decide la delegación redactora.</translation>
    </message>
    <message>
        <source>The silence on {0} was broken: it is not agreed.</source>
        <translation>Se rompió el silencio sobre la revisión {0}: no está acordada.</translation>
    </message>
    <message>
        <source>{0} is under silence: it stands as agreed unless a delegation breaks the silence.</source>
        <translation>La revisión {0} está en procedimiento de acuerdo tácito: queda acordada a menos que una delegación rompa el silencio.</translation>
    </message>
    <message>
        <source>{0} left, until {1}</source>
        <translation>Tiempo restante: {0}, hasta el {1}</translation>
    </message>
</context>
<context>
    <name>SlipsView</name>
    <message>
        <source>No slips found</source>
        <translation>No se han encontrado descuidos</translation>
    </message>
    <message>
        <source>Numbers, brackets, opening verbs and signs at the end are as usual. Read it once more anyway.</source>
        <translation>Los números, los corchetes, los verbos iniciales y los signos finales son los habituales. Léalo una vez más de todos modos.</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Descuidos</translation>
    </message>
    <message>
        <source>{0} found. They are hints and stop nothing; Enter goes to the paragraph.</source>
        <translation>Encontrados: {0}. Son indicaciones y no impiden nada; Intro lleva al párrafo.</translation>
    </message>
</context>
<context>
    <name>StandingView</name>
    <message>
        <source>As of</source>
        <translation>A fecha de</translation>
    </message>
    <message>
        <source>No paragraph is open</source>
        <translation>Ningún párrafo está abierto</translation>
    </message>
    <message>
        <source>Nobody has an amendment or a reservation pending. Take the tick away to see every paragraph.</source>
        <translation>Nadie tiene pendiente una enmienda ni una reserva. Quite la marca para ver todos los párrafos.</translation>
    </message>
    <message>
        <source>Only open paragraphs</source>
        <translation>Solo párrafos abiertos</translation>
    </message>
    <message>
        <source>Positions as of</source>
        <translation>Posiciones a fecha de</translation>
    </message>
</context>
<context>
    <name>StateNameDialog</name>
    <message>
        <source>Another name</source>
        <translation>Otro nombre</translation>
    </message>
    <message>
        <source>As the United Nations have it</source>
        <translation>Como en las Naciones Unidas</translation>
    </message>
    <message>
        <source>It is shown on the screens of this vault alone. It never leaves: files, messages and whatever others receive carry the name of the United Nations.</source>
        <translation>Se muestra solo en las pantallas de esta bóveda. Nunca sale: los archivos, los mensajes y todo lo que otros reciben llevan el nombre de las Naciones Unidas.</translation>
    </message>
    <message>
        <source>Its code alone</source>
        <translation>Solo su código</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>Nombre que se muestra de un Estado</translation>
    </message>
    <message>
        <source>Show it so</source>
        <translation>Mostrarlo así</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>The other name</source>
        <translation>El otro nombre</translation>
    </message>
</context>
<context>
    <name>StatementPane</name>
    <message>
        <source>Nobody has signed on yet.</source>
        <translation>Todavía no se ha adherido nadie.</translation>
    </message>
    <message>
        <source>SHA-256 of the saved file, as sha256sum computes it.</source>
        <translation>SHA-256 del archivo guardado, tal como lo calcula sha256sum.</translation>
    </message>
    <message>
        <source>Signed on</source>
        <translation>Adheridas</translation>
    </message>
    <message>
        <source>Signed on: {0}</source>
        <translation>Adheridas: {0}</translation>
    </message>
    <message>
        <source>The hash that everybody signs</source>
        <translation>El hash que todos firman</translation>
    </message>
    <message>
        <source>The revision</source>
        <translation>La revisión</translation>
    </message>
    <message>
        <source>The words</source>
        <translation>Las palabras</translation>
    </message>
    <message>
        <source>The words that are signed</source>
        <translation>Las palabras que se firman</translation>
    </message>
    <message>
        <source>opened by {0}, {1}</source>
        <translation>abierta por {0}, {1}</translation>
    </message>
</context>
<context>
    <name>StatementsList</name>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>Declaraciones conjuntas y listas de copatrocinadores</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Lock now</source>
        <translation>Bloquear ahora</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Situación</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Vías de intercambio</translation>
    </message>
    <message>
        <source>does not lock by itself</source>
        <translation>no se bloquea por sí solo</translation>
    </message>
    <message>
        <source>last exchange {0}</source>
        <translation>último intercambio: {0}</translation>
    </message>
    <message>
        <source>locks in {0}</source>
        <translation>se bloquea en {0}</translation>
    </message>
    <message>
        <source>nothing waiting</source>
        <translation>nada en espera</translation>
    </message>
    <message>
        <source>received but not yet readable: {0}</source>
        <translation>recibido, pero aún no legible: {0}</translation>
    </message>
    <message>
        <source>waiting to be delivered: {0}</source>
        <translation>en espera de entrega: {0}</translation>
    </message>
    <message>
        <source>· working…</source>
        <translation>· trabajando…</translation>
    </message>
</context>
<context>
    <name>StepsSection</name>
    <message>
        <source>All of this is done. Rehearse the shares once a year, and make a backup at the end of every day of talks.</source>
        <translation>Todo esto está hecho. Ensaye los fragmentos una vez al año y haga una copia de seguridad al final de cada jornada de conversaciones.</translation>
    </message>
    <message>
        <source>In this order, today if you can. It takes a quarter of an hour, a stick and a printer or a pen.</source>
        <translation>En este orden, hoy si puede. Lleva un cuarto de hora y requiere una memoria USB y una impresora o un bolígrafo.</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Más tarde</translation>
    </message>
</context>
<context>
    <name>StreamlineView</name>
    <message>
        <source>No amendment changes words of a paragraph at present. New ones appear here when they come.</source>
        <translation>Ninguna enmienda cambia por ahora las palabras de un párrafo. Las nuevas aparecen aquí cuando llegan.</translation>
    </message>
    <message>
        <source>Nothing to streamline</source>
        <translation>Nada que simplificar</translation>
    </message>
    <message>
        <source>Only who holds the pen can send; you can look.</source>
        <translation>Solo puede enviar quien lleva la redacción; usted puede mirar.</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments</source>
        <translation>Párrafos con enmiendas abiertas</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments: {0}. Pick a reading, say what becomes of the others; nothing is sent before you send it, and nobody&apos;s words are dropped without an answer.</source>
        <translation>Párrafos con enmiendas abiertas: {0}. Elija una lectura e indique qué se hace con las demás; no se envía nada antes de que usted lo envíe, y no se abandonan las palabras de ninguna delegación sin respuesta.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Take back this paragraph</source>
        <translation>Retirar este párrafo</translation>
    </message>
    <message>
        <source>What is proposed, and what becomes of it</source>
        <translation>Qué se propone y qué se hace con ello</translation>
    </message>
    <message>
        <source>Without an answer: {0}</source>
        <translation>Sin respuesta: {0}</translation>
    </message>
    <message>
        <source>{0} · picked, not sent</source>
        <translation>{0} · elegido, sin enviar</translation>
    </message>
    <message>
        <source>{0}, some nearly alike</source>
        <translation>{0}, algunas casi iguales</translation>
    </message>
</context>
<context>
    <name>Sure</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>Table</name>
    <message>
        <source>Corner of the table</source>
        <translation>Esquina de la tabla</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>Encabezados</translation>
    </message>
</context>
<context>
    <name>TableLook</name>
    <message>
        <source>Rows</source>
        <translation>Filas</translation>
    </message>
</context>
<context>
    <name>TakeDialog</name>
    <message>
        <source>Calendars (*.ics);;All files (*)</source>
        <translation>Calendarios (*.ics);;Todos los archivos (*)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Change nothing</source>
        <translation>No cambiar nada</translation>
    </message>
    <message>
        <source>Choose a calendar</source>
        <translation>Elegir un calendario</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Elegir un archivo…</translation>
    </message>
    <message>
        <source>Entries of whole days: {0}. Here they begin at 00:00 UTC; as events they keep their days.</source>
        <translation>Entradas de días enteros: {0}. Aquí comienzan a las 00:00 UTC; como actos conservan sus días.</translation>
    </message>
    <message>
        <source>Entries that name no time zone: {0}. Their hours are taken as UTC.</source>
        <translation>Entradas sin huso horario: {0}. Sus horas se toman como UTC.</translation>
    </message>
    <message>
        <source>Entries that repeat: {0}. Only the first time of each is taken in.</source>
        <translation>Entradas que se repiten: {0}. De cada una solo se incorpora la primera vez.</translation>
    </message>
    <message>
        <source>Entry {0}, {1}: {2}</source>
        <translation>Entrada {0}, {1}: {2}</translation>
    </message>
    <message>
        <source>Events of a calendar file (.ics) become rows of a register. You see what changes before anything does.</source>
        <translation>Los actos de un archivo de calendario (.ics) pasan a ser filas de un registro. Usted ve qué cambia antes de que cambie nada.</translation>
    </message>
    <message>
        <source>Everything in this file is as it is here already.</source>
        <translation>Todo lo que contiene este archivo ya está igual aquí.</translation>
    </message>
    <message>
        <source>Everything in this file is there already.</source>
        <translation>Todo lo que contiene este archivo ya está aquí.</translation>
    </message>
    <message>
        <source>New rows: {0}. Changed fields: {1}. Unchanged: {2}.</source>
        <translation>Filas nuevas: {0}. Campos cambiados: {1}. Sin cambios: {2}.</translation>
    </message>
    <message>
        <source>Nothing can be taken in yet; places to mend: {0}.</source>
        <translation>Todavía no se puede incorporar nada; lugares que hay que corregir: {0}.</translation>
    </message>
    <message>
        <source>Protects less than now.</source>
        <translation>Protege menos que ahora.</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>Leer un calendario</translation>
    </message>
    <message>
        <source>Settings from a file</source>
        <translation>Ajustes de un archivo</translation>
    </message>
    <message>
        <source>Take it in</source>
        <translation>Incorporarlo</translation>
    </message>
    <message>
        <source>Take these settings</source>
        <translation>Incorporar estos ajustes</translation>
    </message>
    <message>
        <source>What it would change</source>
        <translation>Qué cambiaría</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>Qué cambiaría</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>vacío</translation>
    </message>
    <message>
        <source>{0}: {1}, now {2}</source>
        <translation>{0}: {1}, ahora {2}</translation>
    </message>
    <message>
        <source>{row}: {field} {before} → {after}</source>
        <translation>{row}: {field} {before} → {after}</translation>
    </message>
</context>
<context>
    <name>Taking</name>
    <message>
        <source>Begin an entry with what the chosen card says</source>
        <translation>Empezar una entrada con lo que dice la tarjeta elegida</translation>
    </message>
    <message>
        <source>Card says</source>
        <translation>Dice la tarjeta</translation>
    </message>
    <message>
        <source>Cards and what they would change</source>
        <translation>Tarjetas y lo que cambiarían</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Columnas</translation>
    </message>
    <message>
        <source>Contact cards</source>
        <translation>Tarjetas de contacto</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Campo</translation>
    </message>
    <message>
        <source>Fill in by hand…</source>
        <translation>Rellenar a mano…</translation>
    </message>
    <message>
        <source>Left out: no place in an entry</source>
        <translation>Omitido: sin campo</translation>
    </message>
    <message>
        <source>New entries need the document that nominated them.</source>
        <translation>Las entradas nuevas requieren el documento de designación.</translation>
    </message>
    <message>
        <source>Note verbale no. and date</source>
        <translation>Número y fecha de la nota verbal</translation>
    </message>
    <message>
        <source>Nothing is taken that is not ticked. A card never empties a field.</source>
        <translation>No se incorpora nada que no esté marcado. Una tarjeta nunca vacía un campo.</translation>
    </message>
    <message>
        <source>Source document of new entries</source>
        <translation>Documento de origen de las entradas nuevas</translation>
    </message>
    <message>
        <source>Stands now</source>
        <translation>Figura ahora</translation>
    </message>
    <message>
        <source>Still missing</source>
        <translation>Falta todavía</translation>
    </message>
    <message>
        <source>Take nothing</source>
        <translation>No incorporar nada</translation>
    </message>
    <message>
        <source>Take the ticked ones</source>
        <translation>Incorporar las marcadas</translation>
    </message>
    <message>
        <source>What these cards would change</source>
        <translation>Qué cambiarían estas tarjetas</translation>
    </message>
    <message>
        <source>{title}: a new entry</source>
        <translation>{title}: una entrada nueva</translation>
    </message>
    <message>
        <source>{title}: changes an entry</source>
        <translation>{title}: cambia una entrada</translation>
    </message>
    <message>
        <source>{title}: says nothing new</source>
        <translation>{title}: no dice nada nuevo</translation>
    </message>
</context>
<context>
    <name>TermsForm</name>
    <message>
        <source>It may</source>
        <translation>Puede</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>Cargo</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>Funcionario</translation>
    </message>
    <message>
        <source>Rights chosen one by one</source>
        <translation>Derechos elegidos uno por uno</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Función</translation>
    </message>
    <message>
        <source>The laptop may: {0}</source>
        <translation>El portátil puede: {0}</translation>
    </message>
    <message>
        <source>Valid for</source>
        <translation>Válido durante</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conservar</translation>
    </message>
</context>
<context>
    <name>TextView</name>
    <message>
        <source>The text</source>
        <translation>El texto</translation>
    </message>
</context>
<context>
    <name>TextsModel</name>
    <message>
        <source>pen: {0}</source>
        <translation>redacción: {0}</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>{0} de {1} abiertos</translation>
    </message>
</context>
<context>
    <name>TextsScreen</name>
    <message>
        <source>Agree ad ref</source>
        <translation>Acordar ad referendum</translation>
    </message>
    <message>
        <source>Amendments</source>
        <translation>Enmiendas</translation>
    </message>
    <message>
        <source>Amendments ({0})</source>
        <translation>Enmiendas ({0})</translation>
    </message>
    <message>
        <source>Amendments and revisions</source>
        <translation>Enmiendas y revisiones</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Editar</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historial</translation>
    </message>
    <message>
        <source>No text yet</source>
        <translation>Todavía no hay ningún texto</translation>
    </message>
    <message>
        <source>Open a text from a document or from the clipboard. You hold its pen; everybody in the room can propose amendments.</source>
        <translation>Abra un texto desde un documento o desde el portapapeles. Usted lleva su redacción; todos en la sala pueden proponer enmiendas.</translation>
    </message>
    <message>
        <source>Open a text…</source>
        <translation>Abrir un texto…</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>Dejar en suspenso</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>Ceder</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Reabrir</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Revisión</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Revisiones</translation>
    </message>
    <message>
        <source>Revisions ({0})</source>
        <translation>Revisiones ({0})</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>El hash completo queda en el portapapeles durante diez segundos.</translation>
    </message>
</context>
<context>
    <name>TextsSide</name>
    <message>
        <source>Open a text, Ctrl+N</source>
        <translation>Abrir un texto, Ctrl+N</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textos</translation>
    </message>
</context>
<context>
    <name>TickList</name>
    <message>
        <source>Space ticks an entry, Ctrl+C copies its words</source>
        <translation>Espacio marca una entrada; Ctrl+C copia sus palabras</translation>
    </message>
</context>
<context>
    <name>TickModel</name>
    <message>
        <source>not ticked</source>
        <translation>sin marcar</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>marcado</translation>
    </message>
</context>
<context>
    <name>TimelineLook</name>
    <message>
        <source>Along the time</source>
        <translation>A lo largo del tiempo</translation>
    </message>
    <message>
        <source>Arrows move, Enter opens the row</source>
        <translation>Las flechas desplazan, Intro abre la fila</translation>
    </message>
</context>
<context>
    <name>TodayPage</name>
    <message>
        <source>Cannot wait</source>
        <translation>No puede esperar</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>Intercambio</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>Intercambiar ahora</translation>
    </message>
    <message>
        <source>In the next days</source>
        <translation>En los próximos días</translation>
    </message>
    <message>
        <source>Nothing needs you now</source>
        <translation>Nada requiere su atención ahora</translation>
    </message>
    <message>
        <source>Rooms and what they have received</source>
        <translation>Salas y lo que han recibido</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Vías de intercambio…</translation>
    </message>
    <message>
        <source>What arrives at the next exchange and needs you is shown here.</source>
        <translation>Aquí se muestra lo que llegue en el próximo intercambio y requiera su atención.</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>Quién responde</translation>
    </message>
</context>
<context>
    <name>Totals</name>
    <message>
        <source>Amount</source>
        <translation>Importe</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>Moneda</translation>
    </message>
    <message>
        <source>Donor</source>
        <translation>Donante</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>Proyectos</translation>
    </message>
    <message>
        <source>Totals by donor, over the projects that were not given up</source>
        <translation>Totales por donante, de los proyectos que no se abandonaron</translation>
    </message>
    <message>
        <source>none told</source>
        <translation>no se indica</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Asking the keyring of this computer.</source>
        <translation>Consultando el llavero de este equipo.</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>Parece que la tecla Bloq Mayús está activada.</translation>
    </message>
    <message>
        <source>Locked after a time without activity. Drafts are kept in the vault.</source>
        <translation>Bloqueado tras un tiempo sin actividad. Los borradores se conservan en la bóveda.</translation>
    </message>
    <message>
        <source>Locked because the computer went to sleep. Drafts are kept in the vault.</source>
        <translation>Bloqueado porque el equipo entró en suspensión. Los borradores se conservan en la bóveda.</translation>
    </message>
    <message>
        <source>Locked together with your session. Drafts are kept in the vault.</source>
        <translation>Bloqueado junto con su sesión. Los borradores se conservan en la bóveda.</translation>
    </message>
    <message>
        <source>Locked. Drafts are kept in the vault.</source>
        <translation>Bloqueado. Los borradores se conservan en la bóveda.</translation>
    </message>
    <message>
        <source>Opening the vault. This takes a moment on purpose.</source>
        <translation>Abriendo la bóveda. Lleva un momento a propósito.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Frase de contraseña</translation>
    </message>
    <message>
        <source>Passphrase and the keyring of this computer open it together.</source>
        <translation>La frase de contraseña y el llavero de este equipo la abren conjuntamente.</translation>
    </message>
    <message>
        <source>Practise with fictional delegations…</source>
        <translation>Practicar con delegaciones ficticias…</translation>
    </message>
    <message>
        <source>Reading what verifies, row by row. The damaged files are kept.</source>
        <translation>Leyendo lo que se verifica, fila por fila. Los archivos dañados se conservan.</translation>
    </message>
    <message>
        <source>Rescue what verifies</source>
        <translation>Rescatar lo que se verifique</translation>
    </message>
    <message>
        <source>The damaged files are kept beside the vault. Unlock it: it asks the others for what is missing.</source>
        <translation>Los archivos dañados se conservan junto a la bóveda. Desbloquéela: pide a los demás lo que falta.</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Desbloquear</translation>
    </message>
    <message>
        <source>Unlock Valise</source>
        <translation>Desbloquear Valise</translation>
    </message>
    <message>
        <source>Unlock with this computer&apos;s keyring</source>
        <translation>Desbloquear con el llavero de este equipo</translation>
    </message>
    <message>
        <source>Use recovery shares…</source>
        <translation>Usar fragmentos de recuperación…</translation>
    </message>
</context>
<context>
    <name>UnlockingSection</name>
    <message>
        <source>A copy of this vault opens on no other computer, even for somebody who knows the passphrase. If the keyring is lost (a new computer, another desktop, a reset account), only the recovery shares open this vault.</source>
        <translation>Una copia de esta bóveda no se abre en ningún otro equipo, ni siquiera para alguien que conozca la frase de contraseña. Si se pierde el llavero (un equipo nuevo, otro escritorio, una cuenta restablecida), solo los fragmentos de recuperación abren esta bóveda.</translation>
    </message>
    <message>
        <source>A key for this vault is put into the keyring of this computer. It is as safe as your account is while you are logged in. The system may ask for the keyring&apos;s own password.</source>
        <translation>Se pone una clave de esta bóveda en el llavero de este equipo. Está tan segura como lo esté su cuenta mientras usted tiene la sesión iniciada. Puede que el sistema pida la contraseña propia del llavero.</translation>
    </message>
    <message>
        <source>Any {0} of {1}, made on {2}.</source>
        <translation>{0} cualesquiera de {1}, hechos el {2}.</translation>
    </message>
    <message>
        <source>Both can be demanded once recovery shares are made and rehearsed.</source>
        <translation>Ambos pueden exigirse una vez que se hayan hecho y ensayado fragmentos de recuperación.</translation>
    </message>
    <message>
        <source>Change the passphrase…</source>
        <translation>Cambiar la frase de contraseña…</translation>
    </message>
    <message>
        <source>Demand both</source>
        <translation>Exigir ambos</translation>
    </message>
    <message>
        <source>Demand both…</source>
        <translation>Exigir ambos…</translation>
    </message>
    <message>
        <source>Demand passphrase and keyring</source>
        <translation>Exigir la frase de contraseña y el llavero</translation>
    </message>
    <message>
        <source>Guessing is made slow: every try takes a computer {0} passes over {1} MiB of memory (Argon2id).</source>
        <translation>Adivinarla se hace lento: cada intento exige a un equipo {0} pasadas sobre {1} MiB de memoria (Argon2id).</translation>
    </message>
    <message>
        <source>Keyring of this computer</source>
        <translation>Llavero de este equipo</translation>
    </message>
    <message>
        <source>Let it open alone</source>
        <translation>Permitir que abra por sí sola</translation>
    </message>
    <message>
        <source>Let the passphrase open alone</source>
        <translation>Permitir que la frase de contraseña abra por sí sola</translation>
    </message>
    <message>
        <source>Let the passphrase open alone…</source>
        <translation>Permitir que la frase de contraseña abra por sí sola…</translation>
    </message>
    <message>
        <source>Let the shares open nothing</source>
        <translation>Hacer que los fragmentos no abran nada</translation>
    </message>
    <message>
        <source>Let them open nothing</source>
        <translation>Hacer que no abran nada</translation>
    </message>
    <message>
        <source>Let them open nothing…</source>
        <translation>Hacer que no abran nada…</translation>
    </message>
    <message>
        <source>Make new shares…</source>
        <translation>Hacer fragmentos nuevos…</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>Hacer fragmentos…</translation>
    </message>
    <message>
        <source>Needed together with the passphrase.</source>
        <translation>Se necesita junto con la frase de contraseña.</translation>
    </message>
    <message>
        <source>Never rehearsed. Only a rehearsal shows that what is on paper opens the vault.</source>
        <translation>Nunca ensayados. Solo un ensayo muestra que lo que está en papel abre la bóveda.</translation>
    </message>
    <message>
        <source>Not used.</source>
        <translation>No se usa.</translation>
    </message>
    <message>
        <source>Open without typing</source>
        <translation>Abrir sin escribir</translation>
    </message>
    <message>
        <source>Open without typing…</source>
        <translation>Abrir sin escribir…</translation>
    </message>
    <message>
        <source>Opens the vault without typing.</source>
        <translation>Abre la bóveda sin escribir.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Frase de contraseña</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Fragmentos de recuperación</translation>
    </message>
    <message>
        <source>Rehearsed on {0}.</source>
        <translation>Ensayados el {0}.</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>Ensayar…</translation>
    </message>
    <message>
        <source>Stop using the keyring</source>
        <translation>Dejar de usar el llavero</translation>
    </message>
    <message>
        <source>The keyring is not needed any more; a copy of the vault then opens anywhere with the passphrase.</source>
        <translation>El llavero ya no se necesita; una copia de la bóveda se abre entonces en cualquier lugar con la frase de contraseña.</translation>
    </message>
    <message>
        <source>The keyring is where this computer keeps what belongs to your account. It can open the vault in place of typing, which is convenient and weaker, or be demanded beside the passphrase, which is stronger.</source>
        <translation>El llavero es donde este equipo guarda lo que corresponde a su cuenta. Puede abrir la bóveda en lugar de escribir, lo que es cómodo y menos seguro, o exigirse además de la frase de contraseña, lo que es más seguro.</translation>
    </message>
    <message>
        <source>The same since {0}.</source>
        <translation>La misma desde el {0}.</translation>
    </message>
    <message>
        <source>The sheets open this vault no longer. Only the passphrase does, until new shares are made.</source>
        <translation>Las hojas ya no abren esta bóveda. Solo lo hace la frase de contraseña, hasta que se hagan fragmentos nuevos.</translation>
    </message>
    <message>
        <source>The vault opens only on this computer, under your account, with the passphrase. Should the keyring ever be lost, the recovery shares are the one way in: keep them where you can reach them.</source>
        <translation>La bóveda se abre solo en este equipo, en su cuenta, con la frase de contraseña. Si alguna vez se perdiera el llavero, los fragmentos de recuperación son la única forma de entrar: guárdelos donde pueda acceder a ellos.</translation>
    </message>
    <message>
        <source>There are none. A forgotten passphrase would be the end of this vault.</source>
        <translation>No hay ninguno. Olvidar la frase de contraseña sería el fin de esta bóveda.</translation>
    </message>
    <message>
        <source>These sheets open your vault.</source>
        <translation>Estas hojas abren su bóveda.</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are tried on this vault and forgotten; nothing is changed.</source>
        <translation>Escriba las hojas a partir del papel. Se prueban en esta bóveda y se olvidan; no se cambia nada.</translation>
    </message>
    <message>
        <source>Use the keyring</source>
        <translation>Usar el llavero</translation>
    </message>
    <message>
        <source>Whoever sits at this computer while you are logged in opens the vault, and so can any program running under your account. The passphrase goes on opening it too.</source>
        <translation>Quien se siente ante este equipo mientras usted tiene la sesión iniciada abre la bóveda, y también puede hacerlo cualquier programa que se ejecute en su cuenta. La frase de contraseña sigue abriéndola también.</translation>
    </message>
    <message>
        <source>Words on paper, held by several people or in several places. Some of them together open this vault when the passphrase is forgotten. Whoever brings that many together opens it too: choose keepers who would not meet by chance.</source>
        <translation>Palabras en papel, guardadas por varias personas o en varios lugares. Algunas de ellas juntas abren esta bóveda cuando se olvida la frase de contraseña. Quien reúna ese número también la abre: elija personas que no se encontrarían por casualidad.</translation>
    </message>
    <message>
        <source>share of a vault of {0}, made on {1}</source>
        <translation>fragmento de una bóveda de {0}, hecho el {1}</translation>
    </message>
</context>
<context>
    <name>UntilField</name>
    <message>
        <source>People read the date; it closes nothing by itself</source>
        <translation>La fecha se lee; por sí sola no cierra nada</translation>
    </message>
    <message>
        <source>People read the date; the list stays open until you close it.</source>
        <translation>La fecha se lee; la lista permanece abierta hasta que usted la cierre.</translation>
    </message>
    <message>
        <source>Say until when it is open</source>
        <translation>Indicar hasta cuándo está abierta</translation>
    </message>
</context>
<context>
    <name>Verify</name>
    <message>
        <source>Compare the number by eye</source>
        <translation>Comparar el número a simple vista</translation>
    </message>
    <message>
        <source>Compare with {who}</source>
        <translation>Comparar con {who}</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>Comparar palabras ahora</translation>
    </message>
    <message>
        <source>If they differ</source>
        <translation>Si difieren</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Más tarde</translation>
    </message>
    <message>
        <source>Read their code from a picture</source>
        <translation>Leer su código de una imagen</translation>
    </message>
    <message>
        <source>You are comparing the new identity: if it is the same, it is accepted.</source>
        <translation>Está comparando la identidad nueva: si es la misma, queda aceptada.</translation>
    </message>
</context>
<context>
    <name>VersionCard</name>
    <message>
        <source>Check a release file</source>
        <translation>Comprobar un archivo de versión</translation>
    </message>
    <message>
        <source>Check a release file…</source>
        <translation>Comprobar un archivo de versión…</translation>
    </message>
    <message>
        <source>Key of the publisher whose releases this program believes</source>
        <translation>Clave del editor en cuyas versiones confía este programa</translation>
    </message>
    <message>
        <source>Key of the publisher: {0}</source>
        <translation>Clave del editor: {0}</translation>
    </message>
    <message>
        <source>This is a demonstration key with which nobody can sign: whoever handed out this copy has put no key of its own there, so no release file will pass.</source>
        <translation>Es una clave de demostración con la que nadie puede firmar: quien entregó esta copia no puso en ella una clave propia, por lo que ningún archivo de versión pasará la comprobación.</translation>
    </message>
    <message>
        <source>This version</source>
        <translation>Esta versión</translation>
    </message>
    <message>
        <source>Valise never looks for a newer version and connects nowhere for one. A publisher hands out a release file with each version: open it here before anything of it is installed.</source>
        <translation>Valise nunca busca una versión más reciente ni se conecta a ningún sitio para ello. Con cada versión, el editor entrega un archivo de versión: ábralo aquí antes de instalar nada de ella.</translation>
    </message>
    <message>
        <source>Valise {0} of {1}.</source>
        <translation>Valise {0} del {1}.</translation>
    </message>
</context>
<context>
    <name>ViewTabs</name>
    <message>
        <source>Alt+{0}</source>
        <translation>Alt+{0}</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabla</translation>
    </message>
    <message>
        <source>Views of the register</source>
        <translation>Vistas del registro</translation>
    </message>
</context>
<context>
    <name>Where</name>
    <message>
        <source>In a room with others each delegation writes the rows of its own State; all see them</source>
        <translation>En una sala con otras, cada delegación escribe las filas de su propio Estado; todas las ven</translation>
    </message>
    <message>
        <source>Where the rows are kept</source>
        <translation>Dónde se conservan las filas</translation>
    </message>
    <message>
        <source>Within our delegation</source>
        <translation>Dentro de nuestra delegación</translation>
    </message>
</context>
<context>
    <name>WipeDialog</name>
    <message>
        <source>Delete it</source>
        <translation>Eliminarlo</translation>
    </message>
    <message>
        <source>Delete the bundle from the stick</source>
        <translation>Eliminar el paquete de la memoria USB</translation>
    </message>
    <message>
        <source>Everything in it is in your vault. The file itself was sealed; a stick may keep its old blocks for a while.</source>
        <translation>Todo lo que contiene está en su bóveda. El propio archivo estaba sellado; una memoria USB puede conservar durante un tiempo sus bloques antiguos.</translation>
    </message>
    <message>
        <source>Nobody else of our delegation has to open this file</source>
        <translation>Nadie más de nuestra delegación tiene que abrir este archivo</translation>
    </message>
</context>
<context>
    <name>Writing</name>
    <message>
        <source>After {0}  {1}</source>
        <translation>Después de {0}  {1}</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>Al principio</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Elegir…</translation>
    </message>
    <message>
        <source>Copy them</source>
        <translation>Copiarlas</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>Seguir escribiendo</translation>
    </message>
    <message>
        <source>It stands under the paragraph, on the internal side.</source>
        <translation>Figura debajo del párrafo, en el lado interno.</translation>
    </message>
    <message>
        <source>Kept in your delegation: a second officer releases it.</source>
        <translation>Conservado en su delegación: lo autoriza un segundo funcionario.</translation>
    </message>
    <message>
        <source>No phrase of these words stands in the library.</source>
        <translation>Ninguna frase de estas palabras figura en la biblioteca.</translation>
    </message>
    <message>
        <source>Nothing to propose: the words are the same.</source>
        <translation>No hay nada que proponer: las palabras son las mismas.</translation>
    </message>
    <message>
        <source>Press Enter on an open paragraph first, or A for a new one.</source>
        <translation>Pulse primero Intro en un párrafo abierto, o A para uno nuevo.</translation>
    </message>
    <message>
        <source>Proposed: {0}.</source>
        <translation>Propuesto: {0}.</translation>
    </message>
    <message>
        <source>The pen took out the paragraph you were writing on. Your words are kept in the vault.</source>
        <translation>La delegación redactora suprimió el párrafo en que usted escribía. Sus palabras se conservan en la bóveda.</translation>
    </message>
    <message>
        <source>The words are set.</source>
        <translation>Las palabras quedan fijadas.</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Retirar</translation>
    </message>
    <message>
        <source>Withdrawn.</source>
        <translation>Retirada.</translation>
    </message>
    <message>
        <source>Words of the library go where you write.</source>
        <translation>Las palabras de la biblioteca se insertan donde usted escribe.</translation>
    </message>
    <message>
        <source>Your proposal is made.</source>
        <translation>Su propuesta está hecha.</translation>
    </message>
    <message>
        <source>Your remark is for everybody in the room.</source>
        <translation>Su observación es para todos en la sala.</translation>
    </message>
    <message>
        <source>Your words are kept on this paragraph and were not sent.</source>
        <translation>Sus palabras se conservan en este párrafo y no se enviaron.</translation>
    </message>
</context>
<context>
    <name>_Bars</name>
    <message>
        <source>Strength: {0} of {1}</source>
        <translation>Solidez: {0} de {1}</translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>Address, domain or AS</source>
        <translation>Dirección, dominio o AS</translation>
    </message>
    <message>
        <source>Remove this address</source>
        <translation>Quitar esta dirección</translation>
    </message>
    <message>
        <source>Remove {file}</source>
        <translation>Quitar {file}</translation>
    </message>
    <message>
        <source>Sealing {file}</source>
        <translation>Sellando {file}</translation>
    </message>
    <message>
        <source>from 2026-12-10 18:00</source>
        <translation>desde 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>until</source>
        <translation>hasta</translation>
    </message>
    <message>
        <source>{0}: address, domain or network</source>
        <translation>{0}: dirección, dominio o red</translation>
    </message>
    <message>
        <source>{0}: from, in UTC</source>
        <translation>{0}: desde, en UTC</translation>
    </message>
    <message>
        <source>{0}: until, in UTC</source>
        <translation>{0}: hasta, en UTC</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>A file comes back</source>
        <translation>Archivo devuelto</translation>
    </message>
    <message>
        <source>A new permission in place of this one</source>
        <translation>Un permiso nuevo en lugar de este</translation>
    </message>
    <message>
        <source>A note of your own delegation; it never leaves</source>
        <translation>Una nota de su propia delegación; nunca sale</translation>
    </message>
    <message>
        <source>A task of your own delegation; it never leaves</source>
        <translation>Una tarea de su propia delegación; nunca sale</translation>
    </message>
    <message>
        <source>Accept laptops</source>
        <translation>Aceptar portátiles</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Acusar recibo</translation>
    </message>
    <message>
        <source>Acknowledge (in the list)</source>
        <translation>Acusar recibo (en la lista)</translation>
    </message>
    <message>
        <source>Acknowledge receipt…</source>
        <translation>Acusar recibo…</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>Añadir un registro desde un archivo</translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>Admitir</translation>
    </message>
    <message>
        <source>Agree ad ref</source>
        <translation>Acordar ad referendum</translation>
    </message>
    <message>
        <source>Answer…</source>
        <translation>Responder…</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry, each alone</source>
        <translation>Pedir a los puntos de contacto que confirmen su entrada, a cada uno por separado</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>Nos preguntan</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>Adjuntar archivos</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automática</translation>
    </message>
    <message>
        <source>Back to the page before</source>
        <translation>Volver a la página anterior</translation>
    </message>
    <message>
        <source>Back to the settings</source>
        <translation>Volver a los ajustes</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>Hacer una copia de seguridad ahora</translation>
    </message>
    <message>
        <source>Between the delegations and the directory of points of contact</source>
        <translation>Entre las delegaciones y el directorio de puntos de contacto</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>Romper el silencio</translation>
    </message>
    <message>
        <source>By courier only</source>
        <translation>Solo por mensajero</translation>
    </message>
    <message>
        <source>By the folder only</source>
        <translation>Solo por la carpeta</translation>
    </message>
    <message>
        <source>By the relay only</source>
        <translation>Solo por el repetidor</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>Calendario</translation>
    </message>
    <message>
        <source>Call a State otherwise on the screens of this vault, or show its code alone</source>
        <translation>Llamar de otro modo a un Estado en las pantallas de esta bóveda, o mostrar solo su código</translation>
    </message>
    <message>
        <source>Can go along</source>
        <translation>Puede acompañar</translation>
    </message>
    <message>
        <source>Card with permission…</source>
        <translation>Tarjeta con permiso…</translation>
    </message>
    <message>
        <source>Change between what is stated and what our delegation thinks</source>
        <translation>Cambiar entre lo declarado y lo que piensa nuestra delegación</translation>
    </message>
    <message>
        <source>Change the entry</source>
        <translation>Cambiar la entrada</translation>
    </message>
    <message>
        <source>Check a backup</source>
        <translation>Comprobar una copia de seguridad</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>Comprobar un archivo de prueba</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Elegir una carpeta…</translation>
    </message>
    <message>
        <source>Choose offers…</source>
        <translation>Elegir ofrecimientos…</translation>
    </message>
    <message>
        <source>Choose the delegations whose word counts</source>
        <translation>Elegir las delegaciones cuya palabra cuenta</translation>
    </message>
    <message>
        <source>Choose the next amendment to this paragraph</source>
        <translation>Elegir la siguiente enmienda a este párrafo</translation>
    </message>
    <message>
        <source>Choose the previous amendment, or the paragraph</source>
        <translation>Elegir la enmienda anterior, o el párrafo</translation>
    </message>
    <message>
        <source>Choose what fields must say for a row to be shown</source>
        <translation>Elegir qué deben decir los campos para que se muestre una fila</translation>
    </message>
    <message>
        <source>Close at once</source>
        <translation>Cerrar de inmediato</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Cerrar la lista</translation>
    </message>
    <message>
        <source>Close the paragraph</source>
        <translation>Cerrar el párrafo</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>Cerrar el procedimiento</translation>
    </message>
    <message>
        <source>Close the vault and end the program; nothing is left on the screen</source>
        <translation>Cerrar la bóveda y terminar el programa; no queda nada en la pantalla</translation>
    </message>
    <message>
        <source>Close the vault and quit</source>
        <translation>Cerrar la bóveda y salir</translation>
    </message>
    <message>
        <source>Close the vault and show the unlock page</source>
        <translation>Cerrar la bóveda y mostrar la página de desbloqueo</translation>
    </message>
    <message>
        <source>Close…</source>
        <translation>Cerrar…</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>Copatrocinar</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>Compromisos</translation>
    </message>
    <message>
        <source>Compare by eye</source>
        <translation>Comparar a simple vista</translation>
    </message>
    <message>
        <source>Compare four words with the chosen delegation, both at the same time</source>
        <translation>Comparar cuatro palabras con la delegación elegida, ambas al mismo tiempo</translation>
    </message>
    <message>
        <source>Compare revisions</source>
        <translation>Comparar revisiones</translation>
    </message>
    <message>
        <source>Compare the number of the chosen delegation by eye</source>
        <translation>Comparar a simple vista el número de la delegación elegida</translation>
    </message>
    <message>
        <source>Compare the safety number with the chosen delegation</source>
        <translation>Comparar el número de seguridad con la delegación elegida</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>Comparar palabras ahora</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contactos</translation>
    </message>
    <message>
        <source>Contents of the guide</source>
        <translation>Índice de la guía</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>Convergencia</translation>
    </message>
    <message>
        <source>Copy in notation</source>
        <translation>Copiar en notación</translation>
    </message>
    <message>
        <source>Copy the address of the chosen point of contact for ten seconds; nothing is sent</source>
        <translation>Copiar durante diez segundos la dirección del punto de contacto elegido; no se envía nada</translation>
    </message>
    <message>
        <source>Copy the chosen paragraph and where it stands; forgotten after ten seconds</source>
        <translation>Copiar el párrafo elegido y dónde figura; se olvida a los diez segundos</translation>
    </message>
    <message>
        <source>Copy the e-mail address</source>
        <translation>Copiar la dirección de correo electrónico</translation>
    </message>
    <message>
        <source>Copy the hash</source>
        <translation>Copiar el hash</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>Copiar la lista</translation>
    </message>
    <message>
        <source>Copy the number of the chosen point of contact for ten seconds; nothing is dialled</source>
        <translation>Copiar durante diez segundos el número del punto de contacto elegido; no se marca ningún número</translation>
    </message>
    <message>
        <source>Copy the paragraph</source>
        <translation>Copiar el párrafo</translation>
    </message>
    <message>
        <source>Copy the telephone number</source>
        <translation>Copiar el número de teléfono</translation>
    </message>
    <message>
        <source>Copy the text with its brackets and attributions; forgotten after ten seconds</source>
        <translation>Copiar el texto con sus corchetes y atribuciones; se olvida a los diez segundos</translation>
    </message>
    <message>
        <source>Copy this paragraph with its brackets and attributions; forgotten after ten seconds</source>
        <translation>Copiar este párrafo con sus corchetes y atribuciones; se olvida a los diez segundos</translation>
    </message>
    <message>
        <source>Copy with source</source>
        <translation>Copiar con la fuente</translation>
    </message>
    <message>
        <source>Correct or add; what stood before stays in the record</source>
        <translation>Corregir o añadir; lo que figuraba antes permanece en el acta</translation>
    </message>
    <message>
        <source>Custodians</source>
        <translation>Garantes</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>Decidir sobre el silencio controvertido</translation>
    </message>
    <message>
        <source>Decide which of several standing values holds</source>
        <translation>Decidir cuál de varios valores que figuran es el que vale</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Entrega</translation>
    </message>
    <message>
        <source>Edit the words in place; the difference becomes the proposal (Enter does the same)</source>
        <translation>Editar las palabras en su lugar; la diferencia pasa a ser la propuesta (Intro hace lo mismo)</translation>
    </message>
    <message>
        <source>Edit with the pen</source>
        <translation>Editar como delegación redactora</translation>
    </message>
    <message>
        <source>Enter a reservation</source>
        <translation>Formular una reserva</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Entrada</translation>
    </message>
    <message>
        <source>Everything about the chosen point of contact</source>
        <translation>Todo sobre el punto de contacto elegido</translation>
    </message>
    <message>
        <source>Everything the delegations said, both markings on every page</source>
        <translation>Todo lo que dijeron las delegaciones, con ambas marcas en cada página</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>Intercambiar ahora</translation>
    </message>
    <message>
        <source>Export as a file</source>
        <translation>Exportar como archivo</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>Exportar filas</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>Exportar el calendario</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>Prorrogar el plazo</translation>
    </message>
    <message>
        <source>Fifth view</source>
        <translation>Quinta vista</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrar</translation>
    </message>
    <message>
        <source>Filters that were kept under a name</source>
        <translation>Filtros que se conservaron con un nombre</translation>
    </message>
    <message>
        <source>Find a document</source>
        <translation>Buscar un documento</translation>
    </message>
    <message>
        <source>Find here</source>
        <translation>Buscar aquí</translation>
    </message>
    <message>
        <source>Find it in the library</source>
        <translation>Buscarla en la biblioteca</translation>
    </message>
    <message>
        <source>First view</source>
        <translation>Primera vista</translation>
    </message>
    <message>
        <source>For the operator of a relay that takes them by hand</source>
        <translation>Para el operador de un repetidor que las aplica a mano</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>Avanzar de nuevo</translation>
    </message>
    <message>
        <source>Fourth view</source>
        <translation>Cuarta vista</translation>
    </message>
    <message>
        <source>From a norm or measure to the matrix of States, and back to the page of the cell one is at</source>
        <translation>De una norma o medida a la matriz de Estados, y de vuelta a la página de la celda en que se está</translation>
    </message>
    <message>
        <source>Give permission…</source>
        <translation>Dar permiso…</translation>
    </message>
    <message>
        <source>Give the pen to another delegation</source>
        <translation>Dar la redacción a otra delegación</translation>
    </message>
    <message>
        <source>Go to a paragraph by its number</source>
        <translation>Ir a un párrafo por su número</translation>
    </message>
    <message>
        <source>Go to hygiene, unlocking, laptops, backups, keys, evidence and checks</source>
        <translation>Ir a higiene, desbloqueo, portátiles, copias de seguridad, claves, pruebas y comprobaciones</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>Ir al párrafo</translation>
    </message>
    <message>
        <source>Go to the commitments</source>
        <translation>Ir a los compromisos</translation>
    </message>
    <message>
        <source>Go to the contacts</source>
        <translation>Ir a los contactos</translation>
    </message>
    <message>
        <source>Go to the incidents</source>
        <translation>Ir a los incidentes</translation>
    </message>
    <message>
        <source>Go to the library</source>
        <translation>Ir a la biblioteca</translation>
    </message>
    <message>
        <source>Go to the messages</source>
        <translation>Ir a los mensajes</translation>
    </message>
    <message>
        <source>Go to the next pane of this screen</source>
        <translation>Ir al panel siguiente de esta pantalla</translation>
    </message>
    <message>
        <source>Go to the overview</source>
        <translation>Ir a la vista general</translation>
    </message>
    <message>
        <source>Go to the page of the next one</source>
        <translation>Ir a la página de la siguiente</translation>
    </message>
    <message>
        <source>Go to the page of the one before</source>
        <translation>Ir a la página de la anterior</translation>
    </message>
    <message>
        <source>Go to the previous pane of this screen</source>
        <translation>Ir al panel anterior de esta pantalla</translation>
    </message>
    <message>
        <source>Go to the registers</source>
        <translation>Ir a los registros</translation>
    </message>
    <message>
        <source>Go to the search box of this screen</source>
        <translation>Ir al cuadro de búsqueda de esta pantalla</translation>
    </message>
    <message>
        <source>Go to the settings</source>
        <translation>Ir a los ajustes</translation>
    </message>
    <message>
        <source>Go to the texts</source>
        <translation>Ir a los textos</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Guía</translation>
    </message>
    <message>
        <source>History of the entry</source>
        <translation>Historial de la entrada</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>Historial del párrafo</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>Historial de la fila</translation>
    </message>
    <message>
        <source>How a frozen text goes on</source>
        <translation>Cómo continúa un texto congelado</translation>
    </message>
    <message>
        <source>Import a card</source>
        <translation>Importar una tarjeta</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>Importar una carpeta</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>Importar tarjetas de contacto</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>Importar filas</translation>
    </message>
    <message>
        <source>In an open entry: put back what stood before your last change; both stay in the history</source>
        <translation>En una entrada abierta: restablecer lo que había antes de su último cambio; ambas cosas quedan en el historial</translation>
    </message>
    <message>
        <source>In an open entry: take it out with a reason, or put it back</source>
        <translation>En una entrada abierta: darla de baja indicando el motivo, o restablecerla</translation>
    </message>
    <message>
        <source>In an open entry: what was changed, by whom and when</source>
        <translation>En una entrada abierta: qué se cambió, quién y cuándo</translation>
    </message>
    <message>
        <source>Incident and indicators as a bundle for technical teams</source>
        <translation>Incidente e indicadores como paquete para equipos técnicos</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidentes</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>Insertar desde la biblioteca</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>Observación interna</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>Declaraciones conjuntas</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conservar</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>Mantener como alternativa</translation>
    </message>
    <message>
        <source>Keep what was changed in the row</source>
        <translation>Conservar lo que se ha cambiado en la fila</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>Filtros conservados</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>Leave the relay…</source>
        <translation>Dejar el repetidor…</translation>
    </message>
    <message>
        <source>Let a delegation write to us through our relay</source>
        <translation>Permitir que una delegación nos escriba a través de nuestro repetidor</translation>
    </message>
    <message>
        <source>Let another officer&apos;s draft on this paragraph leave to the room</source>
        <translation>Permitir que el borrador de otro funcionario sobre este párrafo salga a la sala</translation>
    </message>
    <message>
        <source>Let delegations co-sponsor the newest revision of this text</source>
        <translation>Permitir que las delegaciones copatrocinen la revisión más reciente de este texto</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Biblioteca</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>Bloquear ahora</translation>
    </message>
    <message>
        <source>Look at a bundle and make a draft of it; nothing is sent</source>
        <translation>Examinar un paquete y hacer de él un borrador; no se envía nada</translation>
    </message>
    <message>
        <source>Look at the laptop that was added to the delegation shown, and accept it</source>
        <translation>Examinar el portátil que se añadió a la delegación mostrada, y aceptarlo</translation>
    </message>
    <message>
        <source>Look at the text</source>
        <translation>Ver el texto</translation>
    </message>
    <message>
        <source>Look for its symbol in the documents of the library</source>
        <translation>Buscar su signatura en los documentos de la biblioteca</translation>
    </message>
    <message>
        <source>Look for slips of drafting: numbers, brackets, opening verbs, signs at the end</source>
        <translation>Buscar descuidos de redacción: números, corchetes, verbos iniciales, signos finales</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>Preparar un paquete para el mensajero</translation>
    </message>
    <message>
        <source>Make a vault for a journey</source>
        <translation>Preparar una bóveda para un viaje</translation>
    </message>
    <message>
        <source>Matrix and page</source>
        <translation>Matriz y página</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Miembros</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
    <message>
        <source>More at once</source>
        <translation>Más a la vez</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>Nombre que se muestra de un Estado</translation>
    </message>
    <message>
        <source>Narrow the list of documents by symbol, title or language</source>
        <translation>Reducir la lista de documentos por signatura, título o idioma</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>Más cerca</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nuevo</translation>
    </message>
    <message>
        <source>New internal note…</source>
        <translation>Nueva nota interna…</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>Nueva revisión</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>Nueva sala</translation>
    </message>
    <message>
        <source>New task…</source>
        <translation>Nueva tarea…</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>Nuevo hilo</translation>
    </message>
    <message>
        <source>Next amendment</source>
        <translation>Enmienda siguiente</translation>
    </message>
    <message>
        <source>Next norm or measure</source>
        <translation>Norma o medida siguiente</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>Panel siguiente</translation>
    </message>
    <message>
        <source>Next phrase of agreed language</source>
        <translation>Siguiente frase de formulación convenida</translation>
    </message>
    <message>
        <source>No position</source>
        <translation>Sin posición</translation>
    </message>
    <message>
        <source>Nominate by note verbale</source>
        <translation>Designar por nota verbal</translation>
    </message>
    <message>
        <source>Offer assistance…</source>
        <translation>Ofrecer asistencia…</translation>
    </message>
    <message>
        <source>Offer help to the delegation that asks</source>
        <translation>Ofrecer ayuda a la delegación que la pide</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the hash that is signed; forgotten after ten seconds</source>
        <translation>En una declaración conjunta o lista: copiar el hash que se firma; se olvida a los diez segundos</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the names, one a line; forgotten after ten seconds</source>
        <translation>En una declaración conjunta o lista: copiar los nombres, uno por línea; se olvida a los diez segundos</translation>
    </message>
    <message>
        <source>On a joint statement or list: save the words as the file whose sha256sum is the hash</source>
        <translation>En una declaración conjunta o lista: guardar las palabras como el archivo cuyo sha256sum es el hash</translation>
    </message>
    <message>
        <source>On a joint statement or list: sign on for our delegation</source>
        <translation>En una declaración conjunta o lista: adherirse en nombre de nuestra delegación</translation>
    </message>
    <message>
        <source>On a joint statement or list: take the name of our delegation back</source>
        <translation>En una declaración conjunta o lista: retirar el nombre de nuestra delegación</translation>
    </message>
    <message>
        <source>On a list of co-sponsors: go to the text</source>
        <translation>En una lista de copatrocinadores: ir al texto</translation>
    </message>
    <message>
        <source>On a list we closed: admit a delegation that signed on late</source>
        <translation>En una lista que cerramos: admitir a una delegación que se adhirió tarde</translation>
    </message>
    <message>
        <source>On a list we opened: close it with the names that stand on it now</source>
        <translation>En una lista que abrimos: cerrarla con los nombres que figuran ahora en ella</translation>
    </message>
    <message>
        <source>On a statement that was replaced: go to the words in its place</source>
        <translation>En una declaración que se sustituyó: ir a las palabras que figuran en su lugar</translation>
    </message>
    <message>
        <source>On a statement we opened: open other words in its place</source>
        <translation>En una declaración que abrimos: abrir otras palabras en su lugar</translation>
    </message>
    <message>
        <source>Open a closed incident again</source>
        <translation>Abrir de nuevo un incidente cerrado</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>Abrir una lista de copatrocinadores</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>Abrir una ronda de pruebas de comunicación</translation>
    </message>
    <message>
        <source>Open a room with one delegation, a group, or your own</source>
        <translation>Abrir una sala con una delegación, con un grupo o con la propia</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>Abrir un procedimiento de acuerdo tácito</translation>
    </message>
    <message>
        <source>Open again…</source>
        <translation>Abrir de nuevo…</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>Abrir paquetes de un mensajero</translation>
    </message>
    <message>
        <source>Open in its place</source>
        <translation>Abrir en su lugar</translation>
    </message>
    <message>
        <source>Open the chosen point of contact as a form</source>
        <translation>Abrir como formulario el punto de contacto elegido</translation>
    </message>
    <message>
        <source>Open the file of the relay&apos;s operator</source>
        <translation>Abrir el archivo del operador del repetidor</translation>
    </message>
    <message>
        <source>Open the guide at the page about what is on the screen</source>
        <translation>Abrir la guía en la página que trata de lo que está en la pantalla</translation>
    </message>
    <message>
        <source>Open the row</source>
        <translation>Abrir la fila</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>Oponerse</translation>
    </message>
    <message>
        <source>Oppose the chosen amendment, or the paragraph</source>
        <translation>Oponerse a la enmienda elegida, o al párrafo</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>Apreciación – interna</translation>
    </message>
    <message>
        <source>Our card</source>
        <translation>Nuestra tarjeta</translation>
    </message>
    <message>
        <source>Our identity card with permission to write, for one correspondent alone</source>
        <translation>Nuestra tarjeta de identidad con permiso para escribir, para un solo interlocutor</translation>
    </message>
    <message>
        <source>Our own row</source>
        <translation>Nuestra propia fila</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Vista general</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>Dejar en suspenso</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>Ceder la redacción</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Rondas de pruebas de comunicación</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Puntos de contacto</translation>
    </message>
    <message>
        <source>Previous amendment</source>
        <translation>Enmienda anterior</translation>
    </message>
    <message>
        <source>Previous norm or measure</source>
        <translation>Norma o medida anterior</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>Panel anterior</translation>
    </message>
    <message>
        <source>Propose a new paragraph after this one</source>
        <translation>Proponer un nuevo párrafo después de este</translation>
    </message>
    <message>
        <source>Propose a paragraph</source>
        <translation>Proponer un párrafo</translation>
    </message>
    <message>
        <source>Propose an alternative</source>
        <translation>Proponer una alternativa</translation>
    </message>
    <message>
        <source>Propose another place for this paragraph</source>
        <translation>Proponer otro lugar para este párrafo</translation>
    </message>
    <message>
        <source>Propose by editing</source>
        <translation>Proponer editando</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>Proponer supresión</translation>
    </message>
    <message>
        <source>Propose other words for the whole paragraph, beside it</source>
        <translation>Proponer otras palabras para todo el párrafo, al lado de este</translation>
    </message>
    <message>
        <source>Propose to delete this paragraph</source>
        <translation>Proponer la supresión de este párrafo</translation>
    </message>
    <message>
        <source>Propose to move</source>
        <translation>Proponer un traslado</translation>
    </message>
    <message>
        <source>Put back what stood before your last change; both stay in the history</source>
        <translation>Restablecer lo que había antes de su último cambio; ambas cosas quedan en el historial</translation>
    </message>
    <message>
        <source>Put our delegation&apos;s name to the chosen amendment</source>
        <translation>Añadir el nombre de nuestra delegación a la enmienda elegida</translation>
    </message>
    <message>
        <source>Put two revisions side by side, or one and the text as it stands</source>
        <translation>Poner dos revisiones una al lado de la otra, o una y el texto tal como está</translation>
    </message>
    <message>
        <source>Questions of other delegations about our entries</source>
        <translation>Preguntas de otras delegaciones sobre nuestras entradas</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Salir</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>Disponibilidad</translation>
    </message>
    <message>
        <source>Read a STIX bundle…</source>
        <translation>Leer un paquete STIX…</translation>
    </message>
    <message>
        <source>Read a backup to its end and prove it; nothing of it enters this vault</source>
        <translation>Leer una copia de seguridad hasta el final y comprobarla; nada de ella entra en esta bóveda</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>Leer un calendario</translation>
    </message>
    <message>
        <source>Read a file of this text that somebody changed, and propose what it changes</source>
        <translation>Leer un archivo de este texto que alguien cambió y proponer lo que cambia</translation>
    </message>
    <message>
        <source>Read contact cards from a file and see what they would change</source>
        <translation>Leer tarjetas de contacto de un archivo y ver qué cambiarían</translation>
    </message>
    <message>
        <source>Read rows from a file; what would change is shown first</source>
        <translation>Leer filas de un archivo; primero se muestra qué cambiaría</translation>
    </message>
    <message>
        <source>Read the card of another delegation from a file</source>
        <translation>Leer de un archivo la tarjeta de otra delegación</translation>
    </message>
    <message>
        <source>Read the code of the chosen delegation from a picture</source>
        <translation>Leer de una imagen el código de la delegación elegida</translation>
    </message>
    <message>
        <source>Read the definition of a further register</source>
        <translation>Leer la definición de un registro más</translation>
    </message>
    <message>
        <source>Read their code</source>
        <translation>Leer su código</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Registros</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Rechazar</translation>
    </message>
    <message>
        <source>Relay, folder and courier: which way serves which delegation, and what waits</source>
        <translation>Repetidor, carpeta y mensajero: qué vía sirve para cada delegación y qué está en espera</translation>
    </message>
    <message>
        <source>Release the draft</source>
        <translation>Autorizar el borrador</translation>
    </message>
    <message>
        <source>Remark to the room</source>
        <translation>Observación a la sala</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>Renovar</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Reabrir</translation>
    </message>
    <message>
        <source>Report it in another room, with its markings, where its source allows that</source>
        <translation>Comunicarlo en otra sala, con sus marcas, donde su fuente lo permita</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Formular reserva</translation>
    </message>
    <message>
        <source>Reserve until the capital has looked at it</source>
        <translation>Formular una reserva hasta que la capital lo haya examinado</translation>
    </message>
    <message>
        <source>Return another officer&apos;s draft on this paragraph, with the reason</source>
        <translation>Devolver el borrador de otro funcionario sobre este párrafo, indicando el motivo</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>Devolver el borrador</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>Revocar…</translation>
    </message>
    <message>
        <source>Rounds that ask points of contact to confirm their entry</source>
        <translation>Rondas en que se pide a los puntos de contacto que confirmen su entrada</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>Guardar como PDF…</translation>
    </message>
    <message>
        <source>Save as STIX 2.1…</source>
        <translation>Guardar como STIX 2.1…</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>Guardar la entrada de calendario</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Guardar tarjetas de contacto</translation>
    </message>
    <message>
        <source>Save files as</source>
        <translation>Guardar archivos como</translation>
    </message>
    <message>
        <source>Save our card</source>
        <translation>Guardar nuestra tarjeta</translation>
    </message>
    <message>
        <source>Save our own card as a file; in an open point of contact: keep what was changed</source>
        <translation>Guardar nuestra propia tarjeta como archivo; en un punto de contacto abierto: conservar lo que se ha cambiado</translation>
    </message>
    <message>
        <source>Save the deadline of the silence procedure as a calendar file</source>
        <translation>Guardar el plazo del procedimiento de acuerdo tácito como archivo de calendario</translation>
    </message>
    <message>
        <source>Save the entries shown as contact cards (.vcf)</source>
        <translation>Guardar las entradas mostradas como tarjetas de contacto (.vcf)</translation>
    </message>
    <message>
        <source>Save the files of the chosen message; nothing is ever opened from here</source>
        <translation>Guardar los archivos del mensaje elegido; desde aquí nunca se abre nada</translation>
    </message>
    <message>
        <source>Save the record of a room as evidence</source>
        <translation>Guardar el acta de una sala como prueba</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>Guardar el acta…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Guardar las revocaciones…</translation>
    </message>
    <message>
        <source>Save the text as a Word document, PDF or another file, from the room&apos;s record alone</source>
        <translation>Guardar el texto como documento de Word, PDF u otro archivo, solo a partir del acta de la sala</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>Guardar las palabras</translation>
    </message>
    <message>
        <source>Say how it ended and close it</source>
        <translation>Decir cómo terminó y cerrarlo</translation>
    </message>
    <message>
        <source>Say that it was received; it accepts no fact and agrees with nothing</source>
        <translation>Decir que se recibió; no se acepta ningún hecho ni se da conformidad a nada</translation>
    </message>
    <message>
        <source>Say that the delegation can go along</source>
        <translation>Decir que la delegación puede acompañar</translation>
    </message>
    <message>
        <source>Say what an evidence file proves and what it does not</source>
        <translation>Decir qué demuestra y qué no demuestra un archivo de prueba</translation>
    </message>
    <message>
        <source>Say whether you can help and what was done</source>
        <translation>Decir si puede ayudar y qué se hizo</translation>
    </message>
    <message>
        <source>Say which of two continuations stands, or who has the pen from here on</source>
        <translation>Decir cuál de dos continuaciones vale, o quién lleva la redacción a partir de aquí</translation>
    </message>
    <message>
        <source>Say which offers your delegation takes</source>
        <translation>Decir qué ofrecimientos acepta su delegación</translation>
    </message>
    <message>
        <source>Say, with the reason, that our delegation does not agree; it cannot be taken back</source>
        <translation>Decir, indicando el motivo, que nuestra delegación no está de acuerdo; no se puede retirar</translation>
    </message>
    <message>
        <source>Scrutiny reservation</source>
        <translation>Reserva de estudio</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>Sellar y enviar</translation>
    </message>
    <message>
        <source>Seal files into the vault and send them with the message</source>
        <translation>Sellar archivos en la bóveda y enviarlos con el mensaje</translation>
    </message>
    <message>
        <source>Seal what you wrote and send it at the next exchange</source>
        <translation>Sellar lo que ha escrito y enviarlo en el próximo intercambio</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>Buscar en todo</translation>
    </message>
    <message>
        <source>Search texts, amendments, messages, contacts, commitments and registers</source>
        <translation>Buscar en textos, enmiendas, mensajes, contactos, compromisos y registros</translation>
    </message>
    <message>
        <source>Second view</source>
        <translation>Segunda vista</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Seguridad</translation>
    </message>
    <message>
        <source>See less of the matrix, larger</source>
        <translation>Ver menos de la matriz, más grande</translation>
    </message>
    <message>
        <source>See more of the matrix at once</source>
        <translation>Ver más de la matriz a la vez</translation>
    </message>
    <message>
        <source>Send on to others…</source>
        <translation>Transmitir a otros…</translation>
    </message>
    <message>
        <source>Send what waits and fetch what has come</source>
        <translation>Enviar lo que espera y recoger lo que ha llegado</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>Resolver una diferencia</translation>
    </message>
    <message>
        <source>Show every date as a calendar; in the month: arrows, Page Up, Page Down, Home</source>
        <translation>Mostrar todas las fechas como calendario; en el mes: flechas, Re Pág, Av Pág, Inicio</translation>
    </message>
    <message>
        <source>Show every field of the row</source>
        <translation>Mostrar todos los campos de la fila</translation>
    </message>
    <message>
        <source>Show every key</source>
        <translation>Mostrar todas las teclas</translation>
    </message>
    <message>
        <source>Show how many words stand outside brackets, revision by revision</source>
        <translation>Mostrar cuántas palabras están fuera de corchetes, revisión por revisión</translation>
    </message>
    <message>
        <source>Show joint statements and lists of co-sponsors, and who has signed on</source>
        <translation>Mostrar declaraciones conjuntas y listas de copatrocinadores, y quién se ha adherido</translation>
    </message>
    <message>
        <source>Show our own card, to hand over or save</source>
        <translation>Mostrar nuestra propia tarjeta, para entregarla o guardarla</translation>
    </message>
    <message>
        <source>Show the fifth view of the register</source>
        <translation>Mostrar la quinta vista del registro</translation>
    </message>
    <message>
        <source>Show the first view of the register</source>
        <translation>Mostrar la primera vista del registro</translation>
    </message>
    <message>
        <source>Show the fourth view of the register</source>
        <translation>Mostrar la cuarta vista del registro</translation>
    </message>
    <message>
        <source>Show the new words</source>
        <translation>Mostrar las nuevas palabras</translation>
    </message>
    <message>
        <source>Show the second view of the register</source>
        <translation>Mostrar la segunda vista del registro</translation>
    </message>
    <message>
        <source>Show the sixth view of the register</source>
        <translation>Mostrar la sexta vista del registro</translation>
    </message>
    <message>
        <source>Show the third view of the register</source>
        <translation>Mostrar la tercera vista del registro</translation>
    </message>
    <message>
        <source>Show what every delegation says at every paragraph</source>
        <translation>Mostrar lo que dice cada delegación en cada párrafo</translation>
    </message>
    <message>
        <source>Show what happened to this paragraph</source>
        <translation>Mostrar lo que ocurrió con este párrafo</translation>
    </message>
    <message>
        <source>Show what needs you now</source>
        <translation>Mostrar lo que requiere su atención ahora</translation>
    </message>
    <message>
        <source>Show what our State has said and done about it</source>
        <translation>Mostrar lo que nuestro Estado ha dicho y hecho al respecto</translation>
    </message>
    <message>
        <source>Show when each device received and acknowledged the message</source>
        <translation>Mostrar cuándo cada dispositivo recibió el mensaje y cuándo se acusó recibo</translation>
    </message>
    <message>
        <source>Show who is in this room</source>
        <translation>Mostrar quién está en esta sala</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>Adherirse</translation>
    </message>
    <message>
        <source>Sixth view</source>
        <translation>Sexta vista</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Descuidos</translation>
    </message>
    <message>
        <source>Sort by this column</source>
        <translation>Ordenar por esta columna</translation>
    </message>
    <message>
        <source>Sort the table by the column one is at; again turns it round</source>
        <translation>Ordenar la tabla por la columna en que se está; otra vez invierte el orden</translation>
    </message>
    <message>
        <source>Speak for a group</source>
        <translation>Hablar en nombre de un grupo</translation>
    </message>
    <message>
        <source>Start a new thread in this room</source>
        <translation>Empezar un nuevo hilo en esta sala</translation>
    </message>
    <message>
        <source>Start something new on this screen</source>
        <translation>Empezar algo nuevo en esta pantalla</translation>
    </message>
    <message>
        <source>Stop importing; what was taken in stays, and the same import again goes on from there</source>
        <translation>Detener la importación; lo ya incorporado permanece, y la misma importación continúa después desde ese punto</translation>
    </message>
    <message>
        <source>Stop the backup; what was begun is taken away again</source>
        <translation>Detener la copia de seguridad; lo empezado se quita de nuevo</translation>
    </message>
    <message>
        <source>Stop the import</source>
        <translation>Detener la importación</translation>
    </message>
    <message>
        <source>Stop using the folder…</source>
        <translation>Dejar de usar la carpeta…</translation>
    </message>
    <message>
        <source>Stop what is being written</source>
        <translation>Detener lo que se está escribiendo</translation>
    </message>
    <message>
        <source>Streamlining bench</source>
        <translation>Mesa de simplificación</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>Apoyar</translation>
    </message>
    <message>
        <source>Support the chosen amendment, or the paragraph</source>
        <translation>Apoyar la enmienda elegida, o el párrafo</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>Incorporar</translation>
    </message>
    <message>
        <source>Take a permission back: nothing more is taken with it</source>
        <translation>Retirar un permiso: con él no se acepta nada más</translation>
    </message>
    <message>
        <source>Take events or consultations from a calendar file (.ics)</source>
        <translation>Incorporar actos o consultas de un archivo de calendario (.ics)</translation>
    </message>
    <message>
        <source>Take every document of a folder into the library; what is there already is passed over</source>
        <translation>Incorporar a la biblioteca todos los documentos de una carpeta; lo que ya está se omite</translation>
    </message>
    <message>
        <source>Take in what a courier brought on a stick</source>
        <translation>Incorporar lo que un mensajero ha traído en una memoria USB</translation>
    </message>
    <message>
        <source>Take it higher…</source>
        <translation>Elevar de nivel…</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>Retirar nuestro nombre</translation>
    </message>
    <message>
        <source>Take out of the library</source>
        <translation>Quitar de la biblioteca</translation>
    </message>
    <message>
        <source>Take out or put back</source>
        <translation>Dar de baja o restablecer</translation>
    </message>
    <message>
        <source>Take positions on behalf of a group; empty = for our own delegation</source>
        <translation>Adoptar posiciones en nombre de un grupo; vacío = en nombre de nuestra propia delegación</translation>
    </message>
    <message>
        <source>Take the chosen document out of the library of this laptop</source>
        <translation>Quitar el documento elegido de la biblioteca de este portátil</translation>
    </message>
    <message>
        <source>Take the position back</source>
        <translation>Retirar la posición</translation>
    </message>
    <message>
        <source>Take the row out with a reason, or put it back</source>
        <translation>Dar de baja la fila indicando el motivo, o restablecerla</translation>
    </message>
    <message>
        <source>Tell other delegations that you have verified the chosen one</source>
        <translation>Comunicar a otras delegaciones que usted ha verificado la elegida</translation>
    </message>
    <message>
        <source>Tell the author, signed, that this message has been read here</source>
        <translation>Comunicar al autor, con firma, que este mensaje se ha leído aquí</translation>
    </message>
    <message>
        <source>Test the folder</source>
        <translation>Probar la carpeta</translation>
    </message>
    <message>
        <source>Test the relay</source>
        <translation>Probar el repetidor</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textos</translation>
    </message>
    <message>
        <source>The record whose SHA-256 is shown; it is the same at every delegation</source>
        <translation>El acta cuyo SHA-256 se muestra; es la misma en todas las delegaciones</translation>
    </message>
    <message>
        <source>The relay where there is one, else the folder</source>
        <translation>El repetidor donde lo haya; si no, la carpeta</translation>
    </message>
    <message>
        <source>The same with one key while the list of messages has the focus</source>
        <translation>Lo mismo con una sola tecla mientras el foco está en la lista de mensajes</translation>
    </message>
    <message>
        <source>Third view</source>
        <translation>Tercera vista</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>Deshacer el último cambio</translation>
    </message>
    <message>
        <source>Update…</source>
        <translation>Actualizar…</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>Usar un repetidor…</translation>
    </message>
    <message>
        <source>Use the next channel of the ladder</source>
        <translation>Utilizar el siguiente canal de la escala</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Verificar</translation>
    </message>
    <message>
        <source>Vouch</source>
        <translation>Avalar</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Vías de intercambio</translation>
    </message>
    <message>
        <source>What came of each contact over the rounds</source>
        <translation>Qué resultó de cada contacto en las distintas rondas</translation>
    </message>
    <message>
        <source>What was changed in the row, by whom and when</source>
        <translation>Qué se cambió en la fila, quién y cuándo</translation>
    </message>
    <message>
        <source>While writing: go to the next words that stand in the library, and see where</source>
        <translation>Mientras se escribe: ir a las siguientes palabras que figuran en la biblioteca y ver dónde</translation>
    </message>
    <message>
        <source>While writing: take words of agreed language, with their source; selected words are searched</source>
        <translation>Mientras se escribe: tomar palabras de una formulación convenida, con su fuente; se buscan las palabras seleccionadas</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Posición de cada delegación</translation>
    </message>
    <message>
        <source>With the pen: a revision stands as agreed unless somebody breaks the silence</source>
        <translation>Quien lleva la redacción: una revisión queda acordada a menos que alguien rompa el silencio</translation>
    </message>
    <message>
        <source>With the pen: do not take the chosen amendment</source>
        <translation>Quien lleva la redacción: no incorporar la enmienda elegida</translation>
    </message>
    <message>
        <source>With the pen: freeze the text as a revision</source>
        <translation>Quien lleva la redacción: fijar el texto como revisión</translation>
    </message>
    <message>
        <source>With the pen: give the silence procedure a later deadline</source>
        <translation>Quien lleva la redacción: dar al procedimiento de acuerdo tácito un plazo posterior</translation>
    </message>
    <message>
        <source>With the pen: go through what is open, like amendments together, and send all answers at once</source>
        <translation>Quien lleva la redacción: recorrer lo que está abierto, con las enmiendas parecidas juntas, y enviar todas las respuestas a la vez</translation>
    </message>
    <message>
        <source>With the pen: keep the chosen amendment as an alternative</source>
        <translation>Quien lleva la redacción: mantener la enmienda elegida como alternativa</translation>
    </message>
    <message>
        <source>With the pen: open this paragraph again</source>
        <translation>Quien lleva la redacción: abrir este párrafo de nuevo</translation>
    </message>
    <message>
        <source>With the pen: say whether the silence was kept or broken</source>
        <translation>Quien lleva la redacción: decir si el silencio se mantuvo o se rompió</translation>
    </message>
    <message>
        <source>With the pen: set the words and say what becomes of each amendment</source>
        <translation>Quien lleva la redacción: fijar las palabras e indicar qué se hace con cada enmienda</translation>
    </message>
    <message>
        <source>With the pen: set this paragraph aside</source>
        <translation>Quien lleva la redacción: dejar este párrafo en suspenso</translation>
    </message>
    <message>
        <source>With the pen: take a late amendment, or one to earlier words, back into the talks</source>
        <translation>Quien lleva la redacción: volver a incluir en las conversaciones una enmienda tardía o referida a palabras anteriores</translation>
    </message>
    <message>
        <source>With the pen: take the chosen amendment</source>
        <translation>Quien lleva la redacción: incorporar la enmienda elegida</translation>
    </message>
    <message>
        <source>With the pen: the silence procedure is over</source>
        <translation>Quien lleva la redacción: el procedimiento de acuerdo tácito ha terminado</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is agreed ad ref</source>
        <translation>Quien lleva la redacción: este párrafo queda acordado ad referendum</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is closed, not reopened without the chair&apos;s consent</source>
        <translation>Quien lleva la redacción: este párrafo queda cerrado; no se reabre sin el consentimiento de la Presidencia</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Retirar</translation>
    </message>
    <message>
        <source>Withdraw our chosen amendment</source>
        <translation>Retirar nuestra enmienda elegida</translation>
    </message>
    <message>
        <source>Write a backup of this vault to a stick or folder, and read it again</source>
        <translation>Escribir una copia de seguridad de esta bóveda en una memoria USB o carpeta, y releerla</translation>
    </message>
    <message>
        <source>Write a note verbale that nominates the chosen point of contact</source>
        <translation>Redactar una nota verbal por la que se designa el punto de contacto elegido</translation>
    </message>
    <message>
        <source>Write a remark on the chosen amendment, or the paragraph, for everybody in the room</source>
        <translation>Escribir una observación sobre la enmienda elegida, o sobre el párrafo, para todos en la sala</translation>
    </message>
    <message>
        <source>Write a remark that stays in our delegation</source>
        <translation>Escribir una observación que permanece en nuestra delegación</translation>
    </message>
    <message>
        <source>Write a vault with only the rooms you choose, for a laptop that travels</source>
        <translation>Escribir una bóveda solo con las salas que usted elija, para un portátil que viaja</translation>
    </message>
    <message>
        <source>Write rows as a file</source>
        <translation>Escribir las filas como archivo</translation>
    </message>
    <message>
        <source>Write the dates that are shown as a calendar file (.ics)</source>
        <translation>Escribir las fechas mostradas como archivo de calendario (.ics)</translation>
    </message>
    <message>
        <source>Write the signed record of the chosen room into a file others can check</source>
        <translation>Escribir el acta firmada de la sala elegida en un archivo que otros pueden comprobar</translation>
    </message>
    <message>
        <source>Write what waits as one sealed file on a stick</source>
        <translation>Escribir lo que espera en un solo archivo sellado en una memoria USB</translation>
    </message>
</context>
<context>
    <name>advice</name>
    <message>
        <source>Accepted. One or two more words would make it much harder to guess.</source>
        <translation>Aceptada. Con una o dos palabras más sería mucho más difícil de adivinar.</translation>
    </message>
    <message>
        <source>Long enough, as long as it is not a known quotation and is used nowhere else.</source>
        <translation>Lo bastante larga, siempre que no sea una cita conocida ni se use en otro lugar.</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other, or a sentence nobody else would say. Nobody can reset it; only recovery shares, if you make them, open the vault without it.</source>
        <translation>Tome cuatro o cinco palabras que no tengan nada que ver entre sí, o una frase que nadie más diría. Nadie puede restablecerla; solo los fragmentos de recuperación, si usted los hace, abren la bóveda sin ella.</translation>
    </message>
    <message>
        <source>Too easy to guess: it is made of common words, names, dates or rows of keys. Add a word or two.</source>
        <translation>Demasiado fácil de adivinar: está formada por palabras comunes, nombres, fechas o hileras de teclas. Añada una o dos palabras.</translation>
    </message>
    <message>
        <source>Too short: at least twelve characters, not the same few again and again.</source>
        <translation>Demasiado corta: al menos doce caracteres, y no los mismos pocos una y otra vez.</translation>
    </message>
</context>
<context>
    <name>backups</name>
    <message numerus="yes">
        <source>%n contacts</source>
        <translation>
            <numerusform>%n contacto</numerusform>
            <numerusform>%n contactos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entrada</numerusform>
            <numerusform>%n entradas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n archivo</numerusform>
            <numerusform>%n archivos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items have not left yet: they are kept in the backup as part of the record and the conversation.</source>
        <translation>
            <numerusform>%n elemento aún no ha salido: se conserva en la copia de seguridad como parte del acta y de la conversación.</numerusform>
            <numerusform>%n elementos aún no han salido: se conservan en la copia de seguridad como parte del acta y de la conversación.</numerusform>
        </translation>
    </message>
    <message>
        <source>As of {0}: {1}, {2}, {3}; digest {4}.</source>
        <translation>Fecha: {0}; {1}, {2}, {3}; hash: {4}.</translation>
    </message>
    <message numerus="yes">
        <source>Backed up %n days ago.</source>
        <translation>
            <numerusform>Copia de seguridad hecha hace %n día.</numerusform>
            <numerusform>Copia de seguridad hecha hace %n días.</numerusform>
        </translation>
    </message>
    <message>
        <source>Backed up today.</source>
        <translation>Copia de seguridad hecha hoy.</translation>
    </message>
    <message>
        <source>Backed up yesterday.</source>
        <translation>Copia de seguridad hecha ayer.</translation>
    </message>
    <message>
        <source>Backups ({0})</source>
        <translation>Copias de seguridad ({0})</translation>
    </message>
    <message>
        <source>Choose the backup…</source>
        <translation>Elegir la copia de seguridad…</translation>
    </message>
    <message>
        <source>Entries written or received since: {0}.</source>
        <translation>Entradas escritas o recibidas desde entonces: {0}.</translation>
    </message>
    <message>
        <source>It was not written by this vault, or before the vault was restored.</source>
        <translation>No la escribió esta bóveda, o se escribió antes de que la bóveda se restaurara.</translation>
    </message>
    <message>
        <source>It was written by this vault.</source>
        <translation>La escribió esta bóveda.</translation>
    </message>
    <message>
        <source>Messages of conversations that only the old laptop could open: {0}. Ask for what you need of them.</source>
        <translation>Mensajes de conversaciones que solo el portátil anterior podía abrir: {0}. Pida los que necesite.</translation>
    </message>
    <message>
        <source>Never finished, and no backup: {0}. It can be deleted.</source>
        <translation>Nunca terminada, y no es una copia de seguridad: {0}. Puede eliminarse.</translation>
    </message>
    <message>
        <source>Nothing was written or received since.</source>
        <translation>Desde entonces no se ha escrito ni recibido nada.</translation>
    </message>
    <message>
        <source>Of these in conversations: {0}; another laptop cannot send them, so say them again there.</source>
        <translation>De ellos, mensajes de conversaciones: {0}. Otro portátil no puede enviarlos: vuelva a escribirlos allí.</translation>
    </message>
    <message>
        <source>Open a backup</source>
        <translation>Abrir una copia de seguridad</translation>
    </message>
    <message>
        <source>There is no backup of this vault yet.</source>
        <translation>Todavía no hay ninguna copia de seguridad de esta bóveda.</translation>
    </message>
    <message>
        <source>This backup is whole and verifies.</source>
        <translation>Esta copia de seguridad está íntegra y se verifica.</translation>
    </message>
    <message>
        <source>This vault for a journey is whole and verifies.</source>
        <translation>Esta bóveda para un viaje está íntegra y se verifica.</translation>
    </message>
    <message>
        <source>a bilateral room</source>
        <translation>una sala bilateral</translation>
    </message>
    <message>
        <source>{0} in {1}: {2}</source>
        <translation>{0} en {1}: {2}</translation>
    </message>
    <message>
        <source>{0}, in {1}, {2}. Read again after writing; digest {3}.</source>
        <translation>{0}, en {1}, {2}. Releída después de escribirla; hash: {3}.</translation>
    </message>
</context>
<context>
    <name>calendar</name>
    <message>
        <source>Consultation</source>
        <translation>Consulta</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Fecha</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>Plazo</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Acto</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Examen</translation>
    </message>
    <message>
        <source>Sign-on closes</source>
        <translation>Cierre de adhesiones</translation>
    </message>
    <message>
        <source>Silence ends</source>
        <translation>Fin del silencio</translation>
    </message>
    <message>
        <source>assessed by us, internal</source>
        <translation>apreciación nuestra, interno</translation>
    </message>
    <message>
        <source>done</source>
        <translation>hecho</translation>
    </message>
</context>
<context>
    <name>capture</name>
    <message>
        <source>Nothing keeps other programs of this session from capturing this window (X11 cannot do so).</source>
        <translation>Nada impide que otros programas de esta sesión capturen esta ventana (X11 no puede impedirlo).</translation>
    </message>
    <message>
        <source>The desktop asks you before a program may capture the screen; Valise cannot forbid it.</source>
        <translation>El escritorio le pregunta antes de que un programa pueda capturar la pantalla; Valise no puede prohibirlo.</translation>
    </message>
    <message>
        <source>Windows leaves these windows out of screenshots and recordings while the setting is on (version 2004 or later). A camera is not kept out.</source>
        <translation>Windows deja estas ventanas fuera de las capturas y grabaciones de pantalla mientras el ajuste está activado (versión 2004 o posterior). Una cámara no queda excluida.</translation>
    </message>
    <message>
        <source>macOS is asked to leave these windows out of captures while the setting is on; newer versions let some programs capture them all the same. A camera is not kept out.</source>
        <translation>Se pide a macOS que deje estas ventanas fuera de las capturas mientras el ajuste está activado; las versiones más recientes permiten que algunos programas las capturen de todos modos. Una cámara no queda excluida.</translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>A log does not reach as far as its entries do.</source>
        <translation>Un diario no llega tan lejos como sus entradas.</translation>
    </message>
    <message>
        <source>A part of the database file was an older version of itself.</source>
        <translation>Una parte del archivo de la base de datos era una versión anterior de sí misma.</translation>
    </message>
    <message>
        <source>A room of two</source>
        <translation>Una sala de dos</translation>
    </message>
    <message>
        <source>A row refers to something that is not there.</source>
        <translation>Una fila remite a algo que no existe.</translation>
    </message>
    <message>
        <source>A table or an index is damaged.</source>
        <translation>Una tabla o un índice está dañado.</translation>
    </message>
    <message>
        <source>An old copy of this laptop&apos;s vault was put back; it says so itself, and goes on.</source>
        <translation>Se repuso una copia anterior de la bóveda de este portátil; ella misma lo indica, y continúa.</translation>
    </message>
    <message>
        <source>Another laptop had heard more from this one than is in this vault.</source>
        <translation>Otro portátil había recibido de este más de lo que hay en esta bóveda.</translation>
    </message>
    <message>
        <source>It was rescued from a damaged database.</source>
        <translation>Se rescató de una base de datos dañada.</translation>
    </message>
    <message>
        <source>Noticed {when}. Both signed statements are kept as evidence.</source>
        <translation>Advertido: {when}. Ambas declaraciones firmadas se conservan como prueba.</translation>
    </message>
    <message>
        <source>Some pages do not verify: the file was damaged on the disk.</source>
        <translation>Algunas páginas no se verifican: el archivo sufrió daños en el disco.</translation>
    </message>
    <message>
        <source>Something this laptop had signed came back from another.</source>
        <translation>Algo que este portátil había firmado volvió desde otro.</translation>
    </message>
    <message>
        <source>The keyring of this computer remembered a later state.</source>
        <translation>El llavero de este equipo recordaba un estado posterior.</translation>
    </message>
    <message>
        <source>The search index does not fit the data.</source>
        <translation>El índice de búsqueda no corresponde a los datos.</translation>
    </message>
    <message>
        <source>Two copies of this laptop&apos;s vault are in use. Ask its delegation; until it has admitted a new laptop in its place, rely on neither.</source>
        <translation>Se utilizan dos copias de la bóveda de este portátil. Pregunte a su delegación; hasta que haya admitido un nuevo portátil en su lugar, no confíe en ninguna.</translation>
    </message>
    <message>
        <source>What came from this laptop does not fit together: an old copy was put back, or two copies are in use. It becomes clear at the next exchanges.</source>
        <translation>Lo que llegó de este portátil no concuerda: se repuso una copia anterior o se utilizan dos copias. Se aclara en los próximos intercambios.</translation>
    </message>
    <message>
        <source>What was written beside the database at its last closing names a later state.</source>
        <translation>Lo que se escribió junto a la base de datos en su último cierre indica un estado posterior.</translation>
    </message>
    <message>
        <source>{room}: waiting for an answer of {names}.</source>
        <translation>{room}: en espera de una respuesta de {names}.</translation>
    </message>
    <message>
        <source>{room}: what this laptop had signed is on its way back.</source>
        <translation>{room}: lo que este portátil había firmado está en camino de vuelta.</translation>
    </message>
    <message>
        <source>{room}: what was said before has still to reach somebody.</source>
        <translation>{room}: lo que se dijo antes aún tiene que llegar a alguien.</translation>
    </message>
</context>
<context>
    <name>commitments</name>
    <message>
        <source>From memory, not compared with {0}: not the official wording, and not to be quoted.</source>
        <translation>De memoria, sin cotejar con {0}: no es la redacción oficial y no debe citarse.</translation>
    </message>
    <message>
        <source>From {0}.</source>
        <translation>De {0}.</translation>
    </message>
    <message>
        <source>Official text</source>
        <translation>Texto oficial</translation>
    </message>
    <message>
        <source>Summary of the text</source>
        <translation>Resumen del texto</translation>
    </message>
    <message>
        <source>The official text is not on this laptop. Import {0} into the library to read it.</source>
        <translation>El texto oficial no está en este portátil. Importe {0} en la biblioteca para leerlo.</translation>
    </message>
    <message>
        <source>the document</source>
        <translation>el documento</translation>
    </message>
</context>
<context>
    <name>contacts</name>
    <message numerus="yes">
        <source>%n are enough.</source>
        <translation>
            <numerusform>Basta %n.</numerusform>
            <numerusform>Bastan %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are needed.</source>
        <translation>
            <numerusform>Se necesita %n.</numerusform>
            <numerusform>Se necesitan %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n portátil</numerusform>
            <numerusform>%n portátiles</numerusform>
        </translation>
    </message>
    <message>
        <source>.</source>
        <translation>.</translation>
    </message>
    <message>
        <source>1. On their laptop, {who} opens Contacts and then “Our card”.</source>
        <translation>1. En su portátil, {who} abre Contactos y después “Nuestra tarjeta”.</translation>
    </message>
    <message>
        <source>2. Take a photograph or a screenshot of the code there, you yourself and not somebody by mail.</source>
        <translation>2. Tome allí una fotografía o una captura de pantalla del código, usted en persona y no alguien por correo.</translation>
    </message>
    <message>
        <source>3. Choose that picture here. Valise says whether it is the same.</source>
        <translation>3. Elija aquí esa imagen. Valise dirá si es el mismo.</translation>
    </message>
    <message>
        <source>A card with another identity came on {date}.</source>
        <translation>Llegó una tarjeta con otra identidad el {date}.</translation>
    </message>
    <message>
        <source>A card with another identity came; sending stopped.</source>
        <translation>Llegó una tarjeta con otra identidad; el envío se detuvo.</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}. Sending is stopped until you decide.</source>
        <translation>Un garante avala otra identidad de {who}. El envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>A laptop its delegation has revoked went on writing on {date}; nothing was taken from it.</source>
        <translation>Un portátil revocado por su delegación siguió escribiendo el {date}; no se incorporó nada de él.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one. Nothing is sent until you decide.</source>
        <translation>Se añadió un portátil a su propia delegación, no desde este. No se envía nada hasta que usted decida.</translation>
    </message>
    <message>
        <source>A new laptop was added on {date}.</source>
        <translation>Se añadió un nuevo portátil el {date}.</translation>
    </message>
    <message>
        <source>A second, different list of its laptops came; sending stopped.</source>
        <translation>Llegó una segunda lista de sus portátiles, distinta; el envío se detuvo.</translation>
    </message>
    <message>
        <source>A second, different list of laptops came on {date}.</source>
        <translation>Llegó una segunda lista de portátiles, distinta, el {date}.</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Aceptar</translation>
    </message>
    <message>
        <source>Accept the laptop of your own delegation?</source>
        <translation>¿Aceptar el portátil de su propia delegación?</translation>
    </message>
    <message>
        <source>Accept the new laptop of {who}?</source>
        <translation>¿Aceptar el nuevo portátil de {who}?</translation>
    </message>
    <message>
        <source>Accept…</source>
        <translation>Aceptar…</translation>
    </message>
    <message>
        <source>An old copy of one of its vaults was put back; it says so itself since {date}, and goes on.</source>
        <translation>Se repuso una copia anterior de una de sus bóvedas; ella misma lo indica desde el {date}, y continúa.</translation>
    </message>
    <message>
        <source>An older copy of this laptop&apos;s vault was put back on {date}.</source>
        <translation>Se repuso una copia anterior de la bóveda de este portátil el {date}.</translation>
    </message>
    <message>
        <source>Both of you sit at your laptops, in one room or on the telephone, and both are connected. It takes half a minute.</source>
        <translation>Ambas partes están ante sus portátiles, en la misma habitación o al teléfono, y ambas tienen conexión. Lleva medio minuto.</translation>
    </message>
    <message>
        <source>Choose that delegation in the list, or read the code from the right screen.</source>
        <translation>Elija esa delegación en la lista o lea el código de la pantalla correcta.</translation>
    </message>
    <message>
        <source>Choose the picture…</source>
        <translation>Elegir la imagen…</translation>
    </message>
    <message>
        <source>Choose these</source>
        <translation>Elegir estas</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>Comparar de nuevo</translation>
    </message>
    <message>
        <source>Compare four words, both at the same time</source>
        <translation>Comparar cuatro palabras, ambas partes al mismo tiempo</translation>
    </message>
    <message>
        <source>Compare in one of the other two ways.</source>
        <translation>Compare de una de las otras dos maneras.</translation>
    </message>
    <message>
        <source>Compare now</source>
        <translation>Comparar ahora</translation>
    </message>
    <message>
        <source>Compare once more by another way, best in person, and check that you both chose each other.</source>
        <translation>Compare una vez más por otra vía, preferiblemente en persona, y compruebe que ambas partes se eligieron mutuamente.</translation>
    </message>
    <message>
        <source>Compared {how} on {date}</source>
        <translation>Comparado {how} el {date}</translation>
    </message>
    <message>
        <source>Compared {how} on {date} by {officer}</source>
        <translation>Comparado {how} el {date} por {officer}</translation>
    </message>
    <message>
        <source>Custodians are delegations you compared with in person. When enough of them vouch for the very identity you hold of another delegation, it counts as vouched for.</source>
        <translation>Los garantes son delegaciones con las que usted comparó en persona. Cuando un número suficiente de ellas avala exactamente la identidad que usted tiene de otra delegación, esta se considera avalada.</translation>
    </message>
    <message>
        <source>Custodians you chose say that this identity is genuine. Compare with it yourself when you can.</source>
        <translation>Los garantes que usted eligió dicen que esta identidad es auténtica. Compare usted con ella cuando pueda.</translation>
    </message>
    <message>
        <source>Decide below which identity to keep.</source>
        <translation>Decida más abajo qué identidad mantener.</translation>
    </message>
    <message>
        <source>Different</source>
        <translation>Distintas</translation>
    </message>
    <message>
        <source>Each delegation you tick is told, signed by you and for good, that you have compared with {who}: its identity, the number of its card, how and when.</source>
        <translation>A cada delegación que marque se le comunica, con la firma de usted y de forma definitiva, que ha comparado con {who}: su identidad, el número de su tarjeta, cómo y cuándo.</translation>
    </message>
    <message>
        <source>Either a backup was restored there, or its root key is in other hands: ask it, by another way.</source>
        <translation>O se restauró allí una copia de seguridad o su clave raíz está en otras manos: pregúntele por otra vía.</translation>
    </message>
    <message>
        <source>Either another officer works there now, or its root key is in other hands: ask it, by another way. What you write waits; what it sends is received.</source>
        <translation>O trabaja allí ahora otro funcionario o su clave raíz está en otras manos: pregúntele por otra vía. Lo que usted escribe queda en espera; lo que ella envía se recibe.</translation>
    </message>
    <message>
        <source>Either it set up its keys anew, or somebody is trying to take its place: ask it, by another way.</source>
        <translation>O generó sus claves de nuevo o alguien intenta ocupar su lugar: pregúntele por otra vía.</translation>
    </message>
    <message>
        <source>Either the wrong one was read, or somebody stands between you: compare once more, best in person.</source>
        <translation>O se leyó el equivocado o alguien se interpone entre ustedes: compare una vez más, preferiblemente en persona.</translation>
    </message>
    <message>
        <source>Either the wrong screen was read, or somebody stands between you.</source>
        <translation>O se leyó la pantalla equivocada o alguien se interpone entre ustedes.</translation>
    </message>
    <message>
        <source>Everything you send from now on, and what waits, can be read there too.</source>
        <translation>Todo lo que usted envíe a partir de ahora, y lo que está en espera, podrá leerse también allí.</translation>
    </message>
    <message>
        <source>Exchange once more, or import its card, and read the code again.</source>
        <translation>Haga otro intercambio o importe su tarjeta, y vuelva a leer el código.</translation>
    </message>
    <message>
        <source>First seen {seen}, valid until {until}</source>
        <translation>Visto por primera vez: {seen}; válido hasta: {until}</translation>
    </message>
    <message>
        <source>Have to agree:</source>
        <translation>Tienen que coincidir:</translation>
    </message>
    <message>
        <source>How many of them have to agree</source>
        <translation>Cuántas de ellas tienen que coincidir</translation>
    </message>
    <message>
        <source>If they differ again, tell your security officer, and ask for a new card handed over in person.</source>
        <translation>Si vuelven a diferir, avise a su responsable de seguridad y pida una tarjeta nueva entregada en persona.</translation>
    </message>
    <message>
        <source>It learns that you are in touch with {who}. {who} is not told, nor is anybody else. Without the tick, your word is taken back.</source>
        <translation>Esa delegación se entera de que usted está en contacto con {who}. No se comunica a {who} ni a nadie más. Sin la marca, su palabra se retira.</translation>
    </message>
    <message>
        <source>It was put off. Start again when both of you have time.</source>
        <translation>Se aplazó. Empiece de nuevo cuando ambas partes tengan tiempo.</translation>
    </message>
    <message>
        <source>Its card was first seen here.</source>
        <translation>Su tarjeta se vio aquí por primera vez.</translation>
    </message>
    <message>
        <source>Its card was received, but nobody here has compared with it yet.</source>
        <translation>Se recibió su tarjeta, pero nadie de aquí ha comparado aún con ella.</translation>
    </message>
    <message>
        <source>Its card was renewed (number {value}).</source>
        <translation>Se renovó su tarjeta (número {value}).</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>Mantener detenido el envío</translation>
    </message>
    <message>
        <source>Laptop of {officer}</source>
        <translation>Portátil de {officer}</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Dejar como está</translation>
    </message>
    <message>
        <source>May {rights}</source>
        <translation>Puede {rights}</translation>
    </message>
    <message>
        <source>No card of this delegation is held here.</source>
        <translation>Aquí no se tiene ninguna tarjeta de esta delegación.</translation>
    </message>
    <message>
        <source>No delegation has been compared on this laptop yet. Compare with some first.</source>
        <translation>Todavía no se ha comparado en este portátil con ninguna delegación. Compare primero con algunas.</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts.</source>
        <translation>No cuenta la palabra de nadie.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ahora no</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>No se ha cambiado nada.</translation>
    </message>
    <message>
        <source>On the other laptop open Contacts, then “Our card”, and read the code there.</source>
        <translation>En el otro portátil, abra Contactos y después “Nuestra tarjeta”, y lea el código allí.</translation>
    </message>
    <message>
        <source>One more card under this code came on {date}; it was set aside while a decision is open.</source>
        <translation>Llegó otra tarjeta con este código el {date}; se dejó aparte mientras hay una decisión pendiente.</translation>
    </message>
    <message>
        <source>One of the two is not what it says: ask the delegation and the custodian, by another way.</source>
        <translation>Una de las dos no es lo que dice ser: pregunte a la delegación y al garante, por otra vía.</translation>
    </message>
    <message>
        <source>One of you reads, the other says whether all four are the same, in the same order. Do it face to face, or over a line where you know the voice. In place of the words you can read the numbers.</source>
        <translation>Una parte lee y la otra dice si las cuatro son iguales, en el mismo orden. Háganlo cara a cara o por una línea en que reconozcan la voz. En lugar de las palabras pueden leer los números.</translation>
    </message>
    <message>
        <source>One word alone is never enough: choose two or more, or none.</source>
        <translation>Una sola palabra nunca basta: elija dos o más, o ninguna.</translation>
    </message>
    <message>
        <source>Our code</source>
        <translation>Nuestro código</translation>
    </message>
    <message>
        <source>Our code, for them</source>
        <translation>Nuestro código, para la otra delegación</translation>
    </message>
    <message>
        <source>Pictures ({endings})</source>
        <translation>Imágenes ({endings})</translation>
    </message>
    <message>
        <source>Read it once more from their screen; if it differs again, tell your security officer.</source>
        <translation>Léalo una vez más en su pantalla; si vuelve a ser distinto, avise a su responsable de seguridad.</translation>
    </message>
    <message>
        <source>Read the code from the other screen.</source>
        <translation>Lea el código de la otra pantalla.</translation>
    </message>
    <message>
        <source>Read these words to each other</source>
        <translation>Léanse estas palabras mutuamente</translation>
    </message>
    <message>
        <source>Revoked: nothing from this laptop is accepted any more.</source>
        <translation>Revocado: ya no se acepta nada de este portátil.</translation>
    </message>
    <message>
        <source>Say that they differ: nothing more is sent to this delegation until you decide.</source>
        <translation>Indique que difieren: no se envía nada más a esta delegación hasta que usted decida.</translation>
    </message>
    <message>
        <source>Sign and tell</source>
        <translation>Firmar y comunicar</translation>
    </message>
    <message>
        <source>Somebody between you would have to guess the words: one chance in 17 million million, and one guess.</source>
        <translation>Alguien que se interpusiera tendría que adivinar las palabras: una probabilidad entre 17 millones de millones, y un solo intento.</translation>
    </message>
    <message>
        <source>Somebody here</source>
        <translation>Alguien de aquí</translation>
    </message>
    <message>
        <source>Somebody here compared with this delegation.</source>
        <translation>Alguien de aquí comparó con esta delegación.</translation>
    </message>
    <message>
        <source>Something about it changed.</source>
        <translation>Ha cambiado algo en esta delegación.</translation>
    </message>
    <message>
        <source>Something about this delegation changed on {date}.</source>
        <translation>Algo cambió en esta delegación el {date}.</translation>
    </message>
    <message>
        <source>Take a new picture of the code on their screen as it is now.</source>
        <translation>Tome una nueva imagen del código tal como aparece ahora en su pantalla.</translation>
    </message>
    <message>
        <source>Take it again: straight, sharp, and with the whole code and its white edge.</source>
        <translation>Tómela de nuevo: recta, nítida y con el código completo y su borde blanco.</translation>
    </message>
    <message>
        <source>Ten minutes have passed. Start again when both of you have time.</source>
        <translation>Han pasado diez minutos. Empiece de nuevo cuando ambas partes tengan tiempo.</translation>
    </message>
    <message>
        <source>The certificate of the laptop of {laptop} was renewed.</source>
        <translation>Se renovó el certificado del portátil de {laptop}.</translation>
    </message>
    <message>
        <source>The code is not that of the {who} you hold: nothing more is sent to it until you decide.</source>
        <translation>El código no es el de {who} que usted tiene: no se le envía nada más hasta que usted decida.</translation>
    </message>
    <message>
        <source>The code is the same: {who} is verified in person.</source>
        <translation>El código es el mismo: la identidad de {who} queda verificada en persona.</translation>
    </message>
    <message>
        <source>The comparison did not come to an end</source>
        <translation>La comparación no llegó a su término</translation>
    </message>
    <message>
        <source>The identity of {who} changed. Sending is stopped until you decide.</source>
        <translation>La identidad de {who} ha cambiado. El envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>The keys of one of its laptops cannot be used since {date}: that laptop receives nothing.</source>
        <translation>Las claves de uno de sus portátiles no pueden utilizarse desde el {date}: ese portátil no recibe nada.</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was added.</source>
        <translation>Se añadió el portátil de {laptop}.</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was revoked.</source>
        <translation>Se revocó el portátil de {laptop}.</translation>
    </message>
    <message>
        <source>The laptop shows another certificate than the one known here. Exchange once more, then start again.</source>
        <translation>El portátil muestra un certificado distinto del que se conoce aquí. Haga otro intercambio y empiece de nuevo.</translation>
    </message>
    <message>
        <source>The numbers compared with {who} differ. Sending is stopped until you decide.</source>
        <translation>Los números comparados con {who} difieren. El envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>The numbers were compared and differed on {date}.</source>
        <translation>Los números se compararon y diferían el {date}.</translation>
    </message>
    <message>
        <source>The picture is read in a process of its own that holds no key. Valise does not use the camera of this laptop.</source>
        <translation>La imagen se lee en un proceso aparte que no tiene ninguna clave. Valise no utiliza la cámara de este portátil.</translation>
    </message>
    <message>
        <source>The picture of their code</source>
        <translation>La imagen de su código</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>Iguales</translation>
    </message>
    <message>
        <source>Their code, from a picture</source>
        <translation>Su código, a partir de una imagen</translation>
    </message>
    <message>
        <source>Their word never replaces comparing, and the word of a delegation that is only vouched for never counts. Nobody is told whom you choose. It holds for this laptop.</source>
        <translation>Su palabra nunca sustituye la comparación, y la palabra de una delegación que solo está avalada nunca cuenta. A nadie se comunica a quién elige usted. Vale para este portátil.</translation>
    </message>
    <message>
        <source>There is no code in this picture that can be read.</source>
        <translation>En esta imagen no hay ningún código que pueda leerse.</translation>
    </message>
    <message>
        <source>There is no other delegation to tell.</source>
        <translation>No hay ninguna otra delegación a la que comunicarlo.</translation>
    </message>
    <message>
        <source>This code belongs to a newer card of {who} than the one here.</source>
        <translation>Este código corresponde a una tarjeta de {who} más reciente que la que hay aquí.</translation>
    </message>
    <message>
        <source>This code was not made by Valise.</source>
        <translation>Este código no lo ha generado Valise.</translation>
    </message>
    <message>
        <source>This is an older code of {who}: its card has been renewed since.</source>
        <translation>Este es un código anterior de {who}: desde entonces se ha renovado su tarjeta.</translation>
    </message>
    <message>
        <source>This is the code of {name}, not of {who}.</source>
        <translation>Este es el código de {name}, no el de {who}.</translation>
    </message>
    <message>
        <source>This is the number both screens show, which says nothing when read from one of them.</source>
        <translation>Este es el número que muestran ambas pantallas; leído en una sola de ellas no indica nada.</translation>
    </message>
    <message>
        <source>This is your own code.</source>
        <translation>Este es su propio código.</translation>
    </message>
    <message>
        <source>This is your own delegation.</source>
        <translation>Esta es su propia delegación.</translation>
    </message>
    <message>
        <source>Two copies of one of its vaults are in use since {date}: ask it, and rely on neither until it has decided.</source>
        <translation>Desde el {date} se utilizan dos copias de una de sus bóvedas: pregunte a la delegación y no confíe en ninguna hasta que haya decidido.</translation>
    </message>
    <message>
        <source>Two different lists of laptops came from {who}. Sending is stopped until you decide.</source>
        <translation>Han llegado de {who} dos listas de portátiles distintas. El envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>Two different messages came in one place on {date}; both are kept as evidence.</source>
        <translation>Llegaron dos mensajes distintos en un mismo lugar el {date}; ambos se conservan como prueba.</translation>
    </message>
    <message>
        <source>Two laptops answered at once. Agree which one compares, and start again.</source>
        <translation>Dos portátiles respondieron a la vez. Pónganse de acuerdo en cuál compara y empiecen de nuevo.</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>Avalar a {who}</translation>
    </message>
    <message numerus="yes">
        <source>Vouched for by {count} of %n custodians: {who}. {enough}</source>
        <translation>
            <numerusform>Avalada por {count} de %n garante: {who}. {enough}</numerusform>
            <numerusform>Avalada por {count} de %n garantes: {who}. {enough}</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting for {who}</source>
        <translation>En espera de {who}</translation>
    </message>
    <message>
        <source>We have vouched for it to {who}.</source>
        <translation>Hemos avalado esta delegación ante {who}.</translation>
    </message>
    <message>
        <source>What came back was not what was promised: somebody may stand between you. Compare in person, by a code.</source>
        <translation>Lo que se recibió no era lo prometido: puede que alguien se interponga entre ustedes. Compare en persona, mediante un código.</translation>
    </message>
    <message>
        <source>Whoever has the delegation key can do this: ask who admitted it. It reads what is sent to your delegation. What you write waits; what others send is received.</source>
        <translation>Puede hacerlo quienquiera que tenga la clave de la delegación: pregunte quién lo admitió. Lee lo que se envía a su delegación. Lo que usted escribe queda en espera; lo que otros envían se recibe.</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>De quién cuenta la palabra</translation>
    </message>
    <message>
        <source>Word {number}: {word}, {digits}</source>
        <translation>Palabra {number}: {word}, {digits}</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>Palabras: {words}</translation>
    </message>
    <message>
        <source>a delegation that is not known here</source>
        <translation>una delegación que no se conoce aquí</translation>
    </message>
    <message>
        <source>a laptop was added: sending stopped</source>
        <translation>se añadió un portátil: envío detenido</translation>
    </message>
    <message>
        <source>admit other laptops</source>
        <translation>admitir otros portátiles</translation>
    </message>
    <message>
        <source>another identity vouched for: sending stopped</source>
        <translation>se avala otra identidad: envío detenido</translation>
    </message>
    <message>
        <source>by the number, compared by eye</source>
        <translation>mediante el número, comparado a simple vista</translation>
    </message>
    <message>
        <source>by words compared live</source>
        <translation>mediante palabras comparadas en directo</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>inscribir compromisos</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>llevar la redacción</translation>
    </message>
    <message>
        <source>in person, by a code read from its screen</source>
        <translation>en persona, mediante un código leído en su pantalla</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguno</translation>
    </message>
    <message numerus="yes">
        <source>of %n custodians</source>
        <translation>
            <numerusform>de %n garante</numerusform>
            <numerusform>de %n garantes</numerusform>
        </translation>
    </message>
    <message>
        <source>propose amendments</source>
        <translation>proponer enmiendas</translation>
    </message>
    <message>
        <source>read</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>received {date}, not verified</source>
        <translation>recibida el {date}, sin verificar</translation>
    </message>
    <message>
        <source>somebody</source>
        <translation>alguien</translation>
    </message>
    <message>
        <source>unknown delegation</source>
        <translation>delegación desconocida</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>escribir mensajes</translation>
    </message>
    <message>
        <source>{date}: {what}</source>
        <translation>{date}: {what}</translation>
    </message>
    <message>
        <source>{may}. Added {date}</source>
        <translation>{may}. Añadido el {date}</translation>
    </message>
    <message>
        <source>{officer} accepted the laptop of {laptop}.</source>
        <translation>{officer} aceptó el portátil de {laptop}.</translation>
    </message>
    <message>
        <source>{officer} accepted this identity in place of the one before.</source>
        <translation>{officer} aceptó esta identidad en lugar de la anterior.</translation>
    </message>
    <message>
        <source>{officer} admitted the laptop of {laptop} from this one.</source>
        <translation>{officer} admitió el portátil de {laptop} desde este.</translation>
    </message>
    <message>
        <source>{officer} chose it as a custodian.</source>
        <translation>{officer} eligió esta delegación como garante.</translation>
    </message>
    <message>
        <source>{officer} compared, and it differed; sending stopped.</source>
        <translation>{officer} comparó y hubo diferencias; el envío se detuvo.</translation>
    </message>
    <message>
        <source>{officer} kept this identity and set the other aside.</source>
        <translation>{officer} mantuvo esta identidad y dejó aparte la otra.</translation>
    </message>
    <message>
        <source>{officer} let sending go on, not verified.</source>
        <translation>{officer} permitió que el envío continuara, sin verificar.</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept sending stopped.</source>
        <translation>{officer} examinó la palabra distinta de un garante y mantuvo detenido el envío.</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept this identity.</source>
        <translation>{officer} examinó la palabra distinta de un garante y mantuvo esta identidad.</translation>
    </message>
    <message>
        <source>{officer} looked at the laptop of {laptop} and kept sending stopped.</source>
        <translation>{officer} examinó el portátil de {laptop} y mantuvo detenido el envío.</translation>
    </message>
    <message>
        <source>{officer} replaced this identity by another.</source>
        <translation>{officer} sustituyó esta identidad por otra.</translation>
    </message>
    <message>
        <source>{officer} took back our word for it to {value}.</source>
        <translation>{officer} retiró nuestro aval de esta delegación ante {value}.</translation>
    </message>
    <message>
        <source>{officer} took it off the list of custodians.</source>
        <translation>{officer} quitó esta delegación de la lista de garantes.</translation>
    </message>
    <message>
        <source>{officer} verified it by the number, compared by eye.</source>
        <translation>{officer} verificó la identidad mediante el número, comparado a simple vista.</translation>
    </message>
    <message>
        <source>{officer} verified it by words compared live.</source>
        <translation>{officer} verificó la identidad mediante palabras comparadas en directo.</translation>
    </message>
    <message>
        <source>{officer} verified it in person, by a code read from its screen.</source>
        <translation>{officer} verificó la identidad en persona, mediante un código leído en su pantalla.</translation>
    </message>
    <message>
        <source>{officer} vouched for it to {value}.</source>
        <translation>{officer} avaló esta delegación ante {value}.</translation>
    </message>
    <message>
        <source>{trust} since {date}</source>
        <translation>{trust} el {date}</translation>
    </message>
    <message>
        <source>{who} added a laptop. Nothing is sent to it until you decide.</source>
        <translation>{who} ha añadido un portátil. No se le envía nada hasta que usted decida.</translation>
    </message>
    <message>
        <source>{who} has to press “Compare” on its laptop. Both screens then show four words.</source>
        <translation>{who} tiene que pulsar “Comparar” en su portátil. Ambas pantallas muestran entonces cuatro palabras.</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>{who} quiere comparar palabras con usted ahora</translation>
    </message>
</context>
<context>
    <name>directory</name>
    <message numerus="yes">
        <source>%n are asked now; {outside} an officer calls or writes to.</source>
        <translation>
            <numerusform>Se pregunta ahora a %n; a cargo de un funcionario, por llamada o por escrito: {outside}.</numerusform>
            <numerusform>Se pregunta ahora a %n; a cargo de un funcionario, por llamada o por escrito: {outside}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n asked: {counts}</source>
        <translation>
            <numerusform>%n consultado ({counts})</numerusform>
            <numerusform>%n consultados ({counts})</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards saved as {file}.</source>
        <translation>
            <numerusform>%n tarjeta guardada en {file}.</numerusform>
            <numerusform>%n tarjetas guardadas en {file}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards were taken.</source>
        <translation>
            <numerusform>%n tarjeta incorporada.</numerusform>
            <numerusform>%n tarjetas incorporadas.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n día</numerusform>
            <numerusform>%n días</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entrada</numerusform>
            <numerusform>%n entradas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were left out because of their marking.</source>
        <translation>
            <numerusform>%n omitida por su marca.</numerusform>
            <numerusform>%n omitidas por su marca.</numerusform>
        </translation>
    </message>
    <message>
        <source>Alternative e-mail</source>
        <translation>Otro correo electrónico</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Categoría</translation>
    </message>
    <message>
        <source>Confirmed how</source>
        <translation>Modo de confirmación</translation>
    </message>
    <message>
        <source>Directory</source>
        <translation>Directorio</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>Correo electrónico</translation>
    </message>
    <message>
        <source>Form of address</source>
        <translation>Tratamiento</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>Nombre completo</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>Funciones</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>Horario</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>Institución</translation>
    </message>
    <message>
        <source>It answered: the entry is right</source>
        <translation>Respondió: la entrada es correcta</translation>
    </message>
    <message>
        <source>Key verified</source>
        <translation>Clave verificada</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Idiomas</translation>
    </message>
    <message>
        <source>Last confirmed</source>
        <translation>Última confirmación</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Marca</translation>
    </message>
    <message>
        <source>Next contact</source>
        <translation>Siguiente contacto</translation>
    </message>
    <message>
        <source>No reply</source>
        <translation>Sin respuesta</translation>
    </message>
    <message>
        <source>Official position</source>
        <translation>Cargo oficial</translation>
    </message>
    <message>
        <source>Preferred channels</source>
        <translation>Canales preferidos</translation>
    </message>
    <message>
        <source>Public key</source>
        <translation>Clave pública</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>Por examinar</translation>
    </message>
    <message>
        <source>Role or person</source>
        <translation>Función o persona</translation>
    </message>
    <message numerus="yes">
        <source>Save %n entries as contact cards?</source>
        <translation>
            <numerusform>¿Guardar %n entrada como tarjeta de contacto?</numerusform>
            <numerusform>¿Guardar %n entradas como tarjetas de contacto?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Saved as {file}: %Ln contacts.</source>
        <translation>
            <numerusform>Guardado como {file}: %Ln contacto.</numerusform>
            <numerusform>Guardado como {file}: %Ln contactos.</numerusform>
        </translation>
    </message>
    <message>
        <source>Source document</source>
        <translation>Documento de origen</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Estado</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Situación</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>Teléfono</translation>
    </message>
    <message>
        <source>Telephone at all hours</source>
        <translation>Teléfono permanente</translation>
    </message>
    <message>
        <source>The letter or call bounced</source>
        <translation>La carta o la llamada no llegó a su destino</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>Huso horario</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>Válido desde</translation>
    </message>
    <message>
        <source>What it may decide</source>
        <translation>Lo que puede decidir</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>Contacto equivocado</translation>
    </message>
    <message>
        <source>answers by {when}</source>
        <translation>respuestas antes de: {when}</translation>
    </message>
    <message>
        <source>answers in this program</source>
        <translation>responde en este programa</translation>
    </message>
    <message>
        <source>answers were due {when}</source>
        <translation>plazo de respuesta: {when}</translation>
    </message>
    <message>
        <source>asked outside their hours</source>
        <translation>se preguntó fuera de su horario</translation>
    </message>
    <message>
        <source>asked within their hours</source>
        <translation>se preguntó dentro de su horario</translation>
    </message>
    <message>
        <source>at a meeting</source>
        <translation>en una reunión</translation>
    </message>
    <message>
        <source>bounced</source>
        <translation>no llegó a su destino</translation>
    </message>
    <message>
        <source>by a call</source>
        <translation>por una llamada</translation>
    </message>
    <message>
        <source>by a signed answer</source>
        <translation>por una respuesta firmada</translation>
    </message>
    <message>
        <source>by note</source>
        <translation>por nota</translation>
    </message>
    <message>
        <source>closed {when}</source>
        <translation>cerrada: {when}</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>confirmado</translation>
    </message>
    <message>
        <source>confirmed late</source>
        <translation>confirmado con retraso</translation>
    </message>
    <message>
        <source>correction: {n}</source>
        <translation>corrección: {n}</translation>
    </message>
    <message>
        <source>e-mail</source>
        <translation>correo electrónico</translation>
    </message>
    <message>
        <source>meeting</source>
        <translation>reunión</translation>
    </message>
    <message>
        <source>never asked</source>
        <translation>nunca consultado</translation>
    </message>
    <message>
        <source>never asked in a round</source>
        <translation>nunca consultado en una ronda</translation>
    </message>
    <message>
        <source>never confirmed</source>
        <translation>nunca confirmado</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>sin respuesta todavía</translation>
    </message>
    <message>
        <source>no reply</source>
        <translation>sin respuesta</translation>
    </message>
    <message>
        <source>no time zone known</source>
        <translation>huso horario desconocido</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>sin preguntar</translation>
    </message>
    <message>
        <source>note</source>
        <translation>nota</translation>
    </message>
    <message>
        <source>other</source>
        <translation>otro</translation>
    </message>
    <message>
        <source>our own entry</source>
        <translation>nuestra propia entrada</translation>
    </message>
    <message>
        <source>outside their hours</source>
        <translation>fuera de su horario</translation>
    </message>
    <message>
        <source>public holiday: {name}</source>
        <translation>día festivo: {name}</translation>
    </message>
    <message>
        <source>reached by telephone or letter</source>
        <translation>se contacta por teléfono o por carta</translation>
    </message>
    <message>
        <source>recorded by an officer</source>
        <translation>anotado por un funcionario</translation>
    </message>
    <message>
        <source>recorded by an officer: {channel}</source>
        <translation>anotado por un funcionario: {channel}</translation>
    </message>
    <message>
        <source>review is due</source>
        <translation>por examinar</translation>
    </message>
    <message>
        <source>signed answer</source>
        <translation>respuesta firmada</translation>
    </message>
    <message>
        <source>telephone</source>
        <translation>teléfono</translation>
    </message>
    <message>
        <source>the question has not left yet</source>
        <translation>la pregunta aún no ha salido</translation>
    </message>
    <message>
        <source>the question lies on a laptop of theirs; nobody has answered</source>
        <translation>la pregunta está en un portátil suyo; nadie ha respondido</translation>
    </message>
    <message>
        <source>the question was sent</source>
        <translation>la pregunta se envió</translation>
    </message>
    <message>
        <source>their clock was behind ours</source>
        <translation>su reloj iba atrasado respecto del nuestro</translation>
    </message>
    <message>
        <source>values differ</source>
        <translation>los valores difieren</translation>
    </message>
    <message>
        <source>within their hours</source>
        <translation>dentro de su horario</translation>
    </message>
    <message>
        <source>wrong contact</source>
        <translation>contacto equivocado</translation>
    </message>
    <message>
        <source>{clock} there now, {day}</source>
        <translation>{clock} allí ahora, {day}</translation>
    </message>
    <message>
        <source>{h} h {m:02d}</source>
        <translation>{h} h {m:02d}</translation>
    </message>
    <message>
        <source>{latency}, late</source>
        <translation>{latency}, con retraso</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n} {outcome}</source>
        <translation>{outcome}: {n}</translation>
    </message>
    <message>
        <source>{outcome} in {round}</source>
        <translation>{outcome} en {round}</translation>
    </message>
    <message>
        <source>{outcome}; what was said differs</source>
        <translation>{outcome}; lo dicho difiere</translation>
    </message>
    <message>
        <source>{told} · holiday</source>
        <translation>{told} · festivo</translation>
    </message>
    <message>
        <source>{told} · off hours</source>
        <translation>{told} · fuera de horario</translation>
    </message>
    <message>
        <source>{when}, {how}</source>
        <translation>{when}, {how}</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>A backup opens with the passphrase of the day it was made. Check Caps Lock, then try an earlier one.</source>
        <translation>Una copia de seguridad se abre con la frase de contraseña del día en que se hizo. Compruebe la tecla Bloq Mayús (Caps Lock) y pruebe con una anterior.</translation>
    </message>
    <message>
        <source>A calendar cannot be read into this register.</source>
        <translation>Un calendario no puede leerse en este registro.</translation>
    </message>
    <message>
        <source>A certificate holds for at least a day and at most three years.</source>
        <translation>Un certificado es válido al menos un día y como máximo tres años.</translation>
    </message>
    <message>
        <source>A column of the file is none of this register.</source>
        <translation>Una columna del archivo no es de este registro.</translation>
    </message>
    <message>
        <source>A contact card holds control characters, which no name or number has.</source>
        <translation>Una tarjeta de contacto contiene caracteres de control, que ningún nombre ni número tiene.</translation>
    </message>
    <message>
        <source>A contact card in this file holds something else inside.</source>
        <translation>Una tarjeta de contacto de este archivo contiene otra cosa dentro.</translation>
    </message>
    <message>
        <source>A contact card in this file is not whole or not built as the standard says.</source>
        <translation>Una tarjeta de contacto de este archivo no está íntegra o no tiene la estructura que indica la norma técnica.</translation>
    </message>
    <message>
        <source>A contact card in this file is of a version that is not read.</source>
        <translation>Una tarjeta de contacto de este archivo es de una versión que no se lee.</translation>
    </message>
    <message>
        <source>A contact card in this file names nobody.</source>
        <translation>Una tarjeta de contacto de este archivo no nombra a nadie.</translation>
    </message>
    <message>
        <source>A custodian must be a delegation that was compared on this laptop.</source>
        <translation>Un garante debe ser una delegación con la que se comparó en este portátil.</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation concerned.</source>
        <translation>Un garante avala otra identidad de una delegación interesada.</translation>
    </message>
    <message>
        <source>A delegation concerned added a laptop that nobody here has looked at.</source>
        <translation>Una delegación interesada ha añadido un portátil que nadie de aquí ha examinado.</translation>
    </message>
    <message>
        <source>A delegation concerned showed two different lists of its laptops.</source>
        <translation>Una delegación interesada mostró dos listas distintas de sus portátiles.</translation>
    </message>
    <message>
        <source>A delegation nominates its own points of contact, and this one is of another State.</source>
        <translation>Una delegación designa sus propios puntos de contacto, y este es de otro Estado.</translation>
    </message>
    <message>
        <source>A delegation that breaks the silence says why.</source>
        <translation>La delegación que rompe el silencio dice por qué.</translation>
    </message>
    <message>
        <source>A field that a row cannot be without is empty.</source>
        <translation>Está vacío un campo sin el cual no puede haber fila.</translation>
    </message>
    <message>
        <source>A file in the exchange folder is not one of Valise.</source>
        <translation>Un archivo de la carpeta de intercambio no es de Valise.</translation>
    </message>
    <message>
        <source>A file in the exchange folder is torn or still being copied.</source>
        <translation>Un archivo de la carpeta de intercambio está incompleto o aún se está copiando.</translation>
    </message>
    <message>
        <source>A filter needs a name, of at most 100 letters.</source>
        <translation>Un filtro necesita un nombre, de 100 letras como máximo.</translation>
    </message>
    <message>
        <source>A folder of Valise cannot be made, or belongs to somebody else.</source>
        <translation>No puede crearse una carpeta de Valise, o pertenece a otra persona.</translation>
    </message>
    <message>
        <source>A font for the script of this text is missing on this computer. No page was made.</source>
        <translation>En este equipo falta una fuente para la escritura de este texto. No se ha elaborado ninguna página.</translation>
    </message>
    <message>
        <source>A group needs a title.</source>
        <translation>Un grupo necesita un título.</translation>
    </message>
    <message>
        <source>A joint statement needs a title and words.</source>
        <translation>Una declaración conjunta necesita título y palabras.</translation>
    </message>
    <message>
        <source>A keyring can be demanded only when recovery shares were made and tried.</source>
        <translation>Solo puede exigirse un llavero cuando se han hecho y probado fragmentos de recuperación.</translation>
    </message>
    <message>
        <source>A laptop cannot revoke itself: nobody would hear of it.</source>
        <translation>Un portátil no puede revocarse a sí mismo: nadie se enteraría.</translation>
    </message>
    <message>
        <source>A laptop on this card is not certified by its delegation.</source>
        <translation>Un portátil de esta tarjeta no está certificado por su delegación.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one, and nobody here has looked at it.</source>
        <translation>Se añadió un portátil a su propia delegación, no desde este, y nadie de aquí lo ha examinado.</translation>
    </message>
    <message>
        <source>A newer certificate of this laptop exists already.</source>
        <translation>Ya existe un certificado más reciente de este portátil.</translation>
    </message>
    <message>
        <source>A note verbale is addressed to somebody and gets a number; it is not written with other rows.</source>
        <translation>Una nota verbal se dirige a alguien y recibe un número; no se escribe con otras filas.</translation>
    </message>
    <message>
        <source>A part of the file does not open: it was changed on its way.</source>
        <translation>Una parte del archivo no se abre: se cambió en el camino.</translation>
    </message>
    <message>
        <source>A passphrase always opens the vault; it cannot be taken away.</source>
        <translation>Una frase de contraseña siempre abre la bóveda; no puede quitarse.</translation>
    </message>
    <message>
        <source>A pattern in the bundle is longer or deeper than is read.</source>
        <translation>Un patrón del paquete es más largo o profundo de lo que se lee.</translation>
    </message>
    <message>
        <source>A point of contact was chosen twice.</source>
        <translation>Un punto de contacto se eligió dos veces.</translation>
    </message>
    <message>
        <source>A relay needs the address it gave you, a folder has to be chosen; the courier is always possible.</source>
        <translation>Un repetidor necesita la dirección que le dieron, una carpeta tiene que elegirse; el mensajero siempre es posible.</translation>
    </message>
    <message>
        <source>A reply may not allow more than the label of the incident it answers.</source>
        <translation>Una respuesta no puede permitir más que la etiqueta del incidente al que responde.</translation>
    </message>
    <message>
        <source>A report begins with a notification or a request.</source>
        <translation>Una comunicación empieza con una notificación o una solicitud.</translation>
    </message>
    <message>
        <source>A report of what a laptop holds is not valid.</source>
        <translation>Un informe de lo que tiene un portátil no es válido.</translation>
    </message>
    <message>
        <source>A request asks for something.</source>
        <translation>Una solicitud pide algo.</translation>
    </message>
    <message>
        <source>A revision needs a symbol of its own.</source>
        <translation>Una revisión necesita una signatura propia.</translation>
    </message>
    <message>
        <source>A round asks at most 400 points of contact.</source>
        <translation>En una ronda se pregunta a 400 puntos de contacto como máximo.</translation>
    </message>
    <message>
        <source>A round is written as a table or as pages.</source>
        <translation>Una ronda se escribe como tabla o como páginas.</translation>
    </message>
    <message>
        <source>A round needs a name of at most 200 characters.</source>
        <translation>Una ronda necesita un nombre de 200 caracteres como máximo.</translation>
    </message>
    <message>
        <source>A rule of the talks or of this vault does not allow this.</source>
        <translation>Una regla de las conversaciones o de esta bóveda no lo permite.</translation>
    </message>
    <message>
        <source>A sealed envelope does not open.</source>
        <translation>Un sobre sellado no se abre.</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid inside.</source>
        <translation>Un sobre sellado no es válido por dentro.</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid.</source>
        <translation>Un sobre sellado no es válido.</translation>
    </message>
    <message>
        <source>A sealed message could not be opened with the keys that are here.</source>
        <translation>Un mensaje sellado no se pudo abrir con las claves que hay aquí.</translation>
    </message>
    <message>
        <source>A secret cannot be shared among so many.</source>
        <translation>Un secreto no puede repartirse entre tantos.</translation>
    </message>
    <message>
        <source>A signature does not verify.</source>
        <translation>Una firma no se verifica.</translation>
    </message>
    <message>
        <source>A silence procedure is running on this text already, or has to be closed first.</source>
        <translation>Ya hay un procedimiento de acuerdo tácito en curso sobre este texto, o uno que primero debe cerrarse.</translation>
    </message>
    <message>
        <source>A stored state of the text does not verify any more.</source>
        <translation>Un estado almacenado del texto ya no se verifica.</translation>
    </message>
    <message>
        <source>A time of the ladder is not possible.</source>
        <translation>Un tiempo de la escala no es posible.</translation>
    </message>
    <message>
        <source>A value in a contact card is longer than 2,000 characters.</source>
        <translation>Un valor de una tarjeta de contacto tiene más de 2.000 caracteres.</translation>
    </message>
    <message>
        <source>A value of the form is not one that can be sent.</source>
        <translation>Un valor del formulario no es de los que pueden enviarse.</translation>
    </message>
    <message>
        <source>A vault for practice carries nothing beyond its own folder.</source>
        <translation>Una bóveda de práctica no lleva nada fuera de su propia carpeta.</translation>
    </message>
    <message>
        <source>A vault for practice keeps to fictional delegations and to its own folder.</source>
        <translation>Una bóveda de práctica se limita a delegaciones ficticias y a su propia carpeta.</translation>
    </message>
    <message>
        <source>A vault for practice uses no relay.</source>
        <translation>Una bóveda de práctica no usa repetidor.</translation>
    </message>
    <message>
        <source>A vault is being destroyed here and something could not be removed yet. Nobody can open it any more.</source>
        <translation>Aquí se está destruyendo una bóveda y algo no se ha podido quitar todavía. Nadie puede ya abrirla.</translation>
    </message>
    <message>
        <source>Accept or reject some of them in the program it was written with, then try again.</source>
        <translation>Acepte o rechace algunos en el programa con que se escribió e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Acknowledge first; it accepts no fact and agrees with nothing.</source>
        <translation>Acuse primero recibo; con ello no se acepta ningún hecho ni se da conformidad a nada.</translation>
    </message>
    <message>
        <source>Add the delegation with the history of the room.</source>
        <translation>Añada la delegación con el historial de la sala.</translation>
    </message>
    <message>
        <source>Admit a second officer&apos;s laptop first, with the right to propose amendments.</source>
        <translation>Admita primero el portátil de un segundo funcionario, con el derecho a proponer enmiendas.</translation>
    </message>
    <message>
        <source>Admit delegations that signed on late one by one.</source>
        <translation>Admita una por una las delegaciones que se adhirieron tarde.</translation>
    </message>
    <message>
        <source>Amendments to this paragraph are still open.</source>
        <translation>Todavía hay enmiendas abiertas a este párrafo.</translation>
    </message>
    <message>
        <source>An amendment that these words touch has no answer yet.</source>
        <translation>Una enmienda afectada por estas palabras no tiene respuesta todavía.</translation>
    </message>
    <message>
        <source>An amendment was answered twice, or with an answer that does not exist.</source>
        <translation>Una enmienda se respondió dos veces, o con una respuesta que no existe.</translation>
    </message>
    <message>
        <source>An answer comes after the acknowledgement of receipt.</source>
        <translation>La respuesta va después del acuse de recibo.</translation>
    </message>
    <message>
        <source>An empty passphrase protects nothing.</source>
        <translation>Una frase de contraseña vacía no protege nada.</translation>
    </message>
    <message>
        <source>An entry of the calendar ends before it begins.</source>
        <translation>Una entrada del calendario termina antes de empezar.</translation>
    </message>
    <message>
        <source>An entry of the calendar has a text longer than 20,000 characters.</source>
        <translation>Una entrada del calendario tiene un texto de más de 20.000 caracteres.</translation>
    </message>
    <message>
        <source>An entry of the calendar has no date, or one that does not exist.</source>
        <translation>Una entrada del calendario no tiene fecha, o tiene una que no existe.</translation>
    </message>
    <message>
        <source>An entry of the calendar holds control characters.</source>
        <translation>Una entrada del calendario contiene caracteres de control.</translation>
    </message>
    <message>
        <source>An entry of the record is not valid.</source>
        <translation>Una entrada del acta no es válida.</translation>
    </message>
    <message>
        <source>An envelope came that was sealed to keys of this laptop which have been destroyed.</source>
        <translation>Llegó un sobre sellado para claves de este portátil que se han destruido.</translation>
    </message>
    <message>
        <source>An exercise message must be marked as an exercise.</source>
        <translation>Un mensaje de ejercicio debe estar marcado como ejercicio.</translation>
    </message>
    <message>
        <source>An internal room is not written for others.</source>
        <translation>Una sala interna no se escribe para otros.</translation>
    </message>
    <message>
        <source>Another computer holds the pen.</source>
        <translation>Otro equipo lleva la redacción.</translation>
    </message>
    <message>
        <source>Another copy of this laptop&apos;s vault has signed something different.</source>
        <translation>Otra copia de la bóveda de este portátil ha firmado algo distinto.</translation>
    </message>
    <message>
        <source>Another laptop of your delegation may have made it: exchange, or install the newer version.</source>
        <translation>Puede que lo haya creado otro portátil de su delegación: haga un intercambio o instale la versión más reciente.</translation>
    </message>
    <message>
        <source>Another line of the file is about the same row.</source>
        <translation>Otra línea del archivo se refiere a la misma fila.</translation>
    </message>
    <message>
        <source>Another window has this vault open.</source>
        <translation>Otra ventana tiene abierta esta bóveda.</translation>
    </message>
    <message>
        <source>Answers that come still count; nothing needs to be done.</source>
        <translation>Las respuestas que lleguen siguen contando; no hay que hacer nada.</translation>
    </message>
    <message>
        <source>Ask a second officer of your delegation, on another laptop.</source>
        <translation>Pídalo a un segundo funcionario de su delegación, en otro portátil.</translation>
    </message>
    <message>
        <source>Ask for a bundle of STIX 2.1.</source>
        <translation>Pida un paquete de STIX 2.1.</translation>
    </message>
    <message>
        <source>Ask for a card with a name, or enter the contact by hand.</source>
        <translation>Pida una tarjeta con nombre o inscriba el contacto a mano.</translation>
    </message>
    <message>
        <source>Ask for it again, best as a Word document.</source>
        <translation>Pídalo de nuevo, preferiblemente como documento de Word.</translation>
    </message>
    <message>
        <source>Ask for it again, or open it in the program it was made with and save it anew.</source>
        <translation>Pídalo de nuevo, o ábralo en el programa con que se hizo y guárdelo otra vez.</translation>
    </message>
    <message>
        <source>Ask for it as vCard 3.0 or 4.0.</source>
        <translation>Pídala como vCard 3.0 o 4.0.</translation>
    </message>
    <message>
        <source>Ask for it in STIX 2.1.</source>
        <translation>Pídalo en STIX 2.1.</translation>
    </message>
    <message>
        <source>Ask for it in smaller parts, or keep it as an attachment.</source>
        <translation>Pídalo en partes más pequeñas, o consérvelo como archivo adjunto.</translation>
    </message>
    <message>
        <source>Ask for smaller files (at most 2,000 cards).</source>
        <translation>Pida archivos más pequeños (2.000 tarjetas como máximo).</translation>
    </message>
    <message>
        <source>Ask for the bundle as a .json file.</source>
        <translation>Pida el paquete como archivo .json.</translation>
    </message>
    <message>
        <source>Ask for the card alone.</source>
        <translation>Pida solo la tarjeta.</translation>
    </message>
    <message>
        <source>Ask for the card once more, as vCard 3.0 or 4.0.</source>
        <translation>Pida la tarjeta otra vez, como vCard 3.0 o 4.0.</translation>
    </message>
    <message>
        <source>Ask for the text itself, best as a Word document.</source>
        <translation>Pida el propio texto, preferiblemente como documento de Word.</translation>
    </message>
    <message>
        <source>Ask for them once more, as vCard 3.0 or 4.0.</source>
        <translation>Pídalas otra vez, como vCard 3.0 o 4.0.</translation>
    </message>
    <message>
        <source>Ask in a round that is meant in earnest.</source>
        <translation>Pregunte en una ronda que vaya en serio.</translation>
    </message>
    <message>
        <source>Ask it by another way, then decide in Contacts.</source>
        <translation>Pregúntele por otra vía y decida después en Contactos.</translation>
    </message>
    <message>
        <source>Ask it for its card again.</source>
        <translation>Pídale de nuevo su tarjeta.</translation>
    </message>
    <message>
        <source>Ask it for its identity card and open it in Contacts.</source>
        <translation>Pídale su tarjeta de identidad y ábrala en Contactos.</translation>
    </message>
    <message>
        <source>Ask it. Its label, and what it allows beyond the label, stand on the page of the incident.</source>
        <translation>Pregúntele. Su etiqueta, y lo que permite además de ella, figuran en la página del incidente.</translation>
    </message>
    <message>
        <source>Ask its operator, or for a correspondent&apos;s relay ask that delegation. What waits is kept.</source>
        <translation>Pregunte a su operador o, si el repetidor es de un interlocutor, a esa delegación. Lo que espera se conserva.</translation>
    </message>
    <message>
        <source>Ask its sender for a new one; nothing was taken in.</source>
        <translation>Pida uno nuevo a su remitente; no se ha incorporado nada.</translation>
    </message>
    <message>
        <source>Ask its sender for a smaller one.</source>
        <translation>Pida a su remitente uno más pequeño.</translation>
    </message>
    <message>
        <source>Ask its sender for one that is; nothing was taken in.</source>
        <translation>Pida a su remitente uno que lo sea; no se ha incorporado nada.</translation>
    </message>
    <message>
        <source>Ask its sender how it may be shared; nothing was taken in.</source>
        <translation>Pregunte a su remitente cómo puede compartirse; no se ha incorporado nada.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again.</source>
        <translation>Pida a su remitente que lo envíe de nuevo.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, compare identities.</source>
        <translation>Pida a su remitente que lo envíe de nuevo; si se repite, compare las identidades.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, tell your security officer.</source>
        <translation>Pida a su remitente que lo envíe de nuevo; si se repite, avise a su responsable de seguridad.</translation>
    </message>
    <message>
        <source>Ask that delegation by another way before sending anything.</source>
        <translation>Pregunte a esa delegación por otra vía antes de enviar nada.</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card.</source>
        <translation>Pida a esa delegación su tarjeta más reciente.</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card; until then it is kept sealed.</source>
        <translation>Pida a esa delegación su tarjeta más reciente; hasta entonces se conserva sellado.</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again, best handed over in person.</source>
        <translation>Pida de nuevo a la delegación su tarjeta, preferiblemente entregada en persona.</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again.</source>
        <translation>Pida de nuevo a la delegación su tarjeta.</translation>
    </message>
    <message>
        <source>Ask the delegation for its newest card.</source>
        <translation>Pida a la delegación su tarjeta más reciente.</translation>
    </message>
    <message>
        <source>Ask the delegation that chairs the room.</source>
        <translation>Diríjase a la delegación que preside la sala.</translation>
    </message>
    <message>
        <source>Ask the first laptop for it again, carried by hand.</source>
        <translation>Pídala de nuevo al primer portátil, llevada en mano.</translation>
    </message>
    <message>
        <source>Ask the first laptop for the answer to the request made here.</source>
        <translation>Pida al primer portátil la respuesta a la solicitud preparada aquí.</translation>
    </message>
    <message>
        <source>Ask the officer who admits laptops in your delegation.</source>
        <translation>Pregunte al funcionario que admite portátiles en su delegación.</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for a new file. What waits is kept; a courier can take it.</source>
        <translation>Pida al operador del repetidor un archivo nuevo. Lo que espera se conserva; puede llevarlo un mensajero.</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for the file again; it begins with VALISE-RELAY-1.</source>
        <translation>Pida de nuevo el archivo al operador del repetidor; empieza con VALISE-RELAY-1.</translation>
    </message>
    <message>
        <source>Ask the pen to reopen it.</source>
        <translation>Pida a la delegación redactora que lo reabra.</translation>
    </message>
    <message>
        <source>Ask the publisher which version to take first.</source>
        <translation>Pregunte al editor qué versión debe tomar primero.</translation>
    </message>
    <message>
        <source>Ask whoever sent it for a plain copy.</source>
        <translation>Pida a quien lo envió una copia sencilla.</translation>
    </message>
    <message>
        <source>At least two custodians have to agree, and no more than there are.</source>
        <translation>Tienen que coincidir al menos dos garantes, y no más de los que hay.</translation>
    </message>
    <message>
        <source>Attach it here once more.</source>
        <translation>Adjúntelo aquí una vez más.</translation>
    </message>
    <message>
        <source>Begin again and compare every word with the paper.</source>
        <translation>Empiece de nuevo y compare cada palabra con el papel.</translation>
    </message>
    <message>
        <source>Begin the form anew.</source>
        <translation>Empiece el formulario de nuevo.</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then ask for the answer again.</source>
        <translation>Ponga ambos portátiles en la misma versión y pida después la respuesta de nuevo.</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then make the request again.</source>
        <translation>Ponga ambos portátiles en la misma versión y prepare después la solicitud de nuevo.</translation>
    </message>
    <message>
        <source>Bring both to the same version, then ask for the card again.</source>
        <translation>Ponga ambas en la misma versión y pida después la tarjeta de nuevo.</translation>
    </message>
    <message>
        <source>Cards of other delegations are read under Contacts.</source>
        <translation>Las tarjetas de otras delegaciones se leen en Contactos.</translation>
    </message>
    <message>
        <source>Change it and keep the row again. Dates are written 2026-11-22, times 2026-11-22 10:00 UTC.</source>
        <translation>Cámbielo y conserve la fila de nuevo. Las fechas se escriben 2026-11-22; las horas, 2026-11-22 10:00 UTC.</translation>
    </message>
    <message>
        <source>Change what has changed, or attach a file.</source>
        <translation>Cambie lo que haya cambiado o adjunte un archivo.</translation>
    </message>
    <message>
        <source>Check Caps Lock and the keyboard&apos;s language, then type it again.</source>
        <translation>Compruebe la tecla Bloq Mayús (Caps Lock) y el idioma del teclado, y escríbala de nuevo.</translation>
    </message>
    <message>
        <source>Check that it is still there and that you may read it.</source>
        <translation>Compruebe que sigue allí y que puede leerlo.</translation>
    </message>
    <message>
        <source>Check that it opens elsewhere, or save it anew and open that.</source>
        <translation>Compruebe que se abre en otro programa, o guárdelo otra vez y abra ese archivo.</translation>
    </message>
    <message>
        <source>Check that there is room and that you may write there.</source>
        <translation>Compruebe que hay espacio y que puede escribir en ese lugar.</translation>
    </message>
    <message>
        <source>Check that you chose the right file.</source>
        <translation>Compruebe que ha elegido el archivo correcto.</translation>
    </message>
    <message>
        <source>Check the disk and that you may write there, then try again.</source>
        <translation>Compruebe el disco y que puede escribir en ese lugar, e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Check the disk and the exchange folder, then try again.</source>
        <translation>Compruebe el disco y la carpeta de intercambio, e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Check the disk, then do it again.</source>
        <translation>Compruebe el disco y hágalo de nuevo.</translation>
    </message>
    <message>
        <source>Check the drive, the share or the network; what waits is kept and sent then.</source>
        <translation>Compruebe la unidad, el recurso compartido o la red; lo que espera se conserva y se envía entonces.</translation>
    </message>
    <message>
        <source>Check the rights of your home folder, then start again.</source>
        <translation>Compruebe los derechos de su carpeta personal e inicie de nuevo.</translation>
    </message>
    <message>
        <source>Check what you wrote for unusual characters, then try again.</source>
        <translation>Busque caracteres inusuales en lo que escribió e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Checking took too long or needed too much memory.</source>
        <translation>La comprobación duró demasiado o necesitó demasiada memoria.</translation>
    </message>
    <message>
        <source>Choose a backup you know the way of, and tell your security officer.</source>
        <translation>Elija una copia de seguridad cuyo recorrido conozca y avise a su responsable de seguridad.</translation>
    </message>
    <message>
        <source>Choose a document.</source>
        <translation>Elija un documento.</translation>
    </message>
    <message>
        <source>Choose a file as the United Nations publishes it, or save the text as .docx.</source>
        <translation>Elija un archivo tal como lo publican las Naciones Unidas, o guarde el texto como .docx.</translation>
    </message>
    <message>
        <source>Choose a file in version 3.0, or save the text as .docx.</source>
        <translation>Elija un archivo de la versión 3.0, o guarde el texto como .docx.</translation>
    </message>
    <message>
        <source>Choose a file that ends in .vcf.</source>
        <translation>Elija un archivo que termine en .vcf.</translation>
    </message>
    <message>
        <source>Choose a file whose name ends in .valise-backup.</source>
        <translation>Elija un archivo cuyo nombre termine en .valise-backup.</translation>
    </message>
    <message>
        <source>Choose a higher channel.</source>
        <translation>Elija un canal superior.</translation>
    </message>
    <message>
        <source>Choose a later one.</source>
        <translation>Elija una posterior.</translation>
    </message>
    <message>
        <source>Choose a marking of the list, or write a shorter one.</source>
        <translation>Elija una marca de la lista, o escriba una más corta.</translation>
    </message>
    <message>
        <source>Choose a member of the room.</source>
        <translation>Elija un miembro de la sala.</translation>
    </message>
    <message>
        <source>Choose a paragraph or an amendment that stands.</source>
        <translation>Elija un párrafo o una enmienda que figure en el texto.</translation>
    </message>
    <message>
        <source>Choose a photograph or a screenshot as PNG, JPEG, BMP or WebP.</source>
        <translation>Elija una fotografía o una captura de pantalla en PNG, JPEG, BMP o WebP.</translation>
    </message>
    <message>
        <source>Choose a reason.</source>
        <translation>Elija un motivo.</translation>
    </message>
    <message>
        <source>Choose a room with another delegation in it, or make one under Messages.</source>
        <translation>Elija una sala en la que haya otra delegación, o cree una en Mensajes.</translation>
    </message>
    <message>
        <source>Choose a room with one delegation, or another label.</source>
        <translation>Elija una sala con una sola delegación, u otra etiqueta.</translation>
    </message>
    <message>
        <source>Choose a shorter one.</source>
        <translation>Elija uno más corto.</translation>
    </message>
    <message>
        <source>Choose a shorter time and try again.</source>
        <translation>Elija un período más corto e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Choose a stick, or a folder on another disk.</source>
        <translation>Elija una memoria USB, o una carpeta en otro disco.</translation>
    </message>
    <message>
        <source>Choose a whole number of hours or days under Settings.</source>
        <translation>Elija un número entero de horas o días en Ajustes.</translation>
    </message>
    <message>
        <source>Choose an entry of your own State.</source>
        <translation>Elija una entrada de su propio Estado.</translation>
    </message>
    <message>
        <source>Choose another answer for it, or leave its words standing.</source>
        <translation>Elija otra respuesta para ella, o deje sus palabras como están.</translation>
    </message>
    <message>
        <source>Choose another delegation to tell.</source>
        <translation>Elija otra delegación a la que comunicarlo.</translation>
    </message>
    <message>
        <source>Choose another delegation, or ask it to admit a laptop with that right.</source>
        <translation>Elija otra delegación, o pídale que admita un portátil con ese derecho.</translation>
    </message>
    <message>
        <source>Choose another delegation.</source>
        <translation>Elija otra delegación.</translation>
    </message>
    <message>
        <source>Choose another file or another time.</source>
        <translation>Elija otro archivo u otro período.</translation>
    </message>
    <message>
        <source>Choose another file, or save the page again from the browser.</source>
        <translation>Elija otro archivo o guarde la página de nuevo desde el navegador.</translation>
    </message>
    <message>
        <source>Choose another marking, or write to one delegation.</source>
        <translation>Elija otra marca, o escriba a una sola delegación.</translation>
    </message>
    <message>
        <source>Choose another one, and do not trust that stick with the next.</source>
        <translation>Elija otra y no confíe la próxima a esa memoria USB.</translation>
    </message>
    <message>
        <source>Choose another one, or make a new one in another place.</source>
        <translation>Elija otra, o haga una nueva en otro lugar.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>Elija otra.</translation>
    </message>
    <message>
        <source>Choose another one; nothing was written.</source>
        <translation>Elija otra; no se ha escrito nada.</translation>
    </message>
    <message>
        <source>Choose another term.</source>
        <translation>Elija otro plazo.</translation>
    </message>
    <message>
        <source>Choose another text in the list.</source>
        <translation>Elija otro texto de la lista.</translation>
    </message>
    <message>
        <source>Choose another type of message.</source>
        <translation>Elija otro tipo de mensaje.</translation>
    </message>
    <message>
        <source>Choose another value.</source>
        <translation>Elija otro valor.</translation>
    </message>
    <message>
        <source>Choose at least one.</source>
        <translation>Elija al menos una.</translation>
    </message>
    <message>
        <source>Choose consultations or events.</source>
        <translation>Elija consultas o actos.</translation>
    </message>
    <message>
        <source>Choose each of them once.</source>
        <translation>Elija cada uno una sola vez.</translation>
    </message>
    <message>
        <source>Choose fewer rows with a filter, or write it as CSV.</source>
        <translation>Elija menos filas con un filtro, o escríbala como CSV.</translation>
    </message>
    <message>
        <source>Choose one answer for each amendment.</source>
        <translation>Elija una sola respuesta para cada enmienda.</translation>
    </message>
    <message>
        <source>Choose one from the list.</source>
        <translation>Elija una opción de la lista.</translation>
    </message>
    <message>
        <source>Choose one of the six.</source>
        <translation>Elija uno de los seis.</translation>
    </message>
    <message>
        <source>Choose one of the two.</source>
        <translation>Elija una de las dos.</translation>
    </message>
    <message>
        <source>Choose one of those offered.</source>
        <translation>Elija una de las que se ofrecen.</translation>
    </message>
    <message>
        <source>Choose one other delegation for a bilateral room, at least one for a group.</source>
        <translation>Elija otra delegación para una sala bilateral, y al menos una para un grupo.</translation>
    </message>
    <message>
        <source>Choose preamble, operative part, annex or other.</source>
        <translation>Elija preámbulo, parte dispositiva, anexo u otra.</translation>
    </message>
    <message>
        <source>Choose support, can go along, reserve, scrutiny reservation or oppose.</source>
        <translation>Elija apoyar, poder acompañar, formular reserva, reserva de estudio u oponerse.</translation>
    </message>
    <message>
        <source>Choose the State, the delegation or the item first.</source>
        <translation>Elija primero el Estado, la delegación o el elemento.</translation>
    </message>
    <message>
        <source>Choose the document itself.</source>
        <translation>Elija el propio documento.</translation>
    </message>
    <message>
        <source>Choose the file named delegation.key, usually on a stick.</source>
        <translation>Elija el archivo llamado delegation.key, por lo general en una memoria USB.</translation>
    </message>
    <message>
        <source>Choose the file that ends in .release, or get it again from the publisher.</source>
        <translation>Elija el archivo que termina en .release o vuelva a obtenerlo del editor.</translation>
    </message>
    <message>
        <source>Choose the file that the first laptop saved.</source>
        <translation>Elija el archivo que guardó el primer portátil.</translation>
    </message>
    <message>
        <source>Choose the file that the other laptop saved.</source>
        <translation>Elija el archivo que guardó el otro portátil.</translation>
    </message>
    <message>
        <source>Choose the file the other delegation gave you.</source>
        <translation>Elija el archivo que le dio la otra delegación.</translation>
    </message>
    <message>
        <source>Choose the key file of your own delegation.</source>
        <translation>Elija el archivo de clave de su propia delegación.</translation>
    </message>
    <message>
        <source>Choose the other side, or the register within your delegation.</source>
        <translation>Elija el otro lado, o el registro dentro de su delegación.</translation>
    </message>
    <message>
        <source>Choose the same label or a narrower one.</source>
        <translation>Elija la misma etiqueta o una más restringida.</translation>
    </message>
    <message>
        <source>Choose two or more delegations, or none.</source>
        <translation>Elija dos o más delegaciones, o ninguna.</translation>
    </message>
    <message>
        <source>Choose what is requested, or send a notification instead.</source>
        <translation>Elija qué se solicita, o envíe en su lugar una notificación.</translation>
    </message>
    <message>
        <source>Close other programs and try again, or compare the number by eye.</source>
        <translation>Cierre otros programas e inténtelo de nuevo, o compare el número a simple vista.</translation>
    </message>
    <message>
        <source>Close other programs and try again; if it happens again, run valise doctor.</source>
        <translation>Cierre otros programas e inténtelo de nuevo; si vuelve a ocurrir, ejecute valise doctor.</translation>
    </message>
    <message>
        <source>Close other programs, then try again.</source>
        <translation>Cierre otros programas e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Compare again in one of the ways shown.</source>
        <translation>Compare de nuevo de una de las maneras que se muestran.</translation>
    </message>
    <message>
        <source>Compare once more, best in person, then decide in Contacts.</source>
        <translation>Compare una vez más, preferiblemente en persona, y decida después en Contactos.</translation>
    </message>
    <message>
        <source>Compare the words with the paper; perhaps they are for another vault.</source>
        <translation>Compare las palabras con el papel; quizá sean de otra bóveda.</translation>
    </message>
    <message>
        <source>Compare with it first, then choose it.</source>
        <translation>Compare primero con ella y elíjala después.</translation>
    </message>
    <message>
        <source>Compare with it first, then vouch for it.</source>
        <translation>Compare primero con ella y aválela después.</translation>
    </message>
    <message>
        <source>Compare with it in person, then decide in Contacts.</source>
        <translation>Compare con ella en persona y decida después en Contactos.</translation>
    </message>
    <message>
        <source>Compare with that delegation in person before sending anything.</source>
        <translation>Compare en persona con esa delegación antes de enviar nada.</translation>
    </message>
    <message>
        <source>Connect the disk they are on, or restore a backup.</source>
        <translation>Conecte el disco en que están, o restaure una copia de seguridad.</translation>
    </message>
    <message>
        <source>Connect; it goes on by itself.</source>
        <translation>Conéctese; continúa por sí solo.</translation>
    </message>
    <message>
        <source>Copy it onto this computer and choose it there.</source>
        <translation>Cópielo en este equipo y elíjalo allí.</translation>
    </message>
    <message>
        <source>Correct the times; they are UTC.</source>
        <translation>Corrija las horas; son UTC.</translation>
    </message>
    <message>
        <source>Cut it to the code, or take a smaller one (at most 24 MiB).</source>
        <translation>Recórtela al código, o tome una más pequeña (24 MiB como máximo).</translation>
    </message>
    <message>
        <source>Decide each of them first, then agree the paragraph.</source>
        <translation>Decida primero sobre cada una de ellas y acuerde después el párrafo.</translation>
    </message>
    <message>
        <source>Divide it and import the parts.</source>
        <translation>Divídala e importe las partes.</translation>
    </message>
    <message>
        <source>Divide the document and import the parts.</source>
        <translation>Divida el documento e importe las partes.</translation>
    </message>
    <message>
        <source>Divide the text, or save it as a Word document.</source>
        <translation>Divida el texto o guárdelo como documento de Word.</translation>
    </message>
    <message>
        <source>Do it in several steps, a few paragraphs each.</source>
        <translation>Hágalo en varios pasos, unos pocos párrafos cada vez.</translation>
    </message>
    <message>
        <source>Do it in several steps.</source>
        <translation>Hágalo en varios pasos.</translation>
    </message>
    <message>
        <source>Do not install it. Choose a package that is named here, or the release file that came with this one.</source>
        <translation>No lo instale. Elija un paquete que figure aquí o el archivo de versión que acompañaba a este.</translation>
    </message>
    <message>
        <source>Do not open it with another program; ask its sender.</source>
        <translation>No lo abra con otro programa; pregunte a su remitente.</translation>
    </message>
    <message>
        <source>Do not rely on the file; use the command valise verify on another machine.</source>
        <translation>No confíe en el archivo; use el comando valise verify en otro equipo.</translation>
    </message>
    <message>
        <source>Do not sign on. Ask the delegation that opened it, in person or by telephone.</source>
        <translation>No se adhiera. Pregunte a la delegación que la abrió, en persona o por teléfono.</translation>
    </message>
    <message>
        <source>Do not type the passphrase. Restore the file from a backup.</source>
        <translation>No escriba la frase de contraseña. Restaure el archivo desde una copia de seguridad.</translation>
    </message>
    <message>
        <source>Do not use it. Ask both delegations for their cards by another way.</source>
        <translation>No la use. Pida a ambas delegaciones sus tarjetas por otra vía.</translation>
    </message>
    <message>
        <source>Do not use it. Ask the delegation for its card by another way.</source>
        <translation>No la use. Pida a la delegación su tarjeta por otra vía.</translation>
    </message>
    <message>
        <source>Do not use it; take the one made when the delegation was founded.</source>
        <translation>No lo use; tome el que se hizo cuando se fundó la delegación.</translation>
    </message>
    <message>
        <source>Do not use this file; ask for the card by another way.</source>
        <translation>No use este archivo; pida la tarjeta por otra vía.</translation>
    </message>
    <message>
        <source>Each share says on paper how many of its set it takes.</source>
        <translation>Cada fragmento indica en el papel cuántos de su juego hacen falta.</translation>
    </message>
    <message>
        <source>Edit the words first.</source>
        <translation>Edite primero las palabras.</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), then begin again.</source>
        <translation>Haga primero un intercambio (Ctrl+R) y empiece después de nuevo.</translation>
    </message>
    <message>
        <source>Exchange once more and look again.</source>
        <translation>Haga otro intercambio y revise de nuevo.</translation>
    </message>
    <message>
        <source>Exchange once more, so that its newest card comes, and try again; or take its card in person.</source>
        <translation>Haga otro intercambio, para que llegue su tarjeta más reciente, e inténtelo de nuevo; o reciba su tarjeta en persona.</translation>
    </message>
    <message>
        <source>Exchange once more; it may still be under way.</source>
        <translation>Haga otro intercambio; puede que aún esté en camino.</translation>
    </message>
    <message>
        <source>Fill in the marked field as well, then keep both.</source>
        <translation>Complete también el campo señalado y conserve después ambos.</translation>
    </message>
    <message>
        <source>Fill in the marked field, then keep the row again.</source>
        <translation>Complete el campo señalado y conserve después la fila de nuevo.</translation>
    </message>
    <message>
        <source>Fill in the time, or choose another urgency.</source>
        <translation>Complete la hora o elija otra urgencia.</translation>
    </message>
    <message>
        <source>First let the passphrase open alone.</source>
        <translation>Permita primero que la frase de contraseña abra por sí sola.</translation>
    </message>
    <message>
        <source>Free some space there, or take another stick; what waits is kept and sent then.</source>
        <translation>Libere espacio allí, o tome otra memoria USB; lo que espera se conserva y se envía entonces.</translation>
    </message>
    <message>
        <source>Free some space, then do it again.</source>
        <translation>Libere espacio y hágalo de nuevo.</translation>
    </message>
    <message>
        <source>Give another laptop the right to admit laptops first.</source>
        <translation>Dé primero a otro portátil el derecho a admitir portátiles.</translation>
    </message>
    <message>
        <source>Give it a name and keep it again.</source>
        <translation>Póngale un nombre y consérvelo de nuevo.</translation>
    </message>
    <message>
        <source>Give it a short name; those asked read it.</source>
        <translation>Póngale un nombre corto; lo leen los consultados.</translation>
    </message>
    <message>
        <source>Give it one that every member will understand.</source>
        <translation>Póngale uno que entiendan todos los miembros.</translation>
    </message>
    <message>
        <source>Give it one, then open it.</source>
        <translation>Póngale uno y ábralo después.</translation>
    </message>
    <message>
        <source>Give one that no earlier revision has, for example ending in Rev.3.</source>
        <translation>Asigne una que no tenga ninguna revisión anterior, por ejemplo terminada en Rev.3.</translation>
    </message>
    <message>
        <source>Give the delegation a new one.</source>
        <translation>Dé a la delegación uno nuevo.</translation>
    </message>
    <message>
        <source>Give your own register another id in its file.</source>
        <translation>Dé a su propio registro otro identificador en su archivo.</translation>
    </message>
    <message>
        <source>Go to Contacts, compare with that delegation and decide.</source>
        <translation>Vaya a Contactos, compare con esa delegación y decida.</translation>
    </message>
    <message>
        <source>Go to that window, or close it and try again.</source>
        <translation>Vaya a esa ventana, o ciérrela e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Hand the stick on. Whoever is the last may delete the file.</source>
        <translation>Pase la memoria USB al siguiente. El último puede eliminar el archivo.</translation>
    </message>
    <message>
        <source>Have a laptop that is in use admit this one, and ask who signed the other list.</source>
        <translation>Haga que un portátil en uso admita este y pregunte quién firmó la otra lista.</translation>
    </message>
    <message>
        <source>How the identities were compared was not said.</source>
        <translation>No se indicó cómo se compararon las identidades.</translation>
    </message>
    <message>
        <source>If nobody moved it, look for the copy in your safe.</source>
        <translation>Si nadie lo ha trasladado, busque la copia en su caja fuerte.</translation>
    </message>
    <message>
        <source>If you expected it, open the sender&apos;s newest identity card first, then the bundle again.</source>
        <translation>Si lo esperaba, abra primero la tarjeta de identidad más reciente del remitente y después el paquete de nuevo.</translation>
    </message>
    <message>
        <source>If you want an archive of your own, say so above. Nothing was written.</source>
        <translation>Si quiere un archivo histórico propio, indíquelo más arriba. No se ha escrito nada.</translation>
    </message>
    <message>
        <source>In a room with others each delegation writes the rows of its own State only.</source>
        <translation>En una sala con otras, cada delegación escribe solo las filas de su propio Estado.</translation>
    </message>
    <message>
        <source>Install Valise anew; the vault itself is untouched.</source>
        <translation>Instale Valise de nuevo; la propia bóveda está intacta.</translation>
    </message>
    <message>
        <source>Install nothing of it. Ask the publisher, by another way, whether its key is another one now.</source>
        <translation>No instale nada de ello. Pregunte al editor, por otra vía, si ahora usa otra clave.</translation>
    </message>
    <message>
        <source>Install nothing of it. Get both again from the publisher, by another way.</source>
        <translation>No instale nada de ello. Obtenga de nuevo ambos del editor, por otra vía.</translation>
    </message>
    <message>
        <source>Install the Noto fonts (fonts-noto-core and fonts-noto-cjk), then try again.</source>
        <translation>Instale las fuentes Noto (fonts-noto-core y fonts-noto-cjk) e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Install the newer version on this device.</source>
        <translation>Instale la versión más reciente en este dispositivo.</translation>
    </message>
    <message>
        <source>Install the newer version, then try again.</source>
        <translation>Instale la versión más reciente e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>It did not leave. Look at it again after the next exchange.</source>
        <translation>No ha salido. Revíselo de nuevo después del próximo intercambio.</translation>
    </message>
    <message>
        <source>It is computed again from the signed entries; there is nothing to do.</source>
        <translation>Se calcula de nuevo a partir de las entradas firmadas; no hay nada que hacer.</translation>
    </message>
    <message>
        <source>It is kept sealed, and its keys have been asked for again.</source>
        <translation>Se conserva sellado y sus claves se han pedido de nuevo.</translation>
    </message>
    <message>
        <source>It is not chosen what this row is about.</source>
        <translation>No se ha elegido a qué se refiere esta fila.</translation>
    </message>
    <message>
        <source>It is of the first version: keep two copies of its key file in two safes.</source>
        <translation>Es de la primera versión: guarde dos copias de su archivo de clave en dos cajas fuertes.</translation>
    </message>
    <message>
        <source>It is tried again at each exchange; there is nothing to do.</source>
        <translation>Se intenta de nuevo en cada intercambio; no hay nada que hacer.</translation>
    </message>
    <message>
        <source>It is tried again at the next exchange; there is nothing to do.</source>
        <translation>Se intenta de nuevo en el próximo intercambio; no hay nada que hacer.</translation>
    </message>
    <message>
        <source>It lists every laptop there ever was. Renew a laptop for another officer instead of admitting one.</source>
        <translation>Incluye todos los portátiles que ha habido. Renueve un portátil para otro funcionario en lugar de admitir uno.</translation>
    </message>
    <message>
        <source>It may still be under way: wait for the next exchange.</source>
        <translation>Puede que aún esté en camino: espere al próximo intercambio.</translation>
    </message>
    <message>
        <source>It sends nothing and gets nothing any more; what it holds can still be read here.</source>
        <translation>Ya no envía ni recibe nada; lo que contiene todavía puede leerse aquí.</translation>
    </message>
    <message>
        <source>It was left as it was. Run valise doctor.</source>
        <translation>Se ha dejado como estaba. Ejecute valise doctor.</translation>
    </message>
    <message>
        <source>It was never finished, or the copy was cut short. Choose another one.</source>
        <translation>Nunca se terminó, o la copia se cortó. Elija otra.</translation>
    </message>
    <message>
        <source>It was refused whole; nothing of it entered the vault.</source>
        <translation>Se rechazó por completo; nada de ello entró en la bóveda.</translation>
    </message>
    <message>
        <source>Its missing parts have been asked for again.</source>
        <translation>Las partes que faltan se han pedido de nuevo.</translation>
    </message>
    <message>
        <source>Its operator has to bring it up to date. What waits is kept; a courier can take it.</source>
        <translation>Su operador tiene que actualizarlo. Lo que espera se conserva; puede llevarlo un mensajero.</translation>
    </message>
    <message>
        <source>Its sender sends it again; give your newest card to those who never wrote to you before.</source>
        <translation>Su remitente lo envía de nuevo; dé su tarjeta más reciente a quienes nunca le han escrito.</translation>
    </message>
    <message>
        <source>Its vault was put back from an older copy, or it is in use twice. Ask that delegation.</source>
        <translation>Su bóveda se repuso desde una copia anterior o se utiliza por duplicado. Pregunte a esa delegación.</translation>
    </message>
    <message>
        <source>Keep the row without choosing a room.</source>
        <translation>Conserve la fila sin elegir una sala.</translation>
    </message>
    <message>
        <source>Keys came from a laptop under a key that was given to another one.</source>
        <translation>Llegaron claves de un portátil con una clave que se había dado a otro.</translation>
    </message>
    <message>
        <source>Keys that came from another laptop are not valid.</source>
        <translation>Unas claves que llegaron de otro portátil no son válidas.</translation>
    </message>
    <message>
        <source>Laying out the pages took more time or memory than is allowed.</source>
        <translation>La composición de las páginas requirió más tiempo o memoria de lo permitido.</translation>
    </message>
    <message>
        <source>Leave it as it is; it follows from what happens.</source>
        <translation>Déjelo como está; se deriva de lo que ocurre.</translation>
    </message>
    <message>
        <source>Leave the folder as it is and run valise doctor.</source>
        <translation>Deje la carpeta como está y ejecute valise doctor.</translation>
    </message>
    <message>
        <source>Leave them out of the round.</source>
        <translation>Déjelos fuera de la ronda.</translation>
    </message>
    <message>
        <source>Let it ask to be admitted anew.</source>
        <translation>Haga que solicite de nuevo su admisión.</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again, and carry it by hand.</source>
        <translation>Haga que el otro portátil prepare su solicitud de nuevo, y llévela en mano.</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again.</source>
        <translation>Haga que el otro portátil prepare su solicitud de nuevo.</translation>
    </message>
    <message>
        <source>Let the passphrase open alone, make and rehearse new shares, then demand the keyring again.</source>
        <translation>Permita que la frase de contraseña abra por sí sola, haga y ensaye fragmentos nuevos y exija después el llavero de nuevo.</translation>
    </message>
    <message>
        <source>Lock, and choose “Practise with fictional delegations” on the unlock page.</source>
        <translation>Bloquee, y elija “Practicar con delegaciones ficticias” en la página de desbloqueo.</translation>
    </message>
    <message>
        <source>Look at Ways of exchange in Settings.</source>
        <translation>Consulte Vías de intercambio en Ajustes.</translation>
    </message>
    <message>
        <source>Look at both in Contacts, ask by another way, then decide.</source>
        <translation>Examine ambas en Contactos, pregunte por otra vía y decida después.</translation>
    </message>
    <message>
        <source>Look at it again after the next exchange.</source>
        <translation>Revísela de nuevo después del próximo intercambio.</translation>
    </message>
    <message>
        <source>Look at it in Contacts and decide; what you write waits until then.</source>
        <translation>Examínelo en Contactos y decida; lo que usted escribe espera hasta entonces.</translation>
    </message>
    <message>
        <source>Look at its newest state, then try again.</source>
        <translation>Examine su estado más reciente e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Look at its status; it may have been agreed or reopened meanwhile.</source>
        <translation>Consulte su situación; puede que entretanto se haya acordado o reabierto.</translation>
    </message>
    <message>
        <source>Look at the contact&apos;s page.</source>
        <translation>Consulte la página del contacto.</translation>
    </message>
    <message>
        <source>Look at the contact, or make the bundle for the others alone.</source>
        <translation>Examine el contacto o prepare el paquete solo para las demás.</translation>
    </message>
    <message>
        <source>Look at the entries for unusual characters and try again.</source>
        <translation>Busque caracteres inusuales en las entradas e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Look at the entry and the round again; choose something that was confirmed, or a wider marking.</source>
        <translation>Revise de nuevo la entrada y la ronda; elija algo que se haya confirmado, o una marca más amplia.</translation>
    </message>
    <message>
        <source>Look at the fields again; choose from what is offered.</source>
        <translation>Revise los campos de nuevo; elija entre lo que se ofrece.</translation>
    </message>
    <message>
        <source>Look at the fields marked as required.</source>
        <translation>Revise los campos indicados como obligatorios.</translation>
    </message>
    <message>
        <source>Look at the history of the row again after the next exchange.</source>
        <translation>Revise el historial de la fila de nuevo después del próximo intercambio.</translation>
    </message>
    <message>
        <source>Look at the list again.</source>
        <translation>Revise la lista de nuevo.</translation>
    </message>
    <message>
        <source>Look at the list again. Only States and items that the register has can have rows.</source>
        <translation>Revise la lista de nuevo. Solo pueden tener filas los Estados y elementos que tiene el registro.</translation>
    </message>
    <message>
        <source>Look at the list again: it may have taken its name back.</source>
        <translation>Revise la lista de nuevo: puede que haya retirado su nombre.</translation>
    </message>
    <message>
        <source>Look at the list of members.</source>
        <translation>Consulte la lista de miembros.</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph, then try again.</source>
        <translation>Examine el estado más reciente del párrafo e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph.</source>
        <translation>Examine el estado más reciente del párrafo.</translation>
    </message>
    <message>
        <source>Look at the newest state of the text; it may have been taken out or put together with another.</source>
        <translation>Examine el estado más reciente del texto; puede que se haya suprimido o unido a otro.</translation>
    </message>
    <message>
        <source>Look at the offers again after the next exchange.</source>
        <translation>Revise los ofrecimientos de nuevo después del próximo intercambio.</translation>
    </message>
    <message>
        <source>Look at the paragraph as it stands now.</source>
        <translation>Examine el párrafo tal como está ahora.</translation>
    </message>
    <message>
        <source>Look at the proxy under Settings, Exchange, with whoever looks after this network.</source>
        <translation>Revise el proxy en Ajustes, Intercambio, con quien se ocupa de esta red.</translation>
    </message>
    <message>
        <source>Look at what the pen decided, then propose anew if needed.</source>
        <translation>Consulte lo que decidió la delegación redactora y, si hace falta, proponga de nuevo.</translation>
    </message>
    <message>
        <source>Look at “Our card” in Contacts and decide; what you write waits until then.</source>
        <translation>Consulte “Nuestra tarjeta” en Contactos y decida; lo que usted escribe espera hasta entonces.</translation>
    </message>
    <message>
        <source>Look for a paragraph that begins with a very long mark, and mend it.</source>
        <translation>Busque un párrafo que empiece con una marca muy larga y corríjalo.</translation>
    </message>
    <message>
        <source>Look for the sheets that say Valise.</source>
        <translation>Busque las hojas en que dice Valise.</translation>
    </message>
    <message>
        <source>Make one under Messages, or hand over your card with a permission.</source>
        <translation>Cree una en Mensajes, o entregue su tarjeta con un permiso.</translation>
    </message>
    <message>
        <source>Make recovery shares and rehearse them; a keyring that vanishes then locks nobody out.</source>
        <translation>Haga fragmentos de recuperación y ensáyelos; así, un llavero que desaparezca no deja fuera a nadie.</translation>
    </message>
    <message>
        <source>Make room there or choose another place. Earlier backups are as they were.</source>
        <translation>Libere espacio allí o elija otro lugar. Las copias de seguridad anteriores están como estaban.</translation>
    </message>
    <message>
        <source>Mend the lines that are listed, then read the file again.</source>
        <translation>Corrija las líneas indicadas y lea después el archivo de nuevo.</translation>
    </message>
    <message>
        <source>More shares are needed.</source>
        <translation>Se necesitan más fragmentos.</translation>
    </message>
    <message>
        <source>No laptop of that delegation may hold the pen.</source>
        <translation>Ningún portátil de esa delegación puede llevar la redacción.</translation>
    </message>
    <message>
        <source>No laptop would be left that may admit others and is in every room.</source>
        <translation>No quedaría ningún portátil que pueda admitir otros y esté en todas las salas.</translation>
    </message>
    <message>
        <source>No recovery shares can be made of this root key.</source>
        <translation>No se pueden hacer fragmentos de recuperación de esta clave raíz.</translation>
    </message>
    <message>
        <source>No room was chosen for the journey.</source>
        <translation>No se ha elegido ninguna sala para el viaje.</translation>
    </message>
    <message>
        <source>No second officer of your delegation could release anything.</source>
        <translation>Ningún segundo funcionario de su delegación podría autorizar nada.</translation>
    </message>
    <message>
        <source>Nobody can be told there.</source>
        <translation>Allí no hay nadie a quien comunicarlo.</translation>
    </message>
    <message>
        <source>Nobody is chosen for this round.</source>
        <translation>No se ha elegido a nadie para esta ronda.</translation>
    </message>
    <message>
        <source>Nobody vouches for himself, or to the delegation he vouches for.</source>
        <translation>Nadie se avala a sí mismo, ni avala a una delegación ante ella misma.</translation>
    </message>
    <message>
        <source>Not everything in this bundle is in the vault, so it stays on the stick.</source>
        <translation>No todo lo que contiene este paquete está en la bóveda, por lo que permanece en la memoria USB.</translation>
    </message>
    <message>
        <source>Nothing about this silence procedure is contested any more.</source>
        <translation>Ya no hay nada controvertido en este procedimiento de acuerdo tácito.</translation>
    </message>
    <message>
        <source>Nothing is lost here. Take another stick and make the bundle again; the bad file has no bundle&apos;s name.</source>
        <translation>Aquí no se ha perdido nada. Tome otra memoria USB y prepare el paquete de nuevo; el archivo defectuoso no lleva nombre de paquete.</translation>
    </message>
    <message>
        <source>Nothing is lost. Connect; it goes on by itself. See Security, Checks.</source>
        <translation>No se ha perdido nada. Conéctese; continúa por sí sola. Véase Seguridad, Comprobaciones.</translation>
    </message>
    <message>
        <source>Nothing is lost. How it ended stands above the text; there is nothing to decide.</source>
        <translation>No se ha perdido nada. Cómo terminó figura encima del texto; no hay nada que decidir.</translation>
    </message>
    <message>
        <source>Nothing is lost. It is fetched with the next exchange; look again then.</source>
        <translation>No se ha perdido nada. Se recoge con el próximo intercambio; vuelva a mirar entonces.</translation>
    </message>
    <message>
        <source>Nothing is lost. Say what your delegation thinks as an amendment or a remark; the pen-holder can open another procedure.</source>
        <translation>No se ha perdido nada. Diga lo que piensa su delegación mediante una enmienda o una observación; la delegación redactora puede abrir otro procedimiento.</translation>
    </message>
    <message>
        <source>Nothing is lost. The delegations decide together how it goes on.</source>
        <translation>No se ha perdido nada. Las delegaciones deciden juntas cómo continúa.</translation>
    </message>
    <message>
        <source>Nothing is said about the file. Use the command valise verify with more time.</source>
        <translation>No se afirma nada sobre el archivo. Use el comando valise verify con más tiempo.</translation>
    </message>
    <message>
        <source>Nothing is suspended here.</source>
        <translation>Aquí no hay nada suspendido.</translation>
    </message>
    <message>
        <source>Nothing left and nothing was read. Practise with the partners that are here.</source>
        <translation>No ha salido ni se ha leído nada. Practique con los interlocutores que hay aquí.</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Nada salió de este dispositivo sin sellar.</translation>
    </message>
    <message>
        <source>Nothing needs to be done; the history shows who undid it.</source>
        <translation>No hay que hacer nada; el historial muestra quién lo deshizo.</translation>
    </message>
    <message>
        <source>Nothing new was said.</source>
        <translation>No se ha dicho nada nuevo.</translation>
    </message>
    <message>
        <source>Nothing to do here. If it happens again, ask that delegation in person.</source>
        <translation>Aquí no hay nada que hacer. Si vuelve a ocurrir, pregunte en persona a esa delegación.</translation>
    </message>
    <message>
        <source>Nothing to do here; it is repeated at the next exchange.</source>
        <translation>Aquí no hay nada que hacer; se repite en el próximo intercambio.</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender sends it again.</source>
        <translation>Aquí no hay nada que hacer; su remitente lo envía de nuevo.</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender&apos;s laptop should be looked at.</source>
        <translation>Aquí no hay nada que hacer; debe examinarse el portátil de su remitente.</translation>
    </message>
    <message>
        <source>Nothing to do here; keep other files out of that folder.</source>
        <translation>Aquí no hay nada que hacer; no ponga otros archivos en esa carpeta.</translation>
    </message>
    <message>
        <source>Nothing was added. Mend the line that is named and read the file again.</source>
        <translation>No se ha añadido nada. Corrija la línea indicada y lea el archivo de nuevo.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>No se ha cambiado nada.</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask whoever made it for a new one.</source>
        <translation>No se ha cambiado nada. Pida uno nuevo a quien lo hizo.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list, and a name of at most 100 letters.</source>
        <translation>No se ha cambiado nada. Elija un Estado de la lista y un nombre de 100 letras como máximo.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list.</source>
        <translation>No se ha cambiado nada. Elija un Estado de la lista.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a time between one hour and one year ahead, and later than the deadline in force.</source>
        <translation>No se ha cambiado nada. Elija un momento entre una hora y un año a partir de ahora, y posterior al plazo vigente.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose consultations or events.</source>
        <translation>No se ha cambiado nada. Elija consultas o actos.</translation>
    </message>
    <message>
        <source>Nothing was changed. Do this in your own vault if it is meant in earnest.</source>
        <translation>No se ha cambiado nada. Hágalo en su propia bóveda si va en serio.</translation>
    </message>
    <message>
        <source>Nothing was changed. Export it again from the program it comes from.</source>
        <translation>No se ha cambiado nada. Expórtelo de nuevo desde el programa del que procede.</translation>
    </message>
    <message>
        <source>Nothing was changed. Export the settings again where the file comes from.</source>
        <translation>No se ha cambiado nada. Exporte de nuevo los ajustes allí de donde procede el archivo.</translation>
    </message>
    <message>
        <source>Nothing was changed. Look at the row again; somebody may have changed it meanwhile.</source>
        <translation>No se ha cambiado nada. Revise la fila de nuevo; puede que alguien la haya cambiado entretanto.</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the file where it is named, and choose it again.</source>
        <translation>No se ha cambiado nada. Corrija el archivo donde se indica y elíjalo de nuevo.</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the place that is named and try again.</source>
        <translation>No se ha cambiado nada. Corrija el lugar que se indica e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Nothing was changed. Restore a backup: it makes this a new laptop of your delegation.</source>
        <translation>No se ha cambiado nada. Restaure una copia de seguridad: este equipo pasa a ser un nuevo portátil de su delegación.</translation>
    </message>
    <message>
        <source>Nothing was changed. Take another one.</source>
        <translation>No se ha cambiado nada. Tome otra.</translation>
    </message>
    <message>
        <source>Nothing was changed. Try again, or use the command valise verify.</source>
        <translation>No se ha cambiado nada. Inténtelo de nuevo, o use el comando valise verify.</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait for the deadline; the procedure is then closed by itself.</source>
        <translation>No se ha cambiado nada. Espere al término del plazo; el procedimiento se cierra entonces por sí solo.</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait until it is over, or extend it; then open the next one.</source>
        <translation>No se ha cambiado nada. Espere a que termine, o prorróguelo; abra después el siguiente.</translation>
    </message>
    <message>
        <source>Nothing was changed. Write a name of at most 100 letters.</source>
        <translation>No se ha cambiado nada. Escriba un nombre de 100 letras como máximo.</translation>
    </message>
    <message>
        <source>Nothing was changed; choose another way.</source>
        <translation>No se ha cambiado nada; elija otra manera.</translation>
    </message>
    <message>
        <source>Nothing was erased. Type the passphrase once more to rescue what verifies, or restore a backup.</source>
        <translation>No se ha borrado nada. Escriba la frase de contraseña una vez más para rescatar lo que se verifique, o restaure una copia de seguridad.</translation>
    </message>
    <message>
        <source>Nothing was given to it. Something on the way may answer in its place: ask its operator by another way.</source>
        <translation>No se le ha dado nada. Puede que algo responda en su lugar por el camino: pregunte a su operador por otra vía.</translation>
    </message>
    <message>
        <source>Nothing was kept. Open the register again; its definition may have changed.</source>
        <translation>No se ha conservado nada. Abra el registro de nuevo; puede que su definición haya cambiado.</translation>
    </message>
    <message>
        <source>Nothing was read. Cut it into several files.</source>
        <translation>No se ha leído nada. Divídalo en varios archivos.</translation>
    </message>
    <message>
        <source>Nothing was removed. Copy it again, to another stick if need be.</source>
        <translation>No se ha quitado nada. Cópielo de nuevo, en otra memoria USB si es necesario.</translation>
    </message>
    <message>
        <source>Nothing was sent. Look at it again after the next exchange.</source>
        <translation>No se ha enviado nada. Revíselo de nuevo después del próximo intercambio.</translation>
    </message>
    <message>
        <source>Nothing was sent. Write a sentence for the other delegations, then break it.</source>
        <translation>No se ha enviado nada. Escriba una frase para las demás delegaciones y rómpalo después.</translation>
    </message>
    <message>
        <source>Nothing was signed and the root key is closed. Look at the list and begin again.</source>
        <translation>No se ha firmado nada y la clave raíz está cerrada. Revise la lista y empiece de nuevo.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask for the card of the real delegation.</source>
        <translation>No se ha incorporado nada. Pida la tarjeta de la delegación real.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask its sender for another one.</source>
        <translation>No se ha incorporado nada. Pida otro a su remitente.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Change to the side the file was written from.</source>
        <translation>No se ha incorporado nada. Cambie al lado desde el que se escribió el archivo.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Choose a file whose name ends in .valise.</source>
        <translation>No se ha incorporado nada. Elija un archivo cuyo nombre termine en .valise.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Cut it into several files.</source>
        <translation>No se ha incorporado nada. Divídala en varios archivos.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Decide which of the two lines is right and delete the other.</source>
        <translation>No se ha incorporado nada. Decida cuál de las dos líneas es correcta y elimine la otra.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Delete one of them from the file.</source>
        <translation>No se ha incorporado nada. Elimine una de ellas del archivo.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the calendar again as .ics from the program it comes from.</source>
        <translation>No se ha incorporado nada. Exporte el calendario de nuevo como .ics desde el programa del que procede.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the register first and fill in that file.</source>
        <translation>No se ha incorporado nada. Exporte primero el registro y complete ese archivo.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Install the newer version, then open the bundle again.</source>
        <translation>No se ha incorporado nada. Instale la versión más reciente y abra después el paquete de nuevo.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Leave the cell empty for a new row.</source>
        <translation>No se ha incorporado nada. Deje la celda vacía para una fila nueva.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Look for a comma or a quotation mark too many in that line.</source>
        <translation>No se ha incorporado nada. Busque una coma o unas comillas de más en esa línea.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Mend that place and read the file again.</source>
        <translation>No se ha incorporado nada. Corrija ese lugar y lea el archivo de nuevo.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Name the column as the register does, or delete it from the file.</source>
        <translation>No se ha incorporado nada. Dé a la columna el nombre que tiene en el registro, o elimínela del archivo.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Practise with the partners that are here; real contacts belong into your own vault.</source>
        <translation>No se ha incorporado nada. Practique con los interlocutores que hay aquí; los contactos reales van en su propia bóveda.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Put back what stood there, or delete the column from the file.</source>
        <translation>No se ha incorporado nada. Restablezca lo que figuraba allí, o elimine la columna del archivo.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Read the file again: what it changes now is shown.</source>
        <translation>No se ha incorporado nada. Lea el archivo de nuevo: se muestra qué cambia ahora.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the key in this cell: the last column of an exported file has it.</source>
        <translation>No se ha incorporado nada. Escriba la clave en esta celda: figura en la última columna de un archivo exportado.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the name as the register shows it, or its code.</source>
        <translation>No se ha incorporado nada. Escriba el nombre tal como lo muestra el registro, o su código.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the title as the register shows it, or enter that row first.</source>
        <translation>No se ha incorporado nada. Escriba el título tal como lo muestra el registro, o inscriba primero esa fila.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the fictional delegations; real States belong into your own vault.</source>
        <translation>No se ha escrito nada. Elija una de las delegaciones ficticias; los Estados reales van en su propia bóveda.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the forms that are offered.</source>
        <translation>No se ha escrito nada. Elija una de las formas que se ofrecen.</translation>
    </message>
    <message>
        <source>Nothing was written. Open the entry in the directory and choose the note verbale there.</source>
        <translation>No se ha escrito nada. Abra la entrada en el directorio y elija allí la nota verbal.</translation>
    </message>
    <message>
        <source>Nothing was written. Tell whoever looks after Valise with you.</source>
        <translation>No se ha escrito nada. Avise a quien se ocupa de Valise en su delegación.</translation>
    </message>
    <message>
        <source>Nothing was written. Try another format, and tell whoever looks after Valise with you.</source>
        <translation>No se ha escrito nada. Pruebe con otro formato y avise a quien se ocupa de Valise en su delegación.</translation>
    </message>
    <message>
        <source>Nothing would change.</source>
        <translation>No cambiaría nada.</translation>
    </message>
    <message>
        <source>One cell of this row is longer than 200,000 characters.</source>
        <translation>Una celda de esta fila tiene más de 200.000 caracteres.</translation>
    </message>
    <message>
        <source>One entry of this vault is larger than a backup can hold.</source>
        <translation>Una entrada de esta bóveda es mayor de lo que puede contener una copia de seguridad.</translation>
    </message>
    <message>
        <source>One line of this file is longer than any table has.</source>
        <translation>Una línea de este archivo es más larga que la de cualquier tabla.</translation>
    </message>
    <message>
        <source>One paragraph of the document is too long.</source>
        <translation>Un párrafo del documento es demasiado largo.</translation>
    </message>
    <message>
        <source>One share was entered twice.</source>
        <translation>Un fragmento se introdujo dos veces.</translation>
    </message>
    <message>
        <source>Only a delegation that was compared on this laptop can be vouched for.</source>
        <translation>Solo puede avalarse una delegación con la que se comparó en este portátil.</translation>
    </message>
    <message>
        <source>Only an answer that the entry has changed says what has changed.</source>
        <translation>Solo una respuesta de que la entrada ha cambiado indica qué ha cambiado.</translation>
    </message>
    <message>
        <source>Only its author can withdraw it.</source>
        <translation>Solo su autor puede retirarla.</translation>
    </message>
    <message>
        <source>Only its recipients can acknowledge it.</source>
        <translation>Solo sus destinatarios pueden acusar recibo de él.</translation>
    </message>
    <message>
        <source>Only tables as CSV are read into a register, and calendars into one with dates.</source>
        <translation>En un registro solo se leen tablas en CSV, y calendarios en uno que tenga fechas.</translation>
    </message>
    <message>
        <source>Only the chair of this room can change its members.</source>
        <translation>Solo la Presidencia de esta sala puede cambiar sus miembros.</translation>
    </message>
    <message>
        <source>Only the delegation that opened the incident may do that.</source>
        <translation>Solo la delegación que abrió el incidente puede hacerlo.</translation>
    </message>
    <message>
        <source>Only the delegation that opened this list may do that.</source>
        <translation>Solo la delegación que abrió esta lista puede hacerlo.</translation>
    </message>
    <message>
        <source>Open a room with the delegation first, or leave it out.</source>
        <translation>Abra primero una sala con la delegación, o déjela fuera.</translation>
    </message>
    <message>
        <source>Open it again from its key file or from recovery shares.</source>
        <translation>Ábrala de nuevo con su archivo de clave o con fragmentos de recuperación.</translation>
    </message>
    <message>
        <source>Open it in the program it was made with and save it as .docx.</source>
        <translation>Ábralo en el programa con que se hizo y guárdelo como .docx.</translation>
    </message>
    <message>
        <source>Open it with its passphrase, or choose a later backup.</source>
        <translation>Ábrala con su frase de contraseña o elija una copia de seguridad posterior.</translation>
    </message>
    <message>
        <source>Open its identity card first.</source>
        <translation>Abra primero su tarjeta de identidad.</translation>
    </message>
    <message>
        <source>Open that row and change it.</source>
        <translation>Abra esa fila y cámbiela.</translation>
    </message>
    <message>
        <source>Open the answer that the first laptop made.</source>
        <translation>Abra la respuesta que hizo el primer portátil.</translation>
    </message>
    <message>
        <source>Open the bundle first; if it is damaged, ask for another one.</source>
        <translation>Abra primero el paquete; si está dañado, pida otro.</translation>
    </message>
    <message>
        <source>Open the card that the other delegation gave you.</source>
        <translation>Abra la tarjeta que le dio la otra delegación.</translation>
    </message>
    <message>
        <source>Open the keyring of this computer and try again, or use the recovery shares.</source>
        <translation>Abra el llavero de este equipo e inténtelo de nuevo, o use los fragmentos de recuperación.</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file under Ways of exchange first.</source>
        <translation>Abra primero el archivo del operador en Vías de intercambio.</translation>
    </message>
    <message>
        <source>Open the request again and compare its code with the other laptop&apos;s screen.</source>
        <translation>Abra la solicitud de nuevo y compare su código con la pantalla del otro portátil.</translation>
    </message>
    <message>
        <source>Open two rounds instead.</source>
        <translation>Abra dos rondas en su lugar.</translation>
    </message>
    <message>
        <source>Opening this vault would demand more than a computer should give: the file was changed.</source>
        <translation>Abrir esta bóveda exigiría más de lo que un equipo debe dar: el archivo se cambió.</translation>
    </message>
    <message>
        <source>Passphrase and keyring are needed together, so neither may open alone.</source>
        <translation>La frase de contraseña y el llavero se necesitan juntos, por lo que ninguno de los dos puede abrir por sí solo.</translation>
    </message>
    <message>
        <source>Plug it in again and try once more. Earlier backups are as they were; an unfinished one is named as such.</source>
        <translation>Conéctelo de nuevo e inténtelo otra vez. Las copias de seguridad anteriores están como estaban; una no terminada se indica como tal.</translation>
    </message>
    <message>
        <source>Police and judicial matters are not sent here: mutual legal assistance, extradition, warrants and evidence for a court have channels of their own.</source>
        <translation>Los asuntos policiales y judiciales no se envían por aquí: la asistencia judicial recíproca, la extradición, las órdenes judiciales y las pruebas para un tribunal tienen canales propios.</translation>
    </message>
    <message>
        <source>Press “Compare now” and wait until four words are shown.</source>
        <translation>Pulse “Comparar ahora” y espere hasta que se muestren cuatro palabras.</translation>
    </message>
    <message>
        <source>Propose it anew if you wish.</source>
        <translation>Propóngala de nuevo si lo desea.</translation>
    </message>
    <message>
        <source>Propose the change instead, or ask for the pen.</source>
        <translation>Proponga en su lugar el cambio, o pida la redacción.</translation>
    </message>
    <message>
        <source>Put the vault into a folder that stays on this device.</source>
        <translation>Ponga la bóveda en una carpeta que permanezca en este dispositivo.</translation>
    </message>
    <message>
        <source>Read everything meanwhile. Security, Backups and travel, says how it is admitted.</source>
        <translation>Entretanto puede leerlo todo. En Seguridad, Copias de seguridad y viajes, se indica cómo se admite.</translation>
    </message>
    <message>
        <source>Read it again.</source>
        <translation>Léalo de nuevo.</translation>
    </message>
    <message>
        <source>Read the file again: what can still be proposed is shown.</source>
        <translation>Lea el archivo de nuevo: se muestra lo que aún puede proponerse.</translation>
    </message>
    <message>
        <source>Read the file again: what it would change now is shown.</source>
        <translation>Lea el archivo de nuevo: se muestra qué cambiaría ahora.</translation>
    </message>
    <message>
        <source>Reading this picture took too long, and was stopped.</source>
        <translation>La lectura de esta imagen duró demasiado y se detuvo.</translation>
    </message>
    <message>
        <source>Release it, or return it with the reason.</source>
        <translation>Autorícelo, o devuélvalo indicando el motivo.</translation>
    </message>
    <message>
        <source>Remove them; they are often pasted in by accident.</source>
        <translation>Quítelos; a menudo se pegan por accidente.</translation>
    </message>
    <message>
        <source>Restore both from the same backup.</source>
        <translation>Restaure ambos desde la misma copia de seguridad.</translation>
    </message>
    <message>
        <source>Restore it from a backup; somebody may have changed it.</source>
        <translation>Restáurelo desde una copia de seguridad; puede que alguien lo haya cambiado.</translation>
    </message>
    <message>
        <source>Restore it from a backup; the vault itself may be whole.</source>
        <translation>Restáurelo desde una copia de seguridad; la propia bóveda puede estar íntegra.</translation>
    </message>
    <message>
        <source>Restore it from a backup; without it the vault stays closed.</source>
        <translation>Restáurelo desde una copia de seguridad; sin él la bóveda permanece cerrada.</translation>
    </message>
    <message>
        <source>Restore the file from a backup.</source>
        <translation>Restaure el archivo desde una copia de seguridad.</translation>
    </message>
    <message>
        <source>Restore the file from a backup; the vault itself may be whole.</source>
        <translation>Restaure el archivo desde una copia de seguridad; la propia bóveda puede estar íntegra.</translation>
    </message>
    <message>
        <source>Retire contacts that are no longer needed, then try again.</source>
        <translation>Dé de baja los contactos que ya no se necesiten e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Return it, so that its author writes it for the words as they stand now.</source>
        <translation>Devuélvalo, para que su autor lo escriba respecto de las palabras tal como están ahora.</translation>
    </message>
    <message>
        <source>Revoke it and admit it anew.</source>
        <translation>Revóquelo y admítalo de nuevo.</translation>
    </message>
    <message>
        <source>Revoke it on another laptop of your delegation that may admit laptops.</source>
        <translation>Revóquelo en otro portátil de su delegación que pueda admitir portátiles.</translation>
    </message>
    <message>
        <source>Run valise doctor and report what it says.</source>
        <translation>Ejecute valise doctor y comunique lo que indique.</translation>
    </message>
    <message>
        <source>Run valise doctor; nothing was thrown away.</source>
        <translation>Ejecute valise doctor; no se ha desechado nada.</translation>
    </message>
    <message>
        <source>Run valise doctor; the program may have to be installed again.</source>
        <translation>Ejecute valise doctor; puede que haya que instalar de nuevo el programa.</translation>
    </message>
    <message>
        <source>Save it anew as plain text, then open that.</source>
        <translation>Guárdelo de nuevo como texto sin formato y abra ese archivo.</translation>
    </message>
    <message>
        <source>Save it anew in a simpler form, then open that.</source>
        <translation>Guárdelo de nuevo en una forma más sencilla y abra ese archivo.</translation>
    </message>
    <message>
        <source>Save it as UTF-8 and try again.</source>
        <translation>Guárdelo en UTF-8 e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Save it as plain text in UTF-8, then open that.</source>
        <translation>Guárdelo como texto sin formato en UTF-8 y abra ese archivo.</translation>
    </message>
    <message>
        <source>Save it as plain text, then open that.</source>
        <translation>Guárdelo como texto sin formato y abra ese archivo.</translation>
    </message>
    <message>
        <source>Save it once more as CSV, UTF-8, in the program it comes from, and read it again.</source>
        <translation>Guárdelo otra vez como CSV, en UTF-8, en el programa del que procede, y léalo de nuevo.</translation>
    </message>
    <message>
        <source>Save it without one, then try again; here it will be sealed.</source>
        <translation>Guárdelo sin ella e inténtelo de nuevo; aquí quedará sellado.</translation>
    </message>
    <message>
        <source>Save the document as plain text, then open that.</source>
        <translation>Guarde el documento como texto sin formato y abra ese archivo.</translation>
    </message>
    <message>
        <source>Save the file of revocations and give it to the operator of the relay.</source>
        <translation>Guarde el archivo de revocaciones y entréguelo al operador del repetidor.</translation>
    </message>
    <message>
        <source>Save the table as CSV in UTF-8 and choose that file. Contact cards are read on the page of contacts.</source>
        <translation>Guarde la tabla como CSV en UTF-8 y elija ese archivo. Las tarjetas de contacto se leen en la página de contactos.</translation>
    </message>
    <message>
        <source>Say it again if it is for everybody who is there now.</source>
        <translation>Dígalo de nuevo si es para todos los que están ahora.</translation>
    </message>
    <message>
        <source>Say what becomes of each amendment, then set the words.</source>
        <translation>Indique qué se hace con cada enmienda y fije después las palabras.</translation>
    </message>
    <message>
        <source>Say what is otherwise, or that the entry is right.</source>
        <translation>Indique qué es distinto, o que la entrada es correcta.</translation>
    </message>
    <message>
        <source>Security, Backups and travel, says how it is admitted.</source>
        <translation>En Seguridad, Copias de seguridad y viajes, se indica cómo se admite.</translation>
    </message>
    <message>
        <source>Send a smaller file, or carry it on a stick.</source>
        <translation>Envíe un archivo más pequeño, o llévelo en una memoria USB.</translation>
    </message>
    <message>
        <source>Send the incident as it is; look at its words for signs that cannot be seen.</source>
        <translation>Envíe el incidente tal como está; busque en sus palabras signos que no se ven.</translation>
    </message>
    <message>
        <source>Sending is stopped: the identity of a delegation changed.</source>
        <translation>El envío está detenido: la identidad de una delegación ha cambiado.</translation>
    </message>
    <message>
        <source>Sending to one of these delegations is stopped until a person decides.</source>
        <translation>El envío a una de estas delegaciones está detenido hasta que una persona decida.</translation>
    </message>
    <message>
        <source>Sending to this delegation is still stopped.</source>
        <translation>El envío a esta delegación sigue detenido.</translation>
    </message>
    <message>
        <source>Set the relay up in your own vault.</source>
        <translation>Configure el repetidor en su propia bóveda.</translation>
    </message>
    <message>
        <source>Several rows, States or delegations are called so, and nobody can tell which one is meant.</source>
        <translation>Varias filas, Estados o delegaciones se llaman así, y nadie puede saber a cuál se refiere.</translation>
    </message>
    <message>
        <source>Shorten it, or attach it as a file.</source>
        <translation>Acórtelo, o adjúntelo como archivo.</translation>
    </message>
    <message>
        <source>Shorten it, or attach the longer text as a file.</source>
        <translation>Acórtelo, o adjunte el texto más largo como archivo.</translation>
    </message>
    <message>
        <source>Shorten it, or enter the contact by hand.</source>
        <translation>Acórtelo o inscriba el contacto a mano.</translation>
    </message>
    <message>
        <source>Shorten it.</source>
        <translation>Acórtelo.</translation>
    </message>
    <message>
        <source>Shorten them, or open a text and a list of its co-sponsors.</source>
        <translation>Acórtelos, o abra un texto y una lista de sus copatrocinadores.</translation>
    </message>
    <message>
        <source>Show the rows that were taken out, put it back, then change it.</source>
        <translation>Muestre las filas dadas de baja, restablézcala y cámbiela después.</translation>
    </message>
    <message>
        <source>Somebody joined this conversation before this could be sent.</source>
        <translation>Alguien se unió a esta conversación antes de que esto pudiera enviarse.</translation>
    </message>
    <message>
        <source>Something in the bundle is not as STIX 2.1 asks.</source>
        <translation>Algo en el paquete no es como pide STIX 2.1.</translation>
    </message>
    <message>
        <source>Something in this backup was not signed by whom it names. Somebody may have made it to deceive you.</source>
        <translation>Algo en esta copia de seguridad no lo firmó quien ella indica. Puede que alguien la haya hecho para engañarle.</translation>
    </message>
    <message>
        <source>Something in this vault is damaged. Run valise doctor.</source>
        <translation>Algo en esta bóveda está dañado. Ejecute valise doctor.</translation>
    </message>
    <message>
        <source>Something outside Valise did not do its part.</source>
        <translation>Algo ajeno a Valise no hizo su parte.</translation>
    </message>
    <message>
        <source>Something stored here no longer verifies.</source>
        <translation>Algo almacenado aquí ya no se verifica.</translation>
    </message>
    <message>
        <source>Something that must be filled in is empty.</source>
        <translation>Algo que debe completarse está vacío.</translation>
    </message>
    <message>
        <source>Something this needs has not arrived yet.</source>
        <translation>Algo que esto necesita aún no ha llegado.</translation>
    </message>
    <message>
        <source>Something went wrong inside Valise.</source>
        <translation>Algo falló dentro de Valise.</translation>
    </message>
    <message>
        <source>Split it into several paragraphs, then open it again.</source>
        <translation>Divídalo en varios párrafos y ábralo de nuevo.</translation>
    </message>
    <message>
        <source>Split it into smaller ones.</source>
        <translation>Divídalo en otros más pequeños.</translation>
    </message>
    <message>
        <source>Split them into several paragraphs.</source>
        <translation>Divídalas en varios párrafos.</translation>
    </message>
    <message>
        <source>Start Valise again: it goes on. If it stops again, look at the disk.</source>
        <translation>Inicie Valise de nuevo: continúa. Si vuelve a detenerse, examine el disco.</translation>
    </message>
    <message>
        <source>Start it again, or compare the number by eye.</source>
        <translation>Empiécela de nuevo o compare el número a simple vista.</translation>
    </message>
    <message>
        <source>Stop working here, and tell the officer who admits laptops.</source>
        <translation>Deje de trabajar aquí y avise al funcionario que admite portátiles.</translation>
    </message>
    <message>
        <source>TLP:RED is for named recipients only, not for a group.</source>
        <translation>TLP:RED es solo para destinatarios nombrados, no para un grupo.</translation>
    </message>
    <message>
        <source>TLP:RED is for the eyes of named recipients: it does not go to a group.</source>
        <translation>TLP:RED es para los ojos de destinatarios nombrados: no se envía a un grupo.</translation>
    </message>
    <message>
        <source>Take a picture with the one code only that you want to compare.</source>
        <translation>Tome una imagen solo con el código que quiere comparar.</translation>
    </message>
    <message>
        <source>Take another picture of the whole code, or compare the number by eye.</source>
        <translation>Tome otra imagen del código completo o compare el número a simple vista.</translation>
    </message>
    <message>
        <source>Take another picture, with the code large and nothing else beside it.</source>
        <translation>Tome otra imagen, con el código en grande y nada más a su lado.</translation>
    </message>
    <message>
        <source>Take another share of the same set.</source>
        <translation>Tome otro fragmento del mismo juego.</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other.</source>
        <translation>Tome cuatro o cinco palabras que no tengan nada que ver entre sí.</translation>
    </message>
    <message>
        <source>Take shares that were made together.</source>
        <translation>Tome fragmentos que se hicieron juntos.</translation>
    </message>
    <message>
        <source>Take the newest set; those made before it open nothing any more.</source>
        <translation>Tome el juego más reciente; los hechos antes ya no abren nada.</translation>
    </message>
    <message>
        <source>That cannot be done with this ping round now.</source>
        <translation>Eso no puede hacerse ahora con esta ronda de pruebas de comunicación.</translation>
    </message>
    <message>
        <source>That cannot be done with this statement now.</source>
        <translation>Eso no puede hacerse ahora con esta declaración.</translation>
    </message>
    <message>
        <source>That card and the one in the backup are two different lists of your laptops.</source>
        <translation>Esa tarjeta y la de la copia de seguridad son dos listas distintas de sus portátiles.</translation>
    </message>
    <message>
        <source>That delegation is a member of this room already.</source>
        <translation>Esa delegación ya es miembro de esta sala.</translation>
    </message>
    <message>
        <source>That delegation is not a member of this room.</source>
        <translation>Esa delegación no es miembro de esta sala.</translation>
    </message>
    <message>
        <source>That delegation is not among your contacts.</source>
        <translation>Esa delegación no está entre sus contactos.</translation>
    </message>
    <message>
        <source>That does not open this backup.</source>
        <translation>Eso no abre esta copia de seguridad.</translation>
    </message>
    <message>
        <source>That folder is inside the vault itself: whatever destroys one would destroy the other.</source>
        <translation>Esa carpeta está dentro de la propia bóveda: lo que destruya una destruiría la otra.</translation>
    </message>
    <message>
        <source>That is not the passphrase of the key file.</source>
        <translation>Esa no es la frase de contraseña del archivo de clave.</translation>
    </message>
    <message>
        <source>That is not the passphrase of this vault.</source>
        <translation>Esa no es la frase de contraseña de esta bóveda.</translation>
    </message>
    <message>
        <source>That stick or disk is failing. Use another one.</source>
        <translation>Esa memoria USB o ese disco está fallando. Use otro soporte.</translation>
    </message>
    <message>
        <source>The STIX bundle could not be read.</source>
        <translation>El paquete STIX no se pudo leer.</translation>
    </message>
    <message>
        <source>The beginning of this backup is damaged, so that nothing opens it.</source>
        <translation>El principio de esta copia de seguridad está dañado, por lo que nada la abre.</translation>
    </message>
    <message>
        <source>The beginning of this text has not arrived yet.</source>
        <translation>El principio de este texto aún no ha llegado.</translation>
    </message>
    <message>
        <source>The bundle could not be made or taken in.</source>
        <translation>El paquete no se pudo preparar o incorporar.</translation>
    </message>
    <message>
        <source>The bundle could not be read back as it was written, so no file was made.</source>
        <translation>El paquete no se pudo releer tal como se escribió, por lo que no se hizo ningún archivo.</translation>
    </message>
    <message>
        <source>The bundle holds more than 5,000 objects.</source>
        <translation>El paquete contiene más de 5.000 objetos.</translation>
    </message>
    <message>
        <source>The bundle holds no incident and no indicator.</source>
        <translation>El paquete no contiene ningún incidente ni ningún indicador.</translation>
    </message>
    <message>
        <source>The bundle is larger than 8 MiB.</source>
        <translation>El paquete supera los 8 MiB.</translation>
    </message>
    <message>
        <source>The bundle is of another version than STIX 2.1.</source>
        <translation>El paquete es de una versión distinta de STIX 2.1.</translation>
    </message>
    <message>
        <source>The bundle was written, but reads back differently: the stick or disk is failing.</source>
        <translation>El paquete se escribió, pero al releerlo es distinto: la memoria USB o el disco está fallando.</translation>
    </message>
    <message>
        <source>The calendar has more than 10,000 entries.</source>
        <translation>El calendario tiene más de 10.000 entradas.</translation>
    </message>
    <message>
        <source>The calendar is larger than 16 MiB.</source>
        <translation>El calendario supera los 16 MiB.</translation>
    </message>
    <message>
        <source>The card of this delegation does not hold a key that can be compared.</source>
        <translation>La tarjeta de esta delegación no contiene una clave que pueda compararse.</translation>
    </message>
    <message>
        <source>The card of your delegation does not list both laptops.</source>
        <translation>La tarjeta de su delegación no incluye ambos portátiles.</translation>
    </message>
    <message>
        <source>The card of your delegation would be too large to travel.</source>
        <translation>La tarjeta de su delegación sería demasiado grande para viajar.</translation>
    </message>
    <message>
        <source>The certificate of a laptop is not valid.</source>
        <translation>El certificado de un portátil no es válido.</translation>
    </message>
    <message>
        <source>The check code is not the one that was compared.</source>
        <translation>El código de comprobación no es el que se comparó.</translation>
    </message>
    <message>
        <source>The comparison did not come to an end.</source>
        <translation>La comparación no llegó a su término.</translation>
    </message>
    <message>
        <source>The contact cards could not be read back as they were written, so no file was made.</source>
        <translation>Las tarjetas de contacto no se pudieron releer tal como se escribieron, por lo que no se hizo ningún archivo.</translation>
    </message>
    <message>
        <source>The contact cards could not be read or written.</source>
        <translation>Las tarjetas de contacto no se pudieron leer o escribir.</translation>
    </message>
    <message>
        <source>The copy is not the same as the key file beside the vault.</source>
        <translation>La copia no es igual que el archivo de clave que está junto a la bóveda.</translation>
    </message>
    <message>
        <source>The damaged part holds the keys of this laptop itself.</source>
        <translation>La parte dañada contiene las propias claves de este portátil.</translation>
    </message>
    <message>
        <source>The database of the vault is not protected as it must be.</source>
        <translation>La base de datos de la bóveda no está protegida como debe.</translation>
    </message>
    <message>
        <source>The date for answers lies in the past.</source>
        <translation>La fecha para las respuestas ya ha pasado.</translation>
    </message>
    <message>
        <source>The deadline has not passed yet and nobody has broken the silence.</source>
        <translation>El plazo aún no ha vencido y nadie ha roto el silencio.</translation>
    </message>
    <message>
        <source>The delegation that opened it can open it again.</source>
        <translation>La delegación que lo abrió puede abrirlo de nuevo.</translation>
    </message>
    <message>
        <source>The delegation that sent this does not allow you to send it on to others.</source>
        <translation>La delegación que envió esto no le permite transmitirlo a otros.</translation>
    </message>
    <message>
        <source>The directory has changed since this file was read.</source>
        <translation>El directorio ha cambiado desde que se leyó este archivo.</translation>
    </message>
    <message>
        <source>The disk did not store the last change.</source>
        <translation>El disco no almacenó el último cambio.</translation>
    </message>
    <message>
        <source>The disk is full; the last change was not stored.</source>
        <translation>El disco está lleno; el último cambio no se almacenó.</translation>
    </message>
    <message>
        <source>The document could not be read.</source>
        <translation>El documento no se pudo leer.</translation>
    </message>
    <message>
        <source>The document has too many paragraphs.</source>
        <translation>El documento tiene demasiados párrafos.</translation>
    </message>
    <message>
        <source>The document is too large.</source>
        <translation>El documento es demasiado grande.</translation>
    </message>
    <message>
        <source>The document took too long to read or needed too much memory.</source>
        <translation>La lectura del documento duró demasiado o necesitó demasiada memoria.</translation>
    </message>
    <message>
        <source>The embargo on this has not ended, so it was not sent on.</source>
        <translation>El embargo de difusión no ha terminado, por lo que no se ha transmitido.</translation>
    </message>
    <message>
        <source>The evidence could not be written or checked.</source>
        <translation>La prueba no se pudo escribir o comprobar.</translation>
    </message>
    <message>
        <source>The exchange did not succeed.</source>
        <translation>El intercambio no se logró.</translation>
    </message>
    <message>
        <source>The file cannot be opened.</source>
        <translation>El archivo no puede abrirse.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>No se puede leer el archivo.</translation>
    </message>
    <message>
        <source>The file could not be read or written.</source>
        <translation>El archivo no se pudo leer o escribir.</translation>
    </message>
    <message>
        <source>The file could not be read.</source>
        <translation>El archivo no se pudo leer.</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>El archivo no se pudo escribir.</translation>
    </message>
    <message>
        <source>The file did not arrive as it was sent.</source>
        <translation>El archivo no llegó tal como se envió.</translation>
    </message>
    <message>
        <source>The file has faults, and a file is taken as a whole or not at all.</source>
        <translation>El archivo tiene errores, y un archivo se incorpora entero o no se incorpora.</translation>
    </message>
    <message>
        <source>The file holds control characters that no text has.</source>
        <translation>El archivo contiene caracteres de control que ningún texto tiene.</translation>
    </message>
    <message>
        <source>The file holds no words.</source>
        <translation>El archivo no contiene palabras.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>El archivo está vacío.</translation>
    </message>
    <message>
        <source>The file is larger than 256 MiB.</source>
        <translation>El archivo supera los 256 MiB.</translation>
    </message>
    <message>
        <source>The file is larger than such a file can be.</source>
        <translation>El archivo es mayor de lo que puede ser un archivo de este tipo.</translation>
    </message>
    <message>
        <source>The file is not a STIX 2.1 bundle.</source>
        <translation>El archivo no es un paquete STIX 2.1.</translation>
    </message>
    <message>
        <source>The file is not as long as its sender announced.</source>
        <translation>El archivo no tiene la longitud que anunció su remitente.</translation>
    </message>
    <message>
        <source>The file is not readable as text.</source>
        <translation>El archivo no puede leerse como texto.</translation>
    </message>
    <message>
        <source>The file is not written as STIX is (JSON).</source>
        <translation>El archivo no está escrito como STIX (JSON).</translation>
    </message>
    <message>
        <source>The file lacks a column that says what each row is about, or has nothing but that.</source>
        <translation>Al archivo le falta una columna que indique a qué se refiere cada fila, o no tiene más que eso.</translation>
    </message>
    <message>
        <source>The file or entry is torn or was changed on its way.</source>
        <translation>El archivo o la entrada está incompleto o se cambió en el camino.</translation>
    </message>
    <message>
        <source>The file reads back otherwise than it was written, so it was not kept.</source>
        <translation>El archivo, al releerlo, es distinto de lo que se escribió, por lo que no se ha conservado.</translation>
    </message>
    <message>
        <source>The file that arrived is not the one its sender announced.</source>
        <translation>El archivo que llegó no es el que anunció su remitente.</translation>
    </message>
    <message>
        <source>The file that opens the vault and the vault do not belong together.</source>
        <translation>El archivo que abre la bóveda y la bóveda no se corresponden.</translation>
    </message>
    <message>
        <source>The file that opens the vault is damaged.</source>
        <translation>El archivo que abre la bóveda está dañado.</translation>
    </message>
    <message>
        <source>The file that opens the vault is missing.</source>
        <translation>Falta el archivo que abre la bóveda.</translation>
    </message>
    <message>
        <source>The file that opens the vault is not as it must be.</source>
        <translation>El archivo que abre la bóveda no es como debe ser.</translation>
    </message>
    <message>
        <source>The file that was looked at is not at hand any more.</source>
        <translation>El archivo que se examinó ya no está disponible.</translation>
    </message>
    <message>
        <source>The folder, stick or relay cannot be reached.</source>
        <translation>No se puede acceder a la carpeta, a la memoria USB o al repetidor.</translation>
    </message>
    <message>
        <source>The form holds something that does not belong to it.</source>
        <translation>El formulario contiene algo que no le corresponde.</translation>
    </message>
    <message>
        <source>The identity of a delegation concerned changed and nobody has decided yet.</source>
        <translation>La identidad de una delegación interesada ha cambiado y nadie ha decidido todavía.</translation>
    </message>
    <message>
        <source>The identity of a laptop is not as it must be.</source>
        <translation>La identidad de un portátil no es como debe ser.</translation>
    </message>
    <message>
        <source>The identity of this delegation changed and nobody has decided yet.</source>
        <translation>La identidad de esta delegación ha cambiado y nadie ha decidido todavía.</translation>
    </message>
    <message>
        <source>The incident is closed.</source>
        <translation>El incidente está cerrado.</translation>
    </message>
    <message>
        <source>The incident is open.</source>
        <translation>El incidente está abierto.</translation>
    </message>
    <message>
        <source>The key file no longer lies beside the vault.</source>
        <translation>El archivo de clave ya no está junto a la bóveda.</translation>
    </message>
    <message>
        <source>The key of the vault is not as it must be.</source>
        <translation>La clave de la bóveda no es como debe ser.</translation>
    </message>
    <message>
        <source>The keyring of this computer could not be used.</source>
        <translation>El llavero de este equipo no se pudo usar.</translation>
    </message>
    <message>
        <source>The keyring of this computer does not answer.</source>
        <translation>El llavero de este equipo no responde.</translation>
    </message>
    <message>
        <source>The keyring of this computer no longer holds what opens this vault.</source>
        <translation>El llavero de este equipo ya no contiene lo que abre esta bóveda.</translation>
    </message>
    <message>
        <source>The keys in this request are not possible.</source>
        <translation>Las claves de esta solicitud no son posibles.</translation>
    </message>
    <message>
        <source>The keys of a laptop on this card do not verify.</source>
        <translation>Las claves de un portátil de esta tarjeta no se verifican.</translation>
    </message>
    <message>
        <source>The ladder goes up only.</source>
        <translation>La escala solo sube.</translation>
    </message>
    <message>
        <source>The language is not one of the six official languages of the United Nations.</source>
        <translation>El idioma no es uno de los seis idiomas oficiales de las Naciones Unidas.</translation>
    </message>
    <message>
        <source>The laptop that asks shows another certificate than the one known here.</source>
        <translation>El portátil que pregunta muestra un certificado distinto del que se conoce aquí.</translation>
    </message>
    <message>
        <source>The laptop that made this answer may not admit others.</source>
        <translation>El portátil que hizo esta respuesta no puede admitir otros.</translation>
    </message>
    <message>
        <source>The laptop that made this bundle has numbered two different ones alike.</source>
        <translation>El portátil que preparó este paquete ha dado el mismo número a dos distintos.</translation>
    </message>
    <message>
        <source>The last column of this line names no row that this register can have.</source>
        <translation>La última columna de esta línea no nombra ninguna fila que este registro pueda tener.</translation>
    </message>
    <message>
        <source>The marking in the bundle contradicts itself.</source>
        <translation>La marca del paquete se contradice a sí misma.</translation>
    </message>
    <message>
        <source>The message is empty.</source>
        <translation>El mensaje está vacío.</translation>
    </message>
    <message>
        <source>The message is too long.</source>
        <translation>El mensaje es demasiado largo.</translation>
    </message>
    <message>
        <source>The name of this State cannot be changed so.</source>
        <translation>El nombre de este Estado no puede cambiarse así.</translation>
    </message>
    <message>
        <source>The new passphrase is the old one.</source>
        <translation>La nueva frase de contraseña es la antigua.</translation>
    </message>
    <message>
        <source>The new passphrase is too short.</source>
        <translation>La nueva frase de contraseña es demasiado corta.</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>La nota tiene más de 2.000 caracteres.</translation>
    </message>
    <message>
        <source>The number of a paragraph is too long to be one.</source>
        <translation>El número de un párrafo es demasiado largo para serlo.</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation concerned differ.</source>
        <translation>Los números comparados con una delegación interesada difieren.</translation>
    </message>
    <message>
        <source>The pages of this PDF are pictures: they hold no words that can be read.</source>
        <translation>Las páginas de este PDF son imágenes: no contienen palabras que puedan leerse.</translation>
    </message>
    <message>
        <source>The paragraph does not stand so that this could be done.</source>
        <translation>La situación del párrafo no permite hacer esto.</translation>
    </message>
    <message>
        <source>The paragraph has changed since this draft was written; it did not leave.</source>
        <translation>El párrafo ha cambiado desde que se escribió este borrador; no ha salido.</translation>
    </message>
    <message>
        <source>The paragraph is agreed; its words cannot be changed.</source>
        <translation>El párrafo está acordado; sus palabras no pueden cambiarse.</translation>
    </message>
    <message>
        <source>The paragraph is no longer in the text.</source>
        <translation>El párrafo ya no está en el texto.</translation>
    </message>
    <message>
        <source>The part of the vault that answers to a passphrase is damaged.</source>
        <translation>La parte de la bóveda que responde a una frase de contraseña está dañada.</translation>
    </message>
    <message>
        <source>The part that encrypts the database is missing.</source>
        <translation>Falta la parte que cifra la base de datos.</translation>
    </message>
    <message>
        <source>The parts of the bundle are nested deeper than those of any honest one.</source>
        <translation>Las partes del paquete están anidadas a más profundidad que las de cualquier paquete honesto.</translation>
    </message>
    <message>
        <source>The parts of the document are not built as expected.</source>
        <translation>Las partes del documento no tienen la estructura esperada.</translation>
    </message>
    <message>
        <source>The parts of this file are nested deeper than those of any text.</source>
        <translation>Las partes de este archivo están anidadas a más profundidad que las de cualquier texto.</translation>
    </message>
    <message>
        <source>The parts of this page are nested deeper than those of any text. It was not read.</source>
        <translation>Las partes de esta página están anidadas a más profundidad que las de cualquier texto. No se ha leído.</translation>
    </message>
    <message>
        <source>The passphrase is empty.</source>
        <translation>La frase de contraseña está vacía.</translation>
    </message>
    <message>
        <source>The passphrase of the key file is empty.</source>
        <translation>La frase de contraseña del archivo de clave está vacía.</translation>
    </message>
    <message>
        <source>The passphrase of this vault is protected less than it must be: somebody may have changed the file.</source>
        <translation>La frase de contraseña de esta bóveda está menos protegida de lo que debe: puede que alguien haya cambiado el archivo.</translation>
    </message>
    <message>
        <source>The pen can only go to a delegation that takes part in this text.</source>
        <translation>La redacción solo puede pasar a una delegación que participe en este texto.</translation>
    </message>
    <message>
        <source>The pen has already decided on this amendment.</source>
        <translation>La delegación redactora ya ha decidido sobre esta enmienda.</translation>
    </message>
    <message>
        <source>The permission to use the relay has ended.</source>
        <translation>El permiso para usar el repetidor ha terminado.</translation>
    </message>
    <message>
        <source>The picture could not be read.</source>
        <translation>La imagen no se pudo leer.</translation>
    </message>
    <message>
        <source>The place of the amendment in the new words is missing.</source>
        <translation>Falta el lugar de la enmienda en las nuevas palabras.</translation>
    </message>
    <message>
        <source>The process that checks evidence could not be started.</source>
        <translation>No se pudo iniciar el proceso que comprueba las pruebas.</translation>
    </message>
    <message>
        <source>The process that checks evidence gave no usable answer.</source>
        <translation>El proceso que comprueba las pruebas no dio una respuesta utilizable.</translation>
    </message>
    <message>
        <source>The program has a register with this id already.</source>
        <translation>El programa ya tiene un registro con este identificador.</translation>
    </message>
    <message>
        <source>The proxy of this network did not let Valise through to the relay.</source>
        <translation>El proxy de esta red no dejó pasar a Valise hasta el repetidor.</translation>
    </message>
    <message>
        <source>The public name is too long or holds control characters.</source>
        <translation>El nombre público es demasiado largo o contiene caracteres de control.</translation>
    </message>
    <message>
        <source>The quotation marks of the table do not match in this row.</source>
        <translation>Las comillas de la tabla no concuerdan en esta fila.</translation>
    </message>
    <message>
        <source>The reader for documents could not be started.</source>
        <translation>No se pudo iniciar el lector de documentos.</translation>
    </message>
    <message>
        <source>The recovery shares are needed while passphrase and keyring open together only.</source>
        <translation>Los fragmentos de recuperación se necesitan mientras la frase de contraseña y el llavero solo abran juntos.</translation>
    </message>
    <message>
        <source>The recovery shares could not be used.</source>
        <translation>Los fragmentos de recuperación no se pudieron usar.</translation>
    </message>
    <message>
        <source>The register was changed since the file was read.</source>
        <translation>El registro se cambió desde que se leyó el archivo.</translation>
    </message>
    <message>
        <source>The relay did not do what it was asked.</source>
        <translation>El repetidor no hizo lo que se le pidió.</translation>
    </message>
    <message>
        <source>The relay does not accept the permission of this laptop, or no longer.</source>
        <translation>El repetidor no acepta el permiso de este portátil, o ya no lo acepta.</translation>
    </message>
    <message>
        <source>The relay runs a version that is too old to be relied on.</source>
        <translation>El repetidor tiene una versión demasiado antigua para confiar en ella.</translation>
    </message>
    <message>
        <source>The relay takes no revocations by itself.</source>
        <translation>El repetidor no acepta revocaciones por sí solo.</translation>
    </message>
    <message>
        <source>The rights of this laptop were changed too often.</source>
        <translation>Los derechos de este portátil se cambiaron con demasiada frecuencia.</translation>
    </message>
    <message>
        <source>The root key of your delegation cannot be used for this now.</source>
        <translation>La clave raíz de su delegación no puede usarse ahora para esto.</translation>
    </message>
    <message>
        <source>The root key of your delegation is not open; nothing was signed.</source>
        <translation>La clave raíz de su delegación no está abierta; no se ha firmado nada.</translation>
    </message>
    <message>
        <source>The root key of your delegation was closed in the meantime; nothing was signed.</source>
        <translation>La clave raíz de su delegación se cerró entretanto; no se ha firmado nada.</translation>
    </message>
    <message>
        <source>The row was changed again since, so this change cannot be undone by itself.</source>
        <translation>La fila se cambió de nuevo después, por lo que este cambio no puede deshacerse por separado.</translation>
    </message>
    <message>
        <source>The rows of this file cannot be taken in.</source>
        <translation>Las filas de este archivo no pueden incorporarse.</translation>
    </message>
    <message>
        <source>The search could not be done.</source>
        <translation>La búsqueda no se pudo hacer.</translation>
    </message>
    <message>
        <source>The separate process that reads pictures could not be started.</source>
        <translation>No se pudo iniciar el proceso separado que lee imágenes.</translation>
    </message>
    <message>
        <source>The separate program that lays out pages could not be started.</source>
        <translation>No se pudo iniciar el programa separado que compone las páginas.</translation>
    </message>
    <message>
        <source>The separate program that lays out pages gave no usable answer.</source>
        <translation>El programa separado que compone las páginas no dio una respuesta utilizable.</translation>
    </message>
    <message>
        <source>The separate reader of documents gave no usable answer.</source>
        <translation>El lector separado de documentos no dio una respuesta utilizable.</translation>
    </message>
    <message>
        <source>The shares stay as they are while passphrase and keyring are needed together.</source>
        <translation>Los fragmentos quedan como están mientras la frase de contraseña y el llavero se necesiten juntos.</translation>
    </message>
    <message>
        <source>The signature of this answer does not verify.</source>
        <translation>La firma de esta respuesta no se verifica.</translation>
    </message>
    <message>
        <source>The signature of this card does not verify: it was changed, or it is a forgery.</source>
        <translation>La firma de esta tarjeta no se verifica: se cambió o es una falsificación.</translation>
    </message>
    <message>
        <source>The signature of this release file does not hold: the file was changed on its way.</source>
        <translation>La firma de este archivo de versión no es válida: el archivo se modificó por el camino.</translation>
    </message>
    <message>
        <source>The signature of this request does not verify.</source>
        <translation>La firma de esta solicitud no se verifica.</translation>
    </message>
    <message>
        <source>The stick or disk of the backup does not answer, or cannot be written.</source>
        <translation>La memoria USB o el disco de la copia de seguridad no responde o no admite escritura.</translation>
    </message>
    <message>
        <source>The system did not allow what is needed.</source>
        <translation>El sistema no permitió lo que se necesita.</translation>
    </message>
    <message>
        <source>The table could not be written: its rows are not of one length.</source>
        <translation>La tabla no se pudo escribir: sus filas no tienen la misma longitud.</translation>
    </message>
    <message>
        <source>The table has more rows than are read at once.</source>
        <translation>La tabla tiene más filas de las que se leen a la vez.</translation>
    </message>
    <message>
        <source>The table has more than 20,000 rows, too many for one printed file.</source>
        <translation>La tabla tiene más de 20.000 filas, demasiadas para un solo archivo impreso.</translation>
    </message>
    <message>
        <source>The table has no row of headings.</source>
        <translation>La tabla no tiene fila de encabezados.</translation>
    </message>
    <message>
        <source>The table holds control characters that no cell has.</source>
        <translation>La tabla contiene caracteres de control que ninguna celda tiene.</translation>
    </message>
    <message>
        <source>The table is not written in UTF-8, so its letters cannot be told.</source>
        <translation>La tabla no está escrita en UTF-8, por lo que sus letras no se pueden distinguir.</translation>
    </message>
    <message>
        <source>The tasks are in the vault for practice, and this is a real one.</source>
        <translation>Las tareas están en la bóveda de práctica, y esta es real.</translation>
    </message>
    <message>
        <source>The text has changed since this file was read; nothing was proposed.</source>
        <translation>El texto ha cambiado desde que se leyó este archivo; no se ha propuesto nada.</translation>
    </message>
    <message>
        <source>The text has no title.</source>
        <translation>El texto no tiene título.</translation>
    </message>
    <message>
        <source>The text is frozen: two different continuations were written with the pen.</source>
        <translation>El texto está congelado: quien llevaba la redacción escribió dos continuaciones distintas.</translation>
    </message>
    <message>
        <source>The text of this room can only be read with its past.</source>
        <translation>El texto de esta sala solo puede leerse con su pasado.</translation>
    </message>
    <message>
        <source>The title or the words hold signs that cannot be seen and could show other words.</source>
        <translation>El título o las palabras contienen signos que no se ven y podrían mostrar otras palabras.</translation>
    </message>
    <message>
        <source>The unlock page could not be started.</source>
        <translation>No se pudo iniciar la página de desbloqueo.</translation>
    </message>
    <message>
        <source>The vault could not be brought to this version.</source>
        <translation>La bóveda no se pudo llevar a esta versión.</translation>
    </message>
    <message>
        <source>The vault could not be opened or written.</source>
        <translation>La bóveda no se pudo abrir o escribir.</translation>
    </message>
    <message>
        <source>The vault is closed. Start Valise again.</source>
        <translation>La bóveda está cerrada. Inicie Valise de nuevo.</translation>
    </message>
    <message>
        <source>The vault stays sealed.</source>
        <translation>La bóveda permanece sellada.</translation>
    </message>
    <message>
        <source>The vault was closed meanwhile.</source>
        <translation>La bóveda se cerró entretanto.</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged.</source>
        <translation>La base de datos de la bóveda está dañada.</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged: a part of it does not verify any more.</source>
        <translation>La base de datos de la bóveda está dañada: una parte de ella ya no se verifica.</translation>
    </message>
    <message>
        <source>The vault&apos;s files are not where they were.</source>
        <translation>Los archivos de la bóveda no están donde estaban.</translation>
    </message>
    <message>
        <source>The words are too long for one paragraph.</source>
        <translation>Las palabras son demasiado largas para un solo párrafo.</translation>
    </message>
    <message>
        <source>The words contain characters that a text cannot hold.</source>
        <translation>Las palabras contienen caracteres que un texto no puede contener.</translation>
    </message>
    <message>
        <source>The words of the form that come with the program are damaged.</source>
        <translation>Las palabras del formulario que vienen con el programa están dañadas.</translation>
    </message>
    <message>
        <source>The words of this statement do not have the hash that would be signed.</source>
        <translation>Las palabras de esta declaración no tienen el hash que se firmaría.</translation>
    </message>
    <message>
        <source>The words or the title are too long for a joint statement.</source>
        <translation>Las palabras o el título son demasiado largos para una declaración conjunta.</translation>
    </message>
    <message>
        <source>The words this refers to never stood in the text.</source>
        <translation>Las palabras a las que esto se refiere nunca estuvieron en el texto.</translation>
    </message>
    <message>
        <source>There are no words on both screens to be compared now.</source>
        <translation>Ahora no hay en ambas pantallas palabras que comparar.</translation>
    </message>
    <message>
        <source>There are no words.</source>
        <translation>No hay palabras.</translation>
    </message>
    <message>
        <source>There are too many contacts for one answer.</source>
        <translation>Hay demasiados contactos para una sola respuesta.</translation>
    </message>
    <message>
        <source>There is a row about this already.</source>
        <translation>Ya hay una fila al respecto.</translation>
    </message>
    <message>
        <source>There is a vault in this folder already.</source>
        <translation>Ya hay una bóveda en esta carpeta.</translation>
    </message>
    <message>
        <source>There is more than one code of a delegation in this picture.</source>
        <translation>En esta imagen hay más de un código de una delegación.</translation>
    </message>
    <message>
        <source>There is no State of this code.</source>
        <translation>No hay ningún Estado con este código.</translation>
    </message>
    <message>
        <source>There is no card of that delegation yet.</source>
        <translation>Todavía no hay ninguna tarjeta de esa delegación.</translation>
    </message>
    <message>
        <source>There is no contact card in this file.</source>
        <translation>No hay ninguna tarjeta de contacto en este archivo.</translation>
    </message>
    <message>
        <source>There is no event and no task in this calendar.</source>
        <translation>No hay ningún acto ni ninguna tarea en este calendario.</translation>
    </message>
    <message>
        <source>There is no room left in the folder, on the stick or at the relay.</source>
        <translation>No queda espacio en la carpeta, en la memoria USB o en el repetidor.</translation>
    </message>
    <message>
        <source>There is no room that you share with this delegation alone, to send it the permission in.</source>
        <translation>No hay ninguna sala que usted comparta solo con esta delegación para enviarle el permiso.</translation>
    </message>
    <message>
        <source>There is no such kind of export.</source>
        <translation>No existe ese tipo de exportación.</translation>
    </message>
    <message>
        <source>There is no such offer any more.</source>
        <translation>Ese ofrecimiento ya no existe.</translation>
    </message>
    <message>
        <source>There is no such part of a text.</source>
        <translation>No existe esa parte de un texto.</translation>
    </message>
    <message>
        <source>There is no such position.</source>
        <translation>No existe esa posición.</translation>
    </message>
    <message>
        <source>There is no such setting.</source>
        <translation>No existe ese ajuste.</translation>
    </message>
    <message>
        <source>There is nobody to make this bundle for: no laptop of a chosen delegation shares a room with you.</source>
        <translation>No hay nadie para quien preparar este paquete: ningún portátil de las delegaciones elegidas comparte una sala con usted.</translation>
    </message>
    <message>
        <source>There is not enough memory to open the key file.</source>
        <translation>No hay memoria suficiente para abrir el archivo de clave.</translation>
    </message>
    <message>
        <source>There is not enough memory to open the vault.</source>
        <translation>No hay memoria suficiente para abrir la bóveda.</translation>
    </message>
    <message>
        <source>There is not enough room for the backup. What was begun was taken away again.</source>
        <translation>No hay espacio suficiente para la copia de seguridad. Lo empezado se ha quitado de nuevo.</translation>
    </message>
    <message>
        <source>There is nothing here that could be taken or written.</source>
        <translation>Aquí no hay nada que pueda incorporarse o escribirse.</translation>
    </message>
    <message>
        <source>There is nothing here to speak to.</source>
        <translation>Aquí no hay nada sobre lo que pronunciarse.</translation>
    </message>
    <message>
        <source>There is nothing in it to take in.</source>
        <translation>No hay en él nada que incorporar.</translation>
    </message>
    <message>
        <source>There is nothing more to do.</source>
        <translation>No hay nada más que hacer.</translation>
    </message>
    <message>
        <source>There is nothing to compare with this delegation.</source>
        <translation>No hay nada que comparar con esta delegación.</translation>
    </message>
    <message>
        <source>There is nothing to decide about this delegation.</source>
        <translation>No hay nada que decidir sobre esta delegación.</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>No hay nada que hacer.</translation>
    </message>
    <message>
        <source>There is nothing to do: it counts, with the reason that was given.</source>
        <translation>No hay nada que hacer: cuenta, con el motivo que se indicó.</translation>
    </message>
    <message>
        <source>There is nothing to open again.</source>
        <translation>No hay nada que abrir de nuevo.</translation>
    </message>
    <message>
        <source>There is nothing to take back.</source>
        <translation>No hay nada que retirar.</translation>
    </message>
    <message>
        <source>There is something wrong with this backup.</source>
        <translation>Hay algo incorrecto en esta copia de seguridad.</translation>
    </message>
    <message>
        <source>These shares are not of one set.</source>
        <translation>Estos fragmentos no son de un mismo juego.</translation>
    </message>
    <message>
        <source>These shares belong to another set than the one that opens this vault.</source>
        <translation>Estos fragmentos pertenecen a un juego distinto del que abre esta bóveda.</translation>
    </message>
    <message>
        <source>These shares fit together and do not open this vault.</source>
        <translation>Estos fragmentos concuerdan entre sí y no abren esta bóveda.</translation>
    </message>
    <message>
        <source>These words are a share that Valise did not make.</source>
        <translation>Estas palabras son un fragmento que no hizo Valise.</translation>
    </message>
    <message>
        <source>They can be made under Security, Unlocking, while the vault is open.</source>
        <translation>Pueden hacerse en Seguridad, Desbloqueo, mientras la bóveda está abierta.</translation>
    </message>
    <message>
        <source>They have been asked for again; wait for the next exchanges.</source>
        <translation>Se han pedido de nuevo; espere a los próximos intercambios.</translation>
    </message>
    <message>
        <source>This PDF has more pages than can be read at once.</source>
        <translation>Este PDF tiene más páginas de las que pueden leerse a la vez.</translation>
    </message>
    <message>
        <source>This PDF is protected with a password of its own.</source>
        <translation>Este PDF está protegido con una contraseña propia.</translation>
    </message>
    <message>
        <source>This XML file is not a document in Akoma Ntoso.</source>
        <translation>Este archivo XML no es un documento Akoma Ntoso.</translation>
    </message>
    <message>
        <source>This amendment is not in the text.</source>
        <translation>Esta enmienda no está en el texto.</translation>
    </message>
    <message>
        <source>This amendment was withdrawn.</source>
        <translation>Esta enmienda se retiró.</translation>
    </message>
    <message>
        <source>This answer does not certify this laptop.</source>
        <translation>Esta respuesta no certifica este portátil.</translation>
    </message>
    <message>
        <source>This answer was made by another version of Valise.</source>
        <translation>Esta respuesta la hizo otra versión de Valise.</translation>
    </message>
    <message>
        <source>This answer was made for another laptop, or was changed on its way.</source>
        <translation>Esta respuesta se hizo para otro portátil o se cambió en el camino.</translation>
    </message>
    <message>
        <source>This backup is not whole: its end is missing.</source>
        <translation>Esta copia de seguridad no está íntegra: le falta el final.</translation>
    </message>
    <message>
        <source>This backup was changed after it was written, or its medium is failing.</source>
        <translation>Esta copia de seguridad se cambió después de escribirse, o su soporte está fallando.</translation>
    </message>
    <message>
        <source>This backup was made when the vault had no recovery shares.</source>
        <translation>Esta copia de seguridad se hizo cuando la bóveda no tenía fragmentos de recuperación.</translation>
    </message>
    <message>
        <source>This backup was written by a newer Valise than this one.</source>
        <translation>Esta copia de seguridad la escribió una versión de Valise más reciente que esta.</translation>
    </message>
    <message>
        <source>This bundle is for other laptops too, so it stays on the stick.</source>
        <translation>Este paquete es también para otros portátiles, por lo que permanece en la memoria USB.</translation>
    </message>
    <message>
        <source>This bundle was written by a newer Valise than this one.</source>
        <translation>Este paquete lo escribió una versión de Valise más reciente que esta.</translation>
    </message>
    <message>
        <source>This calendar could not be read or written.</source>
        <translation>Este calendario no se pudo leer o escribir.</translation>
    </message>
    <message>
        <source>This came from a laptop whose card is not here yet.</source>
        <translation>Esto llegó de un portátil cuya tarjeta aún no está aquí.</translation>
    </message>
    <message>
        <source>This can only be changed together with what it rests on, such as its date.</source>
        <translation>Esto solo puede cambiarse junto con aquello en que se basa, como su fecha.</translation>
    </message>
    <message>
        <source>This cannot be done in this room.</source>
        <translation>Esto no puede hacerse en esta sala.</translation>
    </message>
    <message>
        <source>This cannot be done with the text as it stands now.</source>
        <translation>Esto no puede hacerse con el texto tal como está ahora.</translation>
    </message>
    <message>
        <source>This cannot be done with these dates.</source>
        <translation>Esto no puede hacerse con estas fechas.</translation>
    </message>
    <message>
        <source>This cannot be done with this amendment.</source>
        <translation>Esto no puede hacerse con esta enmienda.</translation>
    </message>
    <message>
        <source>This cannot be done with this contact.</source>
        <translation>Esto no puede hacerse con este contacto.</translation>
    </message>
    <message>
        <source>This cannot be done with this incident now.</source>
        <translation>Esto no puede hacerse ahora con este incidente.</translation>
    </message>
    <message>
        <source>This cannot be done with this message.</source>
        <translation>Esto no puede hacerse con este mensaje.</translation>
    </message>
    <message>
        <source>This cannot be done with this register now.</source>
        <translation>Esto no puede hacerse ahora con este registro.</translation>
    </message>
    <message>
        <source>This cannot be signed for a laptop of your delegation.</source>
        <translation>Esto no puede firmarse para un portátil de su delegación.</translation>
    </message>
    <message>
        <source>This card and one you hold name different laptops of the same delegation.</source>
        <translation>Esta tarjeta y una que usted tiene nombran portátiles distintos de la misma delegación.</translation>
    </message>
    <message>
        <source>This card claims a laptop that belongs to another delegation.</source>
        <translation>Esta tarjeta reclama un portátil que pertenece a otra delegación.</translation>
    </message>
    <message>
        <source>This card names a delegation you know, with another identity.</source>
        <translation>Esta tarjeta nombra una delegación que usted conoce, con otra identidad.</translation>
    </message>
    <message>
        <source>This card was made by another version of Valise.</source>
        <translation>Esta tarjeta la hizo otra versión de Valise.</translation>
    </message>
    <message>
        <source>This cell names a row that is not here.</source>
        <translation>Esta celda nombra una fila que no está aquí.</translation>
    </message>
    <message>
        <source>This change is not in the record here.</source>
        <translation>Este cambio no está en el acta aquí.</translation>
    </message>
    <message>
        <source>This change of the text is not possible.</source>
        <translation>Este cambio del texto no es posible.</translation>
    </message>
    <message>
        <source>This change was undone already.</source>
        <translation>Este cambio ya se deshizo.</translation>
    </message>
    <message>
        <source>This deadline is not possible.</source>
        <translation>Este plazo no es posible.</translation>
    </message>
    <message>
        <source>This delegation cannot be reached in that way now.</source>
        <translation>A esta delegación no se puede llegar ahora de esa manera.</translation>
    </message>
    <message>
        <source>This delegation does not wait to be admitted any more.</source>
        <translation>Esta delegación ya no espera ser admitida.</translation>
    </message>
    <message>
        <source>This document holds more tracked changes and comments than can be read at once.</source>
        <translation>Este documento contiene más cambios marcados y comentarios de los que pueden leerse a la vez.</translation>
    </message>
    <message>
        <source>This document is of the old kind (.doc).</source>
        <translation>Este documento es del tipo antiguo (.doc).</translation>
    </message>
    <message>
        <source>This document is protected with a password of its own.</source>
        <translation>Este documento está protegido con una contraseña propia.</translation>
    </message>
    <message>
        <source>This draft could not be released, returned or taken back.</source>
        <translation>Este borrador no se pudo autorizar, devolver o retirar.</translation>
    </message>
    <message>
        <source>This draft is of another officer, who alone can take it back.</source>
        <translation>Este borrador es de otro funcionario, que es el único que puede retirarlo.</translation>
    </message>
    <message>
        <source>This draft is your own: another officer releases or returns it.</source>
        <translation>Este borrador es suyo: lo autoriza o lo devuelve otro funcionario.</translation>
    </message>
    <message>
        <source>This draft was decided meanwhile.</source>
        <translation>Entretanto ya se decidió sobre este borrador.</translation>
    </message>
    <message>
        <source>This field belongs to what you assess, and never stands beside what a State says of itself.</source>
        <translation>Este campo corresponde a lo que usted aprecia, y nunca figura junto a lo que un Estado dice de sí mismo.</translation>
    </message>
    <message>
        <source>This field does not take what was written: its help says what it asks for.</source>
        <translation>Este campo no admite lo que se ha escrito: su ayuda indica qué pide.</translation>
    </message>
    <message>
        <source>This field is written by the program itself.</source>
        <translation>Este campo lo escribe el propio programa.</translation>
    </message>
    <message>
        <source>This file declares a document type, which no text needs and which can do harm. It was not read.</source>
        <translation>Este archivo declara un tipo de documento, lo que ningún texto necesita y puede causar daño. No se ha leído.</translation>
    </message>
    <message>
        <source>This file does not define a register: line and column say where it goes wrong.</source>
        <translation>Este archivo no define un registro: la línea y la columna indican dónde está el error.</translation>
    </message>
    <message>
        <source>This file has more parts than can be read at once.</source>
        <translation>Este archivo tiene más partes de las que pueden leerse a la vez.</translation>
    </message>
    <message>
        <source>This file has not arrived whole yet.</source>
        <translation>Este archivo aún no ha llegado completo.</translation>
    </message>
    <message>
        <source>This file holds more than any directory has.</source>
        <translation>Este archivo contiene más que cualquier directorio.</translation>
    </message>
    <message>
        <source>This file holds no Word document.</source>
        <translation>Este archivo no contiene ningún documento de Word.</translation>
    </message>
    <message>
        <source>This file holds the other side of the register: what you assess and what States say never mix.</source>
        <translation>Este archivo contiene el otro lado del registro: lo que usted aprecia y lo que dicen los Estados nunca se mezclan.</translation>
    </message>
    <message>
        <source>This file is damaged, or built as no document is built. It was not read.</source>
        <translation>Este archivo está dañado o tiene una estructura que ningún documento tiene. No se ha leído.</translation>
    </message>
    <message>
        <source>This file is damaged: it is not well-formed XML.</source>
        <translation>Este archivo está dañado: no es XML bien formado.</translation>
    </message>
    <message>
        <source>This file is empty or too large to be sent.</source>
        <translation>Este archivo está vacío o es demasiado grande para enviarse.</translation>
    </message>
    <message>
        <source>This file is in a version of Akoma Ntoso that is not known here.</source>
        <translation>Este archivo está en una versión de Akoma Ntoso que no se conoce aquí.</translation>
    </message>
    <message>
        <source>This file is larger than can be received.</source>
        <translation>Este archivo es mayor de lo que puede recibirse.</translation>
    </message>
    <message>
        <source>This file is no backup of Valise.</source>
        <translation>Este archivo no es una copia de seguridad de Valise.</translation>
    </message>
    <message>
        <source>This file is not a PDF, or it is damaged.</source>
        <translation>Este archivo no es un PDF o está dañado.</translation>
    </message>
    <message>
        <source>This file is not a calendar, or it is damaged.</source>
        <translation>Este archivo no es un calendario o está dañado.</translation>
    </message>
    <message>
        <source>This file is not a picture that can be read.</source>
        <translation>Este archivo no es una imagen que pueda leerse.</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop, or not a whole one.</source>
        <translation>Este archivo no es una solicitud de otro portátil, o no está íntegro.</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop.</source>
        <translation>Este archivo no es una solicitud de otro portátil.</translation>
    </message>
    <message>
        <source>This file is not a web page.</source>
        <translation>Este archivo no es una página web.</translation>
    </message>
    <message>
        <source>This file is not an identity card, or not a whole one.</source>
        <translation>Este archivo no es una tarjeta de identidad, o no está íntegra.</translation>
    </message>
    <message>
        <source>This file is not an identity card.</source>
        <translation>Este archivo no es una tarjeta de identidad.</translation>
    </message>
    <message>
        <source>This file is not in the vault.</source>
        <translation>Este archivo no está en la bóveda.</translation>
    </message>
    <message>
        <source>This file is not the answer to a request, or not a whole one.</source>
        <translation>Este archivo no es la respuesta a una solicitud, o no está íntegro.</translation>
    </message>
    <message>
        <source>This file is not the answer to a request.</source>
        <translation>Este archivo no es la respuesta a una solicitud.</translation>
    </message>
    <message>
        <source>This file is not written in UTF-8.</source>
        <translation>Este archivo no está escrito en UTF-8.</translation>
    </message>
    <message>
        <source>This file is too large to be an identity card.</source>
        <translation>Este archivo es demasiado grande para ser una tarjeta de identidad.</translation>
    </message>
    <message>
        <source>This file unpacks to more than any document holds. It was not read.</source>
        <translation>Este archivo se descomprime en más de lo que contiene cualquier documento. No se ha leído.</translation>
    </message>
    <message>
        <source>This file was attached in another room and is sealed for its members.</source>
        <translation>Este archivo se adjuntó en otra sala y está sellado para sus miembros.</translation>
    </message>
    <message>
        <source>This folder is copied elsewhere by a synchronising program.</source>
        <translation>Un programa de sincronización copia esta carpeta a otro lugar.</translation>
    </message>
    <message>
        <source>This identity was replaced by another one of the same delegation.</source>
        <translation>Esta identidad se sustituyó por otra de la misma delegación.</translation>
    </message>
    <message>
        <source>This incident is not here.</source>
        <translation>Este incidente no está aquí.</translation>
    </message>
    <message>
        <source>This internal note could not be kept.</source>
        <translation>Esta nota interna no se pudo conservar.</translation>
    </message>
    <message>
        <source>This is a real State, and this vault is for practice: it was refused.</source>
        <translation>Este es un Estado real y esta bóveda es de práctica: se ha rechazado.</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>Este es un portátil de viaje y no es para esta sala.</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: what it had said since is asked of the others.</source>
        <translation>Esta es una copia anterior de la bóveda de este portátil: lo que había dicho desde entonces se pide a los demás.</translation>
    </message>
    <message>
        <source>This is for the delegations the incident was sent to.</source>
        <translation>Esto corresponde a las delegaciones a las que se envió el incidente.</translation>
    </message>
    <message>
        <source>This is longer than one change of a register can be.</source>
        <translation>Esto es más largo de lo que puede ser un cambio de un registro.</translation>
    </message>
    <message>
        <source>This is no file of settings that can be read here.</source>
        <translation>Este no es un archivo de ajustes que pueda leerse aquí.</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>Esto no es un paquete de Valise.</translation>
    </message>
    <message>
        <source>This is not a card of your delegation.</source>
        <translation>Esta no es una tarjeta de su delegación.</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation, or it was changed.</source>
        <translation>Este no es un archivo de clave de una delegación, o se cambió.</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation.</source>
        <translation>Este no es un archivo de clave de una delegación.</translation>
    </message>
    <message>
        <source>This is not a release file of Valise, or it is damaged.</source>
        <translation>Esto no es un archivo de versión de Valise o está dañado.</translation>
    </message>
    <message>
        <source>This is not a valid answer for this laptop.</source>
        <translation>Esta no es una respuesta válida para este portátil.</translation>
    </message>
    <message>
        <source>This is not a valid identity card.</source>
        <translation>Esta no es una tarjeta de identidad válida.</translation>
    </message>
    <message>
        <source>This is not a valid key file of a delegation.</source>
        <translation>Este no es un archivo de clave válido de una delegación.</translation>
    </message>
    <message>
        <source>This is not a valid request of another laptop.</source>
        <translation>Esta no es una solicitud válida de otro portátil.</translation>
    </message>
    <message>
        <source>This is not an ordinary file.</source>
        <translation>Esto no es un archivo corriente.</translation>
    </message>
    <message>
        <source>This is not the file of a relay, or it is torn.</source>
        <translation>Este no es el archivo de un repetidor, o está incompleto.</translation>
    </message>
    <message>
        <source>This is the card of a delegation from a vault for practice: it was refused.</source>
        <translation>Esta es la tarjeta de una delegación de una bóveda de práctica: se ha rechazado.</translation>
    </message>
    <message>
        <source>This is the card of a real delegation, and this vault is for practice: it was refused.</source>
        <translation>Esta es la tarjeta de una delegación real y esta bóveda es de práctica: se ha rechazado.</translation>
    </message>
    <message>
        <source>This is too much for one act of the pen.</source>
        <translation>Esto es demasiado para un solo acto de redacción.</translation>
    </message>
    <message>
        <source>This is too much for one entry of the record.</source>
        <translation>Esto es demasiado para una sola entrada del acta.</translation>
    </message>
    <message>
        <source>This is your own card.</source>
        <translation>Esta es su propia tarjeta.</translation>
    </message>
    <message>
        <source>This is your own identity: there is nothing to compare.</source>
        <translation>Esta es su propia identidad: no hay nada que comparar.</translation>
    </message>
    <message>
        <source>This is your own message.</source>
        <translation>Este es su propio mensaje.</translation>
    </message>
    <message>
        <source>This key file belongs to another delegation.</source>
        <translation>Este archivo de clave pertenece a otra delegación.</translation>
    </message>
    <message>
        <source>This key file is protected less than it must be.</source>
        <translation>Este archivo de clave está menos protegido de lo que debe.</translation>
    </message>
    <message>
        <source>This key file was written by another version of Valise.</source>
        <translation>Este archivo de clave lo escribió otra versión de Valise.</translation>
    </message>
    <message>
        <source>This kind of document cannot be read.</source>
        <translation>Este tipo de documento no puede leerse.</translation>
    </message>
    <message>
        <source>This laptop does not have the right to do this.</source>
        <translation>Este portátil no tiene derecho a hacer esto.</translation>
    </message>
    <message>
        <source>This laptop does not hold the same text under that revision.</source>
        <translation>Este portátil no tiene el mismo texto para esa revisión.</translation>
    </message>
    <message>
        <source>This laptop does not wait to be admitted.</source>
        <translation>Este portátil no espera a ser admitido.</translation>
    </message>
    <message>
        <source>This laptop has already been admitted.</source>
        <translation>Este portátil ya ha sido admitido.</translation>
    </message>
    <message>
        <source>This laptop has been admitted already.</source>
        <translation>Este portátil ya ha sido admitido.</translation>
    </message>
    <message>
        <source>This laptop has not been admitted to its delegation yet.</source>
        <translation>Este portátil aún no ha sido admitido en su delegación.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup and waits to be admitted.</source>
        <translation>Este portátil se creó a partir de una copia de seguridad y espera a ser admitido.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup, and this cannot be done with it now.</source>
        <translation>Este portátil se creó a partir de una copia de seguridad, y esto no puede hacerse ahora con él.</translation>
    </message>
    <message>
        <source>This laptop was revoked by its delegation.</source>
        <translation>Este portátil lo revocó su delegación.</translation>
    </message>
    <message>
        <source>This laptop was revoked; that cannot be taken back.</source>
        <translation>Este portátil se revocó; eso no se puede retirar.</translation>
    </message>
    <message>
        <source>This line changes a field that the program writes itself.</source>
        <translation>Esta línea cambia un campo que escribe el propio programa.</translation>
    </message>
    <message>
        <source>This line has more or fewer cells than there are headings.</source>
        <translation>Esta línea tiene más o menos celdas que encabezados.</translation>
    </message>
    <message>
        <source>This line names no State, delegation or item of this register.</source>
        <translation>Esta línea no nombra ningún Estado, delegación ni elemento de este registro.</translation>
    </message>
    <message>
        <source>This list is closed already.</source>
        <translation>Esta lista ya está cerrada.</translation>
    </message>
    <message>
        <source>This list of members is not possible for such a room.</source>
        <translation>Esta lista de miembros no es posible para una sala de este tipo.</translation>
    </message>
    <message>
        <source>This marking is not possible.</source>
        <translation>Esta marca no es posible.</translation>
    </message>
    <message>
        <source>This message is not in the vault.</source>
        <translation>Este mensaje no está en la bóveda.</translation>
    </message>
    <message>
        <source>This name is too long, or has signs in it that cannot be shown.</source>
        <translation>Este nombre es demasiado largo, o contiene signos que no se pueden mostrar.</translation>
    </message>
    <message>
        <source>This outcome or way is not one of those that are known.</source>
        <translation>Este resultado o esta vía no es de los que se conocen.</translation>
    </message>
    <message>
        <source>This package does not belong to this release.</source>
        <translation>Este paquete no forma parte de esta versión.</translation>
    </message>
    <message>
        <source>This package has the name of a released one and another content: it was changed on its way.</source>
        <translation>Este paquete tiene el nombre de uno publicado y otro contenido: se modificó por el camino.</translation>
    </message>
    <message>
        <source>This page has more parts than can be read at once.</source>
        <translation>Esta página tiene más partes de las que pueden leerse a la vez.</translation>
    </message>
    <message>
        <source>This permission was taken back, or is not known here.</source>
        <translation>Este permiso se retiró, o no se conoce aquí.</translation>
    </message>
    <message>
        <source>This picture is too large to be read.</source>
        <translation>Esta imagen es demasiado grande para leerse.</translation>
    </message>
    <message>
        <source>This register does not have that side here. What you assess stays within your delegation.</source>
        <translation>Este registro no tiene ese lado aquí. Lo que usted aprecia permanece dentro de su delegación.</translation>
    </message>
    <message>
        <source>This register has no such field.</source>
        <translation>Este registro no tiene ese campo.</translation>
    </message>
    <message>
        <source>This register is kept within your delegation alone, not in a room with others.</source>
        <translation>Este registro se conserva solo dentro de su delegación, no en una sala con otras.</translation>
    </message>
    <message>
        <source>This register is not known here.</source>
        <translation>Este registro no se conoce aquí.</translation>
    </message>
    <message>
        <source>This register is not written in that kind of file.</source>
        <translation>Este registro no se escribe en ese tipo de archivo.</translation>
    </message>
    <message>
        <source>This release file has a form that only a newer version reads.</source>
        <translation>Este archivo de versión tiene una forma que solo lee una versión más reciente.</translation>
    </message>
    <message>
        <source>This release file was signed by somebody else than the publisher of this program.</source>
        <translation>Este archivo de versión fue firmado por alguien distinto del editor de este programa.</translation>
    </message>
    <message>
        <source>This release file, or the package with it, is not what the publisher signed.</source>
        <translation>Este archivo de versión, o el paquete que lo acompaña, no es lo que firmó el editor.</translation>
    </message>
    <message>
        <source>This request was made by another version of Valise.</source>
        <translation>Esta solicitud la hizo otra versión de Valise.</translation>
    </message>
    <message>
        <source>This revision has not arrived yet.</source>
        <translation>Esta revisión aún no ha llegado.</translation>
    </message>
    <message>
        <source>This revision is not here, or this laptop computes it differently.</source>
        <translation>Esta revisión no está aquí, o este portátil la calcula de otro modo.</translation>
    </message>
    <message>
        <source>This room is not here.</source>
        <translation>Esta sala no está aquí.</translation>
    </message>
    <message>
        <source>This room is not in the vault.</source>
        <translation>Esta sala no está en la bóveda.</translation>
    </message>
    <message>
        <source>This round is closed already.</source>
        <translation>Esta ronda ya está cerrada.</translation>
    </message>
    <message>
        <source>This round was an exercise: nothing of it is taken into an entry.</source>
        <translation>Esta ronda fue un ejercicio: nada de ella se incorpora a una entrada.</translation>
    </message>
    <message>
        <source>This round, question or contact is not known here.</source>
        <translation>Esta ronda, pregunta o contacto no se conoce aquí.</translation>
    </message>
    <message>
        <source>This row has more than 500 columns.</source>
        <translation>Esta fila tiene más de 500 columnas.</translation>
    </message>
    <message>
        <source>This row is not in the register.</source>
        <translation>Esta fila no está en el registro.</translation>
    </message>
    <message>
        <source>This row was taken out of the register.</source>
        <translation>Esta fila se dio de baja del registro.</translation>
    </message>
    <message>
        <source>This setting is kept inside the vault only.</source>
        <translation>Este ajuste se conserva solo dentro de la bóveda.</translation>
    </message>
    <message>
        <source>This silence procedure has not arrived here.</source>
        <translation>Este procedimiento de acuerdo tácito no ha llegado aquí.</translation>
    </message>
    <message>
        <source>This silence procedure is over.</source>
        <translation>Este procedimiento de acuerdo tácito ha terminado.</translation>
    </message>
    <message>
        <source>This statement is not on this laptop.</source>
        <translation>Esta declaración no está en este portátil.</translation>
    </message>
    <message>
        <source>This table could not be read or written.</source>
        <translation>Esta tabla no se pudo leer o escribir.</translation>
    </message>
    <message>
        <source>This task or note is done, or no longer holds.</source>
        <translation>Esta tarea o nota está hecha, o ya no es válida.</translation>
    </message>
    <message>
        <source>This text is no longer in the vault.</source>
        <translation>Este texto ya no está en la bóveda.</translation>
    </message>
    <message>
        <source>This text is not in the vault.</source>
        <translation>Este texto no está en la bóveda.</translation>
    </message>
    <message>
        <source>This time cannot be: an answer comes after the question, and not in the future.</source>
        <translation>Esta hora no es posible: una respuesta llega después de la pregunta, y no en el futuro.</translation>
    </message>
    <message>
        <source>This value is not possible for this setting.</source>
        <translation>Este valor no es posible para este ajuste.</translation>
    </message>
    <message>
        <source>This vault does not use a keyring.</source>
        <translation>Esta bóveda no usa llavero.</translation>
    </message>
    <message>
        <source>This vault has no recovery shares.</source>
        <translation>Esta bóveda no tiene fragmentos de recuperación.</translation>
    </message>
    <message>
        <source>This vault opens in a way that this version does not know.</source>
        <translation>Esta bóveda se abre de una manera que esta versión no conoce.</translation>
    </message>
    <message>
        <source>This vault wants passphrase and keyring together, and the keyring&apos;s half is not here.</source>
        <translation>Esta bóveda requiere a la vez la frase de contraseña y el llavero, y la mitad del llavero no está aquí.</translation>
    </message>
    <message>
        <source>This vault was made by a newer Valise.</source>
        <translation>Esta bóveda la creó una versión más reciente de Valise.</translation>
    </message>
    <message>
        <source>This vault was written by a newer Valise.</source>
        <translation>Esta bóveda la escribió una versión más reciente de Valise.</translation>
    </message>
    <message>
        <source>This way of exchange cannot be used now.</source>
        <translation>Esta vía de intercambio no puede usarse ahora.</translation>
    </message>
    <message>
        <source>This way of exchange is not known to this version.</source>
        <translation>Esta versión no conoce esta vía de intercambio.</translation>
    </message>
    <message>
        <source>Tick at least one point of contact.</source>
        <translation>Marque al menos un punto de contacto.</translation>
    </message>
    <message>
        <source>Tick the exercise box, or choose another type of message.</source>
        <translation>Marque la casilla de ejercicio o elija otro tipo de mensaje.</translation>
    </message>
    <message>
        <source>Too much of this bundle cannot be opened here, and nobody known vouches for it. The rest was left alone.</source>
        <translation>Una parte demasiado grande de este paquete no se puede abrir aquí y ninguna delegación conocida la avala. El resto no se ha tocado.</translation>
    </message>
    <message>
        <source>Try again, or use the command valise verify.</source>
        <translation>Inténtelo de nuevo, o use el comando valise verify.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, run valise doctor.</source>
        <translation>Inténtelo de nuevo. Si vuelve a ocurrir, ejecute valise doctor.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, run valise doctor.</source>
        <translation>Inténtelo de nuevo; si vuelve a ocurrir, ejecute valise doctor.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, save the text as a Word document.</source>
        <translation>Inténtelo de nuevo; si vuelve a ocurrir, guarde el texto como documento de Word.</translation>
    </message>
    <message>
        <source>Try other words.</source>
        <translation>Pruebe con otras palabras.</translation>
    </message>
    <message>
        <source>Two columns of the file have the same name.</source>
        <translation>Dos columnas del archivo tienen el mismo nombre.</translation>
    </message>
    <message>
        <source>Two entries of the calendar have the same identifier.</source>
        <translation>Dos entradas del calendario tienen el mismo identificador.</translation>
    </message>
    <message>
        <source>Two things in the bundle bear the same identifier.</source>
        <translation>Dos elementos del paquete llevan el mismo identificador.</translation>
    </message>
    <message>
        <source>Two to sixteen shares can be made, of which two or more are needed.</source>
        <translation>Pueden hacerse de dos a dieciséis fragmentos, de los que se necesitan dos o más.</translation>
    </message>
    <message>
        <source>Type a passphrase.</source>
        <translation>Escriba una frase de contraseña.</translation>
    </message>
    <message>
        <source>Type it.</source>
        <translation>Escríbala.</translation>
    </message>
    <message>
        <source>Type the code as it stands on your name plate.</source>
        <translation>Escriba el código tal como figura en el cartel de su mesa.</translation>
    </message>
    <message>
        <source>Type the passphrase the delegation was founded with.</source>
        <translation>Escriba la frase de contraseña con que se fundó la delegación.</translation>
    </message>
    <message>
        <source>Undo the later change first, or write the value you want.</source>
        <translation>Deshaga primero el cambio posterior, o escriba el valor que quiere.</translation>
    </message>
    <message>
        <source>Unlock it and do it again.</source>
        <translation>Desbloquéela y hágalo de nuevo.</translation>
    </message>
    <message>
        <source>Unlock it with its passphrase.</source>
        <translation>Desbloquéelo con su frase de contraseña.</translation>
    </message>
    <message>
        <source>Unlock it, or choose another folder.</source>
        <translation>Desbloquéela o elija otra carpeta.</translation>
    </message>
    <message>
        <source>Unlock the vault to change it.</source>
        <translation>Desbloquee la bóveda para cambiarlo.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase.</source>
        <translation>Desbloquee con su frase de contraseña.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; everything works without a keyring.</source>
        <translation>Desbloquee con su frase de contraseña; todo funciona sin llavero.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; the keyring can be set up again under Security, Unlocking.</source>
        <translation>Desbloquee con su frase de contraseña; el llavero puede configurarse de nuevo en Seguridad, Desbloqueo.</translation>
    </message>
    <message>
        <source>Until it is settled, do not rely on who is at the other end.</source>
        <translation>Hasta que se resuelva, no confíe en quién está al otro lado.</translation>
    </message>
    <message>
        <source>Use the key file or the recovery shares of your delegation.</source>
        <translation>Use el archivo de clave o los fragmentos de recuperación de su delegación.</translation>
    </message>
    <message>
        <source>Use the newer contact.</source>
        <translation>Use el contacto más reciente.</translation>
    </message>
    <message>
        <source>Use the version it was made with, or a newer one.</source>
        <translation>Use la versión con que se hizo, o una más reciente.</translation>
    </message>
    <message>
        <source>Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau. If you ask for nothing of the kind, say so in the words.</source>
        <translation>Recurra a su autoridad central en materia de asistencia judicial recíproca, a la red 24/7 del tratado aplicable o a INTERPOL por conducto de su oficina central nacional. Si no pide nada de ese tipo, indíquelo en el texto.</translation>
    </message>
    <message>
        <source>Use your passphrase. If the keyring is locked, open it in the system&apos;s settings and try again.</source>
        <translation>Use su frase de contraseña. Si el llavero está bloqueado, ábralo en los ajustes del sistema e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its chair.</source>
        <translation>Espere al próximo intercambio, o pregunte a su Presidencia.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its room.</source>
        <translation>Espere al próximo intercambio, o pregunte en su sala.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or freeze a new revision.</source>
        <translation>Espere al próximo intercambio, o fije una nueva revisión.</translation>
    </message>
    <message>
        <source>Wait for the next exchange.</source>
        <translation>Espere al próximo intercambio.</translation>
    </message>
    <message>
        <source>Wait for the next exchange; everything before it is fetched by itself.</source>
        <translation>Espere al próximo intercambio; todo lo anterior se recoge automáticamente.</translation>
    </message>
    <message>
        <source>Wait for the next exchange; if it stays so, compare the hash with the opener.</source>
        <translation>Espere al próximo intercambio; si sigue igual, compare el hash con quien la abrió.</translation>
    </message>
    <message>
        <source>Wait for their answers, or send an update.</source>
        <translation>Espere sus respuestas o envíe una actualización.</translation>
    </message>
    <message>
        <source>Wait until enough others have spoken.</source>
        <translation>Espere hasta que se hayan pronunciado otras suficientes.</translation>
    </message>
    <message>
        <source>Wait until then; or give the reason why it cannot wait, which is kept in your internal record.</source>
        <translation>Espere hasta entonces; o indique por qué no puede esperar, motivo que se conserva en su acta interna.</translation>
    </message>
    <message>
        <source>What answers at the relay&apos;s address cannot prove that it is the relay.</source>
        <translation>Lo que responde en la dirección del repetidor no puede demostrar que es el repetidor.</translation>
    </message>
    <message>
        <source>What came from outside is not valid.</source>
        <translation>Lo que llegó de fuera no es válido.</translation>
    </message>
    <message>
        <source>What is immediate says by when a reply is requested.</source>
        <translation>Lo inmediato indica para cuándo se pide una respuesta.</translation>
    </message>
    <message>
        <source>What this backup holds does not fit together.</source>
        <translation>Lo que contiene esta copia de seguridad no concuerda entre sí.</translation>
    </message>
    <message>
        <source>What this bundle says of itself cannot be read or is not valid.</source>
        <translation>Lo que este paquete dice de sí mismo no puede leerse o no es válido.</translation>
    </message>
    <message>
        <source>What this file wants otherwise cannot be proposed now.</source>
        <translation>Lo que este archivo quiere de otro modo no puede proponerse ahora.</translation>
    </message>
    <message>
        <source>What this laptop said before it was put back is not all known yet.</source>
        <translation>Todavía no se conoce todo lo que este portátil dijo antes de reponerse.</translation>
    </message>
    <message>
        <source>What this says about a relay cannot be right.</source>
        <translation>Lo que esto dice sobre un repetidor no puede ser correcto.</translation>
    </message>
    <message>
        <source>What verifies in it came in all the same. Ask its sender for a new one.</source>
        <translation>Lo que se verifica en él entró de todos modos. Pida uno nuevo a su remitente.</translation>
    </message>
    <message>
        <source>What waits is kept and sent at the next exchange.</source>
        <translation>Lo que espera se conserva y se envía en el próximo intercambio.</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange.</source>
        <translation>Lo que espera se conserva. Consulte Vías de intercambio.</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange; a courier can take it.</source>
        <translation>Lo que espera se conserva. Consulte Vías de intercambio; puede llevarlo un mensajero.</translation>
    </message>
    <message>
        <source>What waits is kept. Try again, best with another stick.</source>
        <translation>Lo que espera se conserva. Inténtelo de nuevo, preferiblemente con otra memoria USB.</translation>
    </message>
    <message>
        <source>What was announced about the file is impossible.</source>
        <translation>Lo que se anunció sobre el archivo es imposible.</translation>
    </message>
    <message>
        <source>What was given is not the secret of a root key.</source>
        <translation>Lo proporcionado no es el secreto de una clave raíz.</translation>
    </message>
    <message>
        <source>What was read back is not what was written, so this is no backup. It was taken away again.</source>
        <translation>Lo releído no es lo que se escribió, por lo que no es una copia de seguridad. Se ha quitado de nuevo.</translation>
    </message>
    <message>
        <source>What was received stays readable; write in another room.</source>
        <translation>Lo recibido sigue siendo legible; escriba en otra sala.</translation>
    </message>
    <message>
        <source>What was sent so far may not be protected as it should be.</source>
        <translation>Lo enviado hasta ahora puede no estar protegido como debería.</translation>
    </message>
    <message>
        <source>What was to be signed is not possible in the record.</source>
        <translation>Lo que debía firmarse no es posible en el acta.</translation>
    </message>
    <message>
        <source>What was typed is not the code of your delegation. Nothing was destroyed.</source>
        <translation>Lo escrito no es el código de su delegación. No se ha destruido nada.</translation>
    </message>
    <message>
        <source>What was written does not verify, so it was not kept.</source>
        <translation>Lo escrito no se verifica, por lo que no se ha conservado.</translation>
    </message>
    <message>
        <source>What you wrote is longer than one message can be.</source>
        <translation>Lo que ha escrito es más largo de lo que puede ser un mensaje.</translation>
    </message>
    <message>
        <source>Who does not act says why, or that the reason is not stated.</source>
        <translation>Quien no actúa dice por qué, o que no se indica el motivo.</translation>
    </message>
    <message>
        <source>Write a sentence.</source>
        <translation>Escriba una frase.</translation>
    </message>
    <message>
        <source>Write both, then open it for sign-on.</source>
        <translation>Escriba ambas cosas y ábrala después a adhesiones.</translation>
    </message>
    <message>
        <source>Write it in the register within your delegation, or ask the other delegation.</source>
        <translation>Escríbala en el registro dentro de su delegación, o pídalo a la otra delegación.</translation>
    </message>
    <message>
        <source>Write it on a laptop at home, or in one of the rooms this one was made for.</source>
        <translation>Escríbalo en un portátil en la sede, o en una de las salas para las que se creó este.</translation>
    </message>
    <message>
        <source>Write it on the assessed side.</source>
        <translation>Escríbalo en el lado de las apreciaciones.</translation>
    </message>
    <message>
        <source>Write or paste the words as plain text, then try again.</source>
        <translation>Escriba o pegue las palabras como texto sin formato e inténtelo de nuevo.</translation>
    </message>
    <message>
        <source>Write something or attach a file.</source>
        <translation>Escriba algo o adjunte un archivo.</translation>
    </message>
    <message>
        <source>Write to it.</source>
        <translation>Escríbale.</translation>
    </message>
    <message>
        <source>You already have a newer card of that delegation.</source>
        <translation>Ya tiene una tarjeta más reciente de esa delegación.</translation>
    </message>
    <message>
        <source>Your delegation cannot vouch for this one.</source>
        <translation>Su delegación no puede avalar a esta.</translation>
    </message>
    <message>
        <source>Your delegation does not sponsor this amendment.</source>
        <translation>Su delegación no patrocina esta enmienda.</translation>
    </message>
    <message>
        <source>Your delegation does not stand on this list.</source>
        <translation>Su delegación no figura en esta lista.</translation>
    </message>
    <message>
        <source>Your delegation has acknowledged this already.</source>
        <translation>Su delegación ya ha acusado recibo de esto.</translation>
    </message>
    <message>
        <source>Your delegation has broken this silence already.</source>
        <translation>Su delegación ya ha roto este silencio.</translation>
    </message>
    <message>
        <source>Your delegation has said that already.</source>
        <translation>Su delegación ya lo ha dicho.</translation>
    </message>
    <message>
        <source>Your delegation has signed on already.</source>
        <translation>Su delegación ya se ha adherido.</translation>
    </message>
    <message>
        <source>Your delegation is no longer a member of this room.</source>
        <translation>Su delegación ya no es miembro de esta sala.</translation>
    </message>
    <message>
        <source>Your delegation sponsors this amendment already.</source>
        <translation>Su delegación ya patrocina esta enmienda.</translation>
    </message>
    <message>
        <source>Your delegation uses no relay, or this laptop may not give permissions for it.</source>
        <translation>Su delegación no usa ningún repetidor, o este portátil no puede dar permisos para él.</translation>
    </message>
    <message>
        <source>Your own points of contact cannot be asked by yourself.</source>
        <translation>No puede preguntar a los puntos de contacto de su propia delegación.</translation>
    </message>
    <message>
        <source>Your words are still in the field; change them and try again.</source>
        <translation>Sus palabras siguen en el campo; cámbielas e inténtelo de nuevo.</translation>
    </message>
</context>
<context>
    <name>evidence</name>
    <message numerus="yes">
        <source>%n entries: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).</source>
        <translation>
            <numerusform>%n entrada: textos {0}, declaraciones conjuntas {1}, mensajes para que consten en acta {2}, archivos adjuntos {3} (nombre, tamaño y hash).</numerusform>
            <numerusform>%n entradas: textos {0}, declaraciones conjuntas {1}, mensajes para que consten en acta {2}, archivos adjuntos {3} (nombre, tamaño y hash).</numerusform>
        </translation>
    </message>
    <message>
        <source>A delegation says that it computed other hashes for a revision.</source>
        <translation>Una delegación dice que calculó otros hashes para una revisión.</translation>
    </message>
    <message>
        <source>A delegation signed lists of its laptops that contradict each other.</source>
        <translation>Una delegación firmó listas de sus portátiles que se contradicen.</translation>
    </message>
    <message>
        <source>A laptop has a certificate and stands on no list of its delegation in this file.</source>
        <translation>Un portátil tiene certificado y no figura en ninguna lista de su delegación en este archivo.</translation>
    </message>
    <message>
        <source>A laptop signed two entries for one place of its log. What it says from there on decides nothing.</source>
        <translation>Un portátil firmó dos entradas para un mismo lugar de su diario. Lo que dice a partir de ahí no decide nada.</translation>
    </message>
    <message>
        <source>A laptop that did not hold the pen wrote into a text; what it wrote does not count.</source>
        <translation>Un portátil que no llevaba la redacción escribió en un texto; lo que escribió no cuenta.</translation>
    </message>
    <message>
        <source>Anything about the conversation: it is signed for nobody and is in no such file.</source>
        <translation>Nada sobre la conversación: no se firma para nadie y no figura en ningún archivo de este tipo.</translation>
    </message>
    <message>
        <source>Changes of membership by somebody who had no authority; they count for nothing.</source>
        <translation>Cambios en la composición hechos por alguien que no tenía autoridad; no cuentan.</translation>
    </message>
    <message>
        <source>Checking took longer than allowed.</source>
        <translation>La comprobación duró más de lo permitido.</translation>
    </message>
    <message>
        <source>Checkpoints that do not say what their own place says; they prove nothing.</source>
        <translation>Puntos de control que no dicen lo que dice su propio lugar; no demuestran nada.</translation>
    </message>
    <message>
        <source>Each entry verifies, but the file as a whole is not what was signed: its first line was changed.</source>
        <translation>Cada entrada se verifica, pero el archivo en su conjunto no es lo que se firmó: se cambió su primera línea.</translation>
    </message>
    <message>
        <source>Entries of a delegation that knew of its own removal; they count for nothing.</source>
        <translation>Entradas de una delegación que conocía su propia exclusión; no cuentan.</translation>
    </message>
    <message>
        <source>Entries of kinds this version does not know: signed as they should be, not read.</source>
        <translation>Entradas de tipos que esta versión no conoce: firmadas como corresponde, no leídas.</translation>
    </message>
    <message>
        <source>Entries that name something else as the one before them.</source>
        <translation>Entradas que indican otra cosa como la anterior a ellas.</translation>
    </message>
    <message>
        <source>Entries that others name and that are not in this file.</source>
        <translation>Entradas que otras nombran y que no están en este archivo.</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, lie outside the term of the laptop&apos;s certificate.</source>
        <translation>Entradas que, según el reloj de su propio autor, quedan fuera del período de validez del certificado del portátil.</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, were made after the laptop was revoked.</source>
        <translation>Entradas que, según el reloj de su propio autor, se hicieron después de que se revocara el portátil.</translation>
    </message>
    <message>
        <source>First in line {0}.</source>
        <translation>Primera en la línea {0}.</translation>
    </message>
    <message>
        <source>It belongs to another room.</source>
        <translation>Pertenece a otra sala.</translation>
    </message>
    <message>
        <source>It does not stand where the one order of such a file puts it.</source>
        <translation>No está donde lo sitúa el único orden de un archivo de este tipo.</translation>
    </message>
    <message>
        <source>It gives a laptop other keys than its earlier certificate.</source>
        <translation>Da a un portátil claves distintas de las de su certificado anterior.</translation>
    </message>
    <message>
        <source>It holds a key that must not be used.</source>
        <translation>Contiene una clave que no debe usarse.</translation>
    </message>
    <message>
        <source>It holds an internal room and is not marked as an own archive, or the other way round.</source>
        <translation>Contiene una sala interna y no está marcado como archivo histórico propio, o a la inversa.</translation>
    </message>
    <message>
        <source>It is larger than an evidence file may be.</source>
        <translation>Es mayor de lo que puede ser un archivo de prueba.</translation>
    </message>
    <message>
        <source>It is not in the one form that is signed.</source>
        <translation>No tiene la única forma que se firma.</translation>
    </message>
    <message>
        <source>It names another delegation than the certificate of its laptop.</source>
        <translation>Nombra una delegación distinta de la del certificado de su portátil.</translation>
    </message>
    <message>
        <source>It stands in the file twice.</source>
        <translation>Figura dos veces en el archivo.</translation>
    </message>
    <message>
        <source>It was written by a later version of Valise.</source>
        <translation>Lo escribió una versión posterior de Valise.</translation>
    </message>
    <message>
        <source>Its author was never a member of the room.</source>
        <translation>Su autor nunca fue miembro de la sala.</translation>
    </message>
    <message>
        <source>Its content is not that of such an entry.</source>
        <translation>Su contenido no es el de una entrada de este tipo.</translation>
    </message>
    <message>
        <source>Its fields are not those of such an entry.</source>
        <translation>Sus campos no son los de una entrada de este tipo.</translation>
    </message>
    <message>
        <source>Its identifier is not the hash of its bytes.</source>
        <translation>Su identificador no es el hash de sus bytes.</translation>
    </message>
    <message>
        <source>Its line number does not fit: a line was removed, added, doubled or moved.</source>
        <translation>Su número de línea no concuerda: se quitó, añadió, duplicó o trasladó una línea.</translation>
    </message>
    <message>
        <source>Its log is complete from 1 to {0}.</source>
        <translation>Su diario está completo de 1 a {0}.</translation>
    </message>
    <message>
        <source>Its log reaches {0} and has two histories.</source>
        <translation>Su diario llega hasta {0} y tiene dos historias.</translation>
    </message>
    <message>
        <source>Its log reaches {0}; missing: {1}.</source>
        <translation>Su diario llega hasta {0}; falta: {1}.</translation>
    </message>
    <message>
        <source>Its signature does not verify.</source>
        <translation>Su firma no se verifica.</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: NOT the same.</source>
        <translation>Sus palabras se calcularon de nuevo a partir de las entradas: NO son las mismas.</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: the same.</source>
        <translation>Sus palabras se calcularon de nuevo a partir de las entradas: son las mismas.</translation>
    </message>
    <message>
        <source>Its words were not computed again.</source>
        <translation>Sus palabras no se calcularon de nuevo.</translation>
    </message>
    <message>
        <source>Line {0}, {1}. {2}</source>
        <translation>Línea {0}, {1}. {2}</translation>
    </message>
    <message>
        <source>Line {0}. {1}</source>
        <translation>Línea {0}. {1}</translation>
    </message>
    <message>
        <source>Number: {0}.</source>
        <translation>Número: {0}.</translation>
    </message>
    <message>
        <source>Place {0} of its log.</source>
        <translation>Lugar {0} de su diario.</translation>
    </message>
    <message>
        <source>Said nothing in this room.</source>
        <translation>No ha dicho nada en esta sala.</translation>
    </message>
    <message>
        <source>Something follows the signed last line.</source>
        <translation>Hay algo después de la última línea firmada.</translation>
    </message>
    <message>
        <source>That nobody withheld the newest entries. Up to a checkpoint nothing can be missing without showing above.</source>
        <translation>Que nadie ocultara las entradas más recientes. Hasta un punto de control no puede faltar nada sin que se vea más arriba.</translation>
    </message>
    <message>
        <source>The certificate of its laptop does not give the right to it.</source>
        <translation>El certificado de su portátil no da derecho a ello.</translation>
    </message>
    <message>
        <source>The content of attached files: only their names, sizes and SHA-256 are here.</source>
        <translation>El contenido de los archivos adjuntos: aquí solo están sus nombres, tamaños y SHA-256.</translation>
    </message>
    <message>
        <source>The file holds no card of its delegation.</source>
        <translation>El archivo no contiene ninguna tarjeta de su delegación.</translation>
    </message>
    <message>
        <source>The file holds no certificate of the laptop that is named as its author.</source>
        <translation>El archivo no contiene ningún certificado del portátil que se nombra como su autor.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>El archivo está vacío.</translation>
    </message>
    <message>
        <source>The first line counts other entries than there are.</source>
        <translation>La primera línea cuenta un número de entradas distinto del que hay.</translation>
    </message>
    <message>
        <source>The line is not ended: the file was cut or is still being written.</source>
        <translation>La línea no está terminada: el archivo se cortó o aún se está escribiendo.</translation>
    </message>
    <message>
        <source>The newest changes of membership do not know of each other; removal counts.</source>
        <translation>Los cambios más recientes en la composición no se conocen entre sí; prevalece la exclusión.</translation>
    </message>
    <message>
        <source>The pen of a text was recovered or settled by votes: its words were not computed again.</source>
        <translation>La redacción de un texto se recuperó o se resolvió por votación: sus palabras no se calcularon de nuevo.</translation>
    </message>
    <message>
        <source>The signed last line is missing: the file was cut.</source>
        <translation>Falta la última línea firmada: el archivo se cortó.</translation>
    </message>
    <message>
        <source>The words of a joint statement do not have the hash that is signed on to.</source>
        <translation>Las palabras de una declaración conjunta no tienen el hash al que se refieren las adhesiones.</translation>
    </message>
    <message>
        <source>The words of a revision, computed again, do not have the hash that was signed.</source>
        <translation>Las palabras de una revisión, calculadas de nuevo, no tienen el hash que se firmó.</translation>
    </message>
    <message>
        <source>This is not an evidence file of Valise.</source>
        <translation>Este no es un archivo de prueba de Valise.</translation>
    </message>
    <message>
        <source>Two delegations certified one laptop.</source>
        <translation>Dos delegaciones certificaron un mismo portátil.</translation>
    </message>
    <message>
        <source>Two versions of a text were written from one: its words were computed up to there only.</source>
        <translation>De un mismo texto se escribieron dos versiones: sus palabras se calcularon solo hasta ese punto.</translation>
    </message>
    <message>
        <source>What founded the room had no authority to.</source>
        <translation>Lo que fundó la sala no tenía autoridad para ello.</translation>
    </message>
    <message>
        <source>What founded the room is not in the file.</source>
        <translation>Lo que fundó la sala no está en el archivo.</translation>
    </message>
    <message>
        <source>When anything was said: the times are what each author&apos;s own clock claimed.</source>
        <translation>Cuándo se dijo algo: las horas son las que indicó el reloj de cada autor.</translation>
    </message>
    <message>
        <source>Who stands behind a fingerprint: compare it with one you had from that delegation by another way.</source>
        <translation>Quién está detrás de una huella: compárela con otra que haya recibido de esa delegación por otra vía.</translation>
    </message>
    <message>
        <source>a card</source>
        <translation>una tarjeta</translation>
    </message>
    <message>
        <source>a certificate</source>
        <translation>un certificado</translation>
    </message>
    <message>
        <source>an entry of the record</source>
        <translation>una entrada del acta</translation>
    </message>
    <message>
        <source>signed on</source>
        <translation>adhesión</translation>
    </message>
    <message>
        <source>signed on late, admitted</source>
        <translation>adhesión tardía, admitida</translation>
    </message>
    <message>
        <source>signed on late, not admitted</source>
        <translation>adhesión tardía, no admitida</translation>
    </message>
    <message>
        <source>signed other words</source>
        <translation>firmó otras palabras</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>el archivo</translation>
    </message>
    <message>
        <source>the first line</source>
        <translation>la primera línea</translation>
    </message>
    <message>
        <source>the last line</source>
        <translation>la última línea</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>retiró su nombre</translation>
    </message>
</context>
<context>
    <name>exchange</name>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come.</source>
        <translation>
            <numerusform>%n sobre se conserva sellado hasta que llegue su clave.</numerusform>
            <numerusform>%n sobres se conservan sellados hasta que lleguen sus claves.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n archivo</numerusform>
            <numerusform>%n archivos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n elemento</numerusform>
            <numerusform>%n elementos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items wait</source>
        <translation>
            <numerusform>%n elemento en espera</numerusform>
            <numerusform>%n elementos en espera</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new things came.</source>
        <translation>
            <numerusform>Llegó %n novedad.</numerusform>
            <numerusform>Llegaron %n novedades.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things in it were new.</source>
        <translation>
            <numerusform>%n elemento de él era nuevo.</numerusform>
            <numerusform>%n elementos de él eran nuevos.</numerusform>
        </translation>
    </message>
    <message>
        <source>A relay without an agent never confirms by itself: save the revocations for its operator.</source>
        <translation>Un repetidor sin agente nunca confirma por sí solo: guarde las revocaciones para su operador.</translation>
    </message>
    <message>
        <source>A sealed file on a stick</source>
        <translation>Un archivo sellado en una memoria USB</translation>
    </message>
    <message numerus="yes">
        <source>All %Ln envelopes verified.</source>
        <translation>
            <numerusform>El único sobre se verificó.</numerusform>
            <numerusform>Los %Ln sobres se verificaron.</numerusform>
        </translation>
    </message>
    <message>
        <source>Always possible</source>
        <translation>Siempre posible</translation>
    </message>
    <message>
        <source>Another way</source>
        <translation>Otra vía</translation>
    </message>
    <message>
        <source>Ask for the bundle once more; what came in is kept.</source>
        <translation>Pida el paquete una vez más; lo que entró se conserva.</translation>
    </message>
    <message>
        <source>Ask its operator for a new file and open it here. What waits is kept; a courier can take it.</source>
        <translation>Pida a su operador un archivo nuevo y ábralo aquí. Lo que espera se conserva; puede llevarlo un mensajero.</translation>
    </message>
    <message>
        <source>Bundles (*.valise);;All files (*)</source>
        <translation>Paquetes (*.valise);;Todos los archivos (*)</translation>
    </message>
    <message numerus="yes">
        <source>Bundles {0} of {1} have not come.</source>
        <translation>
            <numerusform>No ha llegado el paquete {0} de {1}.</numerusform>
            <numerusform>No han llegado los paquetes {0} de {1}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be reached</source>
        <translation>Inaccesible</translation>
    </message>
    <message>
        <source>Connecting to the relay…</source>
        <translation>Conectando con el repetidor…</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Conectando…</translation>
    </message>
    <message>
        <source>Courier</source>
        <translation>Mensajero</translation>
    </message>
    <message numerus="yes">
        <source>Damaged or cut off: {0} of %n envelopes were whole and came in.</source>
        <translation>
            <numerusform>Dañado o cortado; sobres que estaban íntegros y entraron: {0} de %n.</numerusform>
            <numerusform>Dañado o cortado; sobres que estaban íntegros y entraron: {0} de %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drop them to open %n bundles</source>
        <translation>
            <numerusform>Suéltelo para abrir el paquete</numerusform>
            <numerusform>Suéltelos para abrir %n paquetes</numerusform>
        </translation>
    </message>
    <message>
        <source>Ends soon</source>
        <translation>Termina pronto</translation>
    </message>
    <message>
        <source>Exchange folder connected</source>
        <translation>Carpeta de intercambio conectada</translation>
    </message>
    <message>
        <source>Exchange folder not reachable</source>
        <translation>Carpeta de intercambio inaccesible</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Carpeta</translation>
    </message>
    <message numerus="yes">
        <source>For %n delegations</source>
        <translation>
            <numerusform>Para %n delegación</numerusform>
            <numerusform>Para %n delegaciones</numerusform>
        </translation>
    </message>
    <message>
        <source>For laptops that share a drive.</source>
        <translation>Para portátiles que comparten una unidad.</translation>
    </message>
    <message>
        <source>For the next bundle</source>
        <translation>Para el próximo paquete</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>De {0}</translation>
    </message>
    <message>
        <source>Has ended</source>
        <translation>Ha terminado</translation>
    </message>
    <message>
        <source>If that stick still comes, open it too; if not, take a bundle back: it asks for what was in it.</source>
        <translation>Si esa memoria USB aún llega, ábrala también; si no, lleve un paquete de vuelta: en él se pide lo que contenía.</translation>
    </message>
    <message>
        <source>In trouble</source>
        <translation>Con problemas</translation>
    </message>
    <message>
        <source>It can lose, hold back or stop. Nothing is lost by that: what is not confirmed stays here and is sent again.</source>
        <translation>Puede perder, retener o dejar de funcionar. No se pierde nada por ello: lo que no está confirmado permanece aquí y se envía de nuevo.</translation>
    </message>
    <message>
        <source>It does not see: any word, title or file, who signed what, or what a delegation is called here.</source>
        <translation>No ve: ninguna palabra, título ni archivo, quién firmó qué, ni cómo se llama aquí una delegación.</translation>
    </message>
    <message>
        <source>It is tried again by itself. You can take it by courier meanwhile.</source>
        <translation>Se intenta de nuevo automáticamente. Entretanto puede llevarlo por mensajero.</translation>
    </message>
    <message>
        <source>It sees: that your laptops and those of your correspondents connect, from where, when, and how much they send.</source>
        <translation>Ve: que sus portátiles y los de sus interlocutores se conectan, desde dónde, cuándo y cuánto envían.</translation>
    </message>
    <message>
        <source>It took {0} ms.</source>
        <translation>Tardó {0} ms.</translation>
    </message>
    <message>
        <source>It took {0} ms; the relay runs version {1}.</source>
        <translation>Tardó {0} ms; el repetidor tiene la versión {1}.</translation>
    </message>
    <message>
        <source>Its relay cannot be reached</source>
        <translation>No se puede conectar con su repetidor</translation>
    </message>
    <message>
        <source>Its relay cannot be reached.</source>
        <translation>No se puede conectar con su repetidor.</translation>
    </message>
    <message>
        <source>Its relay is too old</source>
        <translation>Su repetidor es demasiado antiguo</translation>
    </message>
    <message>
        <source>Last bundle {0}</source>
        <translation>Último paquete: {0}</translation>
    </message>
    <message>
        <source>Last exchange {0}</source>
        <translation>Último intercambio: {0}</translation>
    </message>
    <message>
        <source>Look at it under Contacts.</source>
        <translation>Véalo en Contactos.</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>Consultando la carpeta…</translation>
    </message>
    <message>
        <source>Made before another one that came already: it filled a gap.</source>
        <translation>Preparado antes que otro que ya llegó: llenó un vacío.</translation>
    </message>
    <message>
        <source>Make a bundle, or open one that was brought.</source>
        <translation>Prepare un paquete o abra uno que le hayan traído.</translation>
    </message>
    <message>
        <source>Make a bundle; it stays listed here until {0} has confirmed it.</source>
        <translation>Prepare un paquete; sigue figurando aquí hasta que {0} lo haya confirmado.</translation>
    </message>
    <message>
        <source>May write</source>
        <translation>Puede escribir</translation>
    </message>
    <message>
        <source>New, and taken in.</source>
        <translation>Nuevo, e incorporado.</translation>
    </message>
    <message>
        <source>Next try {0}</source>
        <translation>Próximo intento: {0}</translation>
    </message>
    <message>
        <source>No bundle made yet</source>
        <translation>Todavía no se ha preparado ningún paquete</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>Todavía no hay ningún intercambio</translation>
    </message>
    <message>
        <source>No folder is chosen</source>
        <translation>No se ha elegido ninguna carpeta</translation>
    </message>
    <message>
        <source>No relay is used</source>
        <translation>No se usa ningún repetidor</translation>
    </message>
    <message>
        <source>No room is left there</source>
        <translation>No queda espacio allí</translation>
    </message>
    <message>
        <source>No way leads to {0}: it gave no address of a relay, and no folder is shared with it.</source>
        <translation>Ninguna vía llega a {0}: no ha dado la dirección de un repetidor y no se comparte ninguna carpeta con esa delegación.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Ninguna</translation>
    </message>
    <message>
        <source>Not proved to be its relay</source>
        <translation>No se ha demostrado que sea su repetidor</translation>
    </message>
    <message>
        <source>Not set up</source>
        <translation>Sin configurar</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nada</translation>
    </message>
    <message>
        <source>Nothing has to be reached for the courier: it takes a sealed file.</source>
        <translation>Para el mensajero no hay que establecer ninguna conexión: lleva un archivo sellado.</translation>
    </message>
    <message>
        <source>Nothing is lost if the stick is: everything in it stays listed as waiting here until it is confirmed.</source>
        <translation>No se pierde nada si se pierde la memoria USB: todo lo que contiene sigue figurando aquí como en espera hasta que se confirme.</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Nada salió de este dispositivo sin sellar.</translation>
    </message>
    <message>
        <source>Nothing reaches it</source>
        <translation>No hay vía que llegue</translation>
    </message>
    <message>
        <source>Nothing to do: it confirms by itself when it is connected next.</source>
        <translation>No hay nada que hacer: confirma por sí sola la próxima vez que se conecte.</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>No hay nada en espera</translation>
    </message>
    <message>
        <source>On its way, not yet confirmed</source>
        <translation>En camino, aún sin confirmar</translation>
    </message>
    <message>
        <source>Only relays of correspondents</source>
        <translation>Solo repetidores de interlocutores</translation>
    </message>
    <message>
        <source>Put at {0} for {1}; it has not confirmed it yet.</source>
        <translation>Depositado en {0} para {1}; todavía no lo ha confirmado.</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>Repetidor</translation>
    </message>
    <message>
        <source>Relay and exchange folder connected</source>
        <translation>Repetidor y carpeta de intercambio conectados</translation>
    </message>
    <message>
        <source>Relay and exchange folder not reachable</source>
        <translation>Repetidor y carpeta de intercambio inaccesibles</translation>
    </message>
    <message>
        <source>Relay connected</source>
        <translation>Repetidor conectado</translation>
    </message>
    <message>
        <source>Relay not reachable</source>
        <translation>Repetidor inaccesible</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>Revocado</translation>
    </message>
    <message>
        <source>Revoking</source>
        <translation>Revocación en curso</translation>
    </message>
    <message>
        <source>Sealed, only on this device: no relay and no folder is set</source>
        <translation>Sellado, solo en este dispositivo: no se ha configurado repetidor ni carpeta</translation>
    </message>
    <message>
        <source>Stopped at the proxy</source>
        <translation>Detenido en el proxy</translation>
    </message>
    <message>
        <source>Stopped until you decide</source>
        <translation>Detenido hasta que usted decida</translation>
    </message>
    <message>
        <source>Take what waits by courier, choose a shared folder, or ask it for a card with permission to write to its relay.</source>
        <translation>Lleve por mensajero lo que espera, elija una carpeta compartida o pídale una tarjeta con permiso para escribir a su repetidor.</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Retirado</translation>
    </message>
    <message>
        <source>The exchange folder cannot be reached since {0}.</source>
        <translation>No se puede acceder a la carpeta de intercambio (desde: {0}).</translation>
    </message>
    <message>
        <source>The exchange folder could not be reached yet.</source>
        <translation>Todavía no se ha podido acceder a la carpeta de intercambio.</translation>
    </message>
    <message>
        <source>The exchange folder works.</source>
        <translation>La carpeta de intercambio funciona.</translation>
    </message>
    <message>
        <source>The folder cannot be reached</source>
        <translation>No se puede acceder a la carpeta</translation>
    </message>
    <message>
        <source>The folder cannot be reached.</source>
        <translation>No se puede acceder a la carpeta.</translation>
    </message>
    <message>
        <source>The permission has ended</source>
        <translation>El permiso ha terminado</translation>
    </message>
    <message>
        <source>The relay cannot be reached since {0}.</source>
        <translation>No se puede conectar con el repetidor (desde: {0}).</translation>
    </message>
    <message>
        <source>The relay could not be reached yet.</source>
        <translation>Todavía no se ha podido conectar con el repetidor.</translation>
    </message>
    <message>
        <source>The relay has not confirmed what was revoked; it is asked again by itself.</source>
        <translation>El repetidor no ha confirmado lo revocado; se le vuelve a preguntar automáticamente.</translation>
    </message>
    <message>
        <source>The relay refuses it</source>
        <translation>El repetidor lo rechaza</translation>
    </message>
    <message>
        <source>The relay works.</source>
        <translation>El repetidor funciona.</translation>
    </message>
    <message>
        <source>This bundle came before; nothing in it is new.</source>
        <translation>Este paquete ya había llegado; no contiene nada nuevo.</translation>
    </message>
    <message>
        <source>This bundle is for somebody else. It cannot be opened here and was not changed.</source>
        <translation>Este paquete es para otro destinatario. No puede abrirse aquí y no se ha cambiado.</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>Esto no es un paquete de Valise.</translation>
    </message>
    <message>
        <source>This laptop&apos;s delegation made this bundle: it is for those it was made for.</source>
        <translation>Este paquete lo preparó la delegación de este portátil: es para aquellos para quienes se preparó.</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ended on {0}.</source>
        <translation>El permiso de este portátil para usar el repetidor terminó el {0}.</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ends on {0}.</source>
        <translation>El permiso de este portátil para usar el repetidor termina el {0}.</translation>
    </message>
    <message>
        <source>Tick at least one delegation.</source>
        <translation>Marque al menos una delegación.</translation>
    </message>
    <message>
        <source>Tried just now: {0}.</source>
        <translation>Se acaba de intentar: {0}.</translation>
    </message>
    <message>
        <source>Until it does, something may still be put there with that permission.</source>
        <translation>Hasta que lo haga, puede que todavía se deposite algo allí con ese permiso.</translation>
    </message>
    <message>
        <source>We may write</source>
        <translation>Podemos escribir</translation>
    </message>
    <message>
        <source>What is for {0} waits since {1} for the next bundle.</source>
        <translation>Lo destinado a {0} espera al próximo paquete (desde: {1}).</translation>
    </message>
    <message>
        <source>What you write to {0} waits since {1}: sending is stopped until you decide.</source>
        <translation>Lo que usted escribe a {0} está en espera (desde: {1}): el envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Funciona</translation>
    </message>
    <message>
        <source>Written to the end, read back from there, and equal.</source>
        <translation>Escrito hasta el final, releído desde allí e idéntico.</translation>
    </message>
    <message>
        <source>You need the file of an operator.</source>
        <translation>Necesita el archivo de un operador.</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>unos {0}</translation>
    </message>
    <message>
        <source>ask it for a new one</source>
        <translation>pídale uno nuevo</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automática</translation>
    </message>
    <message>
        <source>bundle {0}</source>
        <translation>paquete {0}</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>elegida por usted</translation>
    </message>
    <message>
        <source>connecting to the relay</source>
        <translation>conectando con el repetidor</translation>
    </message>
    <message>
        <source>folder connected</source>
        <translation>carpeta conectada</translation>
    </message>
    <message>
        <source>given {0}</source>
        <translation>dado: {0}</translation>
    </message>
    <message>
        <source>in a card handed over</source>
        <translation>en una tarjeta entregada</translation>
    </message>
    <message>
        <source>it answered</source>
        <translation>respondió</translation>
    </message>
    <message>
        <source>it proved that it is the relay</source>
        <translation>demostró que es el repetidor</translation>
    </message>
    <message>
        <source>it was read back and is equal</source>
        <translation>se releyó y es idéntico</translation>
    </message>
    <message>
        <source>it was taken away again</source>
        <translation>se quitó de nuevo</translation>
    </message>
    <message>
        <source>known by its own key</source>
        <translation>conocido por su propia clave</translation>
    </message>
    <message>
        <source>known by the authorities of this computer</source>
        <translation>conocido por las autoridades de este equipo</translation>
    </message>
    <message>
        <source>last bundle {0}</source>
        <translation>último paquete {0}</translation>
    </message>
    <message>
        <source>last heard {0}</source>
        <translation>última noticia: {0}</translation>
    </message>
    <message>
        <source>looking at the folder</source>
        <translation>consultando la carpeta</translation>
    </message>
    <message>
        <source>made {0}</source>
        <translation>preparado {0}</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nunca</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>aún sin enviar</translation>
    </message>
    <message>
        <source>noted by you; no answer yet</source>
        <translation>anotado por usted; sin respuesta todavía</translation>
    </message>
    <message>
        <source>nothing more is taken with it</source>
        <translation>con él no se acepta nada más</translation>
    </message>
    <message>
        <source>our mailbox is there</source>
        <translation>nuestro buzón está allí</translation>
    </message>
    <message>
        <source>relay connected</source>
        <translation>repetidor conectado</translation>
    </message>
    <message>
        <source>sealed, over the exchange</source>
        <translation>sellado, por el intercambio</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>desde el {0}</translation>
    </message>
    <message>
        <source>something was written</source>
        <translation>se escribió algo</translation>
    </message>
    <message>
        <source>the relay has not confirmed yet</source>
        <translation>el repetidor aún no lo ha confirmado</translation>
    </message>
    <message>
        <source>through the proxy</source>
        <translation>a través del proxy</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>hasta el {0}</translation>
    </message>
    <message>
        <source>waiting: {0}, since {1}</source>
        <translation>en espera: {0} (desde: {1})</translation>
    </message>
    <message>
        <source>without an end</source>
        <translation>sin fecha de término</translation>
    </message>
    <message>
        <source>{0} What is for {1} waits since {2} and is kept.</source>
        <translation>{0} Lo destinado a {1} está en espera (desde: {2}) y se conserva.</translation>
    </message>
    <message>
        <source>{0} has confirmed everything.</source>
        <translation>{0} lo ha confirmado todo.</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n envelopes verified.</source>
        <translation>
            <numerusform>Sobres verificados: {0} de %n.</numerusform>
            <numerusform>Sobres verificados: {0} de %n.</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} of {1} confirmed</source>
        <translation>{0} de {1} confirmados</translation>
    </message>
    <message>
        <source>{0}, everything stays sealed on this device</source>
        <translation>{0}; todo permanece sellado en este dispositivo</translation>
    </message>
    <message>
        <source>{0}, with trouble</source>
        <translation>{0}, con problemas</translation>
    </message>
    <message numerus="yes">
        <source>{0}, {1}, %Ln sealed envelopes</source>
        <translation>
            <numerusform>{0}, {1}, %Ln sobre sellado</numerusform>
            <numerusform>{0}, {1}, %Ln sobres sellados</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: nothing but the word of what came from there.</source>
        <translation>{0}: nada más que la constancia de lo que llegó de allí.</translation>
    </message>
    <message>
        <source>{0}: {1}, about {2}.</source>
        <translation>{0}: {1}, unos {2}.</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>A program that reads the file back does not find exactly: {0}.</source>
        <translation>Un programa que relea el archivo no encuentra con exactitud: {0}.</translation>
    </message>
    <message>
        <source>Another format</source>
        <translation>Otro formato</translation>
    </message>
    <message>
        <source>As found in the file, by {0}.</source>
        <translation>Tal como figura en el archivo, por {0}.</translation>
    </message>
    <message>
        <source>As found in the file.</source>
        <translation>Tal como figura en el archivo.</translation>
    </message>
    <message>
        <source>By delegation</source>
        <translation>Por delegación</translation>
    </message>
    <message>
        <source>Cannot be proposed on the text as it stands now.</source>
        <translation>No se puede proponer respecto del texto tal como está ahora.</translation>
    </message>
    <message>
        <source>Cannot be proposed: the pen has changed this paragraph since the file was made.</source>
        <translation>No se puede proponer: la delegación redactora ha cambiado este párrafo desde que se elaboró el archivo.</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is agreed or closed.</source>
        <translation>No se puede proponer: este párrafo está acordado o cerrado.</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is no longer in the text.</source>
        <translation>No se puede proponer: este párrafo ya no está en el texto.</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>Limpio</translation>
    </message>
    <message>
        <source>Compilation</source>
        <translation>Recopilación</translation>
    </message>
    <message>
        <source>Every proposed change under its delegation; positions and remarks beside the text.</source>
        <translation>Cada cambio propuesto con el nombre de su delegación; las posiciones y observaciones al lado del texto.</translation>
    </message>
    <message>
        <source>Every proposed change written into the words, in brackets with its delegations.</source>
        <translation>Cada cambio propuesto incorporado a las palabras, entre corchetes y con sus delegaciones.</translation>
    </message>
    <message numerus="yes">
        <source>Make %n remarks</source>
        <translation>
            <numerusform>Hacer %n observación</numerusform>
            <numerusform>Hacer %n observaciones</numerusform>
        </translation>
    </message>
    <message>
        <source>No proposed change</source>
        <translation>Ningún cambio propuesto</translation>
    </message>
    <message>
        <source>Notation of negotiation, as text</source>
        <translation>Notación de negociación, como texto</translation>
    </message>
    <message>
        <source>PDF, to print and to read</source>
        <translation>PDF, para imprimir y leer</translation>
    </message>
    <message>
        <source>Paragraphs: {0}</source>
        <translation>Párrafos: {0}</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>Texto sin formato</translation>
    </message>
    <message>
        <source>Positions and remarks left out: {0}</source>
        <translation>Posiciones y observaciones omitidas: {0}</translation>
    </message>
    <message>
        <source>Positions and remarks: {0}</source>
        <translation>Posiciones y observaciones: {0}</translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes</source>
        <translation>
            <numerusform>Proponer %n cambio</numerusform>
            <numerusform>Proponer %n cambios</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes, {remarks}</source>
        <translation>
            <numerusform>Proponer %n cambio, {remarks}</numerusform>
            <numerusform>Proponer %n cambios, {remarks}</numerusform>
        </translation>
    </message>
    <message>
        <source>Proposed changes left out: {0}</source>
        <translation>Cambios propuestos omitidos: {0}</translation>
    </message>
    <message>
        <source>Proposed changes: {0}, by delegations: {1}</source>
        <translation>Cambios propuestos: {0}, por delegaciones: {1}</translation>
    </message>
    <message>
        <source>The words as they stand: no proposed change, no status, no remark.</source>
        <translation>Las palabras tal como están: sin cambios propuestos, situación ni observaciones.</translation>
    </message>
    <message>
        <source>Tracked changes</source>
        <translation>Con control de cambios</translation>
    </message>
    <message>
        <source>UN XML (Akoma Ntoso)</source>
        <translation>XML de las Naciones Unidas (Akoma Ntoso)</translation>
    </message>
    <message>
        <source>Under each delegation the paragraphs it wants otherwise, with its own changes.</source>
        <translation>Para cada delegación, los párrafos que quiere de otro modo, con sus propios cambios.</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>Página web</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Documento de Word</translation>
    </message>
    <message numerus="yes">
        <source>make %n remarks</source>
        <translation>
            <numerusform>hacer %n observación</numerusform>
            <numerusform>hacer %n observaciones</numerusform>
        </translation>
    </message>
    <message>
        <source>proposed changes</source>
        <translation>los cambios propuestos</translation>
    </message>
    <message>
        <source>remarks</source>
        <translation>las observaciones</translation>
    </message>
    <message>
        <source>the language</source>
        <translation>el idioma</translation>
    </message>
    <message>
        <source>the numbers of paragraphs</source>
        <translation>los números de los párrafos</translation>
    </message>
    <message>
        <source>the title</source>
        <translation>el título</translation>
    </message>
    <message>
        <source>what is agreed and what is open</source>
        <translation>qué está acordado y qué está abierto</translation>
    </message>
    <message>
        <source>where some paragraphs begin and end</source>
        <translation>dónde empiezan y terminan algunos párrafos</translation>
    </message>
</context>
<context>
    <name>fonts</name>
    <message>
        <source>Add the fonts of these languages in the settings of the system, then start Valise again.</source>
        <translation>Añada las fuentes de estos idiomas en los ajustes del sistema y después inicie Valise de nuevo.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Árabe</translation>
    </message>
    <message>
        <source>Armenian</source>
        <translation>Armenio</translation>
    </message>
    <message>
        <source>Ask who looks after this computer to install {0} (Debian, Ubuntu), then start Valise again. What is stored and sent is not touched by this.</source>
        <translation>Pida a quien se ocupa de este equipo que instale {0} (Debian, Ubuntu) y después inicie Valise de nuevo. Esto no afecta a lo que se conserva y se envía.</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>Bengalí</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chino</translation>
    </message>
    <message>
        <source>Cyrillic</source>
        <translation>Cirílico</translation>
    </message>
    <message>
        <source>Devanagari</source>
        <translation>Devanagari</translation>
    </message>
    <message>
        <source>Georgian</source>
        <translation>Georgiano</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>Griego</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>Hebreo</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>Japonés</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>Coreano</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>Tailandés</translation>
    </message>
    <message>
        <source>This computer has no letters for: {0}. Such text is shown as boxes.</source>
        <translation>Este equipo no tiene letras para: {0}. Ese texto se muestra como recuadros.</translation>
    </message>
</context>
<context>
    <name>guide</name>
    <message>
        <source> or </source>
        <translation> o </translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>En todas partes</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Guía</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>hygiene</name>
    <message>
        <source>A second laptop</source>
        <translation>Un segundo portátil</translation>
    </message>
    <message>
        <source>About Valise…</source>
        <translation>Acerca de Valise…</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>Hacer una copia de seguridad…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Copia de seguridad</translation>
    </message>
    <message>
        <source>Change it…</source>
        <translation>Cambiarla…</translation>
    </message>
    <message>
        <source>Check now…</source>
        <translation>Comprobar ahora…</translation>
    </message>
    <message>
        <source>Check of this vault</source>
        <translation>Comprobación de esta bóveda</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Comparar…</translation>
    </message>
    <message>
        <source>Contacts compared</source>
        <translation>Contactos comparados</translation>
    </message>
    <message>
        <source>Delegations nobody has compared yet: {n}.</source>
        <translation>Delegaciones con las que nadie ha comparado todavía: {n}.</translation>
    </message>
    <message>
        <source>Does not pass</source>
        <translation>No superado</translation>
    </message>
    <message>
        <source>Every delegation you exchange with was compared or is vouched for.</source>
        <translation>Cada delegación con la que intercambia se comparó o está avalada.</translation>
    </message>
    <message>
        <source>Everything verified {when}.</source>
        <translation>Todo verificado: {when}.</translation>
    </message>
    <message>
        <source>In use since {when}, for more than two years.</source>
        <translation>En uso desde el {when}, más de dos años.</translation>
    </message>
    <message>
        <source>It does not lie beside the vault.</source>
        <translation>No está junto a la bóveda.</translation>
    </message>
    <message>
        <source>It ended on {when}: ask its operator for a new file.</source>
        <translation>Terminó el {when}: pida a su operador un archivo nuevo.</translation>
    </message>
    <message>
        <source>It ends on {when}: ask its operator for a new file.</source>
        <translation>Termina el {when}: pida a su operador un archivo nuevo.</translation>
    </message>
    <message>
        <source>It holds until {when}.</source>
        <translation>Es válido hasta el {when}.</translation>
    </message>
    <message>
        <source>It is protected less than it should be: change it once, and it is sealed anew.</source>
        <translation>Está menos protegida de lo que debería: cámbiela una vez y se sella de nuevo.</translation>
    </message>
    <message>
        <source>It still lies beside the vault: whoever takes this laptop takes both.</source>
        <translation>Sigue estando junto a la bóveda: quien se lleve este portátil se lleva ambas cosas.</translation>
    </message>
    <message>
        <source>Key file of the delegation</source>
        <translation>Archivo de clave de la delegación</translation>
    </message>
    <message>
        <source>Laptops of your delegation in use: {n}.</source>
        <translation>Portátiles de su delegación en uso: {n}.</translation>
    </message>
    <message>
        <source>Last checked {when}, more than a week ago.</source>
        <translation>Última comprobación: {when}, hace más de una semana.</translation>
    </message>
    <message>
        <source>Last rehearsed {when}, more than a year ago.</source>
        <translation>Último ensayo: {when}, hace más de un año.</translation>
    </message>
    <message>
        <source>Locking by itself</source>
        <translation>Bloqueo automático</translation>
    </message>
    <message>
        <source>Made, and last rehearsed {when}.</source>
        <translation>Hechos; último ensayo: {when}.</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>Hechos y nunca ensayados: solo un ensayo muestra que el papel es correcto.</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>Trasladarlo…</translation>
    </message>
    <message>
        <source>None was made: what is only here goes with this laptop.</source>
        <translation>No se ha hecho ninguna: lo que está solo aquí se pierde con este portátil.</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>Aún sin comprobar.</translation>
    </message>
    <message>
        <source>Our laptops…</source>
        <translation>Nuestros portátiles…</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>Superado</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Frase de contraseña</translation>
    </message>
    <message>
        <source>Permission to use the relay</source>
        <translation>Permiso para usar el repetidor</translation>
    </message>
    <message>
        <source>Protected as it should be; in use since {when}.</source>
        <translation>Protegida como debe estar; en uso desde el {when}.</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Fragmentos de recuperación</translation>
    </message>
    <message>
        <source>Shorten it…</source>
        <translation>Acortarlo…</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>Programa</translation>
    </message>
    <message>
        <source>The check found something wrong.</source>
        <translation>La comprobación encontró algo incorrecto.</translation>
    </message>
    <message>
        <source>The last one is of {when}, and there is news since.</source>
        <translation>La última es del {when}, y desde entonces hay novedades.</translation>
    </message>
    <message>
        <source>The last one is of {when}.</source>
        <translation>La última es del {when}.</translation>
    </message>
    <message numerus="yes">
        <source>The vault locks after %n minutes without a key or the mouse.</source>
        <translation>
            <numerusform>La bóveda se bloquea tras %n minuto sin uso del teclado ni del ratón.</numerusform>
            <numerusform>La bóveda se bloquea tras %n minutos sin uso del teclado ni del ratón.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The vault stays open for %n minutes when nobody is there; ten are enough.</source>
        <translation>
            <numerusform>La bóveda permanece abierta %n minuto cuando no hay nadie; bastan diez.</numerusform>
            <numerusform>La bóveda permanece abierta %n minutos cuando no hay nadie; bastan diez.</numerusform>
        </translation>
    </message>
    <message>
        <source>There are none: when the passphrase is forgotten, nobody can open this vault.</source>
        <translation>No hay ninguno: si se olvida la frase de contraseña, nadie puede abrir esta bóveda.</translation>
    </message>
    <message>
        <source>This does not pass.</source>
        <translation>Esto no está en orden.</translation>
    </message>
    <message>
        <source>This is the only one: if it is lost, the delegation cannot write until another is admitted.</source>
        <translation>Este es el único: si se pierde, la delegación no puede escribir hasta que se admita otro.</translation>
    </message>
    <message>
        <source>To the shares…</source>
        <translation>A los fragmentos…</translation>
    </message>
    <message>
        <source>Version {text} of {when} is more than half a year old: ask who installs it for a newer one.</source>
        <translation>La versión {text} del {when} tiene más de medio año: pida una más reciente a quien la instala.</translation>
    </message>
    <message>
        <source>Version {text} of {when}.</source>
        <translation>Versión {text} del {when}.</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Vías de intercambio…</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n pass. Each of the others has a button that leads to where it is put right.</source>
        <translation>
            <numerusform>Superados: {0} de %n. Cada uno de los demás tiene un botón que lleva a su solución.</numerusform>
            <numerusform>Superados: {0} de %n. Cada uno de los demás tiene un botón que lleva a su solución.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>incidents</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n archivo</numerusform>
            <numerusform>%n archivos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n portátil</numerusform>
            <numerusform>%n portátiles</numerusform>
        </translation>
    </message>
    <message>
        <source>A reply is requested by {0}.</source>
        <translation>Se pide una respuesta antes de: {0}.</translation>
    </message>
    <message>
        <source>Acknowledge receipt</source>
        <translation>Acusar recibo</translation>
    </message>
    <message>
        <source>Acknowledgements</source>
        <translation>Acuses de recibo</translation>
    </message>
    <message>
        <source>An acknowledgement says that it was received. It accepts no fact and agrees with nothing (norm 13 (c)).</source>
        <translation>Un acuse de recibo dice que se recibió. Con él no se acepta ningún hecho ni se da conformidad a nada (norma 13 (c)).</translation>
    </message>
    <message>
        <source>An answer is due in {left}, at {when}.</source>
        <translation>Se espera respuesta en {left}, a más tardar: {when}.</translation>
    </message>
    <message>
        <source>An offer is taken</source>
        <translation>Se ha aceptado un ofrecimiento</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Respuesta</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Respondido</translation>
    </message>
    <message>
        <source>Answered: no time runs.</source>
        <translation>Respondido: no corre ningún plazo.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Árabe</translation>
    </message>
    <message>
        <source>Before the embargo ended ({0}), because: {1}</source>
        <translation>Antes del fin del embargo de difusión ({0}), porque: {1}</translation>
    </message>
    <message>
        <source>Channel and time</source>
        <translation>Canal y tiempo</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chino</translation>
    </message>
    <message>
        <source>Choose among the offers</source>
        <translation>Elija entre los ofrecimientos</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Cerrado</translation>
    </message>
    <message>
        <source>Correction or addition</source>
        <translation>Corrección o adición</translation>
    </message>
    <message>
        <source>Done…</source>
        <translation>Hecha…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Inglés</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Francés</translation>
    </message>
    <message>
        <source>From the directory</source>
        <translation>Del directorio</translation>
    </message>
    <message>
        <source>Help is offered</source>
        <translation>Se ofrece ayuda</translation>
    </message>
    <message>
        <source>Inside our delegation</source>
        <translation>Dentro de nuestra delegación</translation>
    </message>
    <message>
        <source>It has ended: close it</source>
        <translation>Ha terminado: ciérrelo</translation>
    </message>
    <message>
        <source>No longer holds</source>
        <translation>Ya no es válido</translation>
    </message>
    <message>
        <source>No time runs at {tier}: it is as agreed in this case.</source>
        <translation>En {tier} no corre ningún plazo: es el que se acuerde en este caso.</translation>
    </message>
    <message>
        <source>Nobody answered until {when}, and there is no higher channel. Speak to them.</source>
        <translation>Nadie respondió antes de {when} y no hay ningún canal superior. Hable con ellos.</translation>
    </message>
    <message>
        <source>Nobody answered until {when}. {tier} is proposed: nothing happens unless you take it there.</source>
        <translation>Nadie respondió antes de {when}. Se propone {tier}: no ocurre nada a menos que usted lo eleve a ese canal.</translation>
    </message>
    <message>
        <source>Not seen when the incident was closed: it was under way, or said afterwards.</source>
        <translation>No se había visto cuando se cerró el incidente: estaba en camino o se dijo después.</translation>
    </message>
    <message>
        <source>Offer of assistance</source>
        <translation>Ofrecimiento de asistencia</translation>
    </message>
    <message>
        <source>Offer taken back</source>
        <translation>Ofrecimiento retirado</translation>
    </message>
    <message>
        <source>Offers of assistance</source>
        <translation>Ofrecimientos de asistencia</translation>
    </message>
    <message>
        <source>Offers of assistance taken</source>
        <translation>Ofrecimientos de asistencia aceptados</translation>
    </message>
    <message>
        <source>Only your own delegation&apos;s laptops have this. It never leaves.</source>
        <translation>Esto solo lo tienen los portátiles de su propia delegación. Nunca sale.</translation>
    </message>
    <message>
        <source>Opened again</source>
        <translation>Abierto de nuevo</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Puntos de contacto</translation>
    </message>
    <message>
        <source>Receipt acknowledged</source>
        <translation>Recibo acusado</translation>
    </message>
    <message>
        <source>Receipt acknowledged: it accepts no fact and agrees with nothing</source>
        <translation>Recibo acusado: no se acepta ningún hecho ni se da conformidad a nada</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Informe</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Ruso</translation>
    </message>
    <message>
        <source>Save {0}…</source>
        <translation>Guardar {0}…</translation>
    </message>
    <message>
        <source>Sent on: {where}, {when}</source>
        <translation>Transmitido: {where}, {when}</translation>
    </message>
    <message>
        <source>Sent, not acknowledged yet</source>
        <translation>Enviado, aún sin acuse de recibo</translation>
    </message>
    <message>
        <source>Something this version does not know</source>
        <translation>Algo que esta versión no conoce</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Español</translation>
    </message>
    <message numerus="yes">
        <source>Still required: {0} (and %n more)</source>
        <translation>
            <numerusform>Falta aún, con carácter obligatorio: {0} (y %n más)</numerusform>
            <numerusform>Falta aún, con carácter obligatorio: {0} (y %n más)</numerusform>
        </translation>
    </message>
    <message>
        <source>Take it back…</source>
        <translation>Retirarlo…</translation>
    </message>
    <message>
        <source>Take it to {0}…</source>
        <translation>Elevarlo a {0}…</translation>
    </message>
    <message>
        <source>Taken to {tier}</source>
        <translation>Elevado a {tier}</translation>
    </message>
    <message>
        <source>The delegation that reported it takes it higher.</source>
        <translation>La delegación que lo comunicó lo eleva.</translation>
    </message>
    <message>
        <source>The same at every delegation in the room. Times are those of the laptop that said it.</source>
        <translation>Lo mismo en todas las delegaciones de la sala. Las horas son las del portátil que lo dijo.</translation>
    </message>
    <message>
        <source>This does not count: it is not for that delegation to say. It stays in the record.</source>
        <translation>Esto no cuenta: no corresponde a esa delegación decirlo. Permanece en el acta.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Cronología</translation>
    </message>
    <message>
        <source>Two laptops said different things, unseen by each other: {0}. The delegation that reported it settles it with an update.</source>
        <translation>Dos portátiles dijeron cosas distintas sin haberse visto entre sí: {0}. La delegación que lo comunicó lo resuelve con una actualización.</translation>
    </message>
    <message>
        <source>Unanswered in time: decide</source>
        <translation>Plazo vencido: decida</translation>
    </message>
    <message>
        <source>We ({officer})</source>
        <translation>Nosotros ({officer})</translation>
    </message>
    <message>
        <source>What is reported</source>
        <translation>Qué se comunica</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>respondido</translation>
    </message>
    <message>
        <source>done {0}</source>
        <translation>hecha: {0}</translation>
    </message>
    <message>
        <source>due {0}</source>
        <translation>plazo: {0}</translation>
    </message>
    <message>
        <source>now {0}</source>
        <translation>ahora {0}</translation>
    </message>
    <message>
        <source>open</source>
        <translation>abierto</translation>
    </message>
    <message>
        <source>or</source>
        <translation>o</translation>
    </message>
    <message>
        <source>still under way</source>
        <translation>todavía en camino</translation>
    </message>
    <message>
        <source>taken</source>
        <translation>aceptado</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>retirado</translation>
    </message>
    <message>
        <source>taken back, though it was taken</source>
        <translation>retirado, aunque se había aceptado</translation>
    </message>
    <message>
        <source>{0}, it stands here</source>
        <translation>{0}, está aquí</translation>
    </message>
    <message>
        <source>{0}: choose from the directory of points of contact</source>
        <translation>{0}: elegir del directorio de puntos de contacto</translation>
    </message>
    <message>
        <source>{name} ({code}), {officer}</source>
        <translation>{name} ({code}), {officer}</translation>
    </message>
    <message>
        <source>{sign} {who}: {state}</source>
        <translation>{sign} {who}: {state}</translation>
    </message>
    <message>
        <source>{utc} ({local} here)</source>
        <translation>{utc} ({local} aquí)</translation>
    </message>
    <message>
        <source>{when} there</source>
        <translation>{when} allí</translation>
    </message>
    <message>
        <source>… {who}: not yet</source>
        <translation>… {who}: todavía no</translation>
    </message>
    <message>
        <source>✓ {who}: {role}, {when}</source>
        <translation>✓ {who}: {role}, {when}</translation>
    </message>
</context>
<context>
    <name>joint</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n delegación</numerusform>
            <numerusform>%n delegaciones</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>Admitir</translation>
    </message>
    <message>
        <source>Admit a late delegation</source>
        <translation>Admitir a una delegación tardía</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Cerrar la lista</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>Copatrocinadores</translation>
    </message>
    <message>
        <source>Do not rely on them and do not sign. Ask {0} in person or by telephone for its words and its hash; it can open them anew.</source>
        <translation>No confíe en ellas y no firme. Pida a {0}, en persona o por teléfono, sus palabras y su hash; puede abrirlas de nuevo.</translation>
    </message>
    <message>
        <source>Everybody in the room sees it. You cannot take it back; the delegation itself can.</source>
        <translation>Todos en la sala lo ven. Usted no puede retirarlo; la propia delegación sí.</translation>
    </message>
    <message>
        <source>Everybody in {0} sees that your delegation no longer stands on the list.</source>
        <translation>Todos en {0} ven que su delegación ya no figura en la lista.</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), so that names that are under way are here: who is not on the list now counts as late.</source>
        <translation>Haga primero un intercambio (Ctrl+R), para que los nombres que están en camino se encuentren aquí: quien no figure en la lista cuenta desde ahora como tardío.</translation>
    </message>
    <message>
        <source>It cannot be opened again. You can still admit each late delegation.</source>
        <translation>No se puede volver a abrir. Todavía puede admitir a cada delegación tardía.</translation>
    </message>
    <message>
        <source>It signed the same words after you had closed the list. Admitted, it stands on the list as the others do.</source>
        <translation>Firmó las mismas palabras después de que usted cerrara la lista. Una vez admitida, figura en la lista como las demás.</translation>
    </message>
    <message>
        <source>It was to be open until {0}.</source>
        <translation>Debía estar abierta hasta el {0}.</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Declaración conjunta</translation>
    </message>
    <message>
        <source>On the list: {0}.</source>
        <translation>En la lista: {0}.</translation>
    </message>
    <message>
        <source>Open for sign-on for another {0}: until {1}.</source>
        <translation>Abierta a adhesiones durante {0} más: hasta el {1}.</translation>
    </message>
    <message>
        <source>Open for sign-on, without a date.</source>
        <translation>Abierta a adhesiones, sin fecha.</translation>
    </message>
    <message>
        <source>Other words stand in the place of these.</source>
        <translation>Otras palabras figuran en lugar de estas.</translation>
    </message>
    <message>
        <source>Our delegation has not signed on.</source>
        <translation>Nuestra delegación no se ha adherido.</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>Nuestra delegación se ha adherido.</translation>
    </message>
    <message>
        <source>Our delegation has taken its name back.</source>
        <translation>Nuestra delegación ha retirado su nombre.</translation>
    </message>
    <message>
        <source>Our delegation signed other words: that does not count here.</source>
        <translation>Nuestra delegación firmó otras palabras: eso no cuenta aquí.</translation>
    </message>
    <message>
        <source>Our name came later: it waits until {0} admits it.</source>
        <translation>Nuestro nombre llegó después: espera hasta que {0} lo admita.</translation>
    </message>
    <message>
        <source>Sign on as a co-sponsor</source>
        <translation>Adherirse como copatrocinador</translation>
    </message>
    <message>
        <source>Sign on to the joint statement</source>
        <translation>Adherirse a la declaración conjunta</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>Retirar nuestro nombre</translation>
    </message>
    <message>
        <source>The list stays open until {0} closes it.</source>
        <translation>La lista permanece abierta hasta que {0} la cierre.</translation>
    </message>
    <message>
        <source>The list was closed {0}: {1}.</source>
        <translation>Lista cerrada ({0}): {1}.</translation>
    </message>
    <message>
        <source>The text differs: this laptop does not compute that hash for the revision.</source>
        <translation>El texto difiere: este portátil no calcula ese hash para la revisión.</translation>
    </message>
    <message>
        <source>The words differ: they do not have the hash that would be signed.</source>
        <translation>Las palabras difieren: no tienen el hash que se firmaría.</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>Sobra %n carácter.</numerusform>
            <numerusform>Sobran %n caracteres.</numerusform>
        </translation>
    </message>
    <message>
        <source>Who signed on later waits for you: {0}. Admit each, or leave it as it is.</source>
        <translation>Quien se adhirió después espera su decisión: {0}. Admita a cada delegación o déjelo como está.</translation>
    </message>
    <message>
        <source>Who signed these words has not signed the new ones.</source>
        <translation>Quien firmó estas palabras no ha firmado las nuevas.</translation>
    </message>
    <message>
        <source>Who signs on now waits to be admitted.</source>
        <translation>Quien se adhiera ahora queda en espera de admisión.</translation>
    </message>
    <message>
        <source>You can sign on again. Once the list is closed, the name then waits to be admitted.</source>
        <translation>Puede adherirse de nuevo. Una vez cerrada la lista, el nombre queda entonces en espera de admisión.</translation>
    </message>
    <message>
        <source>You cannot sign on. Exchange once more (Ctrl+R), since the revision may still be under way. If it stays so, compare the hash with {0} by telephone.</source>
        <translation>No puede adherirse. Haga otro intercambio (Ctrl+R), ya que la revisión puede estar aún en camino. Si sigue igual, compare el hash con {0} por teléfono.</translation>
    </message>
    <message>
        <source>You close the list.</source>
        <translation>La lista la cierra usted.</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>cerrada</translation>
    </message>
    <message>
        <source>closed, {0} waiting</source>
        <translation>cerrada, {0} en espera</translation>
    </message>
    <message>
        <source>late, admitted</source>
        <translation>tardía, admitida</translation>
    </message>
    <message>
        <source>late, waits to be admitted</source>
        <translation>tardía, en espera de admisión</translation>
    </message>
    <message>
        <source>nobody has signed on</source>
        <translation>nadie se ha adherido</translation>
    </message>
    <message>
        <source>open</source>
        <translation>abierta</translation>
    </message>
    <message>
        <source>open until {0}</source>
        <translation>abierta hasta el {0}</translation>
    </message>
    <message>
        <source>open, its date has passed</source>
        <translation>abierta, con la fecha vencida</translation>
    </message>
    <message>
        <source>other words, does not count</source>
        <translation>otras palabras, no cuenta</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>sustituida</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>firmado</translation>
    </message>
    <message>
        <source>text differs</source>
        <translation>el texto difiere</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>retiró su nombre</translation>
    </message>
    <message>
        <source>we have not signed</source>
        <translation>sin firmar</translation>
    </message>
    <message>
        <source>we signed</source>
        <translation>hemos firmado</translation>
    </message>
    <message>
        <source>we took our name back</source>
        <translation>retiramos nuestro nombre</translation>
    </message>
    <message>
        <source>we wait</source>
        <translation>estamos en espera</translation>
    </message>
    <message>
        <source>words differ</source>
        <translation>las palabras difieren</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message numerus="yes">
        <source>By courier, or not heard lately: replaced keys are kept %n days.</source>
        <translation>
            <numerusform>Por mensajero, o sin noticias recientes: las claves reemplazadas se conservan %n día.</numerusform>
            <numerusform>Por mensajero, o sin noticias recientes: las claves reemplazadas se conservan %n días.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Connected: replaced keys are kept %n hours.</source>
        <translation>
            <numerusform>Con conexión: las claves reemplazadas se conservan %n hora.</numerusform>
            <numerusform>Con conexión: las claves reemplazadas se conservan %n horas.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>laptops</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n día</numerusform>
            <numerusform>%n días</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n notes and red lines</source>
        <translation>
            <numerusform>%n nota o línea roja</numerusform>
            <numerusform>%n notas y líneas rojas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Not rehearsed yet.</source>
        <translation>
            <numerusform>%n fragmento de recuperación desde el {0}; bastan {1} cualesquiera. Aún sin ensayar.</numerusform>
            <numerusform>%n fragmentos de recuperación desde el {0}; bastan {1} cualesquiera. Aún sin ensayar.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Rehearsed on {2}.</source>
        <translation>
            <numerusform>%n fragmento de recuperación desde el {0}; bastan {1} cualesquiera. Ensayado el {2}.</numerusform>
            <numerusform>%n fragmentos de recuperación desde el {0}; bastan {1} cualesquiera. Ensayados el {2}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit a laptop (check code {0}): {1}</source>
        <translation>Admitir un portátil (código de comprobación {0}): {1}</translation>
    </message>
    <message>
        <source>Adviser</source>
        <translation>Asesor</translation>
    </message>
    <message>
        <source>Another laptop takes its place</source>
        <translation>Otro portátil ocupa su lugar</translation>
    </message>
    <message>
        <source>Expired on {0}: nothing is sealed for it. Renew it.</source>
        <translation>Caducó el {0}: no se sella nada para él. Renuévelo.</translation>
    </message>
    <message numerus="yes">
        <source>Expires in %n days, on {0}. Renew it.</source>
        <translation>
            <numerusform>Caduca en %n día, el {0}. Renuévelo.</numerusform>
            <numerusform>Caduca en %n días, el {0}. Renuévelo.</numerusform>
        </translation>
    </message>
    <message>
        <source>Head of delegation</source>
        <translation>Jefe de delegación</translation>
    </message>
    <message numerus="yes">
        <source>It holds the record of {0} of %n rooms.</source>
        <translation>
            <numerusform>Contiene el acta de {0} de %n sala.</numerusform>
            <numerusform>Contiene el acta de {0} de %n salas.</numerusform>
        </translation>
    </message>
    <message>
        <source>It was lost or stolen</source>
        <translation>Se perdió o fue robado</translation>
    </message>
    <message>
        <source>Its officer has left</source>
        <translation>Su funcionario se ha ido</translation>
    </message>
    <message numerus="yes">
        <source>Make %n recovery shares, of which any {0} give the root key back.</source>
        <translation>
            <numerusform>Hacer %n fragmento de recuperación, de los cuales {0} cualesquiera devuelven la clave raíz.</numerusform>
            <numerusform>Hacer %n fragmentos de recuperación, de los cuales {0} cualesquiera devuelven la clave raíz.</numerusform>
        </translation>
    </message>
    <message>
        <source>Negotiator</source>
        <translation>Negociador</translation>
    </message>
    <message>
        <source>Observer</source>
        <translation>Observador</translation>
    </message>
    <message>
        <source>Pen holder</source>
        <translation>Encargado de la redacción</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>Punto de contacto</translation>
    </message>
    <message>
        <source>Renew the laptop of {0}: {1}</source>
        <translation>Renovar el portátil de {0}: {1}</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>Revocar el portátil de {0}: a partir de ahora no recibe nada.</translation>
    </message>
    <message>
        <source>Revoked on {0}: it gets nothing any more. What it signed stands.</source>
        <translation>Revocado el {0}: ya no recibe nada. Lo que firmó se mantiene.</translation>
    </message>
    <message>
        <source>Since {0}, until {1}</source>
        <translation>Del {0} al {1}</translation>
    </message>
    <message numerus="yes">
        <source>Stayed with the delegation: the record of %n rooms, of which the successor&apos;s laptop holds {0}; {1}. Conversations before it was admitted, and the library of this laptop, do not pass by themselves.</source>
        <translation>
            <numerusform>Quedó en la delegación: el acta de %n sala (el portátil del sucesor contiene {0}); {1}. Las conversaciones anteriores a su admisión y la biblioteca de este portátil no se traspasan por sí solas.</numerusform>
            <numerusform>Quedó en la delegación: el acta de %n salas (el portátil del sucesor contiene {0}); {1}. Las conversaciones anteriores a su admisión y la biblioteca de este portátil no se traspasan por sí solas.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Travel laptop: only %n rooms</source>
        <translation>
            <numerusform>Portátil de viaje: una sola sala</numerusform>
            <numerusform>Portátil de viaje: solo %n salas</numerusform>
        </translation>
    </message>
    <message>
        <source>one year</source>
        <translation>un año</translation>
    </message>
    <message>
        <source>three months</source>
        <translation>tres meses</translation>
    </message>
    <message>
        <source>three years</source>
        <translation>tres años</translation>
    </message>
    <message>
        <source>two years</source>
        <translation>dos años</translation>
    </message>
    <message>
        <source>{officer} may {rights}, for {term}.</source>
        <translation>{officer} puede {rights}, durante {term}.</translation>
    </message>
</context>
<context>
    <name>library</name>
    <message numerus="yes">
        <source>%n more paragraphs after</source>
        <translation>
            <numerusform>%n párrafo más después</numerusform>
            <numerusform>%n párrafos más después</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more paragraphs before</source>
        <translation>
            <numerusform>%n párrafo más antes</numerusform>
            <numerusform>%n párrafos más antes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paragraphs</source>
        <translation>
            <numerusform>%n párrafo</numerusform>
            <numerusform>%n párrafos</numerusform>
        </translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Árabe</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chino</translation>
    </message>
    <message>
        <source>Could not be read: {0}.</source>
        <translation>No se pudieron leer: {0}.</translation>
    </message>
    <message>
        <source>Document without a symbol</source>
        <translation>Documento sin signatura</translation>
    </message>
    <message>
        <source>Documents added: {0}.</source>
        <translation>Documentos añadidos: {0}.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Inglés</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Francés</translation>
    </message>
    <message>
        <source>Here already: {0}.</source>
        <translation>Ya están aquí: {0}.</translation>
    </message>
    <message numerus="yes">
        <source>Importing: {0} of %n files</source>
        <translation>
            <numerusform>Importando: {0} de %n archivo</numerusform>
            <numerusform>Importando: {0} de %n archivos</numerusform>
        </translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Ruso</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Vote: {0}</source>
        <translation>Votación: {0}</translation>
    </message>
    <message>
        <source>You stopped the import. Import the same again to go on where it stopped.</source>
        <translation>Usted detuvo la importación. Importe lo mismo de nuevo para continuar donde se detuvo.</translation>
    </message>
    <message>
        <source>a document without a symbol</source>
        <translation>un documento sin signatura</translation>
    </message>
    <message>
        <source>{0} per cent alike</source>
        <translation>{0} % de semejanza</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n delegación</numerusform>
            <numerusform>%n delegaciones</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n devices</source>
        <translation>
            <numerusform>%n dispositivo</numerusform>
            <numerusform>%n dispositivos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items waiting in outbox</source>
        <translation>
            <numerusform>%n en la bandeja de salida</numerusform>
            <numerusform>%n en la bandeja de salida</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n mensaje</numerusform>
            <numerusform>%n mensajes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n sin leer</numerusform>
            <numerusform>%n sin leer</numerusform>
        </translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation in this room. Sending is stopped until you decide.</source>
        <translation>Un garante avala otra identidad de una delegación de esta sala. El envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>A delegation in this room added a laptop. What you write waits until you have looked at it.</source>
        <translation>Una delegación de esta sala ha añadido un portátil. Lo que usted escribe espera hasta que lo haya examinado.</translation>
    </message>
    <message>
        <source>A delegation in this room showed two lists of its devices. Sending is stopped until you decide.</source>
        <translation>Una delegación de esta sala ha mostrado dos listas de sus dispositivos. El envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>A drafting group of several delegations. You become its chair.</source>
        <translation>Un grupo de redacción de varias delegaciones. Usted ejerce su presidencia.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation. What you write waits until you have looked at it.</source>
        <translation>Se ha añadido un portátil a su propia delegación. Lo que usted escribe espera hasta que lo haya examinado.</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Acusar recibo</translation>
    </message>
    <message>
        <source>Between two delegations.</source>
        <translation>Entre dos delegaciones.</translation>
    </message>
    <message>
        <source>Bilateral</source>
        <translation>Bilateral</translation>
    </message>
    <message>
        <source>For the eyes and ears of the individual recipients only</source>
        <translation>Solo para los ojos y oídos de los destinatarios individuales</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Grupos</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>Interno</translation>
    </message>
    <message>
        <source>May be shared with everybody</source>
        <translation>Puede compartirse con todos</translation>
    </message>
    <message>
        <source>May be shared within the community, not publicly</source>
        <translation>Puede compartirse dentro de la comunidad, no públicamente</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
    <message>
        <source>Need to know, within the organization and its clients</source>
        <translation>Según la necesidad de conocer, dentro de la organización y sus clientes</translation>
    </message>
    <message>
        <source>Need to know, within the organization only</source>
        <translation>Según la necesidad de conocer, solo dentro de la organización</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>Sin marca</translation>
    </message>
    <message>
        <source>Not everybody sees the same members: another list is seen by {who}.</source>
        <translation>No todos ven los mismos miembros: ve otra lista {who}.</translation>
    </message>
    <message>
        <source>Our delegation</source>
        <translation>Nuestra delegación</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Guardar como…</translation>
    </message>
    <message>
        <source>Sending in this room is stopped until you decide.</source>
        <translation>El envío en esta sala está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>The identity of a delegation in this room changed. Sending is stopped until you decide.</source>
        <translation>La identidad de una delegación de esta sala ha cambiado. El envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation in this room differ. Sending is stopped until you decide.</source>
        <translation>Los números comparados con una delegación de esta sala difieren. El envío está detenido hasta que usted decida.</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>Este es un portátil de viaje y no es para esta sala.</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing any more.</source>
        <translation>Su delegación ha revocado este portátil: ya no envía nada.</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Usted</translation>
    </message>
    <message>
        <source>Your delegation is no longer in this room: you can read, not write.</source>
        <translation>Su delegación ya no está en esta sala: puede leer, no escribir.</translation>
    </message>
    <message>
        <source>Your own delegation only. Nothing in it can be sent to another.</source>
        <translation>Solo su propia delegación. Nada de lo que hay en ella puede enviarse a otra.</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>recibo acusado</translation>
    </message>
    <message>
        <source>acknowledged by {count} of {all}</source>
        <translation>recibo acusado por {count} de {all}</translation>
    </message>
    <message>
        <source>acknowledged {time}</source>
        <translation>recibo acusado: {time}</translation>
    </message>
    <message>
        <source>arriving</source>
        <translation>llegando</translation>
    </message>
    <message>
        <source>chair</source>
        <translation>Presidencia</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>entregado</translation>
    </message>
    <message>
        <source>delivered to {count} of {all}</source>
        <translation>entregado a {count} de {all}</translation>
    </message>
    <message>
        <source>file {name}, {size}</source>
        <translation>archivo {name}, {size}</translation>
    </message>
    <message>
        <source>for the record</source>
        <translation>para que conste en acta</translation>
    </message>
    <message>
        <source>never leaves your delegation</source>
        <translation>nunca sale de su delegación</translation>
    </message>
    <message>
        <source>no longer a member</source>
        <translation>ya no es miembro</translation>
    </message>
    <message>
        <source>no subject</source>
        <translation>sin asunto</translation>
    </message>
    <message>
        <source>not acknowledged yet</source>
        <translation>aún sin acuse de recibo</translation>
    </message>
    <message>
        <source>not everybody sees the same members</source>
        <translation>no todos ven los mismos miembros</translation>
    </message>
    <message>
        <source>not received yet</source>
        <translation>aún sin recibir</translation>
    </message>
    <message>
        <source>received {time}</source>
        <translation>recibido: {time}</translation>
    </message>
    <message>
        <source>sending stopped</source>
        <translation>envío detenido</translation>
    </message>
    <message>
        <source>sent, not yet delivered</source>
        <translation>enviado, aún sin entregar</translation>
    </message>
    <message>
        <source>waiting in outbox</source>
        <translation>en espera en la bandeja de salida</translation>
    </message>
    <message>
        <source>waiting in outbox, next exchange {time}</source>
        <translation>en espera en la bandeja de salida; próximo intercambio: {time}</translation>
    </message>
    <message>
        <source>you acknowledged {time}</source>
        <translation>usted acusó recibo: {time}</translation>
    </message>
    <message>
        <source>{members}, all verified</source>
        <translation>{members}, todas verificadas</translation>
    </message>
    <message>
        <source>{members}, not all verified</source>
        <translation>{members}, no todas verificadas</translation>
    </message>
    <message>
        <source>{who}, revoked</source>
        <translation>{who}, revocado</translation>
    </message>
    <message>
        <source>{who}, valid until {date}</source>
        <translation>{who}, válido hasta el {date}</translation>
    </message>
</context>
<context>
    <name>notice</name>
    <message numerus="yes">
        <source>Valise: %n items</source>
        <translation>
            <numerusform>Valise: %n elemento</numerusform>
            <numerusform>Valise: %n elementos</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>overview</name>
    <message numerus="yes">
        <source>%n entries in {register} are due for review</source>
        <translation>
            <numerusform>{register}: %n entrada por examinar</numerusform>
            <numerusform>{register}: %n entradas por examinar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come; they have been asked for.</source>
        <translation>
            <numerusform>%n sobre se conserva sellado hasta que llegue su clave; se ha pedido.</numerusform>
            <numerusform>%n sobres se conservan sellados hasta que lleguen sus claves; se han pedido.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n internal dates were left out.</source>
        <translation>
            <numerusform>Se ha omitido %n fecha interna.</numerusform>
            <numerusform>Se han omitido %n fechas internas.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items are waiting for their receipts.</source>
        <translation>
            <numerusform>%n elemento espera su confirmación de recepción.</numerusform>
            <numerusform>%n elementos esperan su confirmación de recepción.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items not yet received by everybody</source>
        <translation>
            <numerusform>%n elemento aún no recibido por todos</numerusform>
            <numerusform>%n elementos aún no recibidos por todos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new proposals in {title}</source>
        <translation>
            <numerusform>{title}: %n propuesta nueva</numerusform>
            <numerusform>{title}: %n propuestas nuevas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things need you</source>
        <translation>
            <numerusform>%n asunto requiere su atención</numerusform>
            <numerusform>%n asuntos requieren su atención</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread messages in {room}</source>
        <translation>
            <numerusform>{room}: %n mensaje sin leer</numerusform>
            <numerusform>{room}: %n mensajes sin leer</numerusform>
        </translation>
    </message>
    <message>
        <source>A copy of the laptop of {officer} is in use too: what it signs in {room} no longer counts. Stop using it and tell your delegation</source>
        <translation>También se utiliza una copia del portátil de {officer}: lo que firma en {room} ya no cuenta. Deje de usarlo y avise a su delegación</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}: sending is stopped until you decide</source>
        <translation>Un garante avala otra identidad de {who}: el envío está detenido hasta que usted decida</translation>
    </message>
    <message>
        <source>A delegation signed on late to {title}: admit it or not</source>
        <translation>Una delegación se adhirió tarde a {title}: admítala o no</translation>
    </message>
    <message>
        <source>A draft of {officer} on {title} waits for your release</source>
        <translation>Un borrador de {officer} sobre {title} espera su autorización</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation: everything you send waits until you have looked at it</source>
        <translation>Se ha añadido un portátil a su propia delegación: todo lo que envíe espera hasta que lo haya examinado</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Acusar recibo</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Respuesta</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Elegir</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>Compromisos</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparar</translation>
    </message>
    <message>
        <source>Compare the safety number with {who}</source>
        <translation>Comparar el número de seguridad con {who}</translation>
    </message>
    <message>
        <source>Consultation: {title}, {when}</source>
        <translation>Consulta: {title}, {when}</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contactos</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>Decidir</translation>
    </message>
    <message numerus="yes">
        <source>Different values stand in %n entries of {register}</source>
        <translation>
            <numerusform>Hay valores distintos en %n entrada de {register}</numerusform>
            <numerusform>Hay valores distintos en %n entradas de {register}</numerusform>
        </translation>
    </message>
    <message>
        <source>Further dates in {register} that are due: {count}</source>
        <translation>{register}: otras fechas vencidas: {count}</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidentes</translation>
    </message>
    <message>
        <source>Last exchange {time}</source>
        <translation>Último intercambio: {time}</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Ver</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>Todavía no hay ningún intercambio</translation>
    </message>
    <message>
        <source>No round of pings was made yet</source>
        <translation>Todavía no se ha hecho ninguna ronda de pruebas de comunicación</translation>
    </message>
    <message>
        <source>No way of exchange is set up yet: nothing is sent or received but by courier</source>
        <translation>Todavía no se ha configurado ninguna vía de intercambio: nada se envía ni se recibe salvo por mensajero</translation>
    </message>
    <message>
        <source>Not everybody in {room} sees the same members: look at {who}</source>
        <translation>No todos en {room} ven los mismos miembros: examine {who}</translation>
    </message>
    <message>
        <source>Nothing has been exchanged: no relay is used and no folder is chosen.</source>
        <translation>No se ha intercambiado nada: no se usa ningún repetidor y no se ha elegido ninguna carpeta.</translation>
    </message>
    <message>
        <source>Open one</source>
        <translation>Abrir una</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Leer</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Registros</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Examen</translation>
    </message>
    <message>
        <source>Set one up</source>
        <translation>Configurar una</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Settle</source>
        <translation>Resolver</translation>
    </message>
    <message>
        <source>Silence on {title} until {when}: break it if your delegation does not agree</source>
        <translation>Procedimiento de acuerdo tácito sobre {title} (plazo: {when}): rompa el silencio si su delegación no está de acuerdo</translation>
    </message>
    <message>
        <source>Something in {place} needs you</source>
        <translation>Algo en {place} requiere su atención</translation>
    </message>
    <message>
        <source>Something in {place} needs you: {what}</source>
        <translation>Algo en {place} requiere su atención: {what}</translation>
    </message>
    <message>
        <source>Task “{0}” of {1} is due</source>
        <translation>La tarea “{0}” de {1} ha llegado a su fecha</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textos</translation>
    </message>
    <message numerus="yes">
        <source>The certificate of {officer}&apos;s laptop expires in %n days</source>
        <translation>
            <numerusform>El certificado del portátil de {officer} caduca en %n día</numerusform>
            <numerusform>El certificado del portátil de {officer} caduca en %n días</numerusform>
        </translation>
    </message>
    <message>
        <source>The certificate of {officer}&apos;s laptop has expired: nothing is sealed for it</source>
        <translation>El certificado del portátil de {officer} ha caducado: no se sella nada para él</translation>
    </message>
    <message>
        <source>The check of this vault found something wrong</source>
        <translation>La comprobación de esta bóveda ha encontrado algo incorrecto</translation>
    </message>
    <message>
        <source>The identity of {who} changed: sending is stopped until you decide</source>
        <translation>La identidad de {who} ha cambiado: el envío está detenido hasta que usted decida</translation>
    </message>
    <message>
        <source>The key file of your delegation still lies beside the vault: move it to a stick</source>
        <translation>El archivo de clave de su delegación sigue estando junto a la bóveda: trasládelo a una memoria USB</translation>
    </message>
    <message>
        <source>The laptop of {officer}, {who}, has signed two different things at one place in {room}: what it signs there no longer counts. Ask {who}</source>
        <translation>El portátil de {officer}, {who}, ha firmado dos cosas distintas en un mismo lugar de {room}: lo que firma allí ya no cuenta. Pregunte a {who}</translation>
    </message>
    <message>
        <source>The last round of pings was on {when}: it is time for another one</source>
        <translation>Última ronda de pruebas de comunicación: {when}; es momento de hacer otra</translation>
    </message>
    <message>
        <source>The oldest since {when}</source>
        <translation>La más antigua, desde: {when}</translation>
    </message>
    <message numerus="yes">
        <source>The permission of {who} to write to you ends in %n days and cannot renew by itself</source>
        <translation>
            <numerusform>El permiso de {who} para escribirle termina en %n día y no puede renovarse por sí solo</numerusform>
            <numerusform>El permiso de {who} para escribirle termina en %n días y no puede renovarse por sí solo</numerusform>
        </translation>
    </message>
    <message>
        <source>The round {title} is over; not confirmed: {count}</source>
        <translation>La ronda {title} ha terminado; sin confirmar: {count}</translation>
    </message>
    <message>
        <source>The silence on {title} was broken</source>
        <translation>Se ha roto el silencio sobre {title}</translation>
    </message>
    <message>
        <source>The silence on {title} was broken in time by its own word, but heard of only after it ended: decide</source>
        <translation>El silencio sobre {title} se rompió a tiempo según quien lo rompió, pero no se supo hasta después de su término: decida</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: nothing is lost; connect, and it goes on by itself</source>
        <translation>Esta es una copia anterior de la bóveda de este portátil: no se ha perdido nada; conéctese y continúa por sí sola</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing and gets nothing any more</source>
        <translation>Su delegación ha revocado este portátil: ya no envía ni recibe nada</translation>
    </message>
    <message>
        <source>This vault has not been checked for more than a week</source>
        <translation>Hace más de una semana que no se comprueba esta bóveda</translation>
    </message>
    <message>
        <source>Two copies of the vault of {officer}, {who}, are in use: ask {who}</source>
        <translation>Se utilizan dos copias de la bóveda de {officer}, {who}: pregunte a {who}</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Your draft on {title} cannot leave: the paragraph has changed</source>
        <translation>Su borrador sobre {title} no puede salir: el párrafo ha cambiado</translation>
    </message>
    <message>
        <source>Your draft on {title} was returned</source>
        <translation>Se ha devuelto su borrador sobre {title}</translation>
    </message>
    <message numerus="yes">
        <source>Your permission to use the relay {host} ends in %n days</source>
        <translation>
            <numerusform>Su permiso para usar el repetidor {host} termina en %n día</numerusform>
            <numerusform>Su permiso para usar el repetidor {host} termina en %n días</numerusform>
        </translation>
    </message>
    <message>
        <source>Your permission to use the relay {host} has ended: what waits goes another way</source>
        <translation>Su permiso para usar el repetidor {host} ha terminado: lo que espera sale por otra vía</translation>
    </message>
    <message>
        <source>again within a minute</source>
        <translation>de nuevo en menos de un minuto</translation>
    </message>
    <message>
        <source>has received everything</source>
        <translation>lo ha recibido todo</translation>
    </message>
    <message>
        <source>next {time}</source>
        <translation>próximo: {time}</translation>
    </message>
    <message>
        <source>{0} has ended: close it</source>
        <translation>{0} ha terminado: ciérrelo</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}</source>
        <translation>{0} está sin respuesta en {1}</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}: {2} is proposed</source>
        <translation>{0} está sin respuesta en {1}: se propone {2}</translation>
    </message>
    <message>
        <source>{0}: offers of help to choose from: {1}</source>
        <translation>{0}: ofrecimientos de ayuda entre los que elegir: {1}</translation>
    </message>
    <message>
        <source>{0}: {1} reports an incident; nobody has acknowledged it</source>
        <translation>{0}: {1} comunica un incidente; nadie ha acusado recibo</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer corrects the entry</source>
        <translation>{contact}, {state}: la respuesta corrige la entrada</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer says that this is the wrong contact</source>
        <translation>{contact}, {state}: la respuesta dice que es el contacto equivocado</translation>
    </message>
    <message>
        <source>{title} begins {when}</source>
        <translation>{title} empieza: {when}</translation>
    </message>
    <message>
        <source>{title} goes on; it began {when}</source>
        <translation>{title} continúa; empezó: {when}</translation>
    </message>
    <message>
        <source>{title} is open for sign-on</source>
        <translation>{title}: abierta a adhesiones</translation>
    </message>
    <message>
        <source>{title} is open for sign-on until {when}</source>
        <translation>{title}: abierta a adhesiones (plazo: {when})</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer</source>
        <translation>{title}: {who} pide una respuesta</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer by {when}</source>
        <translation>{title}: {who} pide una respuesta (plazo: {when})</translation>
    </message>
    <message>
        <source>{title}: “{what}” is {when}</source>
        <translation>{title}: “{what}”, fecha: {when}</translation>
    </message>
    <message>
        <source>{title}: “{what}” was {when}</source>
        <translation>{title}: “{what}”, fecha vencida: {when}</translation>
    </message>
    <message>
        <source>{who} added a laptop: what you send to it waits until you have looked at it</source>
        <translation>{who} ha añadido un portátil: lo que usted le envía espera hasta que lo haya examinado</translation>
    </message>
    <message>
        <source>{who} asks you to confirm a point of contact by {when}</source>
        <translation>{who} le pide que confirme un punto de contacto (plazo: {when})</translation>
    </message>
    <message>
        <source>{who} cannot be reached: what waits is kept</source>
        <translation>No se puede llegar a {who}: lo que espera se conserva</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>{who} quiere comparar palabras con usted ahora</translation>
    </message>
    <message>
        <source>{who}: {what} What waits is kept</source>
        <translation>{who}: {what} Lo que espera se conserva</translation>
    </message>
</context>
<context>
    <name>practice</name>
    <message>
        <source>Acknowledge a message</source>
        <translation>Acusar recibo de un mensaje</translation>
    </message>
    <message>
        <source>Answer a ping</source>
        <translation>Responder a una prueba de comunicación</translation>
    </message>
    <message>
        <source>Borovia asks whether your point of contact is still right. Answer under Contacts. Reading it is no answer.</source>
        <translation>Borovia pregunta si su punto de contacto sigue siendo correcto. Responda en Contactos. Leerlo no es una respuesta.</translation>
    </message>
    <message>
        <source>Borovia has sent you a message. Read it and acknowledge it: delivery alone tells nobody that a person has read it.</source>
        <translation>Borovia le ha enviado un mensaje. Léalo y acuse recibo: la mera entrega no indica a nadie que una persona lo ha leído.</translation>
    </message>
    <message>
        <source>Compare the safety number with Borovia</source>
        <translation>Comparar el número de seguridad con Borovia</translation>
    </message>
    <message>
        <source>Done {when}.</source>
        <translation>Hecho: {when}.</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>Aún sin hacer.</translation>
    </message>
    <message>
        <source>Open Borovia under Contacts and compare the number by eye. In life somebody of Borovia reads the words to you; here they stand below, as Borovia&apos;s own laptop shows them. Say that they match only when every one does.</source>
        <translation>Abra Borovia en Contactos y compare el número a simple vista. En la realidad, alguien de Borovia le lee las palabras; aquí figuran más abajo, tal como las muestra el propio portátil de Borovia. Indique que coinciden solo cuando coincidan todas.</translation>
    </message>
    <message>
        <source>Open a new incident, tick that it is an exercise, fill in what the form asks for and send it to Borovia.</source>
        <translation>Abra un nuevo incidente, marque que es un ejercicio, complete lo que pide el formulario y envíelo a Borovia.</translation>
    </message>
    <message>
        <source>Open the text of the practice group, choose a paragraph that is still open, change some words and propose them.</source>
        <translation>Abra el texto del grupo de práctica, elija un párrafo que siga abierto, cambie algunas palabras y propóngalas.</translation>
    </message>
    <message>
        <source>Propose an amendment</source>
        <translation>Proponer una enmienda</translation>
    </message>
    <message>
        <source>Report an incident, as an exercise</source>
        <translation>Comunicar un incidente, como ejercicio</translation>
    </message>
    <message>
        <source>To Borovia</source>
        <translation>A Borovia</translation>
    </message>
    <message>
        <source>To the contacts</source>
        <translation>A los contactos</translation>
    </message>
    <message>
        <source>To the incidents</source>
        <translation>A los incidentes</translation>
    </message>
    <message>
        <source>To the messages</source>
        <translation>A los mensajes</translation>
    </message>
    <message>
        <source>To the texts</source>
        <translation>A los textos</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n tasks done</source>
        <translation>
            <numerusform>Tareas hechas: {0} de %n</numerusform>
            <numerusform>Tareas hechas: {0} de %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>registers</name>
    <message>
        <source> and {0} more</source>
        <translation> y {0} más</translation>
    </message>
    <message numerus="yes">
        <source>%Ln States</source>
        <translation>
            <numerusform>%Ln Estado</numerusform>
            <numerusform>%Ln Estados</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln fila</numerusform>
            <numerusform>%Ln filas</numerusform>
        </translation>
    </message>
    <message>
        <source>All States</source>
        <translation>Todos los Estados</translation>
    </message>
    <message>
        <source>As stated</source>
        <translation>Según lo declarado</translation>
    </message>
    <message>
        <source>No</source>
        <translation>No</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>Apreciación – interna</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>Por examinar</translation>
    </message>
    <message>
        <source>Taken in: {0}.</source>
        <translation>Incorporado: {0}.</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>De baja</translation>
    </message>
    <message>
        <source>That file is not protected any more.</source>
        <translation>Ese archivo ya no está protegido.</translation>
    </message>
    <message>
        <source>The name is shown so from now on, in this vault alone.</source>
        <translation>El nombre se muestra así a partir de ahora, solo en esta bóveda.</translation>
    </message>
    <message>
        <source>The register {0} is there.</source>
        <translation>El registro {0} ya está.</translation>
    </message>
    <message>
        <source>What a State says of itself, or a fact with its source.</source>
        <translation>Lo que un Estado dice de sí mismo, o un hecho con su fuente.</translation>
    </message>
    <message>
        <source>What our delegation thinks. It stays on our own laptops and is in no message and no export of the other side.</source>
        <translation>Lo que piensa nuestra delegación. Permanece en nuestros propios portátiles y no figura en ningún mensaje ni en ninguna exportación del otro lado.</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>Escrito: {0}, en {1}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Sí</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>figuran valores distintos</translation>
    </message>
    <message>
        <source>due</source>
        <translation>por examinar</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>vacío</translation>
    </message>
    <message>
        <source>not what the field asks for</source>
        <translation>no es lo que pide el campo</translation>
    </message>
    <message>
        <source>taken out and changed at the same time</source>
        <translation>dada de baja y cambiada al mismo tiempo</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} Diferencias</translation>
    </message>
    <message>
        <source>{0} Different values stand: {1}</source>
        <translation>{0} Figuran valores distintos: {1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}: {1}</translation>
    </message>
</context>
<context>
    <name>rights</name>
    <message>
        <source>admit other laptops</source>
        <translation>admitir otros portátiles</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>inscribir compromisos</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>llevar la redacción</translation>
    </message>
    <message>
        <source>propose amendments and state positions</source>
        <translation>proponer enmiendas y exponer posiciones</translation>
    </message>
    <message>
        <source>read</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>escribir mensajes</translation>
    </message>
</context>
<context>
    <name>screens</name>
    <message>
        <source>Commitments</source>
        <translation>Compromisos</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contactos</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidentes</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Biblioteca</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Mensajes</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Vista general</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Registros</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Seguridad</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ajustes</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textos</translation>
    </message>
</context>
<context>
    <name>security</name>
    <message>
        <source>Backups and travel</source>
        <translation>Copias de seguridad y viajes</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Comprobaciones</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Pruebas</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Primeros pasos</translation>
    </message>
    <message>
        <source>Hygiene</source>
        <translation>Higiene</translation>
    </message>
    <message>
        <source>Keys that move on</source>
        <translation>Avance de las claves</translation>
    </message>
    <message>
        <source>Our laptops</source>
        <translation>Nuestros portátiles</translation>
    </message>
    <message>
        <source>Unlocking</source>
        <translation>Desbloqueo</translation>
    </message>
</context>
<context>
    <name>seeing</name>
    <message>
        <source> (contested)</source>
        <translation> (controvertido)</translation>
    </message>
    <message>
        <source> (too late, without effect)</source>
        <translation> (demasiado tarde, sin efecto)</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n día</numerusform>
            <numerusform>%n días</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours</source>
        <translation>
            <numerusform>%n hora</numerusform>
            <numerusform>%n horas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours longer</source>
        <translation>
            <numerusform>%n hora más</numerusform>
            <numerusform>%n horas más</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n readings</source>
        <translation>
            <numerusform>%n lectura</numerusform>
            <numerusform>%n lecturas</numerusform>
        </translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its other half</source>
        <translation>Un corchete se abre o se cierra sin su pareja</translation>
    </message>
    <message>
        <source>A resolution is one sentence. Usually a preambular paragraph ends with a comma, an operative one with a semicolon, and the last with a full stop.</source>
        <translation>Una resolución es una sola oración. Lo habitual es que un párrafo del preámbulo termine en coma, uno de la parte dispositiva en punto y coma, y el último en punto.</translation>
    </message>
    <message>
        <source>Agreed, but a bracket is still open in it</source>
        <translation>Acordado, pero con un corchete todavía abierto</translation>
    </message>
    <message>
        <source>Another paragraph has the same number: {0}</source>
        <translation>Otro párrafo tiene el mismo número: {0}</translation>
    </message>
    <message>
        <source>Broken by {0}, {1}{2}: {3}</source>
        <translation>Silencio roto por {0}, {1}{2}: {3}</translation>
    </message>
    <message>
        <source>Delegations refer to paragraphs by number and would speak of different ones. Usually the later one becomes “bis”, or the next revision numbers anew.</source>
        <translation>Las delegaciones se refieren a los párrafos por su número y hablarían de párrafos distintos. Lo habitual es que el posterior pase a ser “bis” o que la revisión siguiente numere de nuevo.</translation>
    </message>
    <message>
        <source>Geneva</source>
        <translation>Ginebra</translation>
    </message>
    <message>
        <source>It seems to name a person: {0}</source>
        <translation>Parece nombrar a una persona: {0}</translation>
    </message>
    <message>
        <source>Nairobi</source>
        <translation>Nairobi</translation>
    </message>
    <message>
        <source>New York</source>
        <translation>Nueva York</translation>
    </message>
    <message>
        <source>Nobody can tell which words are still open. Usually the missing bracket is put where the disputed words begin or end.</source>
        <translation>Nadie puede saber qué palabras siguen abiertas. Lo habitual es poner el corchete que falta donde empiezan o terminan las palabras controvertidas.</translation>
    </message>
    <message>
        <source>Paragraph without number</source>
        <translation>Párrafo sin número</translation>
    </message>
    <message>
        <source>Repeating the bare verb reads as if the earlier paragraph had been forgotten. The second time “also” is usual, from the third “further”.</source>
        <translation>Repetir el verbo solo da la impresión de que se ha olvidado el párrafo anterior. La segunda vez lo habitual es “also” y, desde la tercera, “further”.</translation>
    </message>
    <message numerus="yes">
        <source>Send %n paragraphs</source>
        <translation>
            <numerusform>Enviar %n párrafo</numerusform>
            <numerusform>Enviar %n párrafos</numerusform>
        </translation>
    </message>
    <message>
        <source>Singapore</source>
        <translation>Singapur</translation>
    </message>
    <message>
        <source>Texts speak of functions, which outlast those who hold them. Usual are “the Chair”, “the Special Rapporteur” or “the delegation of …”.</source>
        <translation>Los textos hablan de funciones, que perduran más que sus titulares. Lo habitual es “the Chair”, “the Special Rapporteur” o “the delegation of …”.</translation>
    </message>
    <message>
        <source>The adverb stands in the wrong place; usual would be “{0}”</source>
        <translation>El adverbio está en un lugar incorrecto; lo habitual sería “{0}”</translation>
    </message>
    <message>
        <source>The usual sign at its end is missing</source>
        <translation>Falta al final el signo habitual</translation>
    </message>
    <message>
        <source>The verb has opened a paragraph before; usual would be “{0}”</source>
        <translation>El verbo ya ha encabezado antes un párrafo; lo habitual sería “{0}”</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>Sobra %n carácter.</numerusform>
            <numerusform>Sobran %n caracteres.</numerusform>
        </translation>
    </message>
    <message>
        <source>Usually the verb comes first in the preamble (“Recalling also”), and in the operative part the adverb does (“Also requests”). Editors change it anyway, and later than one would like.</source>
        <translation>Lo habitual es que en el preámbulo el verbo vaya primero (“Recalling also”) y que en la parte dispositiva lo haga el adverbio (“Also requests”). Los editores lo cambian de todos modos, y más tarde de lo deseable.</translation>
    </message>
    <message>
        <source>Vienna</source>
        <translation>Viena</translation>
    </message>
    <message>
        <source>What stands in brackets is not agreed, so the two contradict each other. Usually the brackets are decided first, or the paragraph is reopened.</source>
        <translation>Lo que está entre corchetes no está acordado, por lo que ambas cosas se contradicen. Lo habitual es decidir primero sobre los corchetes o reabrir el párrafo.</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>acordado ad referendum</translation>
    </message>
    <message>
        <source>also written by the pen itself</source>
        <translation>escrito también por la propia delegación redactora</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>y %n más</numerusform>
            <numerusform>y %n más</numerusform>
        </translation>
    </message>
    <message>
        <source>became a sponsor of an amendment</source>
        <translation>pasó a patrocinar una enmienda</translation>
    </message>
    <message>
        <source>came into the text</source>
        <translation>entró en el texto</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>cambiado</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>cerrado</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>suprimido</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>de {0}</translation>
    </message>
    <message>
        <source>here</source>
        <translation>aquí</translation>
    </message>
    <message>
        <source>its number became {0}</source>
        <translation>su número pasó a ser {0}</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>trasladado</translation>
    </message>
    <message>
        <source>new</source>
        <translation>nuevo</translation>
    </message>
    <message>
        <source>number: {0}, was {1}</source>
        <translation>número: {0}, antes {1}</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>en suspenso</translation>
    </message>
    <message>
        <source>proposed: {0}</source>
        <translation>propuesto: {0}</translation>
    </message>
    <message>
        <source>remarked</source>
        <translation>formuló una observación</translation>
    </message>
    <message>
        <source>reopened</source>
        <translation>reabierto</translation>
    </message>
    <message>
        <source>same words</source>
        <translation>mismas palabras</translation>
    </message>
    <message>
        <source>stands in revision {0}</source>
        <translation>figura en la revisión {0}</translation>
    </message>
    <message>
        <source>the pen admitted an amendment</source>
        <translation>la delegación redactora admitió una enmienda</translation>
    </message>
    <message>
        <source>the pen moved it</source>
        <translation>la delegación redactora lo trasladó</translation>
    </message>
    <message>
        <source>the pen on an amendment: {0}</source>
        <translation>la delegación redactora sobre una enmienda: {0}</translation>
    </message>
    <message>
        <source>the pen set new words</source>
        <translation>la delegación redactora fijó nuevas palabras</translation>
    </message>
    <message>
        <source>the pen took it out</source>
        <translation>la delegación redactora lo suprimió</translation>
    </message>
    <message>
        <source>withdrew from an amendment</source>
        <translation>se retiró de una enmienda</translation>
    </message>
    <message>
        <source>written by the pen itself</source>
        <translation>escrito por la propia delegación redactora</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} h</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} h {1} min</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} min {1} s</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n amendments have their answer.</source>
        <translation>
            <numerusform>Enmiendas que tienen su respuesta: {0} de %n.</numerusform>
            <numerusform>Enmiendas que tienen su respuesta: {0} de %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n paragraphs differ. Struck words are gone, underlined ones are new.</source>
        <translation>
            <numerusform>Párrafos que difieren: {0} de %n. Las palabras tachadas han desaparecido; las subrayadas son nuevas.</numerusform>
            <numerusform>Párrafos que difieren: {0} de %n. Las palabras tachadas han desaparecido; las subrayadas son nuevas.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n words stand outside brackets: {1} %.</source>
        <translation>
            <numerusform>Palabras fuera de corchetes: {0} de %n, es decir, el {1} %.</numerusform>
            <numerusform>Palabras fuera de corchetes: {0} de %n, es decir, el {1} %.</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}, en nombre de {1}</translation>
    </message>
    <message>
        <source>{0}, on an amendment</source>
        <translation>{0}, sobre una enmienda</translation>
    </message>
    <message>
        <source>{0}, on the paragraph</source>
        <translation>{0}, sobre el párrafo</translation>
    </message>
    <message>
        <source>{0}, was {1}</source>
        <translation>{0}, antes {1}</translation>
    </message>
    <message>
        <source>“Also” and “further” refer back to an earlier paragraph with the same verb. Usually the first such paragraph has the verb alone.</source>
        <translation>“Also” y “further” remiten a un párrafo anterior con el mismo verbo. Lo habitual es que el primero de esos párrafos lleve solo el verbo.</translation>
    </message>
    <message>
        <source>“{0}” although the verb has not opened a paragraph before</source>
        <translation>“{0}” aunque el verbo no ha encabezado antes ningún párrafo</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>%</source>
        <translation>%</translation>
    </message>
    <message numerus="yes">
        <source>%n lines mean nothing here and are left out: perhaps of another version.</source>
        <translation>
            <numerusform>%n línea no significa nada aquí y se omite: quizá sea de otra versión.</numerusform>
            <numerusform>%n líneas no significan nada aquí y se omiten: quizá sean de otra versión.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them would protect less than now; they stand first.</source>
        <translation>
            <numerusform>%n de ellos protegería menos que ahora; figura en primer lugar.</numerusform>
            <numerusform>%n de ellos protegerían menos que ahora; figuran en primer lugar.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings were taken from the file.</source>
        <translation>
            <numerusform>Se ha incorporado %n ajuste del archivo.</numerusform>
            <numerusform>Se han incorporado %n ajustes del archivo.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings would change. Nothing has changed yet.</source>
        <translation>
            <numerusform>Cambiaría %n ajuste. Todavía no ha cambiado nada.</numerusform>
            <numerusform>Cambiarían %n ajustes. Todavía no ha cambiado nada.</numerusform>
        </translation>
    </message>
    <message>
        <source>A crash leaves no image of the memory behind.</source>
        <translation>Un fallo del programa no deja ninguna imagen de la memoria.</translation>
    </message>
    <message>
        <source>A crash may leave an image of the memory on the disk: turn that off in the system.</source>
        <translation>Un fallo del programa puede dejar en el disco una imagen de la memoria: desactívelo en el sistema.</translation>
    </message>
    <message>
        <source>A delegation that shares the exchange folder is then reached through it, until the relay answers again. Not for a delegation for which you chose a way yourself.</source>
        <translation>Se llega entonces por la carpeta de intercambio a una delegación que la comparte, hasta que el repetidor vuelva a responder. No rige para una delegación para la que usted mismo haya elegido una vía.</translation>
    </message>
    <message>
        <source>A notification says how many items came, at most once a minute, and nothing else: no name, no word.</source>
        <translation>Una notificación indica cuántos elementos llegaron, como máximo una vez por minuto, y nada más: ningún nombre, ninguna palabra.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Apariencia</translation>
    </message>
    <message>
        <source>As on this computer</source>
        <translation>Como en este equipo</translation>
    </message>
    <message>
        <source>Clocks of the talks</source>
        <translation>Relojes de las conversaciones</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Oscura</translation>
    </message>
    <message>
        <source>Empty the clipboard after</source>
        <translation>Vaciar el portapapeles después de</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Inglés</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>Intercambio</translation>
    </message>
    <message>
        <source>Exchange every</source>
        <translation>Intercambiar cada</translation>
    </message>
    <message>
        <source>Exchange folder</source>
        <translation>Carpeta de intercambio</translation>
    </message>
    <message>
        <source>Français</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>General</source>
        <translation>General</translation>
    </message>
    <message>
        <source>Hours after which you are reminded that nobody answered. 0 = as agreed in each case.</source>
        <translation>Horas tras las cuales se le recuerda que nadie ha respondido. 0 = según se acuerde en cada caso.</translation>
    </message>
    <message>
        <source>Hours without an answer after which T2 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>Horas sin respuesta tras las cuales se le propone T2. No se envía nada por sí solo. 0 = no se propone nada.</translation>
    </message>
    <message>
        <source>Hours without an answer after which T3 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>Horas sin respuesta tras las cuales se le propone T3. No se envía nada por sí solo. 0 = no se propone nada.</translation>
    </message>
    <message>
        <source>How long a replaced key is kept for envelopes still under way. Somebody who takes this laptop and opens the vault within that time can also open what was sent to the replaced key.</source>
        <translation>Cuánto tiempo se conserva una clave reemplazada para los sobres que aún están en camino. Quien se lleve este portátil y abra la bóveda dentro de ese tiempo puede abrir también lo que se envió a la clave reemplazada.</translation>
    </message>
    <message>
        <source>How often the ways of exchange are looked at. A relay says by itself when something has come.</source>
        <translation>Con qué frecuencia se consultan las vías de intercambio. Un repetidor avisa por sí solo cuando ha llegado algo.</translation>
    </message>
    <message>
        <source>Incidents: wait at T0 (routine)</source>
        <translation>Incidentes: espera en T0 (rutina)</translation>
    </message>
    <message>
        <source>Incidents: wait at T1 (technical to technical)</source>
        <translation>Incidentes: espera en T1 (de técnico a técnico)</translation>
    </message>
    <message>
        <source>Incidents: wait at T2 (diplomatic to diplomatic)</source>
        <translation>Incidentes: espera en T2 (de diplomático a diplomático)</translation>
    </message>
    <message>
        <source>Incidents: wait at T3 (policy level)</source>
        <translation>Incidentes: espera en T3 (nivel político)</translation>
    </message>
    <message>
        <source>It is newer than the version that runs, {0}.</source>
        <translation>Es más reciente que la versión en uso, {0}.</translation>
    </message>
    <message>
        <source>It is older than the version that runs, {0}. Going back brings back faults that are mended since.</source>
        <translation>Es más antigua que la versión en uso, {0}. Volver atrás trae de nuevo defectos ya corregidos.</translation>
    </message>
    <message>
        <source>It is the version that runs.</source>
        <translation>Es la versión en uso.</translation>
    </message>
    <message>
        <source>Keep old keys, by courier</source>
        <translation>Conservar las claves antiguas, por mensajero</translation>
    </message>
    <message>
        <source>Keep old keys, connected</source>
        <translation>Conservar las claves antiguas, con conexión</translation>
    </message>
    <message>
        <source>Keep windows out of screenshots</source>
        <translation>Dejar las ventanas fuera de las capturas de pantalla</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Claves</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Letters, signs and buttons grow together, up to twice their size; what no longer fits can be scrolled. It holds from the next time you unlock.</source>
        <translation>Las letras, los signos y los botones crecen juntos, hasta el doble de su tamaño; lo que ya no quepa puede desplazarse. Vale a partir de la próxima vez que usted desbloquee.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Clara</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>Clara u oscura</translation>
    </message>
    <message>
        <source>Lock after</source>
        <translation>Bloquear después de</translation>
    </message>
    <message>
        <source>Locking</source>
        <translation>Bloqueo</translation>
    </message>
    <message>
        <source>Movement</source>
        <translation>Movimiento</translation>
    </message>
    <message>
        <source>Nothing in the window moves by itself: menus open at once, and what takes long says so without moving.</source>
        <translation>Nada en la ventana se mueve por sí solo: los menús se abren de inmediato, y lo que tarda lo indica sin moverse.</translation>
    </message>
    <message>
        <source>Nothing moves</source>
        <translation>Nada se mueve</translation>
    </message>
    <message>
        <source>Other programs of your account cannot read the memory of Valise.</source>
        <translation>Otros programas de su cuenta no pueden leer la memoria de Valise.</translation>
    </message>
    <message>
        <source>Other programs of your account could read the memory of Valise: install only what you trust.</source>
        <translation>Otros programas de su cuenta podrían leer la memoria de Valise: instale solo aquello en que confíe.</translation>
    </message>
    <message>
        <source>Proxy to the relay</source>
        <translation>Proxy hacia el repetidor</translation>
    </message>
    <message>
        <source>Release files of Valise ({0})</source>
        <translation>Archivos de versión de Valise ({0})</translation>
    </message>
    <message>
        <source>Send again after</source>
        <translation>Enviar de nuevo después de</translation>
    </message>
    <message>
        <source>Show the public name when locked</source>
        <translation>Mostrar el nombre público cuando está bloqueado</translation>
    </message>
    <message>
        <source>Size of everything</source>
        <translation>Tamaño de todo</translation>
    </message>
    <message>
        <source>Stop until I decide</source>
        <translation>Detener hasta que yo decida</translation>
    </message>
    <message>
        <source>Tell me and go on</source>
        <translation>Avisarme y continuar</translation>
    </message>
    <message>
        <source>Tell the desktop when something came</source>
        <translation>Avisar en el escritorio cuando ha llegado algo</translation>
    </message>
    <message>
        <source>The colours of the window. Both can be read by those who see contrasts poorly.</source>
        <translation>Los colores de la ventana. Ambas presentaciones pueden leerlas quienes distinguen mal los contrastes.</translation>
    </message>
    <message>
        <source>The language of the window. Texts and messages stay as they were written.</source>
        <translation>El idioma de la ventana. Los textos y los mensajes quedan como se escribieron.</translation>
    </message>
    <message>
        <source>The same for delegations reached by courier: longer than the longest way of a stick.</source>
        <translation>Lo mismo para las delegaciones a las que se llega por mensajero: más tiempo que el recorrido más largo de una memoria USB.</translation>
    </message>
    <message>
        <source>The shared folder through which sealed envelopes travel. Whoever can open it sees sizes and times, never a name or a word.</source>
        <translation>La carpeta compartida por la que viajan los sobres sellados. Quien pueda abrirla ve tamaños y horas, nunca un nombre ni una palabra.</translation>
    </message>
    <message>
        <source>The system decides who may read what Valise writes: keep this account to yourself.</source>
        <translation>El sistema decide quién puede leer lo que escribe Valise: reserve esta cuenta para usted.</translation>
    </message>
    <message>
        <source>The unlock page shows the name you made public. Anybody who sees the screen can read it.</source>
        <translation>La página de desbloqueo muestra el nombre que usted hizo público. Cualquiera que vea la pantalla puede leerlo.</translation>
    </message>
    <message>
        <source>The vault locks after this long without a key or the mouse. It also locks when the computer sleeps.</source>
        <translation>La bóveda se bloquea después de este tiempo sin uso del teclado ni del ratón. También se bloquea cuando el equipo entra en suspensión.</translation>
    </message>
    <message>
        <source>Time zones in which a deadline is also shown, separated by commas, for example Asia/Singapore. UTC and the time of this computer are always there.</source>
        <translation>Husos horarios en los que se muestra también un plazo, separados por comas, por ejemplo Asia/Singapore. UTC y la hora de este equipo figuran siempre.</translation>
    </message>
    <message>
        <source>Use the folder when the relay cannot be reached</source>
        <translation>Usar la carpeta cuando no se puede conectar con el repetidor</translation>
    </message>
    <message>
        <source>What Valise writes can be read by your account only.</source>
        <translation>Lo que escribe Valise solo puede leerse desde su cuenta.</translation>
    </message>
    <message>
        <source>What a recipient has not confirmed after this long is sent once more, and then less and less often.</source>
        <translation>Lo que un destinatario no ha confirmado después de este tiempo se envía una vez más, y luego cada vez con menos frecuencia.</translation>
    </message>
    <message>
        <source>What was copied from here is removed from the clipboard after this long, and when the vault locks.</source>
        <translation>Lo que se copió de aquí se quita del portapapeles después de este tiempo, y cuando se bloquea la bóveda.</translation>
    </message>
    <message>
        <source>When a delegation adds a laptop</source>
        <translation>Cuando una delegación añade un portátil</translation>
    </message>
    <message>
        <source>Where the system can leave windows out of screenshots and recordings, it is asked to. This device, below, says what holds here.</source>
        <translation>Cuando el sistema puede dejar ventanas fuera de las capturas y grabaciones de pantalla, se le pide que lo haga. En Este dispositivo, más abajo, se indica qué rige aquí.</translation>
    </message>
    <message>
        <source>Where this network lets nothing out but a proxy: http://host:port, or http://name:password@host:port. It is kept in the vault only, and the password is not shown again. The proxy sees which relay is used, never what is sent.</source>
        <translation>Cuando esta red solo deja salir a través de un proxy: http://host:port, o http://name:password@host:port. Se conserva solo en la bóveda, y la contraseña no vuelve a mostrarse. El proxy ve qué repetidor se usa, nunca lo que se envía.</translation>
    </message>
    <message>
        <source>Whoever holds a delegation&apos;s key can admit a laptop that then reads what is sent to it. Nothing more is sent to that delegation, or from ours when the laptop is our own, until somebody here has looked at it.</source>
        <translation>Quien tenga la clave de una delegación puede admitir un portátil que lee entonces lo que se envía a esta. No se envía nada más a esa delegación, o desde la nuestra si el portátil es propio, hasta que alguien de aquí lo haya examinado.</translation>
    </message>
    <message>
        <source>Working days without an answer after which the next channel is proposed to you. 0 = nothing is proposed.</source>
        <translation>Días laborables sin respuesta tras los cuales se le propone el siguiente canal. 0 = no se propone nada.</translation>
    </message>
    <message>
        <source>days</source>
        <translation>días</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>horas</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>minutos</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
    <message>
        <source>off</source>
        <translation>desactivado</translation>
    </message>
    <message>
        <source>on</source>
        <translation>activado</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>segundos</translation>
    </message>
    <message>
        <source>Русский</source>
        <translation>Русский</translation>
    </message>
    <message>
        <source>العربية</source>
        <translation>العربية</translation>
    </message>
    <message>
        <source>中文</source>
        <translation>中文</translation>
    </message>
</context>
<context>
    <name>shares</name>
    <message numerus="yes">
        <source>All %n shares are right</source>
        <translation>
            <numerusform>El único fragmento es correcto</numerusform>
            <numerusform>Los %n fragmentos son correctos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Share {0} of {1} is right. %n more.</source>
        <translation>
            <numerusform>El fragmento {0} de {1} es correcto. Falta %n.</numerusform>
            <numerusform>El fragmento {0} de {1} es correcto. Faltan %n.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>steps</name>
    <message>
        <source>A laptop can be lost or break. A backup on a stick, kept apart from it, brings back what you wrote and received.</source>
        <translation>Un portátil puede perderse o averiarse. Una copia de seguridad en una memoria USB, guardada aparte, recupera lo que usted escribió y recibió.</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>Hacer una copia de seguridad…</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>Hecho.</translation>
    </message>
    <message>
        <source>It says which laptops belong to your delegation. While it lies beside the vault, whoever takes this laptop takes both; only its passphrase is then in the way.</source>
        <translation>Dice qué portátiles pertenecen a su delegación. Mientras esté junto a la bóveda, quien se lleve este portátil se lleva ambas cosas; solo se interpone entonces su frase de contraseña.</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>Hechos y nunca ensayados: solo un ensayo muestra que el papel es correcto.</translation>
    </message>
    <message>
        <source>Make a backup</source>
        <translation>Hacer una copia de seguridad</translation>
    </message>
    <message>
        <source>Make recovery shares of the delegation</source>
        <translation>Hacer fragmentos de recuperación de la delegación</translation>
    </message>
    <message>
        <source>Make recovery shares of this vault</source>
        <translation>Hacer fragmentos de recuperación de esta bóveda</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>Hacer fragmentos…</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>Trasladarlo…</translation>
    </message>
    <message>
        <source>Move the key file to a stick</source>
        <translation>Trasladar el archivo de clave a una memoria USB</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>Aún sin hacer.</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>Ensayar…</translation>
    </message>
    <message>
        <source>Words on paper for several people. Some of them together open this vault when the passphrase is forgotten. Without them nobody can.</source>
        <translation>Palabras en papel para varias personas. Algunas de ellas juntas abren esta bóveda cuando se olvida la frase de contraseña. Sin ellas nadie puede.</translation>
    </message>
    <message>
        <source>Words on paper that give the delegation&apos;s key back when the key file or its passphrase is lost. Without it no laptop can be admitted or revoked.</source>
        <translation>Palabras en papel que devuelven la clave de la delegación cuando se pierde el archivo de clave o su frase de contraseña. Sin ella no se puede admitir ni revocar ningún portátil.</translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message numerus="yes">
        <source>%n amendments</source>
        <translation>
            <numerusform>%n enmienda</numerusform>
            <numerusform>%n enmiendas</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets</source>
        <translation>
            <numerusform>%n corchete</numerusform>
            <numerusform>%n corchetes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets are still open in it.</source>
        <translation>
            <numerusform>Todavía hay un corchete abierto en él.</numerusform>
            <numerusform>Todavía hay %n corchetes abiertos en él.</numerusform>
        </translation>
    </message>
    <message>
        <source>A PDF does not keep the order of right-to-left words: read closely where Latin words or figures stand.</source>
        <translation>Un PDF no conserva el orden de las palabras que se escriben de derecha a izquierda: lea con atención donde haya palabras o cifras latinas.</translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its partner.</source>
        <translation>Un corchete se abre o se cierra sin su pareja.</translation>
    </message>
    <message>
        <source>A field has no end; all its letters were kept.</source>
        <translation>Un campo no tiene fin; se han conservado todas sus letras.</translation>
    </message>
    <message>
        <source>A marked change could not be placed at the words it is about.</source>
        <translation>Un cambio señalado no se pudo situar en las palabras a que se refiere.</translation>
    </message>
    <message>
        <source>A number stands at two paragraphs.</source>
        <translation>Un número figura en dos párrafos.</translation>
    </message>
    <message>
        <source>A paragraph cut in two is proposed as a deletion and a new paragraph.</source>
        <translation>Un párrafo cortado en dos se propone como una supresión y un nuevo párrafo.</translation>
    </message>
    <message>
        <source>A reference to a note was left out.</source>
        <translation>Se ha omitido una remisión a una nota.</translation>
    </message>
    <message>
        <source>Addresses behind words were left out, the words kept. None was followed.</source>
        <translation>Se han omitido las direcciones que hay detrás de las palabras y se han conservado las palabras. No se ha seguido ninguna.</translation>
    </message>
    <message>
        <source>Agreed at the table, subject to confirmation by capitals; not reopened meanwhile.</source>
        <translation>Acordado en la mesa, con sujeción a la confirmación de las capitales; entretanto no se reabre.</translation>
    </message>
    <message>
        <source>Broken lines were joined into paragraphs.</source>
        <translation>Se han unido en párrafos las líneas partidas.</translation>
    </message>
    <message>
        <source>Changes by others inside words that were moved or joined were left out.</source>
        <translation>Se han omitido los cambios de otros dentro de palabras que se trasladaron o unieron.</translation>
    </message>
    <message>
        <source>Characters that reverse the order of reading were found: read closely.</source>
        <translation>Se han encontrado caracteres que invierten el orden de lectura: lea con atención.</translation>
    </message>
    <message>
        <source>Elements that are not known were read as plain paragraphs.</source>
        <translation>Los elementos que no se conocen se han leído como párrafos sin formato.</translation>
    </message>
    <message>
        <source>Embedded objects were left out and not opened.</source>
        <translation>Se han omitido los objetos incrustados y no se han abierto.</translation>
    </message>
    <message>
        <source>Endnotes were kept as remarks.</source>
        <translation>Las notas finales se han conservado como observaciones.</translation>
    </message>
    <message>
        <source>Fallback</source>
        <translation>Texto de repliegue</translation>
    </message>
    <message>
        <source>Fields were read as the result they show.</source>
        <translation>Los campos se han leído como el resultado que muestran.</translation>
    </message>
    <message>
        <source>Footnotes were kept as remarks.</source>
        <translation>Las notas de pie de página se han conservado como observaciones.</translation>
    </message>
    <message>
        <source>Forms and their fields were left out.</source>
        <translation>Se han omitido los formularios y sus campos.</translation>
    </message>
    <message>
        <source>Formulas were left out.</source>
        <translation>Se han omitido las fórmulas.</translation>
    </message>
    <message>
        <source>Formulas were read by their letters; their shape is lost.</source>
        <translation>Las fórmulas se han leído por sus letras; su forma se pierde.</translation>
    </message>
    <message>
        <source>Go along</source>
        <translation>Acompañar</translation>
    </message>
    <message>
        <source>Headers and footers were left out.</source>
        <translation>Se han omitido los encabezados y pies de página.</translation>
    </message>
    <message>
        <source>Hidden control characters were taken out.</source>
        <translation>Se han quitado los caracteres de control ocultos.</translation>
    </message>
    <message>
        <source>Hidden words were left out.</source>
        <translation>Se han omitido las palabras ocultas.</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>Instrucción</translation>
    </message>
    <message>
        <source>It belongs to a continuation that was not the one taken.</source>
        <translation>Pertenece a una continuación que no fue la que se siguió.</translation>
    </message>
    <message>
        <source>It came after its computer was taken out of the talks.</source>
        <translation>Llegó después de que su equipo quedara excluido de las conversaciones.</translation>
    </message>
    <message>
        <source>It is without effect by the rules of the text.</source>
        <translation>No tiene efecto según las reglas del texto.</translation>
    </message>
    <message>
        <source>It refers to a paragraph that is not in the text.</source>
        <translation>Se refiere a un párrafo que no está en el texto.</translation>
    </message>
    <message>
        <source>It refers to a version of the paragraph that never stood.</source>
        <translation>Se refiere a una versión del párrafo que nunca figuró.</translation>
    </message>
    <message>
        <source>It refers to an amendment that is not in the text.</source>
        <translation>Se refiere a una enmienda que no está en el texto.</translation>
    </message>
    <message>
        <source>It refers to something that is not in the text.</source>
        <translation>Se refiere a algo que no está en el texto.</translation>
    </message>
    <message>
        <source>It would change nothing.</source>
        <translation>No cambiaría nada.</translation>
    </message>
    <message>
        <source>Its computer did not hold the pen.</source>
        <translation>Su equipo no llevaba la redacción.</translation>
    </message>
    <message>
        <source>Its computer signed two different histories.</source>
        <translation>Su equipo firmó dos historias distintas.</translation>
    </message>
    <message>
        <source>Its paragraph was agreed at that time.</source>
        <translation>Su párrafo estaba acordado en ese momento.</translation>
    </message>
    <message>
        <source>Its place in the new words could not be found.</source>
        <translation>No se pudo encontrar su lugar en las nuevas palabras.</translation>
    </message>
    <message>
        <source>Lines were joined into paragraphs: look where one begins.</source>
        <translation>Se han unido líneas en párrafos: revise dónde empieza cada uno.</translation>
    </message>
    <message>
        <source>Marks for right-to-left words were kept.</source>
        <translation>Se han conservado las marcas de las palabras que se escriben de derecha a izquierda.</translation>
    </message>
    <message>
        <source>Menus of the page were left out.</source>
        <translation>Se han omitido los menús de la página.</translation>
    </message>
    <message>
        <source>No numbered paragraphs were recognised.</source>
        <translation>No se han reconocido párrafos numerados.</translation>
    </message>
    <message>
        <source>No title was found: give one.</source>
        <translation>No se ha encontrado título: ponga uno.</translation>
    </message>
    <message>
        <source>Not reopened without the chair&apos;s consent.</source>
        <translation>No se reabre sin el consentimiento de la Presidencia.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Numbers were given to paragraphs that had none.</source>
        <translation>Se ha dado número a párrafos que no lo tenían.</translation>
    </message>
    <message>
        <source>Of the page the words were read; its look, tables and marks are lost.</source>
        <translation>De la página se han leído las palabras; su aspecto, sus tablas y sus marcas se pierden.</translation>
    </message>
    <message>
        <source>Of the pages the words were read; their look, tables and strokes are lost.</source>
        <translation>De las páginas se han leído las palabras; su aspecto, sus tablas y sus trazos se pierden.</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>Oponerse</translation>
    </message>
    <message>
        <source>Page breaks were left out.</source>
        <translation>Se han omitido los saltos de página.</translation>
    </message>
    <message>
        <source>Page numbers and lines repeated on the pages were left out.</source>
        <translation>Se han omitido los números de página y las líneas que se repiten en las páginas.</translation>
    </message>
    <message>
        <source>Parts that come from other documents were left out.</source>
        <translation>Se han omitido las partes que proceden de otros documentos.</translation>
    </message>
    <message>
        <source>Pictures were left out, with any words in them.</source>
        <translation>Se han omitido las imágenes, con las palabras que pudieran contener.</translation>
    </message>
    <message>
        <source>Pictures were left out.</source>
        <translation>Se han omitido las imágenes.</translation>
    </message>
    <message numerus="yes">
        <source>Proposes %n changes:</source>
        <translation>
            <numerusform>Propone %n cambio:</numerusform>
            <numerusform>Propone %n cambios:</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading guides above characters were left out.</source>
        <translation>Se han omitido las guías de lectura que van encima de los caracteres.</translation>
    </message>
    <message>
        <source>Red line</source>
        <translation>Línea roja</translation>
    </message>
    <message numerus="yes">
        <source>Released: %n proposals leave with the next exchange.</source>
        <translation>
            <numerusform>Autorizado: la propuesta sale con el próximo intercambio.</numerusform>
            <numerusform>Autorizado: %n propuestas salen con el próximo intercambio.</numerusform>
        </translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Formular reserva</translation>
    </message>
    <message>
        <source>Set aside until later.</source>
        <translation>Apartado hasta más adelante.</translation>
    </message>
    <message>
        <source>Signs of a symbol font that have no letter were left out.</source>
        <translation>Se han omitido los signos de una fuente de símbolos que no tienen letra.</translation>
    </message>
    <message numerus="yes">
        <source>Since you last looked: %n paragraphs changed or spoken to, by {0}.</source>
        <translation>
            <numerusform>Desde la última vez que miró: %n párrafo con cambios o intervenciones, de {0}.</numerusform>
            <numerusform>Desde la última vez que miró: %n párrafos con cambios o intervenciones, de {0}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Some comments stand at no words.</source>
        <translation>Algunos comentarios no corresponden a ninguna palabra.</translation>
    </message>
    <message>
        <source>Some pages are pictures: nothing of them was read.</source>
        <translation>Algunas páginas son imágenes: no se ha leído nada de ellas.</translation>
    </message>
    <message>
        <source>Some paragraphs carry no number.</source>
        <translation>Algunos párrafos no llevan número.</translation>
    </message>
    <message>
        <source>Something in the document was read differently than it was written: read closely.</source>
        <translation>Algo del documento se leyó de manera distinta de como se escribió: lea con atención.</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>Apoyar</translation>
    </message>
    <message>
        <source>Tables were read cell by cell as paragraphs.</source>
        <translation>Las tablas se han leído celda por celda como párrafos.</translation>
    </message>
    <message>
        <source>Tables were read row by row as paragraphs.</source>
        <translation>Las tablas se han leído fila por fila como párrafos.</translation>
    </message>
    <message>
        <source>Text boxes were read as paragraphs.</source>
        <translation>Los cuadros de texto se han leído como párrafos.</translation>
    </message>
    <message>
        <source>The document holds macros. They were not read.</source>
        <translation>El documento contiene macros. No se han leído.</translation>
    </message>
    <message>
        <source>The document refers to files or addresses elsewhere. None was followed.</source>
        <translation>El documento remite a archivos o direcciones de otros lugares. No se ha seguido ninguno.</translation>
    </message>
    <message>
        <source>The file names another language than its words are in.</source>
        <translation>El archivo indica un idioma distinto del de sus palabras.</translation>
    </message>
    <message>
        <source>The language was not recognised: choose it.</source>
        <translation>No se ha reconocido el idioma: elíjalo.</translation>
    </message>
    <message>
        <source>The numbering of its computer&apos;s entries is broken.</source>
        <translation>La numeración de las entradas de su equipo está interrumpida.</translation>
    </message>
    <message>
        <source>The page holds scripts. They were not read and did not run.</source>
        <translation>La página contiene scripts. No se han leído ni ejecutado.</translation>
    </message>
    <message>
        <source>The page refers to pages or files elsewhere. None was fetched.</source>
        <translation>La página remite a páginas o archivos de otros lugares. No se ha recogido ninguno.</translation>
    </message>
    <message>
        <source>The pen carried this over to another place than this computer would have. Read both again.</source>
        <translation>La delegación redactora la mantuvo en un lugar distinto de aquel en que lo habría hecho este equipo. Lea ambas cosas de nuevo.</translation>
    </message>
    <message>
        <source>The words it quotes are not those of the text.</source>
        <translation>Las palabras que cita no son las del texto.</translation>
    </message>
    <message>
        <source>This paragraph</source>
        <translation>Este párrafo</translation>
    </message>
    <message>
        <source>This text is frozen: nobody can write on.</source>
        <translation>Este texto está congelado: nadie puede seguir escribiendo.</translation>
    </message>
    <message>
        <source>This text is frozen: the computer that holds the pen signed two different histories.</source>
        <translation>Este texto está congelado: el equipo que lleva la redacción firmó dos historias distintas.</translation>
    </message>
    <message>
        <source>This text is frozen: the delegations recovered the pen in two different ways.</source>
        <translation>Este texto está congelado: las delegaciones recuperaron la redacción de dos maneras distintas.</translation>
    </message>
    <message>
        <source>This text is frozen: the pen wrote two different continuations.</source>
        <translation>Este texto está congelado: quien llevaba la redacción escribió dos continuaciones distintas.</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Título</translation>
    </message>
    <message>
        <source>Tracked changes inside notes, headers or comments were left out.</source>
        <translation>Se han omitido los cambios marcados dentro de notas, encabezados o comentarios.</translation>
    </message>
    <message>
        <source>Tracked changes of look alone were left out.</source>
        <translation>Se han omitido los cambios marcados que solo afectan al aspecto.</translation>
    </message>
    <message>
        <source>Tracked changes of numbers or statuses were left out.</source>
        <translation>Se han omitido los cambios marcados de números o situaciones.</translation>
    </message>
    <message>
        <source>Tracked rows or cells of tables were read as changes of their words.</source>
        <translation>Las filas o celdas de tablas con cambios marcados se han leído como cambios de sus palabras.</translation>
    </message>
    <message>
        <source>Two paragraphs made one are proposed as new words and a deletion.</source>
        <translation>Dos párrafos convertidos en uno se proponen como nuevas palabras y una supresión.</translation>
    </message>
    <message>
        <source>Under negotiation.</source>
        <translation>En negociación.</translation>
    </message>
    <message>
        <source>Words divided at the end of a line were joined: look at their hyphens.</source>
        <translation>Se han unido las palabras divididas al final de una línea: revise sus guiones.</translation>
    </message>
    <message>
        <source>Words in parts that are not known here were left out or read plainly.</source>
        <translation>Las palabras de partes que no se conocen aquí se han omitido o se han leído sin formato.</translation>
    </message>
    <message>
        <source>Words inserted and struck by the same author were left out.</source>
        <translation>Se han omitido las palabras insertadas y tachadas por el mismo autor.</translation>
    </message>
    <message>
        <source>Words marked as inserted or struck were kept in the text, without who marked them.</source>
        <translation>Las palabras marcadas como insertadas o tachadas se han conservado en el texto, sin indicar quién las marcó.</translation>
    </message>
    <message>
        <source>Words moved inside paragraphs are proposed as deletions and insertions.</source>
        <translation>Las palabras trasladadas dentro de párrafos se proponen como supresiones e inserciones.</translation>
    </message>
    <message>
        <source>Words that one inserted and another struck were kept as remarks.</source>
        <translation>Las palabras que una persona insertó y otra tachó se han conservado como observaciones.</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>acordado ad referendum</translation>
    </message>
    <message>
        <source>alternative to the paragraph</source>
        <translation>alternativa al párrafo</translation>
    </message>
    <message>
        <source>came after the paragraph was agreed; the pen decides whether to admit it</source>
        <translation>llegó después de acordarse el párrafo; la delegación redactora decide si la admite</translation>
    </message>
    <message>
        <source>can go along</source>
        <translation>puede acompañar</translation>
    </message>
    <message>
        <source>cannot leave: the paragraph has changed since it was written</source>
        <translation>no puede salir: el párrafo ha cambiado desde que se escribió</translation>
    </message>
    <message>
        <source>change of title</source>
        <translation>cambio de título</translation>
    </message>
    <message>
        <source>change of words</source>
        <translation>cambio de palabras</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>cerrado</translation>
    </message>
    <message>
        <source>contested: the pen decides whether the silence was broken in time</source>
        <translation>controvertido: la delegación redactora decide si el silencio se rompió a tiempo</translation>
    </message>
    <message>
        <source>delete the paragraph</source>
        <translation>suprimir el párrafo</translation>
    </message>
    <message>
        <source>its paragraph is no longer in the text</source>
        <translation>su párrafo ya no está en el texto</translation>
    </message>
    <message>
        <source>kept as an alternative</source>
        <translation>mantenida como alternativa</translation>
    </message>
    <message>
        <source>move the paragraph</source>
        <translation>trasladar el párrafo</translation>
    </message>
    <message>
        <source>new paragraph</source>
        <translation>nuevo párrafo</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>sin posición</translation>
    </message>
    <message>
        <source>not taken</source>
        <translation>no incorporada</translation>
    </message>
    <message>
        <source>open</source>
        <translation>abierto</translation>
    </message>
    <message>
        <source>open, carried over to the new words by the pen</source>
        <translation>abierta, mantenida en las nuevas palabras por la delegación redactora</translation>
    </message>
    <message>
        <source>opposes</source>
        <translation>se opone</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>en suspenso</translation>
    </message>
    <message>
        <source>proposes</source>
        <translation>propone</translation>
    </message>
    <message>
        <source>released</source>
        <translation>autorizado</translation>
    </message>
    <message>
        <source>replaced by a later proposal</source>
        <translation>reemplazada por una propuesta posterior</translation>
    </message>
    <message>
        <source>reserves</source>
        <translation>formula reserva</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>devuelto</translation>
    </message>
    <message>
        <source>scrutiny reservation</source>
        <translation>reserva de estudio</translation>
    </message>
    <message>
        <source>silence broken: it is not agreed</source>
        <translation>silencio roto: no está acordada</translation>
    </message>
    <message>
        <source>silence kept: it stands as agreed</source>
        <translation>silencio mantenido: queda acordada</translation>
    </message>
    <message>
        <source>supports</source>
        <translation>apoya</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>retirado</translation>
    </message>
    <message>
        <source>taken into the text</source>
        <translation>incorporada al texto</translation>
    </message>
    <message>
        <source>taken with changes</source>
        <translation>incorporada con cambios</translation>
    </message>
    <message>
        <source>under silence</source>
        <translation>en procedimiento de acuerdo tácito</translation>
    </message>
    <message>
        <source>waits for release by a second officer</source>
        <translation>espera la autorización de un segundo funcionario</translation>
    </message>
    <message>
        <source>withdrawn by its sponsor</source>
        <translation>retirada por su patrocinador</translation>
    </message>
    <message>
        <source>without effect</source>
        <translation>sin efecto</translation>
    </message>
    <message>
        <source>written for earlier words; the pen decides whether to admit it</source>
        <translation>escrita para palabras anteriores; la delegación redactora decide si la admite</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n delegations decide; no clock does. What you say here is signed and stays.</source>
        <translation>
            <numerusform>Deciden las delegaciones ({0} de %n); no lo hace ningún reloj. Lo que usted dice aquí se firma y permanece.</numerusform>
            <numerusform>Deciden las delegaciones ({0} de %n); no lo hace ningún reloj. Lo que usted dice aquí se firma y permanece.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more paragraphs</source>
        <translation>
            <numerusform>… y %n párrafo más</numerusform>
            <numerusform>… y %n párrafos más</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>times</name>
    <message>
        <source>Today</source>
        <translation>Hoy</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Ayer</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nunca</translation>
    </message>
    <message>
        <source>{day}, {clock}</source>
        <translation>{day}, {clock}</translation>
    </message>
</context>
<context>
    <name>trust</name>
    <message>
        <source>identity changed</source>
        <translation>identidad cambiada</translation>
    </message>
    <message>
        <source>not verified yet</source>
        <translation>sin verificar</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>propia</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>desconocida</translation>
    </message>
    <message>
        <source>verified in person</source>
        <translation>verificada en persona</translation>
    </message>
    <message>
        <source>vouched for</source>
        <translation>avalada</translation>
    </message>
</context>
<context>
    <name>unlock</name>
    <message numerus="yes">
        <source>%n rows were rescued, {lost} lost.</source>
        <translation>
            <numerusform>Se rescató %n fila; perdidas: {lost}.</numerusform>
            <numerusform>Se rescataron %n filas; perdidas: {lost}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows were rescued; how many were lost cannot be told.</source>
        <translation>
            <numerusform>Se rescató %n fila; no se puede saber cuántas se perdieron.</numerusform>
            <numerusform>Se rescataron %n filas; no se puede saber cuántas se perdieron.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything that was there verifies: %n rows were rescued.</source>
        <translation>
            <numerusform>Todo lo que había se verifica: se rescató %n fila.</numerusform>
            <numerusform>Todo lo que había se verifica: se rescataron %n filas.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets</name>
    <message numerus="yes">
        <source>{0}, %n need you</source>
        <translation>
            <numerusform>{0}; %n requiere su atención</numerusform>
            <numerusform>{0}; %n requieren su atención</numerusform>
        </translation>
    </message>
</context>
</TS>
