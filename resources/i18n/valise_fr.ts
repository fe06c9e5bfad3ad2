<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr_FR" sourcelanguage="en">
<context>
    <name>Acting</name>
    <message>
        <source>Contact cards (*.vcf);;All files (*)</source>
        <translation>Cartes de contact (*.vcf);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>Importer des cartes de contact</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>Note verbale</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Enregistrer des cartes de contact</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>Enregistrer la note verbale</translation>
    </message>
    <message>
        <source>Written as {file} and entered as sent under number {number}.</source>
        <translation>Écrite dans {file} et inscrite comme envoyée sous le numéro {number}.</translation>
    </message>
    <message>
        <source>{what} copied. The clipboard forgets it after a few seconds.</source>
        <translation>Copie faite&#xa0;: {what}. Le presse-papiers l’oublie au bout de quelques secondes.</translation>
    </message>
</context>
<context>
    <name>Acts</name>
    <message>
        <source>Acknowledge receipt</source>
        <translation>Accuser réception</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Répondre</translation>
    </message>
    <message>
        <source>Change what has changed. What stood before stays in the record, and everybody sees both.</source>
        <translation>Modifiez ce qui a changé. Ce qui figurait auparavant reste au dossier, et chacun voit les deux.</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>Voie</translation>
    </message>
    <message>
        <source>Choose offers</source>
        <translation>Choisir des offres</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>Clore</translation>
    </message>
    <message>
        <source>Close the incident</source>
        <translation>Clore l’incident</translation>
    </message>
    <message>
        <source>Everybody in the room sees that you now use that channel. Speak to your counterparts there as well.</source>
        <translation>Tous les membres de la salle voient que vous utilisez maintenant cette voie. Parlez-y aussi à vos homologues.</translation>
    </message>
    <message>
        <source>Everybody in the room sees which offers your delegation takes.</source>
        <translation>Tous les membres de la salle voient quelles offres votre délégation retient.</translation>
    </message>
    <message>
        <source>Everybody in the room that you choose reads it.</source>
        <translation>Tous les membres de la salle que vous choisissez le lisent.</translation>
    </message>
    <message>
        <source>Everybody reads how it ended. Exchange first (Ctrl+R), so that what is under way is here.</source>
        <translation>Chacun lit comment il s’est terminé. Échangez d’abord (Ctrl+R), pour que ce qui est en route soit ici.</translation>
    </message>
    <message>
        <source>It is closed.</source>
        <translation>L’incident est clos.</translation>
    </message>
    <message>
        <source>It is done</source>
        <translation>C’est fait</translation>
    </message>
    <message>
        <source>It is open again.</source>
        <translation>L’incident est rouvert.</translation>
    </message>
    <message>
        <source>It is reported there in the name of your delegation, with its markings word for word, and what its source allows. Internal notes do not go along.</source>
        <translation>Il y est signalé au nom de votre délégation, avec ses marquages mot pour mot et ce que sa source permet. Les notes internes ne suivent pas.</translation>
    </message>
    <message>
        <source>It is said which offers you take.</source>
        <translation>Il est annoncé quelles offres vous retenez.</translation>
    </message>
    <message>
        <source>It is sent on.</source>
        <translation>L’incident est transmis.</translation>
    </message>
    <message>
        <source>It is taken higher.</source>
        <translation>L’incident est porté à l’échelon supérieur.</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>Conserver la note</translation>
    </message>
    <message>
        <source>Keep the task</source>
        <translation>Conserver la tâche</translation>
    </message>
    <message>
        <source>New internal note</source>
        <translation>Nouvelle note interne</translation>
    </message>
    <message>
        <source>New task</source>
        <translation>Nouvelle tâche</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Offer assistance</source>
        <translation>Offrir une assistance</translation>
    </message>
    <message>
        <source>Offers</source>
        <translation>Offres</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Rouvrir</translation>
    </message>
    <message>
        <source>Read a STIX bundle</source>
        <translation>Lire un paquet STIX</translation>
    </message>
    <message>
        <source>Receipt is acknowledged.</source>
        <translation>Il est accusé réception.</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Salle</translation>
    </message>
    <message>
        <source>STIX bundles (*.json)</source>
        <translation>Paquets STIX (*.json)</translation>
    </message>
    <message>
        <source>Save as STIX 2.1</source>
        <translation>Enregistrer en STIX 2.1</translation>
    </message>
    <message>
        <source>Save it all the same</source>
        <translation>Enregistrer malgré tout</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>Enregistrer le fichier</translation>
    </message>
    <message>
        <source>Send it on</source>
        <translation>Transmettre</translation>
    </message>
    <message>
        <source>Send on to others</source>
        <translation>Transmettre à d’autres</translation>
    </message>
    <message>
        <source>Send the answer</source>
        <translation>Envoyer la réponse</translation>
    </message>
    <message>
        <source>Send the offer</source>
        <translation>Envoyer l’offre</translation>
    </message>
    <message>
        <source>Send the update</source>
        <translation>Envoyer la mise à jour</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Take it higher</source>
        <translation>Porter à l’échelon supérieur</translation>
    </message>
    <message>
        <source>Take it there</source>
        <translation>Porter à cet échelon</translation>
    </message>
    <message>
        <source>Take the offer back</source>
        <translation>Reprendre l’offre</translation>
    </message>
    <message>
        <source>Take these offers</source>
        <translation>Retenir ces offres</translation>
    </message>
    <message>
        <source>Task done</source>
        <translation>Tâche faite</translation>
    </message>
    <message>
        <source>The answer is on its way.</source>
        <translation>La réponse est en route.</translation>
    </message>
    <message>
        <source>The file is saved.</source>
        <translation>Le fichier est enregistré.</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed.</source>
        <translation>Le fichier se trouve hors du coffre et n’est pas scellé.</translation>
    </message>
    <message>
        <source>The note is kept.</source>
        <translation>La note est conservée.</translation>
    </message>
    <message>
        <source>The offer is on its way.</source>
        <translation>L’offre est en route.</translation>
    </message>
    <message>
        <source>The offer is taken back.</source>
        <translation>L’offre est reprise.</translation>
    </message>
    <message>
        <source>The task is done.</source>
        <translation>La tâche est faite.</translation>
    </message>
    <message>
        <source>The task is kept.</source>
        <translation>La tâche est conservée.</translation>
    </message>
    <message>
        <source>The update is on its way.</source>
        <translation>La mise à jour est en route.</translation>
    </message>
    <message>
        <source>There is an embargo until {0}.</source>
        <translation>Embargo en vigueur (échéance&#xa0;: {0}).</translation>
    </message>
    <message>
        <source>There is no other room with another delegation.</source>
        <translation>Il n’y a pas d’autre salle avec une autre délégation.</translation>
    </message>
    <message>
        <source>Until when (optional)</source>
        <translation>Échéance (facultative)</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>Mettre à jour</translation>
    </message>
    <message>
        <source>What came of it (optional)</source>
        <translation>Ce qui en est résulté (facultatif)</translation>
    </message>
    <message>
        <source>What is to be done</source>
        <translation>Ce qui est à faire</translation>
    </message>
    <message>
        <source>Who (optional)</source>
        <translation>Qui (facultatif)</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Why (optional)</source>
        <translation>Motif (facultatif)</translation>
    </message>
    <message>
        <source>Why it cannot wait (kept in your internal record)</source>
        <translation>Pourquoi cela ne peut pas attendre (conservé dans votre dossier interne)</translation>
    </message>
    <message>
        <source>Words with it (optional)</source>
        <translation>Texte d’accompagnement (facultatif)</translation>
    </message>
    <message>
        <source>You say that your delegation received it, and nothing else: this accepts no fact, admits nothing and agrees with nothing (norm 13 (c)).</source>
        <translation>Vous dites que votre délégation l’a reçu, et rien d’autre&#xa0;: cela n’accepte aucun fait, ne reconnaît rien et ne vaut accord sur rien (norme 13 c)).</translation>
    </message>
</context>
<context>
    <name>AddressesPane</name>
    <message>
        <source>A delegation with a relay sends you one sealed, or hands you a card with permission: open it under Contacts.</source>
        <translation>Une délégation dotée d’un relais vous en envoie une scellée, ou vous remet une carte avec autorisation&#xa0;: ouvrez-la dans Contacts.</translation>
    </message>
    <message>
        <source>Addresses others gave us</source>
        <translation>Adresses que d’autres nous ont données</translation>
    </message>
    <message>
        <source>Its relay</source>
        <translation>Son relais</translation>
    </message>
    <message>
        <source>Nobody has given you an address yet</source>
        <translation>Personne ne vous a encore donné d’adresse</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>Autorisation</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>Où nous pouvons écrire</translation>
    </message>
</context>
<context>
    <name>AdmitDialog</name>
    <message>
        <source>Admit another laptop</source>
        <translation>Admettre un autre ordinateur</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Passer à la clé racine…</translation>
    </message>
    <message>
        <source>The other laptop makes a request: first start, “Join our delegation”.</source>
        <translation>L’autre ordinateur établit une demande&#xa0;: premier démarrage, «&#xa0;Rejoindre notre délégation&#xa0;».</translation>
    </message>
</context>
<context>
    <name>AdmitHereDialog</name>
    <message>
        <source>A newer identity card of ours…</source>
        <translation>Une carte d’identité plus récente de notre délégation…</translation>
    </message>
    <message>
        <source>Admit this laptop</source>
        <translation>Admettre cet ordinateur</translation>
    </message>
    <message>
        <source>Admit this laptop with the key file</source>
        <translation>Admettre cet ordinateur avec le fichier de clé</translation>
    </message>
    <message>
        <source>Do this only when no other laptop of your delegation is in use: two laptops that each sign a list of laptops make two lists, and then nobody can tell which is yours.</source>
        <translation>Ne le faites que si aucun autre ordinateur de votre délégation n’est utilisé&#xa0;: deux ordinateurs qui signent chacun une liste d’ordinateurs font deux listes, et plus personne ne peut alors dire laquelle est la vôtre.</translation>
    </message>
    <message>
        <source>Laptops that are lost or given up, revoked in the same step</source>
        <translation>Ordinateurs perdus ou abandonnés, révoqués par la même occasion</translation>
    </message>
    <message>
        <source>Needed when laptops were admitted or revoked since the backup: any delegation can give it to you.</source>
        <translation>Nécessaire si des ordinateurs ont été admis ou révoqués depuis la sauvegarde&#xa0;: n’importe quelle délégation peut vous la donner.</translation>
    </message>
    <message>
        <source>Nothing is sent to it any more, and nothing it signs is sent on.</source>
        <translation>Rien ne lui est plus envoyé, et rien de ce qu’il signe n’est transmis.</translation>
    </message>
    <message>
        <source>Open our identity card</source>
        <translation>Ouvrir notre carte d’identité</translation>
    </message>
    <message>
        <source>{0} (the backup was made on it)</source>
        <translation>{0} (la sauvegarde y a été faite)</translation>
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
        <translation>Dates</translation>
    </message>
</context>
<context>
    <name>Agreed</name>
    <message>
        <source>Agreed language: {0}</source>
        <translation>Formulation convenue&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Agreed language: {0}. No difference.</source>
        <translation>Formulation convenue&#xa0;: {0}. Aucune différence.</translation>
    </message>
    <message>
        <source>Dotted: agreed language, {0}. F3 goes to the next place.</source>
        <translation>Pointillé&#xa0;: formulation convenue, {0}. F3 va à l’endroit suivant.</translation>
    </message>
</context>
<context>
    <name>AmendmentsPane</name>
    <message>
        <source>Amendments to the paragraph</source>
        <translation>Amendements au paragraphe</translation>
    </message>
    <message>
        <source>Go on with your unsent words</source>
        <translation>Reprendre vos mots non envoyés</translation>
    </message>
    <message>
        <source>No amendments are open.</source>
        <translation>Aucun amendement n’est ouvert.</translation>
    </message>
    <message>
        <source>No amendments. Enter edits the words and makes a proposal.</source>
        <translation>Aucun amendement. Entrée permet de modifier le libellé et d’en faire une proposition.</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Remarque</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>Remarque à la salle sur {0}</translation>
    </message>
    <message>
        <source>Settled</source>
        <translation>Réglés</translation>
    </message>
    <message>
        <source>Speaking for: your delegation, or the name of a group</source>
        <translation>S’exprime au nom de&#xa0;: votre délégation, ou le nom d’un groupe</translation>
    </message>
    <message>
        <source>The keys S, G, R, O and N speak to {0}</source>
        <translation>Les touches S, G, R, O et N portent sur {0}</translation>
    </message>
    <message>
        <source>for ourselves</source>
        <translation>pour nous</translation>
    </message>
</context>
<context>
    <name>AskedView</name>
    <message>
        <source>Answer only what you know: that this entry of your delegation is right, has changed, or is not the right contact. The answer is signed and goes to the delegation that asks, to nobody else.</source>
        <translation>Ne répondez que ce que vous savez&#xa0;: que cette entrée de votre délégation est exacte, qu’elle a changé ou que ce n’est pas le bon contact. La réponse est signée et va à la délégation qui la demande, à personne d’autre.</translation>
    </message>
    <message>
        <source>Answered. It leaves with the next exchange.</source>
        <translation>Réponse donnée. Elle part au prochain échange.</translation>
    </message>
    <message>
        <source>Nobody asks</source>
        <translation>Personne ne demande rien</translation>
    </message>
    <message>
        <source>When another delegation tests how it reaches you, its question stands here.</source>
        <translation>Quand une autre délégation vérifie qu’elle peut vous joindre, sa question apparaît ici.</translation>
    </message>
</context>
<context>
    <name>AuthorsTable</name>
    <message>
        <source>Authors named in the file</source>
        <translation>Auteurs nommés dans le fichier</translation>
    </message>
    <message>
        <source>Everybody in the room reads what stands beside each choice. Choices are remembered on this laptop.</source>
        <translation>Tous les membres de la salle lisent ce qui figure à côté de chaque choix. Les choix sont retenus sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Further authors, not named to others: {0}.</source>
        <translation>Autres auteurs, non nommés aux autres&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Named as found in the file</source>
        <translation>Nommé tel que trouvé dans le fichier</translation>
    </message>
    <message>
        <source>Not named to others</source>
        <translation>Non nommé aux autres</translation>
    </message>
    <message>
        <source>Who the authors in the file are</source>
        <translation>Qui sont les auteurs dans le fichier</translation>
    </message>
    <message>
        <source>Who {0} is</source>
        <translation>Qui est {0}</translation>
    </message>
</context>
<context>
    <name>BackupDialog</name>
    <message>
        <source>Back up now</source>
        <translation>Sauvegarder maintenant</translation>
    </message>
    <message>
        <source>Back up this vault</source>
        <translation>Sauvegarder ce coffre</translation>
    </message>
    <message>
        <source>Passphrase of this vault</source>
        <translation>Phrase de passe de ce coffre</translation>
    </message>
    <message>
        <source>The backup is one file, sealed under your passphrase. It holds everything you can read here, and none of the keys of this laptop: whoever restores it gets a new laptop that has to be admitted.</source>
        <translation>La sauvegarde est un seul fichier, scellé sous votre phrase de passe. Elle contient tout ce que vous pouvez lire ici, et aucune des clés de cet ordinateur&#xa0;: qui la restaure obtient un nouvel ordinateur qui doit être admis.</translation>
    </message>
</context>
<context>
    <name>BackupsSection</name>
    <message>
        <source>Back up now…</source>
        <translation>Sauvegarder maintenant…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Sauvegarde</translation>
    </message>
    <message>
        <source>Before a laptop is given away, or when it must not be found with what is in it.</source>
        <translation>Avant de se défaire d’un ordinateur, ou quand il ne doit pas être trouvé avec ce qu’il contient.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Cancelled. What was begun was taken away again; earlier backups are as they were.</source>
        <translation>Annulé. Ce qui était commencé a été enlevé&#x202f;; les sauvegardes antérieures sont telles qu’elles étaient.</translation>
    </message>
    <message>
        <source>Carry it and its passphrase apart from each other.</source>
        <translation>Transportez-le séparément de sa phrase de passe.</translation>
    </message>
    <message>
        <source>Check a backup…</source>
        <translation>Contrôler une sauvegarde…</translation>
    </message>
    <message>
        <source>Close Valise</source>
        <translation>Fermer Valise</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>Détruire ce coffre</translation>
    </message>
    <message>
        <source>Destroy this vault…</source>
        <translation>Détruire ce coffre…</translation>
    </message>
    <message>
        <source>For a journey</source>
        <translation>Pour un voyage</translation>
    </message>
    <message>
        <source>It opens nothing any more.</source>
        <translation>Elle n’ouvre plus rien.</translation>
    </message>
    <message>
        <source>Keep a stick for it, apart from this laptop, and make one at the end of every day of talks.</source>
        <translation>Réservez-y une clé USB, rangée à l’écart de cet ordinateur, et faites une sauvegarde à la fin de chaque journée de pourparlers.</translation>
    </message>
    <message>
        <source>Keep it apart from this laptop.</source>
        <translation>Rangez-la à l’écart de cet ordinateur.</translation>
    </message>
    <message>
        <source>Make a vault for a journey…</source>
        <translation>Créer un coffre pour un voyage…</translation>
    </message>
    <message>
        <source>On the travel laptop start Valise and choose “I have a backup”.</source>
        <translation>Sur l’ordinateur de voyage, démarrez Valise et choisissez «&#xa0;J’ai une sauvegarde&#xa0;».</translation>
    </message>
    <message>
        <source>Save its new identity card and hand it to every delegation.</source>
        <translation>Enregistrez sa nouvelle carte d’identité et remettez-la à chaque délégation.</translation>
    </message>
    <message>
        <source>The backup is written, was read again and verifies: {0}.</source>
        <translation>La sauvegarde est écrite, a été relue et se vérifie&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>The vault for the journey is written and verified: {0}.</source>
        <translation>Le coffre pour le voyage est écrit et vérifié&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>The vault is destroyed. An entry of it in the keyring of this computer could not be removed.</source>
        <translation>Le coffre est détruit. Une entrée de ce coffre dans le trousseau de cet ordinateur n’a pas pu être enlevée.</translation>
    </message>
    <message>
        <source>This laptop is admitted and exchanges from now on.</source>
        <translation>Cet ordinateur est admis et échange désormais.</translation>
    </message>
    <message>
        <source>What is not on a laptop cannot be taken from it at a border. A vault for a journey holds only the rooms you choose, under a passphrase of its own, on a laptop that is admitted for these rooms alone.</source>
        <translation>Ce qui n’est pas sur un ordinateur ne peut pas en être pris à une frontière. Un coffre de voyage ne contient que les salles que vous choisissez, sous une phrase de passe qui lui est propre, sur un ordinateur admis pour ces seules salles.</translation>
    </message>
</context>
<context>
    <name>BeginDialog</name>
    <message>
        <source>A further row</source>
        <translation>Nouvelle ligne</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Poursuivre</translation>
    </message>
</context>
<context>
    <name>BeginPage</name>
    <message>
        <source>Begin with an empty vault</source>
        <translation>Commencer avec un coffre vide</translation>
    </message>
    <message>
        <source>Both can be changed later.</source>
        <translation>Les deux pourront être modifiés plus tard.</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Choisir un dossier…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>Choisir le dossier d’échange</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>Fichiers d’un relais (*.valise-relay);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>How sealed envelopes travel</source>
        <translation>Comment voyagent les enveloppes scellées</translation>
    </message>
    <message>
        <source>How to begin</source>
        <translation>Comment commencer</translation>
    </message>
    <message>
        <source>If the passphrase is ever lost</source>
        <translation>Si la phrase de passe venait à être perdue</translation>
    </message>
    <message>
        <source>Later, or by courier</source>
        <translation>Plus tard, ou par porteur</translation>
    </message>
    <message>
        <source>Look around first, with invented talks of invented delegations</source>
        <translation>Faire d’abord un tour, avec des pourparlers inventés entre délégations inventées</translation>
    </message>
    <message>
        <source>Make recovery shares soon: words on paper for several people, of whom some together can open the vault. You find them under Security, Unlocking. Without them nobody can help, and neither can we.</source>
        <translation>Établissez bientôt des parts de récupération&#xa0;: des mots sur papier pour plusieurs personnes, dont quelques-unes réunies peuvent ouvrir le coffre. Vous les trouverez sous Sécurité, Déverrouillage. Sans elles, personne ne peut vous aider, nous non plus.</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>Ouvrir le fichier d’un relais</translation>
    </message>
    <message>
        <source>Open the file…</source>
        <translation>Ouvrir le fichier…</translation>
    </message>
    <message>
        <source>Through a relay, with its operator&apos;s file</source>
        <translation>Par un relais, avec le fichier de son exploitant</translation>
    </message>
    <message>
        <source>Through a shared folder</source>
        <translation>Par un dossier partagé</translation>
    </message>
    <message>
        <source>Whoever looks after the folder or the relay sees only sealed envelopes, their sizes and times. With none of them everything stays on this laptop, and a courier can take it on a stick.</source>
        <translation>Qui s’occupe du dossier ou du relais ne voit que des enveloppes scellées, leur taille et leur heure. Sans l’un ni l’autre, tout reste sur cet ordinateur, et un porteur peut l’acheminer sur une clé USB.</translation>
    </message>
    <message>
        <source>{0}, called “{1}” by its operator</source>
        <translation>{0}, appelé «&#xa0;{1}&#xa0;» par son exploitant</translation>
    </message>
</context>
<context>
    <name>BoardLook</name>
    <message>
        <source>Arrow keys go from card to card, Enter opens one. Ctrl with an arrow moves it.</source>
        <translation>Les flèches vont de fiche en fiche, Entrée en ouvre une. Ctrl avec une flèche la déplace.</translation>
    </message>
    <message>
        <source>Asked for then: {0}.</source>
        <translation>Demandé alors&#x202f;: {0}.</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>Non renseigné</translation>
    </message>
</context>
<context>
    <name>BreakSilence</name>
    <message>
        <source>A sentence is enough. A reason is needed.</source>
        <translation>Une phrase suffit. Un motif est nécessaire.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>Rompre le silence</translation>
    </message>
    <message>
        <source>Break the silence on {0}</source>
        <translation>Rompre le silence sur {0}</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Continuer…</translation>
    </message>
    <message>
        <source>Keep silent</source>
        <translation>Garder le silence</translation>
    </message>
    <message>
        <source>Reason, read by all delegations</source>
        <translation>Motif, lu par toutes les délégations</translation>
    </message>
    <message>
        <source>This cannot be taken back. The revision is then not agreed by silence.</source>
        <translation>On ne peut pas revenir en arrière. La révision n’est alors pas convenue par approbation tacite.</translation>
    </message>
    <message>
        <source>You say for your delegation that it does not agree. All delegations in the room read the reason.</source>
        <translation>Vous dites au nom de votre délégation qu’elle n’est pas d’accord. Toutes les délégations de la salle lisent le motif.</translation>
    </message>
</context>
<context>
    <name>Bundle</name>
    <message>
        <source>Being opened…</source>
        <translation>Ouverture en cours…</translation>
    </message>
    <message>
        <source>Delete from the stick…</source>
        <translation>Supprimer de la clé USB…</translation>
    </message>
    <message>
        <source>Delete {0} from the stick</source>
        <translation>Supprimer {0} de la clé USB</translation>
    </message>
    <message>
        <source>Stopped. What came in by then is kept; open it again for the rest.</source>
        <translation>Arrêté. Ce qui était entré jusque-là est conservé&#x202f;; rouvrez-le pour le reste.</translation>
    </message>
    <message>
        <source>Take a bundle back, so that {0} knows it arrived.</source>
        <translation>Rapportez un pli, pour que {0} sache qu’il est arrivé.</translation>
    </message>
    <message>
        <source>Take a bundle back…</source>
        <translation>Rapporter un pli…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Waits its turn</source>
        <translation>Attend son tour</translation>
    </message>
    <message>
        <source>{0}, deleted from the stick</source>
        <translation>{0}, supprimé de la clé USB</translation>
    </message>
</context>
<context>
    <name>CalendarPage</name>
    <message>
        <source>Dates written: {0}.</source>
        <translation>Dates écrites&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Days and times are those of UTC.</source>
        <translation>Les jours et les heures sont en UTC.</translation>
    </message>
    <message>
        <source>Entries taken in: {0}.</source>
        <translation>Entrées reprises&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Events, consultations, deadlines and reviews stand here by themselves once they have a date.</source>
        <translation>Les manifestations, consultations, échéances et réexamens figurent ici d’eux-mêmes dès qu’ils ont une date.</translation>
    </message>
    <message>
        <source>Every date</source>
        <translation>Toutes les dates</translation>
    </message>
    <message>
        <source>Every date of this month is internal: what your delegation assessed is not exported.</source>
        <translation>Toutes les dates de ce mois sont internes&#x202f;: ce que votre délégation a apprécié n’est pas exporté.</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>Exporter le calendrier</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exporter…</translation>
    </message>
    <message>
        <source>Month after</source>
        <translation>Mois suivant</translation>
    </message>
    <message>
        <source>Month before</source>
        <translation>Mois précédent</translation>
    </message>
    <message>
        <source>No date of this sort in this month</source>
        <translation>Aucune date de ce type ce mois-ci</translation>
    </message>
    <message>
        <source>No dates in this month</source>
        <translation>Aucune date ce mois-ci</translation>
    </message>
    <message>
        <source>Note an event</source>
        <translation>Noter une manifestation</translation>
    </message>
    <message>
        <source>Read a calendar…</source>
        <translation>Lire un calendrier…</translation>
    </message>
    <message>
        <source>Show every date</source>
        <translation>Afficher toutes les dates</translation>
    </message>
    <message>
        <source>There is nothing to export in this month.</source>
        <translation>Il n’y a rien à exporter ce mois-ci.</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Which dates</source>
        <translation>Quelles dates</translation>
    </message>
</context>
<context>
    <name>CardDelegate</name>
    <message>
        <source>Annex</source>
        <translation>Annexe</translation>
    </message>
    <message>
        <source>Operative paragraphs</source>
        <translation>Paragraphes du dispositif</translation>
    </message>
    <message>
        <source>Preamble</source>
        <translation>Préambule</translation>
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
        <translation>Carte avec autorisation d’écrire</translation>
    </message>
    <message>
        <source>For whom? Kept here only, for example the code of the delegation</source>
        <translation>Pour qui&#x202f;? Conservé ici seulement, par exemple le code de la délégation</translation>
    </message>
    <message>
        <source>Give it from hand to hand. If it goes astray, revoke it here.</source>
        <translation>Donnez-le de la main à la main. S’il s’égare, révoquez-le ici.</translation>
    </message>
    <message>
        <source>Make the card…</source>
        <translation>Établir la carte…</translation>
    </message>
    <message>
        <source>This file is handed over like a key.</source>
        <translation>Ce fichier se remet comme une clé.</translation>
    </message>
    <message>
        <source>Whoever has it can write to you there in that correspondent&apos;s name; it opens nothing you send or receive.</source>
        <translation>Quiconque le détient peut vous y écrire au nom de ce correspondant&#x202f;; il n’ouvre rien de ce que vous envoyez ou recevez.</translation>
    </message>
    <message>
        <source>Your identity card, and in it a permission to write to you through the relay: for one correspondent alone, with whom you do not exchange yet.</source>
        <translation>Votre carte d’identité, avec une autorisation de vous écrire par le relais&#xa0;: pour un seul correspondant, avec lequel vous n’échangez pas encore.</translation>
    </message>
</context>
<context>
    <name>CardEditor</name>
    <message>
        <source>A remark on {0} that everybody in the room reads. It changes no word of the text.</source>
        <translation>Une remarque sur {0}, que lisent tous les membres de la salle. Elle ne change aucun mot du texte.</translation>
    </message>
    <message>
        <source>Annex</source>
        <translation>Annexe</translation>
    </message>
    <message>
        <source>Becomes a proposal for a new paragraph after this one.</source>
        <translation>Devient une proposition de nouveau paragraphe après celui-ci.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Entrée</translation>
    </message>
    <message>
        <source>It differs from the paragraph here:</source>
        <translation>Il diffère du paragraphe ici&#xa0;:</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Leave without sending, Escape</source>
        <translation>Quitter sans envoyer, Esc</translation>
    </message>
    <message>
        <source>No words are left. To delete the paragraph, leave and press D.</source>
        <translation>Il ne reste aucun mot. Pour supprimer le paragraphe, quittez et appuyez sur D.</translation>
    </message>
    <message>
        <source>Operative paragraph</source>
        <translation>Paragraphe du dispositif</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Autre</translation>
    </message>
    <message>
        <source>Other words for the whole paragraph</source>
        <translation>Autre libellé pour tout le paragraphe</translation>
    </message>
    <message>
        <source>Preambular paragraph</source>
        <translation>Alinéa du préambule</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>Proposer</translation>
    </message>
    <message>
        <source>Propose alternative</source>
        <translation>Proposer la variante</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>Proposer la suppression</translation>
    </message>
    <message>
        <source>Propose move</source>
        <translation>Proposer le déplacement</translation>
    </message>
    <message>
        <source>Propose paragraph</source>
        <translation>Proposer le paragraphe</translation>
    </message>
    <message>
        <source>Proposes to delete the paragraph:</source>
        <translation>Propose de supprimer le paragraphe&#xa0;:</translation>
    </message>
    <message>
        <source>Proposes to move the paragraph after:</source>
        <translation>Propose de déplacer le paragraphe après&#xa0;:</translation>
    </message>
    <message>
        <source>Proposes:</source>
        <translation>Propose&#xa0;:</translation>
    </message>
    <message>
        <source>Reason (optional, read by everybody in the room)</source>
        <translation>Motif (facultatif, lu par toute la salle)</translation>
    </message>
    <message>
        <source>Reason, read by everybody in the room</source>
        <translation>Motif, lu par tous les membres de la salle</translation>
    </message>
    <message>
        <source>Remark, read by everybody in the room</source>
        <translation>Remarque, lue par tous les membres de la salle</translation>
    </message>
    <message>
        <source>Say it to the room</source>
        <translation>Le dire à la salle</translation>
    </message>
    <message>
        <source>Section of the new paragraph</source>
        <translation>Section du nouveau paragraphe</translation>
    </message>
    <message>
        <source>Set the words</source>
        <translation>Fixer le libellé</translation>
    </message>
    <message>
        <source>The paragraph after which it should stand</source>
        <translation>Le paragraphe après lequel il devrait figurer</translation>
    </message>
    <message>
        <source>The paragraph as it should read</source>
        <translation>Le paragraphe tel qu’il devrait se lire</translation>
    </message>
    <message>
        <source>The paragraph as the pen will set it</source>
        <translation>Le paragraphe tel que la plume le fixera</translation>
    </message>
    <message>
        <source>The pen changed this paragraph while you were writing. Your words are kept; look at the difference again.</source>
        <translation>La plume a modifié ce paragraphe pendant que vous écriviez. Vos mots sont conservés&#x202f;; regardez de nouveau la différence.</translation>
    </message>
    <message>
        <source>The text will change here:</source>
        <translation>Le texte changera ici&#xa0;:</translation>
    </message>
    <message>
        <source>The words hold a hidden control character. Write that place again.</source>
        <translation>Le libellé contient un caractère de commande caché. Récrivez cet endroit.</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Libellé</translation>
    </message>
    <message>
        <source>Words of the new paragraph</source>
        <translation>Libellé du nouveau paragraphe</translation>
    </message>
    <message>
        <source>Write other words for the whole paragraph; they will stand beside it.</source>
        <translation>Écrivez un autre libellé pour tout le paragraphe&#x202f;; il figurera à côté de celui-ci.</translation>
    </message>
    <message>
        <source>Write the paragraph as it should read. The difference becomes the proposal.</source>
        <translation>Écrivez le paragraphe tel qu’il devrait se lire. La différence devient la proposition.</translation>
    </message>
</context>
<context>
    <name>CardPage</name>
    <message>
        <source>Beside the vault, in {0}, stands the key file of your delegation. Move it to a stick and keep that locked away: it is needed to admit another laptop, and whoever has it and the passphrase can do so.</source>
        <translation>À côté du coffre, dans {0}, se trouve le fichier de clé de votre délégation. Déplacez-le sur une clé USB et gardez celle-ci sous clé&#xa0;: il est nécessaire pour admettre un autre ordinateur, et quiconque détient ce fichier et la phrase de passe peut le faire.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Empreinte</translation>
    </message>
    <message>
        <source>Other delegations need this card to seal anything for you. It holds no secret: hand the file over on a stick or send it by any way, and let them compare the code below with you in person.</source>
        <translation>Les autres délégations ont besoin de cette carte pour sceller quoi que ce soit à votre intention. Elle ne contient aucun secret&#xa0;: remettez le fichier sur une clé USB ou envoyez-le par n’importe quelle voie, et faites comparer en personne avec vous le code ci-dessous.</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>Code QR de votre empreinte</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>Enregistrer la carte…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Enregistrer la carte d’identité</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Enregistré dans {0}</translation>
    </message>
    <message>
        <source>Your identity card</source>
        <translation>Votre carte d’identité</translation>
    </message>
</context>
<context>
    <name>CellDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>For example: Ministry of Foreign Affairs, statement in the working group</source>
        <translation>Par exemple&#xa0;: Ministère des affaires étrangères, au groupe de travail</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conserver</translation>
    </message>
    <message>
        <source>Nothing has been said here yet.</source>
        <translation>Rien n’a encore été dit ici.</translation>
    </message>
    <message>
        <source>Said by, or seen where</source>
        <translation>Dit par qui, ou vu où</translation>
    </message>
    <message>
        <source>Stands: {0} — {1}</source>
        <translation>Valeur actuelle&#xa0;: {0} — {1}</translation>
    </message>
    <message>
        <source>Still needed: {0}</source>
        <translation>Encore nécessaire&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Why (may stay empty)</source>
        <translation>Motif (peut rester vide)</translation>
    </message>
    <message>
        <source>one of the choices</source>
        <translation>l’un des choix</translation>
    </message>
    <message>
        <source>who says it, or where it was seen</source>
        <translation>qui le dit, ou où cela a été vu</translation>
    </message>
</context>
<context>
    <name>CeremonyDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Close it without signing</source>
        <translation>La fermer sans signer</translation>
    </message>
    <message>
        <source>Close it, do nothing</source>
        <translation>La fermer, ne rien faire</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Every counterpart sees the change with the next exchange.</source>
        <translation>Chaque homologue voit le changement au prochain échange.</translation>
    </message>
    <message>
        <source>From its key file and passphrase</source>
        <translation>À partir de son fichier de clé et de la phrase de passe</translation>
    </message>
    <message>
        <source>From recovery shares on paper</source>
        <translation>À partir de parts de récupération sur papier</translation>
    </message>
    <message>
        <source>It is used for this, and nothing else:</source>
        <translation>Elle sert à ceci, et à rien d’autre&#xa0;:</translation>
    </message>
    <message>
        <source>It will sign this, and nothing else:</source>
        <translation>Elle signera ceci, et rien d’autre&#xa0;:</translation>
    </message>
    <message>
        <source>Only the root key can say which laptops are yours. It is needed for a minute; then it goes back to where it is locked away.</source>
        <translation>Seule la clé racine peut dire quels ordinateurs sont les vôtres. On en a besoin une minute&#x202f;; elle retourne ensuite là où elle est gardée sous clé.</translation>
    </message>
    <message>
        <source>Open the root key</source>
        <translation>Ouvrir la clé racine</translation>
    </message>
    <message>
        <source>Sign and close the root key</source>
        <translation>Signer et fermer la clé racine</translation>
    </message>
    <message>
        <source>Take the stick with the key file out now and lock it away. What this program held of the key has been overwritten; copies the system made go when Valise is locked or closed.</source>
        <translation>Retirez maintenant la clé USB contenant le fichier de clé et mettez-la sous clé. Ce que ce programme détenait de la clé a été écrasé&#x202f;; les copies faites par le système disparaissent quand Valise est verrouillé ou fermé.</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>La clé racine de la délégation</translation>
    </message>
    <message>
        <source>The root key is closed again.</source>
        <translation>La clé racine est de nouveau fermée.</translation>
    </message>
    <message>
        <source>The root key is open.</source>
        <translation>La clé racine est ouverte.</translation>
    </message>
    <message>
        <source>What will be signed</source>
        <translation>Ce qui sera signé</translation>
    </message>
</context>
<context>
    <name>ChangeDialog</name>
    <message>
        <source>Change it</source>
        <translation>Changer</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>Changer la phrase de passe</translation>
    </message>
    <message>
        <source>Current passphrase</source>
        <translation>Phrase de passe actuelle</translation>
    </message>
    <message>
        <source>From then on only the new one opens this vault. Copies of the vault made before, backups among them, keep what opened them then.</source>
        <translation>Dès lors, seule la nouvelle ouvre ce coffre. Les copies du coffre faites auparavant, sauvegardes comprises, gardent ce qui les ouvrait alors.</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Nouvelle phrase de passe</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>Confirmer la nouvelle phrase de passe</translation>
    </message>
</context>
<context>
    <name>Changed</name>
    <message>
        <source>It has changed</source>
        <translation>Elle a changé</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>Note (facultative)</translation>
    </message>
    <message>
        <source>Only what differs is sent. Several values stand between semicolons.</source>
        <translation>Seul ce qui diffère est envoyé. Plusieurs valeurs se séparent par des points-virgules.</translation>
    </message>
    <message>
        <source>Sign and answer</source>
        <translation>Signer et répondre</translation>
    </message>
    <message>
        <source>Tell {who} that this is the wrong contact</source>
        <translation>Dire à {who} que ce n’est pas le bon contact</translation>
    </message>
    <message>
        <source>What should {who} write into its entry?</source>
        <translation>Que devrait inscrire {who} dans son entrée&#x202f;?</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>Mauvais contact</translation>
    </message>
    <message>
        <source>You may say whom to ask instead.</source>
        <translation>Vous pouvez dire à qui s’adresser à la place.</translation>
    </message>
</context>
<context>
    <name>Changing</name>
    <message>
        <source>Kept. Ctrl+Z takes it back.</source>
        <translation>Conservé. Ctrl+Z revient en arrière.</translation>
    </message>
    <message>
        <source>No different values stand in this row.</source>
        <translation>Aucune valeur différente ne figure dans cette ligne.</translation>
    </message>
    <message>
        <source>Nothing to take back here. A new row is taken out, and every change of a row can be undone in its history.</source>
        <translation>Rien à annuler ici. Une nouvelle ligne s’enlève, et toute modification d’une ligne peut être annulée dans son historique.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Ouvrir</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>Remettre</translation>
    </message>
    <message>
        <source>Settle the difference…</source>
        <translation>Trancher la différence…</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Enlever…</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>Annulé&#x202f;; les deux restent dans l’historique.</translation>
    </message>
    <message>
        <source>What can be done with the row</source>
        <translation>Ce qui peut être fait de la ligne</translation>
    </message>
    <message>
        <source>{0}: what was begun is taken back.</source>
        <translation>{0}&#xa0;: ce qui avait été commencé est annulé.</translation>
    </message>
</context>
<context>
    <name>CheckCode</name>
    <message>
        <source>Check code</source>
        <translation>Code de contrôle</translation>
    </message>
    <message>
        <source>Check code: {0}</source>
        <translation>Code de contrôle&#xa0;: {0}</translation>
    </message>
    <message>
        <source>QR code of the request</source>
        <translation>Code QR de la demande</translation>
    </message>
    <message>
        <source>The first laptop shows a code too, when it opens the request. Admit only when they are the same.</source>
        <translation>Le premier ordinateur montre lui aussi un code, quand il ouvre la demande. N’admettez que s’ils sont identiques.</translation>
    </message>
</context>
<context>
    <name>CheckDialog</name>
    <message>
        <source>Check a backup</source>
        <translation>Contrôler une sauvegarde</translation>
    </message>
    <message>
        <source>Check it</source>
        <translation>Contrôler</translation>
    </message>
    <message>
        <source>It is read to its end and proved; nothing of it enters this vault.</source>
        <translation>Elle est lue jusqu’au bout et vérifiée&#x202f;; rien n’en entre dans ce coffre.</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>Phrase de passe de la sauvegarde</translation>
    </message>
</context>
<context>
    <name>ChecksSection</name>
    <message>
        <source>A copy of {0}, every page verified, is kept beside the vault, sealed as the vault is.</source>
        <translation>Une copie ({0}), dont chaque page est vérifiée, est conservée à côté du coffre, scellée comme l’est le coffre.</translation>
    </message>
    <message>
        <source>A verified copy is kept beside the vault after the first check.</source>
        <translation>Une copie vérifiée est conservée à côté du coffre après le premier contrôle.</translation>
    </message>
    <message>
        <source>An older copy was put back; noticed on {0} and healed.</source>
        <translation>Une copie plus ancienne a été remise en place&#x202f;; constaté ({0}) et rétabli.</translation>
    </message>
    <message>
        <source>As far as anybody here knows, yes.</source>
        <translation>Pour autant qu’on le sache ici, oui.</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>Contrôler maintenant</translation>
    </message>
    <message>
        <source>Checked {0}: everything verifies.</source>
        <translation>Contrôle&#xa0;: {0}&#x202f;; tout se vérifie.</translation>
    </message>
    <message>
        <source>Checked {0}: something is wrong.</source>
        <translation>Contrôle&#xa0;: {0}&#x202f;; quelque chose ne va pas.</translation>
    </message>
    <message>
        <source>Copies of other laptops</source>
        <translation>Copies d’autres ordinateurs</translation>
    </message>
    <message>
        <source>Go on without waiting</source>
        <translation>Poursuivre sans attendre</translation>
    </message>
    <message>
        <source>I have read this: go on</source>
        <translation>J’ai lu ceci&#xa0;: poursuivre</translation>
    </message>
    <message>
        <source>If this laptop has signed something that only somebody has who has not answered, it would sign a second thing at the same place. Everybody would see both, and what it signs in that room would never count again: it would have to be admitted anew.</source>
        <translation>Si cet ordinateur a signé quelque chose que détient seulement quelqu’un qui n’a pas répondu, il signerait une seconde chose au même rang. Tous verraient les deux, et ce qu’il signe dans cette salle ne compterait plus jamais&#xa0;: il devrait être admis de nouveau.</translation>
    </message>
    <message>
        <source>Is this the newest state of this vault?</source>
        <translation>Est-ce l’état le plus récent de ce coffre&#x202f;?</translation>
    </message>
    <message>
        <source>Make a backup now, close Valise, and run valise doctor --salvage.</source>
        <translation>Faites une sauvegarde maintenant, fermez Valise et exécutez valise doctor --salvage.</translation>
    </message>
    <message>
        <source>No keyring answers on this computer; other laptops repeat what they last heard from this one.</source>
        <translation>Aucun trousseau ne répond sur cet ordinateur&#x202f;; les autres ordinateurs répètent ce qu’ils ont appris de celui-ci en dernier lieu.</translation>
    </message>
    <message>
        <source>Not checked yet. It is checked a little after each exchange, and once a day as a whole.</source>
        <translation>Pas encore contrôlé. Le contrôle a lieu peu après chaque échange, et une fois par jour en entier.</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>Progression du contrôle</translation>
    </message>
    <message>
        <source>Signed here too early, and not sent: {0}. Look for it in your rooms, and say it again.</source>
        <translation>Signé ici trop tôt, et non envoyé&#xa0;: {0}. Recherchez-le dans vos salles, et dites-le de nouveau.</translation>
    </message>
    <message>
        <source>The keyring of this computer keeps its count beside the vault, and other laptops repeat what they heard.</source>
        <translation>Le trousseau de cet ordinateur tient son propre compte à côté du coffre, et les autres ordinateurs répètent ce qu’ils ont appris.</translation>
    </message>
    <message>
        <source>There is no sign that a copy of another laptop&apos;s vault is in use.</source>
        <translation>Rien n’indique qu’une copie du coffre d’un autre ordinateur soit utilisée.</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault, noticed on {0}. Nothing is lost: what it had said since is asked of the others. Connect; it goes on by itself.</source>
        <translation>Ceci est une copie plus ancienne du coffre de cet ordinateur (constaté&#xa0;: {0}). Rien n’est perdu&#xa0;: ce qu’il avait dit depuis est demandé aux autres. Connectez-vous&#x202f;; il continue de lui-même.</translation>
    </message>
    <message>
        <source>This vault was rescued from a damaged one; kinds of entries of which some were lost: {0}.</source>
        <translation>Ce coffre a été sauvé d’un coffre endommagé&#x202f;; types d’entrées dont une partie a été perdue&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>What stands on the disk</source>
        <translation>Ce qui se trouve sur le disque</translation>
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Take out: {0}</source>
        <translation>Enlever&#xa0;: {0}</translation>
    </message>
</context>
<context>
    <name>ChoiceEditor</name>
    <message>
        <source>Nothing entered</source>
        <translation>Non renseigné</translation>
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
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>Clore la procédure</translation>
    </message>
    <message>
        <source>Close the silence procedure</source>
        <translation>Clore la procédure d’approbation tacite</translation>
    </message>
    <message>
        <source>Nobody broke the silence: {0} then stands as agreed. Exchange first, so that a break that is under way is known here.</source>
        <translation>Personne n’a rompu le silence&#xa0;: {0} figure alors comme convenu. Échangez d’abord, pour qu’une rupture en route soit connue ici.</translation>
    </message>
    <message>
        <source>{0} was not agreed: the silence was broken. Closing says so and makes room for another procedure.</source>
        <translation>Pas d’accord sur {0}&#xa0;: le silence a été rompu. La clôture le dit et laisse place à une autre procédure.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Choose an amendment first (Alt+Down).</source>
        <translation>Choisissez d’abord un amendement (Alt+Bas).</translation>
    </message>
    <message>
        <source>Choose an amendment of another delegation first (Alt+Down).</source>
        <translation>Choisissez d’abord un amendement d’une autre délégation (Alt+Bas).</translation>
    </message>
    <message>
        <source>Choose one of your own amendments first.</source>
        <translation>Choisissez d’abord l’un de vos propres amendements.</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions.</source>
        <translation>Copié avec crochets et attributions.</translation>
    </message>
    <message>
        <source>Letters are acts here, so these were not taken.</source>
        <translation>Ici, les lettres sont des actes&#x202f;; celles-ci n’ont donc pas été reprises.</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Rouvrir</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>That is your position already.</source>
        <translation>C’est déjà votre position.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Le presse-papiers est vidé dans dix secondes.</translation>
    </message>
    <message>
        <source>To write, press Enter on an open paragraph.</source>
        <translation>Pour écrire, appuyez sur Entrée sur un paragraphe ouvert.</translation>
    </message>
    <message>
        <source>Your delegation sponsors {0} too.</source>
        <translation>Votre délégation s’est aussi portée coauteur de {0}.</translation>
    </message>
    <message>
        <source>Your position on {0} for {2}: {1}.</source>
        <translation>Votre position sur {0} pour {2}&#xa0;: {1}.</translation>
    </message>
    <message>
        <source>Your position on {0}: {1}.</source>
        <translation>Votre position sur {0}&#xa0;: {1}.</translation>
    </message>
    <message>
        <source>{0} is agreed ad ref.</source>
        <translation>{0} est convenu ad ref.</translation>
    </message>
    <message>
        <source>{0} is {1}: nothing can be proposed until the pen reopens it.</source>
        <translation>{0}&#xa0;: {1}&#x202f;; rien ne peut être proposé tant que la plume ne l’a pas rouvert.</translation>
    </message>
</context>
<context>
    <name>CommitmentList</name>
    <message>
        <source>Commitments</source>
        <translation>Engagements</translation>
    </message>
    <message>
        <source>Enter goes to the page</source>
        <translation>Entrée ouvre la page</translation>
    </message>
    <message>
        <source>Norms and measures</source>
        <translation>Normes et mesures</translation>
    </message>
    <message>
        <source>Word, letter or symbol</source>
        <translation>Mot, lettre ou cote</translation>
    </message>
</context>
<context>
    <name>CommitmentsScreen</name>
    <message>
        <source>No norms or measures are here</source>
        <translation>Il n’y a ici ni norme ni mesure</translation>
    </message>
    <message>
        <source>Their registers come with the program.</source>
        <translation>Leurs registres sont fournis avec le programme.</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>By everybody</source>
        <translation>Par tous</translation>
    </message>
    <message>
        <source>By {0}</source>
        <translation>Par {0}</translation>
    </message>
    <message>
        <source>Choose other revisions, another delegation, or look at every paragraph.</source>
        <translation>Choisissez d’autres révisions, une autre délégation, ou regardez tous les paragraphes.</translation>
    </message>
    <message>
        <source>Compare from</source>
        <translation>Comparer depuis</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>Comparer avec</translation>
    </message>
    <message>
        <source>Copied. The clipboard is emptied in ten seconds.</source>
        <translation>Copié. Le presse-papiers est vidé dans dix secondes.</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Copier comme texte</translation>
    </message>
    <message>
        <source>From</source>
        <translation>De</translation>
    </message>
    <message>
        <source>No revision to compare with yet</source>
        <translation>Pas encore de révision à comparer</translation>
    </message>
    <message>
        <source>Nothing differs</source>
        <translation>Rien ne diffère</translation>
    </message>
    <message>
        <source>Only what changed</source>
        <translation>Seulement ce qui a changé</translation>
    </message>
    <message>
        <source>Only what this delegation brought about</source>
        <translation>Seulement ce que cette délégation a obtenu</translation>
    </message>
    <message>
        <source>Paragraphs compared</source>
        <translation>Paragraphes comparés</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision; from then on you see here what changed since.</source>
        <translation>Le porte-plume fige le texte en une révision&#x202f;; dès lors, vous voyez ici ce qui a changé depuis.</translation>
    </message>
    <message>
        <source>to</source>
        <translation>à</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach files</source>
        <translation>Joindre des fichiers</translation>
    </message>
    <message>
        <source>Attach files (or drop them here)</source>
        <translation>Joindre des fichiers (ou déposez-les ici)</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Entrée</translation>
    </message>
    <message>
        <source>Decide in Contacts</source>
        <translation>Décider dans Contacts</translation>
    </message>
    <message>
        <source>Draft not saved</source>
        <translation>Brouillon non enregistré</translation>
    </message>
    <message>
        <source>Draft saved {time}</source>
        <translation>Brouillon enregistré&#xa0;: {time}</translation>
    </message>
    <message>
        <source>For the record (signed)</source>
        <translation>Pour le dossier (signé)</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>Conservé dans le coffre à mesure de la saisie</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Message</translation>
    </message>
    <message>
        <source>Not signed: members know it is from you, but cannot prove it to others.</source>
        <translation>Non signé&#xa0;: les membres savent que cela vient de vous, mais ne peuvent pas le prouver à d’autres.</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>Sceller et envoyer</translation>
    </message>
    <message>
        <source>Sealing…</source>
        <translation>Scellement…</translation>
    </message>
    <message>
        <source>Signed: every member can prove later, to anybody, that your delegation wrote this.</source>
        <translation>Signé&#xa0;: tout membre peut prouver plus tard, à quiconque, que votre délégation a écrit ceci.</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Objet</translation>
    </message>
    <message>
        <source>Subject of the new thread</source>
        <translation>Objet du nouveau fil</translation>
    </message>
    <message>
        <source>Write to your own delegation. Nothing here can be sent to another.</source>
        <translation>Écrivez à votre propre délégation. Rien de ce qui est ici ne peut être envoyé à une autre.</translation>
    </message>
    <message>
        <source>Write to {room}. Drafts are kept in the vault.</source>
        <translation>Écrivez à {room}. Les brouillons sont conservés dans le coffre.</translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>Please confirm</source>
        <translation>Veuillez confirmer</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>Phrase de passe</translation>
    </message>
</context>
<context>
    <name>ContactsScreen</name>
    <message>
        <source>Ask a delegation for its card, then import the file or drop it here.</source>
        <translation>Demandez sa carte à une délégation, puis importez le fichier ou déposez-le ici.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Compare with it, in person or by telephone.</source>
        <translation>Comparez avec elle, en personne ou par téléphone.</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contacts</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>Délégations</translation>
    </message>
    <message>
        <source>Delegations or points of contact</source>
        <translation>Délégations ou points de contact</translation>
    </message>
    <message>
        <source>Do it only while you stand together or speak on a line where you know the voice.</source>
        <translation>Ne le faites que si vous êtes ensemble ou parlez sur une ligne où vous reconnaissez la voix.</translation>
    </message>
    <message>
        <source>Find a delegation or an officer</source>
        <translation>Chercher une délégation ou un agent</translation>
    </message>
    <message>
        <source>Import a card…</source>
        <translation>Importer une carte…</translation>
    </message>
    <message>
        <source>Import an identity card</source>
        <translation>Importer une carte d’identité</translation>
    </message>
    <message>
        <source>It is not verified yet: anybody could have made a card with this name.</source>
        <translation>Elle n’est pas encore vérifiée&#xa0;: n’importe qui aurait pu faire une carte portant ce nom.</translation>
    </message>
    <message>
        <source>No other delegation yet</source>
        <translation>Aucune autre délégation pour l’instant</translation>
    </message>
    <message>
        <source>Nothing more is sent to it until you decide below.</source>
        <translation>Rien ne lui est plus envoyé tant que vous n’avez pas décidé ci-dessous.</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Points de contact</translation>
    </message>
    <message>
        <source>Save our identity card</source>
        <translation>Enregistrer notre carte d’identité</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Enregistré dans {file}.</translation>
    </message>
    <message>
        <source>The card of {who} is the one you know.</source>
        <translation>La carte de {who} est celle que vous connaissez.</translation>
    </message>
    <message>
        <source>The card of {who} was received.</source>
        <translation>La carte de {who} a été reçue.</translation>
    </message>
    <message>
        <source>The numbers differ: nothing more is sent to {who} until you decide.</source>
        <translation>Les numéros diffèrent&#xa0;: rien n’est plus envoyé à {who} tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>This card of {who} holds another identity than the one you know.</source>
        <translation>Cette carte de {who} porte une autre identité que celle que vous connaissez.</translation>
    </message>
    <message>
        <source>Verify now</source>
        <translation>Vérifier maintenant</translation>
    </message>
    <message>
        <source>{name} ({n})</source>
        <translation>{name} ({n})</translation>
    </message>
    <message>
        <source>{who} is verified in person.</source>
        <translation>Identité de {who} vérifiée en personne.</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now.</source>
        <translation>{who} souhaite comparer des mots avec vous maintenant.</translation>
    </message>
</context>
<context>
    <name>ConvergenceView</name>
    <message>
        <source>Columns</source>
        <translation>Colonnes</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Coin du tableau</translation>
    </message>
    <message>
        <source>Nothing to measure yet</source>
        <translation>Rien à mesurer pour l’instant</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Révisions</translation>
    </message>
    <message>
        <source>The text has no words. Once it has some, you see here how many stand outside brackets.</source>
        <translation>Le texte ne contient aucun mot. Dès qu’il en aura, vous verrez ici combien sont hors crochets.</translation>
    </message>
    <message>
        <source>With each revision the pen-holder freezes, another bar is added.</source>
        <translation>À chaque révision que fige le porte-plume s’ajoute une barre.</translation>
    </message>
    <message>
        <source>Words outside brackets by revision</source>
        <translation>Mots hors crochets, par révision</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>A new thread</source>
        <translation>Un nouveau fil</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Accuser réception</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Remise</translation>
    </message>
    <message>
        <source>Give it a subject below. Everybody in the room will see it.</source>
        <translation>Donnez-lui un objet ci-dessous. Tous les membres de la salle le verront.</translation>
    </message>
    <message>
        <source>Messages {first} to {last} of {all}</source>
        <translation>Messages {first} à {last} sur {all}</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>Nouveau fil</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Plus récents</translation>
    </message>
    <message>
        <source>No subject</source>
        <translation>Sans objet</translation>
    </message>
    <message>
        <source>Oldest</source>
        <translation>Plus anciens</translation>
    </message>
    <message>
        <source>Save file as</source>
        <translation>Enregistrer le fichier sous</translation>
    </message>
    <message>
        <source>Save {file} as…</source>
        <translation>Enregistrer {file} sous…</translation>
    </message>
    <message>
        <source>Saved as {file}. Outside the vault it is no longer protected by it.</source>
        <translation>Enregistré dans {file}. Hors du coffre, il n’est plus protégé par celui-ci.</translation>
    </message>
    <message>
        <source>Show members</source>
        <translation>Afficher les membres</translation>
    </message>
</context>
<context>
    <name>DateEditor</name>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>Un jour, comme 2026-11-22</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Up and Down change the day, with Ctrl the month; T is today</source>
        <translation>Haut et Bas changent le jour, avec Ctrl le mois&#x202f;; T correspond à aujourd’hui</translation>
    </message>
    <message>
        <source>YYYY-MM-DD</source>
        <translation>AAAA-MM-JJ</translation>
    </message>
    <message>
        <source>{0}: today</source>
        <translation>{0}&#xa0;: aujourd’hui</translation>
    </message>
</context>
<context>
    <name>DeadlineField</name>
    <message>
        <source>Exact deadline in UTC, for example 2026-12-10 18:00</source>
        <translation>Échéance exacte en UTC, par exemple 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>Exactly</source>
        <translation>Exactement</translation>
    </message>
    <message>
        <source>In {0}: {1}</source>
        <translation>Dans {0}&#xa0;: {1}</translation>
    </message>
    <message>
        <source>The deadline has to lie between one hour and one year ahead.</source>
        <translation>L’échéance doit se situer entre une heure et un an à compter de maintenant.</translation>
    </message>
    <message>
        <source>The new deadline has to be later than the one in force.</source>
        <translation>La nouvelle échéance doit être postérieure à celle qui est en vigueur.</translation>
    </message>
    <message>
        <source>Write the time as year-month-day hour:minute in UTC, for example 2026-12-10 18:00.</source>
        <translation>Écrivez l’heure sous la forme année-mois-jour heure:minute en UTC, par exemple 2026-12-10 18:00.</translation>
    </message>
</context>
<context>
    <name>DecideDialog</name>
    <message>
        <source>A computer of a delegation has signed two different histories.</source>
        <translation>Un ordinateur d’une délégation a signé deux historiques différents.</translation>
    </message>
    <message>
        <source>A laptop of {0} has two histories; its own delegation may say alone which one stands.</source>
        <translation>Un ordinateur de {0} a deux historiques&#x202f;; sa propre délégation peut dire seule lequel demeure.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Continuation {0}</source>
        <translation>Suite {0}</translation>
    </message>
    <message>
        <source>Delegation that holds the pen from here on</source>
        <translation>Délégation qui tient la plume à partir d’ici</translation>
    </message>
    <message>
        <source>Give it the pen</source>
        <translation>Lui donner la plume</translation>
    </message>
    <message>
        <source>History {0}</source>
        <translation>Historique {0}</translation>
    </message>
    <message>
        <source>How this text goes on</source>
        <translation>La suite de ce texte</translation>
    </message>
    <message>
        <source>It changes no words.</source>
        <translation>Cela ne change aucun mot.</translation>
    </message>
    <message>
        <source>Or the pen goes to</source>
        <translation>Ou la plume va à</translation>
    </message>
    <message>
        <source>Reason, which everybody in the room reads</source>
        <translation>Motif, lu par tous les membres de la salle</translation>
    </message>
    <message>
        <source>Said by nobody yet, {1} are needed.</source>
        <translation>Personne ne l’a encore dit&#x202f;; nombre nécessaire&#xa0;: {1}.</translation>
    </message>
    <message>
        <source>Said by {0}, {1} are needed.</source>
        <translation>Dit par {0}&#x202f;; nombre nécessaire&#xa0;: {1}.</translation>
    </message>
    <message>
        <source>The pen to {0}: said by {1}, {2} are needed.</source>
        <translation>La plume à {0}&#xa0;: dit par {1}&#x202f;; nombre nécessaire&#xa0;: {2}.</translation>
    </message>
    <message>
        <source>This one stands</source>
        <translation>Celui-ci demeure</translation>
    </message>
    <message>
        <source>This text is not frozen.</source>
        <translation>Ce texte n’est pas figé.</translation>
    </message>
    <message>
        <source>{0} stands</source>
        <translation>{0} demeure</translation>
    </message>
</context>
<context>
    <name>Deciding</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Your delegation has said so; it leaves with the next exchange.</source>
        <translation>Votre délégation l’a dit&#x202f;; cela part au prochain échange.</translation>
    </message>
</context>
<context>
    <name>DefineDialog</name>
    <message>
        <source>A register is a text file (TOML): its fields, their choices, its views. Every laptop of your delegation gets it. A file with the name of one you added before renews it; its rows stay.</source>
        <translation>Un registre est un fichier texte (TOML)&#xa0;: ses champs, leurs choix, ses vues. Chaque ordinateur de votre délégation le reçoit. Un fichier portant le nom d’un registre que vous avez ajouté le renouvelle&#x202f;; ses lignes restent.</translation>
    </message>
    <message>
        <source>Add a register</source>
        <translation>Ajouter un registre</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>Ajouter un registre à partir d’un fichier</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>Choisir le fichier…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Definitions (*.toml)</source>
        <translation>Définitions (*.toml)</translation>
    </message>
    <message>
        <source>the file is not text in UTF-8</source>
        <translation>le fichier n’est pas du texte en UTF-8</translation>
    </message>
</context>
<context>
    <name>DelegationPage</name>
    <message>
        <source>A code is two or three Latin letters, such as XA.</source>
        <translation>Un code se compose de deux ou trois lettres latines, comme XA.</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Join our delegation: another laptop of ours already has Valise</source>
        <translation>Rejoindre notre délégation&#xa0;: un autre de nos ordinateurs a déjà Valise</translation>
    </message>
    <message>
        <source>Name of the delegation</source>
        <translation>Nom de la délégation</translation>
    </message>
    <message>
        <source>Off: the unlock page shows nothing about whose vault this is.</source>
        <translation>Désactivé&#xa0;: la page de déverrouillage n’indique en rien à qui est ce coffre.</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Our delegation is new to Valise</source>
        <translation>Notre délégation débute avec Valise</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Fonction</translation>
    </message>
    <message>
        <source>Show the delegation&apos;s name on the unlock page</source>
        <translation>Afficher le nom de la délégation sur la page de déverrouillage</translation>
    </message>
    <message>
        <source>This makes a vault on this laptop. Nothing is registered anywhere and nothing is sent.</source>
        <translation>Un coffre est ainsi créé sur cet ordinateur. Rien n’est enregistré ailleurs et rien n’est envoyé.</translation>
    </message>
    <message>
        <source>Your delegation</source>
        <translation>Votre délégation</translation>
    </message>
    <message>
        <source>as others should see it</source>
        <translation>tel que les autres doivent le voir</translation>
    </message>
    <message>
        <source>for example: Delegate, Legal adviser</source>
        <translation>par exemple&#xa0;: délégué, conseillère juridique</translation>
    </message>
    <message>
        <source>two or three letters, as on the name plate</source>
        <translation>deux ou trois lettres, comme sur le chevalet</translation>
    </message>
    <message>
        <source>who works on this laptop</source>
        <translation>qui travaille sur cet ordinateur</translation>
    </message>
</context>
<context>
    <name>DelegationRow</name>
    <message>
        <source>Somebody who takes this laptop and its passphrase can also open what this laptop was sent from there since {0}.</source>
        <translation>Quelqu’un qui prend cet ordinateur et sa phrase de passe peut aussi ouvrir ce qui lui a été envoyé de là-bas depuis le {0}.</translation>
    </message>
    <message>
        <source>What is replaced by now is destroyed by {0}.</source>
        <translation>Ce qui est remplacé à ce jour est détruit au plus tard le {0}.</translation>
    </message>
    <message>
        <source>{0}: nothing exchanged yet.</source>
        <translation>{0}&#xa0;: rien d’échangé pour l’instant.</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; last moved on {2}.</source>
        <translation>{0}&#xa0;: sous les deux systèmes depuis le {1}&#x202f;; dernière avancée le {2}.</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; no answer to a newer key yet.</source>
        <translation>{0}&#xa0;: sous les deux systèmes depuis le {1}&#x202f;; pas encore de réponse à une clé plus récente.</translation>
    </message>
</context>
<context>
    <name>DelegationsPane</name>
    <message>
        <source>Arrows move; Enter or the menu key chooses the way; A, R, F and C choose it at once</source>
        <translation>Les flèches déplacent&#x202f;; Entrée ou la touche de menu choisit la voie&#x202f;; A, R, F et C la choisissent aussitôt</translation>
    </message>
    <message>
        <source>Choose the way for this delegation</source>
        <translation>Choisir la voie pour cette délégation</translation>
    </message>
    <message>
        <source>Choose the way…</source>
        <translation>Choisir la voie…</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>Délégation</translation>
    </message>
    <message>
        <source>Go to Contacts</source>
        <translation>Aller à Contacts</translation>
    </message>
    <message>
        <source>How each delegation is reached</source>
        <translation>Comment chaque délégation est jointe</translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation>Dernières nouvelles</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>Préparer un pli…</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>Étape suivante</translation>
    </message>
    <message>
        <source>Open an identity card under Contacts; then it stands here how that delegation is reached.</source>
        <translation>Ouvrez une carte d’identité dans Contacts&#x202f;; il apparaîtra alors ici comment cette délégation est jointe.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>Voie</translation>
    </message>
    <message>
        <source>Way for {0}</source>
        <translation>Voie pour {0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>You know no delegation yet</source>
        <translation>Vous ne connaissez encore aucune délégation</translation>
    </message>
    <message>
        <source>our other laptops</source>
        <translation>nos autres ordinateurs</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>depuis&#xa0;: {0}</translation>
    </message>
</context>
<context>
    <name>DeliveryPane</name>
    <message>
        <source>Acknowledged by you {time}</source>
        <translation>Vous avez accusé réception&#xa0;: {time}</translation>
    </message>
    <message>
        <source>Choose a message to see what became of it.</source>
        <translation>Choisissez un message pour voir ce qu’il est devenu.</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Remise</translation>
    </message>
    <message>
        <source>Delivery to each device</source>
        <translation>Remise à chaque ordinateur</translation>
    </message>
    <message>
        <source>Received here {time}</source>
        <translation>Reçu ici&#xa0;: {time}</translation>
    </message>
    <message>
        <source>Sent {time}</source>
        <translation>Envoyé&#xa0;: {time}</translation>
    </message>
</context>
<context>
    <name>DestroyDialog</name>
    <message>
        <source>Also destroy the delegation&apos;s key file, which still lies beside the vault</source>
        <translation>Détruire aussi le fichier de clé de la délégation, qui se trouve encore à côté du coffre</translation>
    </message>
    <message>
        <source>Destroy it</source>
        <translation>Détruire</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>Détruire ce coffre</translation>
    </message>
    <message>
        <source>Everything in this vault on this laptop is gone for good. No passphrase and no recovery share opens it any more.</source>
        <translation>Tout ce que contient ce coffre sur cet ordinateur disparaît définitivement. Plus aucune phrase de passe ni aucune part de récupération ne l’ouvre.</translation>
    </message>
    <message>
        <source>The keys are overwritten before the files are removed. The storage of a laptop or stick may keep old blocks for a while; what is in them is sealed under the keys that are gone.</source>
        <translation>Les clés sont écrasées avant que les fichiers ne soient enlevés. La mémoire d’un ordinateur ou d’une clé USB peut conserver un certain temps d’anciens blocs&#x202f;; leur contenu est scellé sous les clés qui ont disparu.</translation>
    </message>
    <message>
        <source>There is no backup of this vault.</source>
        <translation>Il n’y a aucune sauvegarde de ce coffre.</translation>
    </message>
    <message>
        <source>Type the code of your delegation, {0}, to confirm</source>
        <translation>Saisissez le code de votre délégation, {0}, pour confirmer</translation>
    </message>
    <message>
        <source>What remains: your backups, your other laptops, the key file and its shares where they are kept, and what the other delegations hold. They are not told; have this laptop revoked.</source>
        <translation>Ce qui reste&#xa0;: vos sauvegardes, vos autres ordinateurs, le fichier de clé et ses parts là où ils sont gardés, et ce que détiennent les autres délégations. Elles n’en sont pas informées&#x202f;; faites révoquer cet ordinateur.</translation>
    </message>
    <message>
        <source>Without it and without its shares no laptop can ever be admitted again.</source>
        <translation>Sans lui et sans ses parts, aucun ordinateur ne pourra plus jamais être admis.</translation>
    </message>
</context>
<context>
    <name>Detail</name>
    <message>
        <source>Accept the new</source>
        <translation>Accepter la nouvelle</translation>
    </message>
    <message>
        <source>Accept the new identity of {who}?</source>
        <translation>Accepter la nouvelle identité de {who}&#x202f;?</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Empreinte</translation>
    </message>
    <message>
        <source>Held here:</source>
        <translation>Détenue ici&#xa0;:</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Garder</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>Maintenir l’arrêt</translation>
    </message>
    <message>
        <source>Keep the identity of {who} that you have?</source>
        <translation>Garder l’identité que vous avez pour {who}&#x202f;?</translation>
    </message>
    <message>
        <source>Keep the old</source>
        <translation>Garder l’ancienne</translation>
    </message>
    <message>
        <source>Keep the old identity of {who}?</source>
        <translation>Garder l’ancienne identité de {who}&#x202f;?</translation>
    </message>
    <message>
        <source>Keep the one we have…</source>
        <translation>Garder celle que nous avons…</translation>
    </message>
    <message>
        <source>Laptops</source>
        <translation>Ordinateurs</translation>
    </message>
    <message>
        <source>No laptop is known yet.</source>
        <translation>Aucun ordinateur n’est encore connu.</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>Reprendre l’envoi</translation>
    </message>
    <message>
        <source>Send again…</source>
        <translation>Reprendre l’envoi…</translation>
    </message>
    <message>
        <source>Send to {who} again?</source>
        <translation>Reprendre l’envoi à {who}&#x202f;?</translation>
    </message>
    <message>
        <source>Sending goes on, sealed to the new keys. Trust falls to “not verified yet”: compare the safety number next.</source>
        <translation>L’envoi reprend, scellé avec les nouvelles clés. La confiance redescend à «&#xa0;pas encore vérifiée&#xa0;»&#xa0;: comparez ensuite le numéro de sécurité.</translation>
    </message>
    <message>
        <source>Sending goes on. The custodian&apos;s word is kept in the history and asked about no more.</source>
        <translation>L’envoi reprend. La parole du dépositaire est conservée dans l’historique et il n’en est plus question.</translation>
    </message>
    <message>
        <source>The new card is set aside and sending goes on, sealed to the keys you know.</source>
        <translation>La nouvelle carte est mise à l’écart et l’envoi reprend, scellé avec les clés que vous connaissez.</translation>
    </message>
    <message>
        <source>The whole fingerprint of the delegation&apos;s root key, for comparing in writing.</source>
        <translation>L’empreinte complète de la clé racine de la délégation, pour une comparaison par écrit.</translation>
    </message>
    <message>
        <source>Trust falls to “not verified yet”. If somebody stands between you, they read what you send.</source>
        <translation>La confiance redescend à «&#xa0;pas encore vérifiée&#xa0;». Si quelqu’un s’interpose entre vous, il lit ce que vous envoyez.</translation>
    </message>
    <message>
        <source>Verify again…</source>
        <translation>Vérifier de nouveau…</translation>
    </message>
    <message>
        <source>Verify {who}</source>
        <translation>Vérifier {who}</translation>
    </message>
    <message>
        <source>Verify…</source>
        <translation>Vérifier…</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>Se porter garant pour {who}</translation>
    </message>
    <message>
        <source>Vouch…</source>
        <translation>Se porter garant…</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>Ce qui a changé, et depuis quand</translation>
    </message>
    <message>
        <source>{said} Since {date}.</source>
        <translation>{said} Depuis le {date}.</translation>
    </message>
    <message>
        <source>{who} vouches for this one, since {date}:</source>
        <translation>Garantie pour cette identité depuis le {date}, donnée par {who}&#xa0;:</translation>
    </message>
</context>
<context>
    <name>DirectoryPage</name>
    <message>
        <source>All categories</source>
        <translation>Toutes les catégories</translation>
    </message>
    <message>
        <source>All entries</source>
        <translation>Toutes les entrées</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>Questions à nous</translation>
    </message>
    <message>
        <source>Asked of us ({n})</source>
        <translation>Questions à nous ({n})</translation>
    </message>
    <message>
        <source>Enter a point of contact…</source>
        <translation>Saisir un point de contact…</translation>
    </message>
    <message>
        <source>Enter one, or import contact cards. A role before a person: it stays when people move on.</source>
        <translation>Saisissez-en un, ou importez des cartes de contact. Une fonction plutôt qu’une personne&#xa0;: elle demeure quand les personnes changent.</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Find a State, a role, an office, a language</source>
        <translation>État, fonction, service ou langue</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Demande attention</translation>
    </message>
    <message>
        <source>New point of contact</source>
        <translation>Nouveau point de contact</translation>
    </message>
    <message>
        <source>New point of contact (Ctrl+N)</source>
        <translation>Nouveau point de contact (Ctrl+N)</translation>
    </message>
    <message>
        <source>No point of contact yet</source>
        <translation>Aucun point de contact pour l’instant</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Tours de tests</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Points de contact</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>Joignabilité</translation>
    </message>
    <message>
        <source>What is shown beside</source>
        <translation>Ce qui est affiché à côté</translation>
    </message>
</context>
<context>
    <name>DispositionList</name>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>Kept as alternative</source>
        <translation>Gardé comme variante</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are lost: say what becomes of each amendment.</source>
        <translation>Aucun libellé n’est perdu&#xa0;: dites ce que devient chaque amendement.</translation>
    </message>
    <message>
        <source>Not taken</source>
        <translation>Non retenu</translation>
    </message>
    <message>
        <source>Replaced by these words</source>
        <translation>Remplacé par ce libellé</translation>
    </message>
    <message>
        <source>Stays open, carried over</source>
        <translation>Reste ouvert, reporté</translation>
    </message>
    <message>
        <source>Taken as it stands</source>
        <translation>Retenu tel quel</translation>
    </message>
    <message>
        <source>Taken with changes</source>
        <translation>Retenu avec des changements</translation>
    </message>
    <message>
        <source>What becomes of {0} by {1}</source>
        <translation>Ce que devient {0} de {1}</translation>
    </message>
</context>
<context>
    <name>DocumentsPane</name>
    <message>
        <source>By language</source>
        <translation>Par langue</translation>
    </message>
    <message>
        <source>By symbol</source>
        <translation>Par cote</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>Par titre</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Documents</translation>
    </message>
    <message>
        <source>Enter shows the document</source>
        <translation>Entrée affiche le document</translation>
    </message>
    <message>
        <source>Imported last</source>
        <translation>Derniers importés</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Les plus récents d’abord</translation>
    </message>
    <message>
        <source>Order of the documents</source>
        <translation>Ordre des documents</translation>
    </message>
    <message>
        <source>Symbol, title or language</source>
        <translation>Cote, titre ou langue</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} sur {1}</translation>
    </message>
</context>
<context>
    <name>Doing</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>La touche Verr. maj. semble activée.</translation>
    </message>
</context>
<context>
    <name>DropDialog</name>
    <message>
        <source>Stop using it</source>
        <translation>Cesser de l’utiliser</translation>
    </message>
    <message>
        <source>Stop using the folder</source>
        <translation>Cesser d’utiliser le dossier</translation>
    </message>
    <message>
        <source>What waits here is kept and goes another way. The sealed envelopes in the folder stay there.</source>
        <translation>Ce qui attend ici est conservé et part par une autre voie. Les enveloppes scellées du dossier y restent.</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Choose a document</source>
        <translation>Choisir un document</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Choisir un fichier…</translation>
    </message>
    <message>
        <source>Drop a document here (Word, UN XML, text), or choose one</source>
        <translation>Déposez ici un document (Word, XML des Nations Unies, texte), ou choisissez-en un</translation>
    </message>
    <message>
        <source>Texts (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;All files (*)</source>
        <translation>Textes (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;Tous les fichiers (*)</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>{0}, required</source>
        <translation>{0}, requis</translation>
    </message>
</context>
<context>
    <name>EnrolPage</name>
    <message>
        <source>Carry its request to your delegation&apos;s first laptop, and open the answer here.</source>
        <translation>Portez sa demande au premier ordinateur de votre délégation, et ouvrez ici la réponse.</translation>
    </message>
    <message>
        <source>Choose the answer…</source>
        <translation>Choisir la réponse…</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>Terminer</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>Ouvrir la réponse</translation>
    </message>
    <message>
        <source>Passphrase of this laptop</source>
        <translation>Phrase de passe de cet ordinateur</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Enregistrer la demande</translation>
    </message>
    <message>
        <source>Save the request again…</source>
        <translation>Enregistrer de nouveau la demande…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Enregistré dans {0}</translation>
    </message>
    <message>
        <source>Show the check code</source>
        <translation>Afficher le code de contrôle</translation>
    </message>
    <message>
        <source>This laptop waits to be admitted</source>
        <translation>Cet ordinateur attend d’être admis</translation>
    </message>
    <message>
        <source>Type the passphrase of this laptop first; the request is kept in its vault.</source>
        <translation>Saisissez d’abord la phrase de passe de cet ordinateur&#x202f;; la demande est conservée dans son coffre.</translation>
    </message>
    <message>
        <source>Waiting to be admitted</source>
        <translation>En attente d’admission</translation>
    </message>
</context>
<context>
    <name>EntryDetail</name>
    <message>
        <source>Card…</source>
        <translation>Carte…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>Modifier…</translation>
    </message>
    <message>
        <source>Copy: {what}</source>
        <translation>Copier&#xa0;: {what}</translation>
    </message>
    <message>
        <source>Entered or changed {when} by {who}</source>
        <translation>Saisie ou modification&#xa0;: {when}, par {who}</translation>
    </message>
    <message>
        <source>How to reach it</source>
        <translation>Comment le joindre</translation>
    </message>
    <message>
        <source>Its review was due {when}.</source>
        <translation>Le réexamen était prévu le {when}.</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>Dernière confirmation&#xa0;: {when}</translation>
    </message>
    <message>
        <source>Memberships of the State</source>
        <translation>Participations de l’État</translation>
    </message>
    <message>
        <source>No round has asked this contact yet.</source>
        <translation>Aucun tour n’a encore interrogé ce contact.</translation>
    </message>
    <message>
        <source>Note verbale…</source>
        <translation>Note verbale…</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Tours de tests</translation>
    </message>
    <message>
        <source>Show the round {title}</source>
        <translation>Afficher le tour {title}</translation>
    </message>
    <message>
        <source>This entry names a person only: it ends when the person moves on. Prefer a role.</source>
        <translation>Cette entrée ne désigne qu’une personne&#xa0;: elle prend fin quand cette personne part. Préférez une fonction.</translation>
    </message>
    <message>
        <source>Two laptops of your delegation say different things in this entry. Change it to settle that.</source>
        <translation>Deux ordinateurs de votre délégation disent des choses différentes dans cette entrée. Modifiez-la pour trancher.</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Ce que c’est</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>D’où vient cette information</translation>
    </message>
    <message>
        <source>asked at {clock} there</source>
        <translation>demandé à {clock} là-bas</translation>
    </message>
</context>
<context>
    <name>EventCard</name>
    <message>
        <source>Put back</source>
        <translation>Remettre</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>Enlevées</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>Annuler&#xa0;: {0}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>{0} (undone)</source>
        <translation>{0} (annulé)</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>A file</source>
        <translation>Un fichier</translation>
    </message>
    <message>
        <source>A file that is not here yet</source>
        <translation>Un fichier qui n’est pas encore ici</translation>
    </message>
    <message>
        <source>Add a file as evidence</source>
        <translation>Ajouter un fichier comme pièce justificative</translation>
    </message>
    <message>
        <source>Save a copy; outside the vault it is not protected</source>
        <translation>Enregistrer une copie&#x202f;; hors du coffre, elle n’est pas protégée</translation>
    </message>
</context>
<context>
    <name>EvidenceEditor</name>
    <message>
        <source>A file</source>
        <translation>Un fichier</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>Ajouter un fichier…</translation>
    </message>
    <message>
        <source>Save a copy of {0}</source>
        <translation>Enregistrer une copie de {0}</translation>
    </message>
    <message>
        <source>{0}: add a file</source>
        <translation>{0}&#xa0;: ajouter un fichier</translation>
    </message>
</context>
<context>
    <name>EvidenceSection</name>
    <message>
        <source>A file that proves to anybody who said what: texts, amendments, positions, revisions, joint statements, and messages sent for the record. The conversation is signed for nobody and is never in it; neither are your internal notes.</source>
        <translation>Un fichier qui prouve à quiconque qui a dit quoi&#xa0;: textes, amendements, positions, révisions, déclarations communes et messages envoyés pour le dossier. La conversation n’est signée pour personne et n’y figure jamais&#x202f;; vos notes internes non plus.</translation>
    </message>
    <message>
        <source>Any evidence file, also of talks you took no part in. It is read by a process that holds no keys. Outside Valise the command valise verify does the same.</source>
        <translation>N’importe quel fichier de preuve, même de pourparlers auxquels vous n’avez pas pris part. Il est lu par un processus qui ne détient aucune clé. Hors de Valise, la commande valise verify fait de même.</translation>
    </message>
    <message>
        <source>Check a file</source>
        <translation>Contrôler un fichier</translation>
    </message>
    <message>
        <source>Check a file…</source>
        <translation>Contrôler un fichier…</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>Contrôler un fichier de preuve</translation>
    </message>
    <message>
        <source>Evidence (*{0});;All files (*)</source>
        <translation>Fichiers de preuve (*{0});;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>I want an archive of our own internal notes. I will hand it to nobody.</source>
        <translation>Je veux une archive de nos propres notes internes. Je ne la remettrai à personne.</translation>
    </message>
    <message>
        <source>Internal room</source>
        <translation>Salle interne</translation>
    </message>
    <message>
        <source>It holds messages with a marking ({0}): see that you may pass them on.</source>
        <translation>Il contient des messages portant un marquage ({0})&#xa0;: assurez-vous que vous pouvez les transmettre.</translation>
    </message>
    <message>
        <source>It holds what was said of other delegations&apos; identities ({0}).</source>
        <translation>Il contient ce qui a été dit de l’identité d’autres délégations ({0}).</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Salle</translation>
    </message>
    <message>
        <source>Save as evidence…</source>
        <translation>Enregistrer comme preuve…</translation>
    </message>
    <message>
        <source>Save the record as evidence</source>
        <translation>Enregistrer le dossier comme élément de preuve</translation>
    </message>
    <message>
        <source>Saved as {0}, read back and sound: {1} entries. SHA-256 of the file: {2}</source>
        <translation>Enregistré dans {0}, relu et intègre. Entrées&#xa0;: {1}. SHA-256 du fichier&#xa0;: {2}</translation>
    </message>
    <message>
        <source>The record of a room, for others</source>
        <translation>Le dossier d’une salle, pour d’autres</translation>
    </message>
    <message>
        <source>There is no room yet. Open one in Messages; its record can be written here.</source>
        <translation>Il n’y a pas encore de salle. Ouvrez-en une dans Messages&#x202f;; son dossier pourra être écrit ici.</translation>
    </message>
    <message>
        <source>These are your delegation&apos;s own notes and red lines. The file says so in its first line.</source>
        <translation>Ce sont les notes et lignes rouges de votre propre délégation. Le fichier le dit dès sa première ligne.</translation>
    </message>
    <message>
        <source>Whoever gets the file can read all of it, with the names of these delegations and officers, and pass it on.</source>
        <translation>Quiconque reçoit le fichier peut le lire en entier, avec les noms de ces délégations et agents, et le transmettre.</translation>
    </message>
    <message>
        <source>own archive only</source>
        <translation>archive propre seulement</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}&#xa0;: {1}</translation>
    </message>
</context>
<context>
    <name>ExchangeCard</name>
    <message>
        <source>Exchange</source>
        <translation>Échange</translation>
    </message>
    <message>
        <source>Sealed envelopes travel through a relay, a shared folder, or by courier on a stick. Whoever looks after one of these sees only sealed envelopes, their sizes and times.</source>
        <translation>Les enveloppes scellées voyagent par un relais, par un dossier partagé, ou par porteur sur une clé USB. Qui s’occupe de l’un d’eux ne voit que des enveloppes scellées, leur taille et leur heure.</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Voies d’échange…</translation>
    </message>
</context>
<context>
    <name>ExchangePage</name>
    <message>
        <source>Change…</source>
        <translation>Modifier…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Choisir un dossier…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>Choisir le dossier d’échange</translation>
    </message>
    <message>
        <source>Correspondents with whom you share a bilateral room are sent permission to write, sealed.</source>
        <translation>Les correspondants avec lesquels vous partagez une salle bilatérale reçoivent, scellée, l’autorisation d’écrire.</translation>
    </message>
    <message>
        <source>Delegations and permissions</source>
        <translation>Délégations et autorisations</translation>
    </message>
    <message>
        <source>Hand your card with permission to those with whom you do not exchange yet.</source>
        <translation>Remettez votre carte avec autorisation à ceux avec lesquels vous n’échangez pas encore.</translation>
    </message>
    <message>
        <source>How each is reached</source>
        <translation>Comment chacune est jointe</translation>
    </message>
    <message>
        <source>Leave…</source>
        <translation>Quitter…</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>Préparer un pli…</translation>
    </message>
    <message>
        <source>Open bundles…</source>
        <translation>Ouvrir des plis…</translation>
    </message>
    <message>
        <source>Open the new file…</source>
        <translation>Ouvrir le nouveau fichier…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Enregistrer les révocations…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>Stop…</source>
        <translation>Cesser…</translation>
    </message>
    <message>
        <source>Take it by courier…</source>
        <translation>Acheminer par porteur…</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Tester</translation>
    </message>
    <message>
        <source>The folder is in use from now on.</source>
        <translation>Le dossier est désormais utilisé.</translation>
    </message>
    <message>
        <source>The folder is no longer used.</source>
        <translation>Le dossier n’est plus utilisé.</translation>
    </message>
    <message>
        <source>The relay is no longer used.</source>
        <translation>Le relais n’est plus utilisé.</translation>
    </message>
    <message>
        <source>This laptop uses the relay {0} from now on.</source>
        <translation>Cet ordinateur utilise désormais le relais {0}.</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Voies d’échange</translation>
    </message>
    <message>
        <source>What waits here is kept.</source>
        <translation>Ce qui attend ici est conservé.</translation>
    </message>
    <message>
        <source>What waits is kept. You can take it by courier.</source>
        <translation>Ce qui attend est conservé. Vous pouvez le faire acheminer par porteur.</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>Où nous pouvons écrire</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>Qui peut nous écrire</translation>
    </message>
</context>
<context>
    <name>ExerciseBanner</name>
    <message>
        <source>This is an exercise. Nothing of it is real.</source>
        <translation>Ceci est un exercice. Rien n’y est réel.</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>A file of this name is there already. What it holds now is lost.</source>
        <translation>Un fichier de ce nom existe déjà. Son contenu actuel sera perdu.</translation>
    </message>
    <message>
        <source>A note verbale nominates one entry: choose its row first.</source>
        <translation>Une note verbale désigne une seule entrée&#xa0;: choisissez d’abord sa ligne.</translation>
    </message>
    <message>
        <source>A note verbale nominates the entry one is at. To whom it goes is asked next; it gets the next running number and is entered as sent in the correspondence.</source>
        <translation>Une note verbale désigne l’entrée où l’on se trouve. Le destinataire est demandé ensuite&#x202f;; elle reçoit le numéro d’ordre suivant et est inscrite comme envoyée dans la correspondance.</translation>
    </message>
    <message>
        <source>All rows of this side</source>
        <translation>Toutes les lignes de ce côté</translation>
    </message>
    <message>
        <source>Arrows move; Space ticks</source>
        <translation>Les flèches déplacent&#x202f;; Espace coche</translation>
    </message>
    <message>
        <source>As it stands now</source>
        <translation>Tel qu’il se présente maintenant</translation>
    </message>
    <message>
        <source>Built from the room&apos;s record alone: no internal note, no draft, nothing that has not left. Authors are delegations; no officer is named.</source>
        <translation>Établi à partir du seul dossier de la salle&#xa0;: aucune note interne, aucun brouillon, rien qui ne soit parti. Les auteurs sont des délégations&#x202f;; aucun agent n’est nommé.</translation>
    </message>
    <message>
        <source>Bundle {0} is ready</source>
        <translation>Le pli {0} est prêt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>Choisir une clé USB ou un dossier</translation>
    </message>
    <message>
        <source>Choose the stick or folder…</source>
        <translation>Choisir la clé USB ou le dossier…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>Délégation</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Eject the stick before you take it out. When they have opened it, have a bundle brought back: it confirms what came.</source>
        <translation>Éjectez la clé USB avant de la retirer. Quand les destinataires l’auront ouvert, faites rapporter un pli&#xa0;: il confirme ce qui est arrivé.</translation>
    </message>
    <message>
        <source>Everything still waits here.</source>
        <translation>Tout attend encore ici.</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>Exporter des lignes</translation>
    </message>
    <message>
        <source>Export the text</source>
        <translation>Exporter le texte</translation>
    </message>
    <message>
        <source>Export the text as a file</source>
        <translation>Exporter le texte dans un fichier</translation>
    </message>
    <message>
        <source>Export: {0}</source>
        <translation>Exporter&#xa0;: {0}</translation>
    </message>
    <message>
        <source>For whom</source>
        <translation>Destinataires</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>Forme</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>Poursuivre…</translation>
    </message>
    <message>
        <source>It is for: {0}</source>
        <translation>Il est destiné à&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Language of the headings</source>
        <translation>Langue des en-têtes</translation>
    </message>
    <message>
        <source>Last bundle</source>
        <translation>Dernier pli</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>Préparer un pli pour le porteur</translation>
    </message>
    <message>
        <source>Make the bundle</source>
        <translation>Préparer le pli</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Marquage</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Aucun choisi</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Rien n’a quitté cet ordinateur sans être scellé.</translation>
    </message>
    <message>
        <source>One sealed file with what the ticked delegations have not confirmed. Nobody else can open it, and no name stands on it.</source>
        <translation>Un seul fichier scellé avec ce que les délégations cochées n’ont pas confirmé. Personne d’autre ne peut l’ouvrir, et aucun nom n’y figure.</translation>
    </message>
    <message>
        <source>Open the identity card of a delegation under Contacts first.</source>
        <translation>Ouvrez d’abord la carte d’identité d’une délégation dans Contacts.</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Le remplacer</translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation>Remplacer {0}&#x202f;?</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Lignes</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Enregistrer sous…</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>Enregistrer le fichier</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>Enregistrer la note verbale</translation>
    </message>
    <message>
        <source>Save the rows</source>
        <translation>Enregistrer les lignes</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Stopped. No bundle was made.</source>
        <translation>Arrêté. Aucun pli n’a été préparé.</translation>
    </message>
    <message>
        <source>Stopped. No file was written.</source>
        <translation>Arrêté. Aucun fichier n’a été écrit.</translation>
    </message>
    <message>
        <source>Table (CSV), as it is on the screen</source>
        <translation>Tableau (CSV), tel qu’à l’écran</translation>
    </message>
    <message>
        <source>The file is not encrypted: whoever has it can read it.</source>
        <translation>Le fichier n’est pas chiffré&#xa0;: quiconque le détient peut le lire.</translation>
    </message>
    <message>
        <source>The rows shown: {0}</source>
        <translation>Les lignes affichées&#xa0;: {0}</translation>
    </message>
    <message>
        <source>There is nobody to make a bundle for</source>
        <translation>Il n’y a personne pour qui préparer un pli</translation>
    </message>
    <message>
        <source>These are our own assessments. The file says “internal” in its name; nothing keeps it from being passed on.</source>
        <translation>Ce sont nos propres appréciations. Le fichier porte «&#xa0;interne&#xa0;» dans son nom&#x202f;; rien n’empêche de le transmettre.</translation>
    </message>
    <message>
        <source>This format has no changes of its own: brackets show them. To bring a file back, take Word.</source>
        <translation>Ce format n’a pas de modifications propres&#xa0;: les crochets les montrent. Pour rapporter un fichier, prenez Word.</translation>
    </message>
    <message>
        <source>This format keeps changes and remarks as such: it can be brought back without loss.</source>
        <translation>Ce format conserve les modifications et les remarques comme telles&#xa0;: il peut être rapporté sans perte.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>En attente</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>Ce qu’il contient</translation>
    </message>
    <message>
        <source>What is in that file now is lost.</source>
        <translation>Ce que contient actuellement ce fichier est perdu.</translation>
    </message>
    <message>
        <source>What is in the file</source>
        <translation>Ce que contient le fichier</translation>
    </message>
    <message>
        <source>What leaves: a card for each entry, without authority, escalation, review, source and status.</source>
        <translation>Ce qui part&#xa0;: une carte par entrée, sans pouvoirs, escalade, réexamen, source ni situation.</translation>
    </message>
    <message>
        <source>What leaves: {0}</source>
        <translation>Ce qui part&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Which state of the text</source>
        <translation>Quel état du texte</translation>
    </message>
    <message>
        <source>Which text</source>
        <translation>Quel texte</translation>
    </message>
    <message>
        <source>Written as {0} and entered as sent under number {1}.</source>
        <translation>Écrit dans {0} et inscrit comme envoyé sous le numéro {1}.</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>Écrit&#xa0;: {0}, dans {1}</translation>
    </message>
    <message>
        <source>as it stands</source>
        <translation>tel qu’il se présente</translation>
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
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Everybody is told. Who has broken the silence already need not do so again.</source>
        <translation>Tous en sont informés. Qui a déjà rompu le silence n’a pas à le refaire.</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>Prolonger</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>Prolonger le délai</translation>
    </message>
    <message>
        <source>In force on {0}: {1}</source>
        <translation>En vigueur pour {0}&#xa0;: {1}</translation>
    </message>
</context>
<context>
    <name>EyePane</name>
    <message>
        <source>Digits: {digits}</source>
        <translation>Chiffres&#xa0;: {digits}</translation>
    </message>
    <message>
        <source>Read the words or the digits to each other, face to face or over a line where you know the voice. Both sides see the same. Valise never sends them.</source>
        <translation>Lisez-vous les mots ou les chiffres l’un à l’autre, face à face ou sur une ligne où vous reconnaissez la voix. Les deux côtés voient la même chose. Valise ne les envoie jamais.</translation>
    </message>
    <message>
        <source>They differ</source>
        <translation>Ils diffèrent</translation>
    </message>
    <message>
        <source>They match</source>
        <translation>Ils concordent</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>Mots&#xa0;: {words}</translation>
    </message>
</context>
<context>
    <name>FieldLine</name>
    <message>
        <source>Settle…</source>
        <translation>Trancher…</translation>
    </message>
    <message>
        <source>{0} Different values stand</source>
        <translation>{0} Des valeurs différentes figurent</translation>
    </message>
    <message>
        <source>{0} This is not what the field asks for</source>
        <translation>{0} Ce n’est pas ce que demande le champ</translation>
    </message>
    <message>
        <source>{0}: settle which value stands</source>
        <translation>{0}&#xa0;: trancher quelle valeur figure</translation>
    </message>
</context>
<context>
    <name>FileChoice</name>
    <message>
        <source>None chosen</source>
        <translation>Aucun choisi</translation>
    </message>
</context>
<context>
    <name>FileTray</name>
    <message>
        <source>file attached earlier</source>
        <translation>fichier joint précédemment</translation>
    </message>
    <message>
        <source>sealing</source>
        <translation>scellement</translation>
    </message>
</context>
<context>
    <name>FilesBench</name>
    <message>
        <source>A second officer of your delegation releases them, paragraph by paragraph.</source>
        <translation>Un second agent de votre délégation en autorise l’envoi, paragraphe par paragraphe.</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions: {0}.</source>
        <translation>Copié avec crochets et attributions&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>It is not encrypted: whoever has the file can read it.</source>
        <translation>Il n’est pas chiffré&#xa0;: quiconque détient le fichier peut le lire.</translation>
    </message>
    <message>
        <source>Proposals from the file that wait: {0}.</source>
        <translation>Propositions issues du fichier en attente&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Proposed from the file: {0}.</source>
        <translation>Proposées à partir du fichier&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Remarks stay: they cannot be taken back.</source>
        <translation>Les remarques restent&#xa0;: elles ne peuvent pas être reprises.</translation>
    </message>
    <message>
        <source>Remarks to the room: {0}.</source>
        <translation>Remarques à la salle&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Saved: {0}.</source>
        <translation>Enregistré&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Taken back.</source>
        <translation>Repris.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Le presse-papiers est vidé dans dix secondes.</translation>
    </message>
    <message>
        <source>They leave with the next exchange.</source>
        <translation>Elles partent au prochain échange.</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Filter by what fields say (Ctrl+Shift+F)</source>
        <translation>Filtrer par le contenu des champs (Ctrl+Maj+F)</translation>
    </message>
    <message>
        <source>Filters under a name</source>
        <translation>Filtres sous un nom</translation>
    </message>
    <message>
        <source>Keep this filter…</source>
        <translation>Conserver ce filtre…</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>Filtres conservés</translation>
    </message>
    <message>
        <source>Only rows where different values stand</source>
        <translation>Seulement les lignes où figurent des valeurs différentes</translation>
    </message>
    <message>
        <source>Only rows whose review is due</source>
        <translation>Seulement les lignes à réexaminer</translation>
    </message>
    <message>
        <source>Rows that were taken out, instead of those that stand</source>
        <translation>Les lignes enlevées, au lieu de celles qui figurent</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Enlever</translation>
    </message>
    <message>
        <source>Take this filter away</source>
        <translation>Enlever ce filtre</translation>
    </message>
    <message>
        <source>Take this filter away: {0}</source>
        <translation>Enlever ce filtre&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>Enlevées</translation>
    </message>
    <message>
        <source>Words in any field</source>
        <translation>Mots dans tout champ</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} Différences</translation>
    </message>
    <message>
        <source>{0} Review due</source>
        <translation>{0} À réexaminer</translation>
    </message>
</context>
<context>
    <name>FilterDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrer</translation>
    </message>
    <message>
        <source>Filter by</source>
        <translation>Filtrer par</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>Non renseigné</translation>
    </message>
    <message>
        <source>Possible values</source>
        <translation>Valeurs possibles</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Afficher</translation>
    </message>
    <message>
        <source>Show rows with</source>
        <translation>Afficher les lignes avec</translation>
    </message>
    <message>
        <source>Space ticks</source>
        <translation>Espace coche</translation>
    </message>
    <message>
        <source>Take all ticks away</source>
        <translation>Tout décocher</translation>
    </message>
    <message>
        <source>{0}, ticked: {1}</source>
        <translation>{0}, cochés&#xa0;: {1}</translation>
    </message>
</context>
<context>
    <name>Fingerprint</name>
    <message>
        <source>Fingerprint: {digits}</source>
        <translation>Empreinte&#xa0;: {digits}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>First run</source>
        <translation>Premier démarrage</translation>
    </message>
    <message>
        <source>I have a backup…</source>
        <translation>J’ai une sauvegarde…</translation>
    </message>
    <message>
        <source>Make the vault</source>
        <translation>Créer le coffre</translation>
    </message>
    <message>
        <source>Open the vault</source>
        <translation>Ouvrir le coffre</translation>
    </message>
    <message>
        <source>Practise first…</source>
        <translation>S’entraîner d’abord…</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>Étape {0} sur {1}</translation>
    </message>
</context>
<context>
    <name>FolderChoice</name>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>Choisir une clé USB ou un dossier</translation>
    </message>
    <message>
        <source>Choose the place…</source>
        <translation>Choisir l’endroit…</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>Aucun choisi</translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>Name of the scale</source>
        <translation>Nom de l’échelle</translation>
    </message>
    <message>
        <source>Not stated here</source>
        <translation>Non précisé ici</translation>
    </message>
    <message>
        <source>One a line</source>
        <translation>Un par ligne</translation>
    </message>
    <message>
        <source>One a line. {0}</source>
        <translation>Un par ligne. {0}</translation>
    </message>
    <message>
        <source>required</source>
        <translation>requis</translation>
    </message>
    <message>
        <source>year-month-day hour:minute</source>
        <translation>année-mois-jour heure:minute</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}, en UTC, par exemple 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>{0}: level</source>
        <translation>{0}&#xa0;: niveau</translation>
    </message>
    <message>
        <source>{0}: name of the scale</source>
        <translation>{0}&#xa0;: nom de l’échelle</translation>
    </message>
</context>
<context>
    <name>Front</name>
    <message>
        <source>Guide</source>
        <translation>Guide</translation>
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
        <translation>Un ordinateur d’une délégation a signé deux historiques différents.</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>Décider…</translation>
    </message>
    <message>
        <source>Everybody sees the last common state. Nothing is lost and nothing leaks; the delegations decide together how it goes on.</source>
        <translation>Chacun voit le dernier état commun. Rien n’est perdu et rien ne fuit&#x202f;; les délégations décident ensemble de la suite.</translation>
    </message>
    <message>
        <source>What it sent since then is not counted until its delegation has settled it. Computers concerned: {0}.</source>
        <translation>Ce qui en a été envoyé depuis n’est pas compté tant que sa délégation n’a pas tranché. Ordinateurs concernés&#xa0;: {0}.</translation>
    </message>
</context>
<context>
    <name>GiveDialog</name>
    <message>
        <source>Delegation</source>
        <translation>Délégation</translation>
    </message>
    <message>
        <source>Every delegation you know has one already, or sending to it is stopped.</source>
        <translation>Chaque délégation que vous connaissez en a déjà une, ou bien l’envoi à celle-ci est arrêté.</translation>
    </message>
    <message>
        <source>Give it</source>
        <translation>Donner</translation>
    </message>
    <message>
        <source>Give permission to write</source>
        <translation>Donner l’autorisation d’écrire</translation>
    </message>
    <message>
        <source>The delegation can then put sealed envelopes into your mailbox at the relay, and nothing else. The permission is sent to it sealed; it ends by itself and you can take it back.</source>
        <translation>La délégation peut alors déposer des enveloppes scellées dans votre boîte au relais, et rien d’autre. L’autorisation lui est envoyée scellée&#x202f;; elle prend fin d’elle-même et vous pouvez la reprendre.</translation>
    </message>
</context>
<context>
    <name>GoTo</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>Aller</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>Aller au paragraphe</translation>
    </message>
    <message>
        <source>No paragraph has this number.</source>
        <translation>Aucun paragraphe ne porte ce numéro.</translation>
    </message>
    <message>
        <source>Number of the paragraph, for example OP 3 bis</source>
        <translation>Numéro du paragraphe, par exemple OP 3 bis</translation>
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
        <translation>Les flèches déplacent&#x202f;; Suppr révoque</translation>
    </message>
    <message>
        <source>Given</source>
        <translation>Donnée</translation>
    </message>
    <message>
        <source>How it reached them</source>
        <translation>Comment elle leur est parvenue</translation>
    </message>
    <message>
        <source>It ends on {0} and renews by itself while you share a room with it alone; you can take it back.</source>
        <translation>Elle prend fin le {0} et se renouvelle d’elle-même tant que vous partagez une salle avec cette seule délégation&#x202f;; vous pouvez la reprendre.</translation>
    </message>
    <message>
        <source>It is not saved yet.</source>
        <translation>Elle n’est pas encore enregistrée.</translation>
    </message>
    <message>
        <source>No relay, no permissions</source>
        <translation>Pas de relais, pas d’autorisations</translation>
    </message>
    <message>
        <source>Nobody has a permission yet. Give one, or hand over a card with one.</source>
        <translation>Personne n’a encore d’autorisation. Donnez-en une, ou remettez une carte qui en contient une.</translation>
    </message>
    <message>
        <source>Nothing more is taken with it.</source>
        <translation>Rien de plus n’est accepté avec elle.</translation>
    </message>
    <message>
        <source>Our mailbox at {0}: {1}</source>
        <translation>Notre boîte à {0}&#xa0;: {1}</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>Autorisation</translation>
    </message>
    <message>
        <source>Permissions to write to us</source>
        <translation>Autorisations de nous écrire</translation>
    </message>
    <message>
        <source>Revoking: the relay has not confirmed yet.</source>
        <translation>Révocation&#xa0;: le relais n’a pas encore confirmé.</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>Enregistrer ailleurs…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>Enregistrer…</translation>
    </message>
    <message>
        <source>Save the card</source>
        <translation>Enregistrer la carte</translation>
    </message>
    <message>
        <source>Save the revocations</source>
        <translation>Enregistrer les révocations</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Enregistrer les révocations…</translation>
    </message>
    <message>
        <source>The card is saved as {0}. Hand it over like a key, to that correspondent alone.</source>
        <translation>La carte est enregistrée dans {0}. Remettez-la comme une clé, à ce seul correspondant.</translation>
    </message>
    <message>
        <source>The old one ends by itself.</source>
        <translation>L’ancienne prend fin d’elle-même.</translation>
    </message>
    <message>
        <source>The permission goes to it sealed, with the next exchange.</source>
        <translation>L’autorisation lui parvient scellée, au prochain échange.</translation>
    </message>
    <message>
        <source>The permission is revoked and the relay has confirmed it.</source>
        <translation>L’autorisation est révoquée et le relais l’a confirmé.</translation>
    </message>
    <message>
        <source>The revocations are saved as {0}. Give the file to the operator of the relay.</source>
        <translation>Les révocations sont enregistrées dans {0}. Donnez le fichier à l’exploitant du relais.</translation>
    </message>
    <message>
        <source>This laptop may not give permissions; another one of your delegation does.</source>
        <translation>Cet ordinateur ne peut pas donner d’autorisations&#x202f;; un autre de votre délégation le fait.</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>Utiliser un relais…</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>Qui peut nous écrire</translation>
    </message>
    <message>
        <source>With a relay you say who may write to you there, one correspondent at a time.</source>
        <translation>Avec un relais, vous dites qui peut vous y écrire, un correspondant à la fois.</translation>
    </message>
    <message>
        <source>{0} gets a new permission, until {1}.</source>
        <translation>{0} reçoit une nouvelle autorisation, jusqu’au {1}.</translation>
    </message>
    <message>
        <source>{0} may write to you through the relay.</source>
        <translation>{0} peut vous écrire par le relais.</translation>
    </message>
</context>
<context>
    <name>Grid</name>
    <message>
        <source>Arrows move, Enter goes to the paragraph</source>
        <translation>Les flèches déplacent, Entrée va au paragraphe</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Coin du tableau</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>Délégations</translation>
    </message>
    <message>
        <source>Paragraphs</source>
        <translation>Paragraphes</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Qui se situe où</translation>
    </message>
</context>
<context>
    <name>GridModel</name>
    <message>
        <source>{0} (amendment {1})</source>
        <translation>{0} (amendement {1})</translation>
    </message>
    <message>
        <source>{0} (an amendment)</source>
        <translation>{0} (un amendement)</translation>
    </message>
    <message>
        <source>{0} amendment {1}</source>
        <translation>{0} amendement {1}</translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}, pour {1}</translation>
    </message>
    <message>
        <source>{0}, {1}: said nothing</source>
        <translation>{0}, {1}&#xa0;: rien dit</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}, {1}&#xa0;: {2}</translation>
    </message>
</context>
<context>
    <name>GuideWindow</name>
    <message>
        <source>Contents</source>
        <translation>Table des matières</translation>
    </message>
    <message>
        <source>Found in the guide</source>
        <translation>Trouvé dans le guide</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Guide</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>Nothing in the guide has all of these words.</source>
        <translation>Rien dans le guide ne contient tous ces mots.</translation>
    </message>
    <message>
        <source>Search the guide</source>
        <translation>Rechercher dans le guide</translation>
    </message>
    <message>
        <source>This page is not there in the language of the window yet; it is shown in English.</source>
        <translation>Cette page n’existe pas encore dans la langue de la fenêtre&#x202f;; elle est affichée en anglais.</translation>
    </message>
    <message>
        <source>{0} – Guide</source>
        <translation>{0} – Guide</translation>
    </message>
</context>
<context>
    <name>HandOverDialog</name>
    <message>
        <source>A laptop that is still to be admitted</source>
        <translation>Un ordinateur qui est encore à admettre</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Passer à la clé racine…</translation>
    </message>
    <message>
        <source>Hand over an office</source>
        <translation>Passation de charge</translation>
    </message>
    <message>
        <source>The officer at this very laptop is handed over on the successor&apos;s, once it is admitted there.</source>
        <translation>Pour l’agent qui travaille sur cet ordinateur même, la passation se fait sur celui du successeur, une fois qu’il y est admis.</translation>
    </message>
    <message>
        <source>The successor gets the rights and the old laptop gets nothing any more, by one signature. Notes, red lines and the record stay with the delegation: the successor&apos;s laptop receives them.</source>
        <translation>Le successeur reçoit les droits et l’ancien ordinateur ne reçoit plus rien, par une seule signature. Les notes, les lignes rouges et le dossier restent à la délégation&#xa0;: l’ordinateur du successeur les reçoit.</translation>
    </message>
    <message>
        <source>Who follows</source>
        <translation>Qui succède</translation>
    </message>
    <message>
        <source>Who leaves</source>
        <translation>Qui part</translation>
    </message>
</context>
<context>
    <name>HashBox</name>
    <message>
        <source>Copy the hash</source>
        <translation>Copier le condensat</translation>
    </message>
    <message>
        <source>Hash that is signed: {0}</source>
        <translation>Condensat signé&#xa0;: {0}</translation>
    </message>
</context>
<context>
    <name>Headline</name>
    <message>
        <source>Files and copies of the text</source>
        <translation>Fichiers et copies du texte</translation>
    </message>
    <message>
        <source>The text from further away</source>
        <translation>Le texte vu de plus loin</translation>
    </message>
    <message>
        <source>amendments: {0}</source>
        <translation>amendements&#xa0;: {0}</translation>
    </message>
    <message>
        <source>not complete yet, waiting for {0}</source>
        <translation>pas encore complet, en attente de {0}</translation>
    </message>
    <message>
        <source>your delegation holds the pen on another computer</source>
        <translation>votre délégation tient la plume sur un autre ordinateur</translation>
    </message>
    <message>
        <source>{0} holds the pen</source>
        <translation>{0} tient la plume</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>ouverts&#xa0;: {0} sur {1}</translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message>
        <source>Reason: {0}</source>
        <translation>Motif&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>Autoriser l’envoi</translation>
    </message>
    <message>
        <source>Release this draft to the room of the text</source>
        <translation>Autoriser l’envoi de ce brouillon à la salle du texte</translation>
    </message>
    <message>
        <source>Return this draft to its author, with the reason</source>
        <translation>Renvoyer ce brouillon à son auteur, en donnant le motif</translation>
    </message>
    <message>
        <source>Returned by {0}</source>
        <translation>Renvoyé par {0}</translation>
    </message>
    <message>
        <source>Returned by {0}: {1}</source>
        <translation>Renvoyé par {0}&#xa0;: {1}</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>Renvoyer…</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Take this draft back</source>
        <translation>Retirer ce brouillon</translation>
    </message>
    <message>
        <source>Take this draft back and go on writing it</source>
        <translation>Retirer ce brouillon et continuer à l’écrire</translation>
    </message>
    <message>
        <source>Write again</source>
        <translation>Récrire</translation>
    </message>
    <message>
        <source>⧗ Draft, {0}</source>
        <translation>⧗ Brouillon, {0}</translation>
    </message>
</context>
<context>
    <name>HistoryPane</name>
    <message>
        <source>Choose a paragraph in the text; what happened to it stands here.</source>
        <translation>Choisissez un paragraphe dans le texte&#x202f;; ce qui lui est arrivé figure ici.</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>Historique du paragraphe</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>Historique de la ligne</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>Les plus récents d’abord</translation>
    </message>
    <message>
        <source>Nothing to tell yet</source>
        <translation>Rien à raconter pour l’instant</translation>
    </message>
    <message>
        <source>Nothing was changed here yet.</source>
        <translation>Rien n’a encore été modifié ici.</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>Les plus anciens d’abord</translation>
    </message>
    <message>
        <source>Order of the history</source>
        <translation>Ordre de l’historique</translation>
    </message>
</context>
<context>
    <name>HowMany</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Passer à la clé racine…</translation>
    </message>
    <message>
        <source>Recovery shares of the delegation</source>
        <translation>Parts de récupération de la délégation</translation>
    </message>
    <message>
        <source>Sheets made before stay valid: collect and burn them when these take their place.</source>
        <translation>Les feuilles établies auparavant restent valables&#xa0;: rassemblez-les et brûlez-les quand celles-ci prennent leur place.</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say give the root key back when the key file or its passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>Des feuilles de papier pour plusieurs personnes ou coffres-forts. Réunies au nombre que vous fixez, elles redonnent la clé racine quand le fichier de clé ou sa phrase de passe est perdu&#x202f;; en nombre moindre, elles n’en révèlent rien. Trois feuilles dont deux sont nécessaires conviennent à la plupart.</translation>
    </message>
</context>
<context>
    <name>HygieneSection</name>
    <message>
        <source>Everything passes: {0} of {0}.</source>
        <translation>Tout est satisfait&#xa0;: {0} sur {0}.</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Revoir</translation>
    </message>
</context>
<context>
    <name>IdentityCard</name>
    <message>
        <source>Fingerprint</source>
        <translation>Empreinte</translation>
    </message>
    <message>
        <source>Hand the card to other delegations. It holds no secret; the code lets them compare it.</source>
        <translation>Remettez la carte aux autres délégations. Elle ne contient aucun secret&#x202f;; le code leur permet de la comparer.</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>Code QR de votre empreinte</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>Enregistrer la carte…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Enregistrer la carte d’identité</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Enregistré dans {0}</translation>
    </message>
    <message>
        <source>This laptop may: {0}.</source>
        <translation>Droits de cet ordinateur&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Your identity</source>
        <translation>Votre identité</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>A State, by its name or its two letters</source>
        <translation>Un État, par son nom ou ses deux lettres</translation>
    </message>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>Un jour, comme 2026-11-22</translation>
    </message>
    <message>
        <source>A moment as 2026-11-22 14:05 UTC</source>
        <translation>Une date et une heure, comme 2026-11-22 14:05 UTC</translation>
    </message>
    <message>
        <source>A number as +41 22 000 00 00</source>
        <translation>Un numéro, comme +41 22 000 00 00</translation>
    </message>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>Un nombre, par exemple 12 ou 3.5</translation>
    </message>
    <message>
        <source>A time zone as Europe/Zurich</source>
        <translation>Un fuseau horaire, comme Europe/Zurich</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Après</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>Une adresse comme office@example.org</translation>
    </message>
    <message>
        <source>An address of the web as https://example.org</source>
        <translation>Une adresse web, comme https://example.org</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Avant</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>Choisir des fichiers…</translation>
    </message>
    <message>
        <source>Choose the files on the stick, or drop them here. Everything in them is verified before it counts, and nothing is changed on the stick.</source>
        <translation>Choisissez les fichiers sur la clé USB, ou déposez-les ici. Tout leur contenu est vérifié avant d’être pris en compte, et rien n’est modifié sur la clé USB.</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>Choisir le fichier…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>Colonne</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>Erreurs</translation>
    </message>
    <message>
        <source>Faults: {0}. Mend the file and choose it again; nothing was taken.</source>
        <translation>Erreurs&#xa0;: {0}. Corrigez le fichier et choisissez-le de nouveau&#x202f;; rien n’a été repris.</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Champ</translation>
    </message>
    <message>
        <source>First you see what would change. Nothing is taken while there is a fault, and then all of it or nothing.</source>
        <translation>Vous voyez d’abord ce qui changerait. Rien n’est repris tant qu’il y a une erreur&#x202f;; ensuite, tout ou rien.</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>Importer des lignes</translation>
    </message>
    <message>
        <source>Import: {0}</source>
        <translation>Importer&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Ligne du fichier</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>Nouveau&#xa0;: {0}</translation>
    </message>
    <message>
        <source>One of these: {0}</source>
        <translation>L’une de ces valeurs&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Open bundles</source>
        <translation>Ouvrir des plis</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>Ouvrir les plis d’un porteur</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>Ligne</translation>
    </message>
    <message>
        <source>Rows ({0})</source>
        <translation>Lignes ({0})</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Take all of it</source>
        <translation>Tout reprendre</translation>
    </message>
    <message>
        <source>The file has {0}. Changes: {1}. Equal already: {2}.</source>
        <translation>Le fichier contient {0}. Modifications&#xa0;: {1}. Déjà identiques&#xa0;: {2}.</translation>
    </message>
    <message>
        <source>The file has {0}; all of it stands here already.</source>
        <translation>Le fichier contient {0}&#x202f;; tout figure déjà ici.</translation>
    </message>
    <message>
        <source>The first {0} are shown.</source>
        <translation>Sont affichés les premiers&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>Ce qui ne va pas</translation>
    </message>
    <message>
        <source>What stands there</source>
        <translation>Ce qui y figure</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>Ce qui changerait</translation>
    </message>
    <message>
        <source>Yes or no</source>
        <translation>Oui ou non</translation>
    </message>
</context>
<context>
    <name>ImportReport</name>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>Fichiers qui n’ont pas pu être lus</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>Ce qui n’a pas pu être lu</translation>
    </message>
</context>
<context>
    <name>IncidentPage</name>
    <message>
        <source>Copy the hash of the record</source>
        <translation>Copier le condensat du dossier</translation>
    </message>
    <message>
        <source>Embargo: not to be sent on before {0}.</source>
        <translation>Embargo&#xa0;: ne pas transmettre avant&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Record, the same at every delegation:</source>
        <translation>Dossier, le même dans chaque délégation&#xa0;:</translation>
    </message>
    <message>
        <source>Reported by {0}</source>
        <translation>Signalé par {0}</translation>
    </message>
    <message>
        <source>SHA-256 of the record: {0}</source>
        <translation>SHA-256 du dossier&#xa0;: {0}</translation>
    </message>
    <message>
        <source>The incident</source>
        <translation>L’incident</translation>
    </message>
    <message>
        <source>We reported it</source>
        <translation>Nous l’avons signalé</translation>
    </message>
    <message>
        <source>We reported it to {0}</source>
        <translation>Nous l’avons signalé à {0}</translation>
    </message>
    <message>
        <source>a room you are no longer in</source>
        <translation>une salle dont vous ne faites plus partie</translation>
    </message>
    <message>
        <source>{0}.</source>
        <translation>{0}.</translation>
    </message>
    <message>
        <source>{who} in {room}, {when}. Reference {reference}.</source>
        <translation>{who} dans {room}, {when}. Référence {reference}.</translation>
    </message>
    <message>
        <source>{who}, {when}. Reference {reference}.</source>
        <translation>{who}, {when}. Référence {reference}.</translation>
    </message>
</context>
<context>
    <name>IncidentsList</name>
    <message>
        <source>Incidents and requests, open ones first</source>
        <translation>Incidents et demandes, les ouverts d’abord</translation>
    </message>
</context>
<context>
    <name>IncidentsModel</name>
    <message>
        <source>not looked at yet</source>
        <translation>pas encore examiné</translation>
    </message>
    <message>
        <source>we</source>
        <translation>nous</translation>
    </message>
</context>
<context>
    <name>IncidentsScreen</name>
    <message>
        <source>Choose an incident</source>
        <translation>Choisissez un incident</translation>
    </message>
    <message>
        <source>Go on with a draft</source>
        <translation>Reprendre un brouillon</translation>
    </message>
    <message>
        <source>Go on with a draft ({0})</source>
        <translation>Reprendre un brouillon ({0})</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidents</translation>
    </message>
    <message>
        <source>It is on its way: sealed now, sent with the next exchange.</source>
        <translation>C’est en route&#xa0;: scellé maintenant, envoyé au prochain échange.</translation>
    </message>
    <message>
        <source>No incident has been reported</source>
        <translation>Aucun incident n’a été signalé</translation>
    </message>
    <message>
        <source>Report an incident or ask for help (Ctrl+N)</source>
        <translation>Signaler un incident ou demander de l’aide (Ctrl+N)</translation>
    </message>
    <message>
        <source>Report an incident, or ask for help, to a delegation or to a group. What others report to you stands here too.</source>
        <translation>Signalez un incident, ou demandez de l’aide, à une délégation ou à un groupe. Ce que d’autres vous signalent figure aussi ici.</translation>
    </message>
    <message>
        <source>Report or ask for help…</source>
        <translation>Signaler ou demander de l’aide…</translation>
    </message>
    <message>
        <source>What needs you stands first.</source>
        <translation>Ce qui attend votre intervention vient en premier.</translation>
    </message>
</context>
<context>
    <name>Inside</name>
    <message>
        <source>Bring it back</source>
        <translation>La rétablir</translation>
    </message>
    <message>
        <source>No draft of another officer waits on this paragraph.</source>
        <translation>Aucun brouillon d’un autre agent n’attend sur ce paragraphe.</translation>
    </message>
    <message>
        <source>Returned to {0}. It did not leave.</source>
        <translation>Renvoyé à {0}. Il n’est pas parti.</translation>
    </message>
    <message>
        <source>Taken back. It did not leave.</source>
        <translation>Retiré. Il n’est pas parti.</translation>
    </message>
    <message>
        <source>The note is struck out.</source>
        <translation>La note est biffée.</translation>
    </message>
    <message>
        <source>The paragraph has changed. Your draft said: {0}</source>
        <translation>Le paragraphe a changé. Votre brouillon disait&#xa0;: {0}</translation>
    </message>
</context>
<context>
    <name>InternalPane</name>
    <message>
        <source>Alt+1 to Alt+4 while writing</source>
        <translation>Alt+1 à Alt+4 pendant la saisie</translation>
    </message>
    <message>
        <source>Changes the note; Esc keeps it as it was.</source>
        <translation>Modifie la note&#x202f;; Esc la garde telle qu’elle était.</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Entrée</translation>
    </message>
    <message>
        <source>For your delegation only</source>
        <translation>Pour votre délégation seulement</translation>
    </message>
    <message>
        <source>Internal remark, never leaves your delegation</source>
        <translation>Remarque interne, ne quitte jamais votre délégation</translation>
    </message>
    <message>
        <source>Internal remarks on the paragraph</source>
        <translation>Remarques internes sur le paragraphe</translation>
    </message>
    <message>
        <source>Internal, stays in your delegation</source>
        <translation>Interne, reste dans votre délégation</translation>
    </message>
    <message>
        <source>Keep internally</source>
        <translation>Conserver en interne</translation>
    </message>
    <message>
        <source>Kind of internal remark</source>
        <translation>Type de remarque interne</translation>
    </message>
    <message>
        <source>Red lines, fallbacks and notes from the room.</source>
        <translation>Lignes rouges, positions de repli et notes prises en salle.</translation>
    </message>
</context>
<context>
    <name>ItemPage</name>
    <message>
        <source>All States and all items at once (Ctrl+M)</source>
        <translation>Tous les États et tous les éléments à la fois (Ctrl+M)</translation>
    </message>
    <message>
        <source>Choose a State in the matrix to note what it has said, with its date and who said it.</source>
        <translation>Choisissez un État dans la matrice pour noter ce qu’il a dit, à quelle date et par la voix de qui.</translation>
    </message>
    <message>
        <source>Every field of what our State has said and done (Ctrl+Shift+W)</source>
        <translation>Tous les champs de ce que notre État a dit et fait (Ctrl+Maj+W)</translation>
    </message>
    <message>
        <source>In our words</source>
        <translation>En nos propres termes</translation>
    </message>
    <message>
        <source>In the order of the States&apos; names; Enter opens the row</source>
        <translation>Dans l’ordre des noms des États&#x202f;; Entrée ouvre la ligne</translation>
    </message>
    <message>
        <source>Last changed by {0}</source>
        <translation>Dernière modification&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Look in the library</source>
        <translation>Voir dans la bibliothèque</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Matrice</translation>
    </message>
    <message>
        <source>Nobody&apos;s statement is noted yet</source>
        <translation>Aucune déclaration n’est encore notée</translation>
    </message>
    <message>
        <source>Nothing is written about our own State yet. Open our row to begin.</source>
        <translation>Rien n’est encore écrit sur notre propre État. Ouvrez notre ligne pour commencer.</translation>
    </message>
    <message>
        <source>Only reviews due: {0}</source>
        <translation>Réexamens à faire seulement&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Open our row</source>
        <translation>Ouvrir notre ligne</translation>
    </message>
    <message>
        <source>Our own implementation</source>
        <translation>Notre propre mise en œuvre</translation>
    </message>
    <message>
        <source>Reviews due</source>
        <translation>Réexamens à faire</translation>
    </message>
    <message>
        <source>Reviews due: {0}</source>
        <translation>Réexamens à faire&#xa0;: {0}</translation>
    </message>
    <message>
        <source>To the matrix</source>
        <translation>Vers la matrice</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Ce que c’est</translation>
    </message>
    <message>
        <source>Who has stated what</source>
        <translation>Qui a déclaré quoi</translation>
    </message>
</context>
<context>
    <name>JoinDialog</name>
    <message>
        <source>A relay keeps sealed envelopes until your laptops fetch them, wherever they are. Its operator gives you a file for this laptop; it is handed over like a key.</source>
        <translation>Un relais garde les enveloppes scellées jusqu’à ce que vos ordinateurs viennent les chercher, où qu’ils soient. Son exploitant vous donne un fichier pour cet ordinateur&#x202f;; il se remet comme une clé.</translation>
    </message>
    <message>
        <source>Every delegation with which you share a bilateral room gets permission to write to you there. Keep the file where keys are kept, or delete it once it has been used.</source>
        <translation>Chaque délégation avec laquelle vous partagez une salle bilatérale reçoit l’autorisation de vous y écrire. Gardez le fichier là où l’on garde les clés, ou supprimez-le une fois utilisé.</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>Fichiers d’un relais (*.valise-relay);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>Ouvrir le fichier d’un relais</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file…</source>
        <translation>Ouvrir le fichier de l’exploitant…</translation>
    </message>
    <message>
        <source>Use a relay</source>
        <translation>Utiliser un relais</translation>
    </message>
    <message>
        <source>Use this relay</source>
        <translation>Utiliser ce relais</translation>
    </message>
    <message>
        <source>What its operator calls it, in words of theirs:</source>
        <translation>Le nom que lui donne son exploitant, dans ses propres termes&#xa0;:</translation>
    </message>
</context>
<context>
    <name>JointBench</name>
    <message>
        <source>Copied, one name a line: {0}.</source>
        <translation>Copiés, un nom par ligne&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>Tous les membres de la salle en sont informés au prochain échange (Ctrl+R échange aussitôt).</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the words.</source>
        <translation>C’est un fichier ordinaire&#xa0;: qui le détient lit le libellé.</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>Déclarations communes</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>Déclarations communes et listes de coauteurs</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors (Ctrl+J)</source>
        <translation>Déclarations communes et listes de coauteurs (Ctrl+J)</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>Notre délégation s’est associée.</translation>
    </message>
    <message>
        <source>Our delegation&apos;s name is taken back.</source>
        <translation>Le nom de notre délégation est repris.</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>Enregistrer le libellé</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Le presse-papiers est vidé dans dix secondes.</translation>
    </message>
    <message>
        <source>The list is closed.</source>
        <translation>La liste est close.</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>Le condensat entier est dans le presse-papiers pour dix secondes.</translation>
    </message>
    <message>
        <source>The words are saved. The sha256sum of the file is the hash: {0} …</source>
        <translation>Le libellé est enregistré. Le sha256sum du fichier est le condensat&#xa0;: {0} …</translation>
    </message>
    <message>
        <source>Who signs on later waits for you to admit it.</source>
        <translation>Qui s’associe plus tard attend que vous l’admettiez.</translation>
    </message>
    <message>
        <source>{0} stands on the list.</source>
        <translation>{0} figure sur la liste.</translation>
    </message>
</context>
<context>
    <name>JointPage</name>
    <message>
        <source>Back to the texts</source>
        <translation>Retour aux textes</translation>
    </message>
    <message>
        <source>Back to the texts (Escape)</source>
        <translation>Retour aux textes (Esc)</translation>
    </message>
    <message>
        <source>Co-sponsors sign the plain text of this revision. Look at the text in the workbench, or save the revision as a file.</source>
        <translation>Les coauteurs signent le texte brut de cette révision. Examinez le texte dans l’atelier, ou enregistrez la révision dans un fichier.</translation>
    </message>
    <message>
        <source>Joint statements and co-sponsors</source>
        <translation>Déclarations communes et coauteurs</translation>
    </message>
    <message>
        <source>No joint statement yet</source>
        <translation>Aucune déclaration commune pour l’instant</translation>
    </message>
    <message>
        <source>Open a joint statement (Ctrl+N)</source>
        <translation>Ouvrir une déclaration commune (Ctrl+N)</translation>
    </message>
    <message>
        <source>Open a joint statement for the delegations of a room to sign on to, all of them to the same words. A list of co-sponsors is opened beside a revision of a text (Ctrl+Shift+N).</source>
        <translation>Ouvrez une déclaration commune à laquelle les délégations d’une salle puissent s’associer, toutes sur le même libellé. Une liste de coauteurs s’ouvre à côté d’une révision d’un texte (Ctrl+Maj+N).</translation>
    </message>
    <message>
        <source>Open a joint statement…</source>
        <translation>Ouvrir une déclaration commune…</translation>
    </message>
    <message>
        <source>The text of this revision is not on this laptop, so it cannot be looked at or signed here.</source>
        <translation>Le texte de cette révision n’est pas sur cet ordinateur&#x202f;; il ne peut donc être ni examiné ni signé ici.</translation>
    </message>
    <message>
        <source>This laptop has no right to sign on for the delegation; another officer may have it.</source>
        <translation>Cet ordinateur n’a pas le droit d’associer la délégation&#x202f;; un autre agent l’a peut-être.</translation>
    </message>
    <message>
        <source>its room</source>
        <translation>sa salle</translation>
    </message>
</context>
<context>
    <name>JourneyDialog</name>
    <message>
        <source>A passphrase for the journey, other than that of this vault</source>
        <translation>Une phrase de passe pour le voyage, autre que celle de ce coffre</translation>
    </message>
    <message>
        <source>A vault for a journey</source>
        <translation>Un coffre pour un voyage</translation>
    </message>
    <message>
        <source>Internal room of our delegation</source>
        <translation>Salle interne de notre délégation</translation>
    </message>
    <message>
        <source>It holds only the rooms you choose and the contacts concerned. On the travel laptop choose “I have a backup”; that laptop is then admitted for these rooms alone.</source>
        <translation>Il ne contient que les salles que vous choisissez et les contacts concernés. Sur l’ordinateur de voyage, choisissez «&#xa0;J’ai une sauvegarde&#xa0;»&#x202f;; cet ordinateur est alors admis pour ces seules salles.</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>Créer</translation>
    </message>
    <message>
        <source>Rooms it takes along</source>
        <translation>Salles emportées</translation>
    </message>
    <message>
        <source>Space takes a room along or leaves it here</source>
        <translation>Espace emporte une salle ou la laisse ici</translation>
    </message>
    <message>
        <source>Take the library of agreed language along</source>
        <translation>Emporter la bibliothèque des formulations convenues</translation>
    </message>
    <message>
        <source>With {0}</source>
        <translation>Avec {0}</translation>
    </message>
    <message>
        <source>Your internal room goes along: instructions, red lines and fallbacks will be on a laptop that crosses borders. Leave it here unless you cannot work without it.</source>
        <translation>Votre salle interne est du voyage&#xa0;: instructions, lignes rouges et positions de repli seront sur un ordinateur qui passe des frontières. Laissez-la ici, sauf si vous ne pouvez pas travailler sans elle.</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Keep this filter</source>
        <translation>Conserver ce filtre</translation>
    </message>
    <message>
        <source>The filter is kept.</source>
        <translation>Le filtre est conservé.</translation>
    </message>
    <message>
        <source>The filter {0} was taken out.</source>
        <translation>Le filtre {0} a été enlevé.</translation>
    </message>
    <message>
        <source>Under which name?</source>
        <translation>Sous quel nom&#x202f;?</translation>
    </message>
</context>
<context>
    <name>KeyFile</name>
    <message>
        <source>Choose the key file…</source>
        <translation>Choisir le fichier de clé…</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>Fichier de clé</translation>
    </message>
    <message>
        <source>Open the key file</source>
        <translation>Ouvrir le fichier de clé</translation>
    </message>
    <message>
        <source>Passphrase of the key file</source>
        <translation>Phrase de passe du fichier de clé</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source> or </source>
        <translation> ou </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Partout</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Guide</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>List of keys</source>
        <translation>Liste des touches</translation>
    </message>
</context>
<context>
    <name>KeysSection</name>
    <message>
        <source>First contact</source>
        <translation>Premier contact</translation>
    </message>
    <message>
        <source>Give your newest card to those who have never written to you before.</source>
        <translation>Donnez votre carte la plus récente à ceux qui ne vous ont encore jamais écrit.</translation>
    </message>
    <message>
        <source>How long replaced keys are kept</source>
        <translation>Combien de temps les clés remplacées sont conservées</translation>
    </message>
    <message>
        <source>Makes new keys for first contact now, and new ones for each room when you next send there. Do it after a laptop was out of your sight. It is complete with a delegation once it has answered.</source>
        <translation>Crée maintenant de nouvelles clés de premier contact, et de nouvelles clés pour chaque salle à votre prochain envoi. Faites-le après qu’un ordinateur a échappé à votre vue. C’est achevé avec une délégation une fois qu’elle a répondu.</translation>
    </message>
    <message>
        <source>Move the keys on now</source>
        <translation>Faire avancer les clés maintenant</translation>
    </message>
    <message>
        <source>Older cards still work until {0}. Until then, somebody who takes this laptop and its passphrase can also open first contacts that were sealed to those cards since {1}.</source>
        <translation>Les cartes plus anciennes fonctionnent encore jusqu’au {0}. D’ici là, quelqu’un qui prend cet ordinateur et sa phrase de passe peut aussi ouvrir les premiers contacts scellés à l’aide de ces cartes depuis le {1}.</translation>
    </message>
    <message>
        <source>Rooms move on when you next send there; delegations when they have answered.</source>
        <translation>Les salles avancent à votre prochain envoi&#x202f;; les délégations, quand elles ont répondu.</translation>
    </message>
    <message>
        <source>Somebody uses a card of yours that is too old ({0}).</source>
        <translation>Quelqu’un utilise une de vos cartes qui est trop ancienne ({0}).</translation>
    </message>
    <message>
        <source>Something sealed to a replaced key may still be under way, so it is kept for a while and then destroyed. Shorter is safer; what comes later than that is asked for again.</source>
        <translation>Quelque chose de scellé avec une clé remplacée peut être encore en route&#x202f;; elle est donc conservée un certain temps, puis détruite. Plus court est plus sûr&#x202f;; ce qui arrive plus tard est redemandé.</translation>
    </message>
    <message>
        <source>The keys for first contact are new.</source>
        <translation>Les clés de premier contact sont nouvelles.</translation>
    </message>
    <message>
        <source>The keys on your card are as they were made with this vault.</source>
        <translation>Les clés de votre carte sont telles qu’elles ont été créées avec ce coffre.</translation>
    </message>
    <message>
        <source>The keys on your card are of {0}.</source>
        <translation>Date des clés de votre carte&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>They are replaced every week, and the day after somebody used them. No older ones are kept.</source>
        <translation>Elles sont remplacées chaque semaine, et le lendemain du jour où quelqu’un s’en est servi. Aucune clé plus ancienne n’est conservée.</translation>
    </message>
    <message>
        <source>What is sent to this laptop is sealed under two systems together, one of them made to withstand a quantum computer, to a key that is replaced with every answer. A laptop broken into today does not open what was sent before its keys moved on, and heals after one round trip with each delegation.</source>
        <translation>Ce qui est envoyé à cet ordinateur est scellé sous deux systèmes à la fois, dont l’un conçu pour résister à un ordinateur quantique, avec une clé remplacée à chaque réponse. Un ordinateur forcé aujourd’hui n’ouvre pas ce qui a été envoyé avant que ses clés n’avancent, et se rétablit après un aller et retour avec chaque délégation.</translation>
    </message>
    <message>
        <source>What was sealed to it stays closed; its keys were destroyed when their time was over.</source>
        <translation>Ce qui était scellé avec elle reste fermé&#x202f;; ses clés ont été détruites au terme de leur durée.</translation>
    </message>
    <message>
        <source>With each delegation</source>
        <translation>Avec chaque délégation</translation>
    </message>
    <message>
        <source>You know no other laptop yet.</source>
        <translation>Vous ne connaissez encore aucun autre ordinateur.</translation>
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
        <translation>Modifier…</translation>
    </message>
    <message>
        <source>May {0}</source>
        <translation>Droits&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Renew…</source>
        <translation>Renouveler…</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>Révoquer…</translation>
    </message>
    <message>
        <source>this laptop</source>
        <translation>cet ordinateur</translation>
    </message>
</context>
<context>
    <name>LaptopsSection</name>
    <message>
        <source>A laptop without an exchange reads it from the identity card, saved under Contacts.</source>
        <translation>Un ordinateur sans échange le lit dans la carte d’identité, enregistrée sous Contacts.</translation>
    </message>
    <message>
        <source>Admit…</source>
        <translation>Admettre…</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase.</source>
        <translation>Chaque fichier de clé établi auparavant s’ouvre encore avec son ancienne phrase de passe.</translation>
    </message>
    <message>
        <source>Give it back, or erase its vault. If this is a mistake, ask to be admitted as a new laptop.</source>
        <translation>Rendez-le, ou effacez son coffre. S’il s’agit d’une erreur, demandez à être admis comme nouvel ordinateur.</translation>
    </message>
    <message>
        <source>Hand over an office…</source>
        <translation>Passation de charge…</translation>
    </message>
    <message>
        <source>It sends nothing any more and gets nothing. What it holds stays readable here.</source>
        <translation>Il n’envoie et ne reçoit plus rien. Ce qu’il contient reste lisible ici.</translation>
    </message>
    <message>
        <source>Make it and close the root key</source>
        <translation>L’établir et fermer la clé racine</translation>
    </message>
    <message>
        <source>Make them and close the root key</source>
        <translation>Les établir et fermer la clé racine</translation>
    </message>
    <message>
        <source>Offices handed over</source>
        <translation>Passations de charge</translation>
    </message>
    <message>
        <source>Open the identity card of your delegation</source>
        <translation>Ouvrir la carte d’identité de votre délégation</translation>
    </message>
    <message>
        <source>Passed: {0}.</source>
        <translation>Transmis&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Put the key file back where it is locked away.</source>
        <translation>Remettez le fichier de clé là où il est gardé sous clé.</translation>
    </message>
    <message>
        <source>Read a newer identity card of ours…</source>
        <translation>Lire une carte d’identité plus récente de notre délégation…</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>Révoquer l’ordinateur de {0}&#xa0;: désormais, il ne reçoit rien.</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>Enregistrer ailleurs…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>Enregistrer…</translation>
    </message>
    <message>
        <source>Save the answer</source>
        <translation>Enregistrer la réponse</translation>
    </message>
    <message>
        <source>Save the new key file</source>
        <translation>Enregistrer le nouveau fichier de clé</translation>
    </message>
    <message>
        <source>Signed: identity card number {0} of your delegation.</source>
        <translation>Signée&#xa0;: carte d’identité numéro {0} de votre délégation.</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away; then destroy the old key files.</source>
        <translation>Retirez la clé USB et mettez-la sous clé&#x202f;; détruisez ensuite les anciens fichiers de clé.</translation>
    </message>
    <message>
        <source>The answer is not saved yet.</source>
        <translation>La réponse n’est pas encore enregistrée.</translation>
    </message>
    <message>
        <source>The identity card was read.</source>
        <translation>La carte d’identité a été lue.</translation>
    </message>
    <message>
        <source>The new key file is not saved yet.</source>
        <translation>Le nouveau fichier de clé n’est pas encore enregistré.</translation>
    </message>
    <message>
        <source>The new key file is saved as {0}. It opens with the new passphrase.</source>
        <translation>Le nouveau fichier de clé est enregistré dans {0}. Il s’ouvre avec la nouvelle phrase de passe.</translation>
    </message>
    <message>
        <source>The other laptop is admitted. Carry {0} back to it.</source>
        <translation>L’autre ordinateur est admis. Rapportez-lui {0}.</translation>
    </message>
    <message>
        <source>These sheets give the root key of your delegation.</source>
        <translation>Ces feuilles donnent la clé racine de votre délégation.</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation.</source>
        <translation>Cet ordinateur a été révoqué par votre délégation.</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are compared with the root key and forgotten; nothing is changed.</source>
        <translation>Saisissez les feuilles d’après le papier. Elles sont comparées avec la clé racine et oubliées&#x202f;; rien n’est modifié.</translation>
    </message>
    <message>
        <source>Until it is, only the old one opens the root key.</source>
        <translation>Jusque-là, seul l’ancien ouvre la clé racine.</translation>
    </message>
    <message>
        <source>Without it the other laptop cannot begin.</source>
        <translation>Sans elle, l’autre ordinateur ne peut pas commencer.</translation>
    </message>
    <message>
        <source>Write the key file anew, under the new passphrase.</source>
        <translation>Écrire un nouveau fichier de clé, sous la nouvelle phrase de passe.</translation>
    </message>
    <message>
        <source>Your counterparts see the change with the next exchange.</source>
        <translation>Vos homologues voient le changement au prochain échange.</translation>
    </message>
    <message>
        <source>Your counterparts will see it as a new laptop of yours.</source>
        <translation>Vos homologues le verront comme un de vos nouveaux ordinateurs.</translation>
    </message>
    <message>
        <source>share of the root key of {0}, made on {1}</source>
        <translation>part de la clé racine de {0}, établie le {1}</translation>
    </message>
    <message>
        <source>{0} to {1}, {2}</source>
        <translation>{0} à {1}, {2}</translation>
    </message>
</context>
<context>
    <name>LeaveDialog</name>
    <message>
        <source>Leave it</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Leave the relay</source>
        <translation>Quitter le relais</translation>
    </message>
    <message>
        <source>To come back you need the operator&apos;s file again.</source>
        <translation>Pour revenir, il vous faudra de nouveau le fichier de l’exploitant.</translation>
    </message>
    <message>
        <source>Use {0} no longer?</source>
        <translation>Ne plus utiliser {0}&#x202f;?</translation>
    </message>
    <message>
        <source>What waits here is kept: it goes by the folder where one is shared, and else by courier.</source>
        <translation>Ce qui attend ici est conservé et part par le dossier là où il y en a un de partagé, sinon par porteur.</translation>
    </message>
    <message>
        <source>Your correspondents are told to use another way; until they have heard it, what they send there waits there.</source>
        <translation>Vos correspondants sont priés d’utiliser une autre voie&#x202f;; jusqu’à ce qu’ils en soient informés, ce qu’ils y envoient y attend.</translation>
    </message>
</context>
<context>
    <name>LeavingDialog</name>
    <message>
        <source>Back to the form</source>
        <translation>Retour au formulaire</translation>
    </message>
    <message>
        <source>Everything that leaves</source>
        <translation>Tout ce qui part</translation>
    </message>
    <message>
        <source>Internal notes and tasks do not leave. What was sent cannot be taken back; it can be corrected.</source>
        <translation>Les notes et tâches internes ne partent pas. Ce qui a été envoyé ne peut pas être repris&#x202f;; cela peut être corrigé.</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Marquage</translation>
    </message>
    <message>
        <source>Nobody may send it on before {0}.</source>
        <translation>Personne ne peut le transmettre avant&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Envoyer</translation>
    </message>
    <message>
        <source>This leaves</source>
        <translation>Ce qui part</translation>
    </message>
    <message>
        <source>To {0}, sealed for {1}. Nobody else reads it.</source>
        <translation>À {0}, scellé pour {1}. Personne d’autre ne le lit.</translation>
    </message>
    <message>
        <source>You took away the sentence that this message attributes nothing to anybody.</source>
        <translation>Vous avez enlevé la phrase selon laquelle ce message n’attribue rien à personne.</translation>
    </message>
</context>
<context>
    <name>LibraryScreen</name>
    <message>
        <source>All files</source>
        <translation>Tous les fichiers</translation>
    </message>
    <message>
        <source>An import is under way.</source>
        <translation>Une importation est en cours.</translation>
    </message>
    <message>
        <source>Choose a paragraph first.</source>
        <translation>Choisissez d’abord un paragraphe.</translation>
    </message>
    <message>
        <source>Copied: {0}.</source>
        <translation>Copié&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>Documents</translation>
    </message>
    <message>
        <source>Enter goes to the passage in its document</source>
        <translation>Entrée va au passage dans son document</translation>
    </message>
    <message>
        <source>Found as written: {0}</source>
        <translation>Trouvé tel quel&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Found as written: {0}. Much like it: {1}; underlined is what you asked for, struck what stands in the document.</source>
        <translation>Trouvé tel quel&#xa0;: {0}. Très proche&#xa0;: {1}&#x202f;; ce que vous avez demandé est souligné, ce que porte le document est biffé.</translation>
    </message>
    <message>
        <source>Import a folder into the library</source>
        <translation>Importer un dossier dans la bibliothèque</translation>
    </message>
    <message>
        <source>Import files (Ctrl+N)</source>
        <translation>Importer des fichiers (Ctrl+N)</translation>
    </message>
    <message>
        <source>Import files…</source>
        <translation>Importer des fichiers…</translation>
    </message>
    <message>
        <source>Import into the library</source>
        <translation>Importer dans la bibliothèque</translation>
    </message>
    <message>
        <source>Its words are no longer found here. Your drafts and texts stay as they are; the file it came from is not touched and can be imported again.</source>
        <translation>Ses mots ne se retrouvent plus ici. Vos brouillons et vos textes restent tels quels&#x202f;; le fichier dont il provient n’est pas touché et peut être importé de nouveau.</translation>
    </message>
    <message>
        <source>Looking for documents…</source>
        <translation>Recherche de documents…</translation>
    </message>
    <message>
        <source>No document that can be read is there.</source>
        <translation>Il n’y a là aucun document lisible.</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>Rien dans la bibliothèque ne ressemble à ces mots.</translation>
    </message>
    <message>
        <source>Nothing you type leaves this laptop.</source>
        <translation>Rien de ce que vous saisissez ne quitte cet ordinateur.</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>Passages trouvés</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Enlever</translation>
    </message>
    <message>
        <source>Take {0} out of the library?</source>
        <translation>Enlever {0} de la bibliothèque&#x202f;?</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Le presse-papiers est vidé dans dix secondes.</translation>
    </message>
    <message>
        <source>The library is empty</source>
        <translation>La bibliothèque est vide</translation>
    </message>
    <message>
        <source>Valise brings no official text with it. Import the documents your delegation works with, for example resolutions and reports as the United Nations publishes them. They stay on this laptop, in the vault, and are found by their words, also while you write. A whole folder: Ctrl+O.</source>
        <translation>Valise n’apporte aucun texte officiel. Importez les documents avec lesquels travaille votre délégation, par exemple des résolutions et des rapports tels que les publie l’Organisation des Nations Unies. Ils restent sur cet ordinateur, dans le coffre, et se retrouvent par leurs mots, y compris pendant que vous écrivez. Un dossier entier&#xa0;: Ctrl+O.</translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation>Attendez-la, ou arrêtez-la d’abord.</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>Ce qui n’a pas pu être lu</translation>
    </message>
    <message>
        <source>Words of a draft, or A/70/174 13 (f)</source>
        <translation>Des mots d’un projet, ou A/70/174 13 (f)</translation>
    </message>
    <message>
        <source>{0} is no longer in the library.</source>
        <translation>{0} ne figure plus dans la bibliothèque.</translation>
    </message>
</context>
<context>
    <name>LineEditor</name>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>Un nombre, par exemple 12 ou 3.5</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>Une adresse comme office@example.org</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>Headings</source>
        <translation>En-têtes</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Lignes</translation>
    </message>
</context>
<context>
    <name>LinkEditor</name>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation>Aller à {0}</translation>
    </message>
    <message>
        <source>Something that is not here</source>
        <translation>Quelque chose qui n’est pas ici</translation>
    </message>
    <message>
        <source>{0}: choose</source>
        <translation>{0}&#xa0;: choisir</translation>
    </message>
</context>
<context>
    <name>LongEditor</name>
    <message>
        <source>One on each line</source>
        <translation>Un par ligne</translation>
    </message>
    <message>
        <source>Too long</source>
        <translation>Trop long</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Go to Contacts</source>
        <translation>Aller à Contacts</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>Écran</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Voies d’échange</translation>
    </message>
</context>
<context>
    <name>MarkingChoice</name>
    <message>
        <source>A marking in your delegation&apos;s own words</source>
        <translation>Un marquage dans les propres termes de votre délégation</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Marquage</translation>
    </message>
    <message>
        <source>National marking</source>
        <translation>Marquage national</translation>
    </message>
    <message>
        <source>National marking…</source>
        <translation>Marquage national…</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>Sans marquage</translation>
    </message>
    <message>
        <source>e.g. AURELIA CONFIDENTIAL</source>
        <translation>p. ex. AURELIA CONFIDENTIAL</translation>
    </message>
</context>
<context>
    <name>MarkingLabel</name>
    <message>
        <source>Marking: {0}</source>
        <translation>Marquage&#xa0;: {0}</translation>
    </message>
</context>
<context>
    <name>Matches</name>
    <message>
        <source>Enter opens the row</source>
        <translation>Entrée ouvre la ligne</translation>
    </message>
    <message>
        <source>Needs that go with this offer: {0}</source>
        <translation>Besoins auxquels répond cette offre&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Offers that go with this need: {0}</source>
        <translation>Offres qui répondent à ce besoin&#xa0;: {0}</translation>
    </message>
    <message>
        <source>They need a topic in common, and no region or form that says otherwise; the offer has to be open.</source>
        <translation>Il leur faut un thème commun, et aucune région ni forme qui s’y oppose&#x202f;; l’offre doit être ouverte.</translation>
    </message>
    <message>
        <source>What goes together</source>
        <translation>Ce qui va ensemble</translation>
    </message>
</context>
<context>
    <name>MatrixLook</name>
    <message>
        <source>Matrix</source>
        <translation>Matrice</translation>
    </message>
    <message>
        <source>More at once (Ctrl+Minus)</source>
        <translation>Davantage à la fois (Ctrl+Moins)</translation>
    </message>
    <message>
        <source>Nearer (Ctrl+Plus)</source>
        <translation>Plus près (Ctrl+Plus)</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>des valeurs différentes coexistent</translation>
    </message>
</context>
<context>
    <name>MatrixMap</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Plus shows fewer and larger</source>
        <translation>Les flèches déplacent, Entrée ouvre la cellule, Ctrl+Plus en montre moins, en plus grand</translation>
    </message>
    <message>
        <source>The whole matrix</source>
        <translation>Toute la matrice</translation>
    </message>
</context>
<context>
    <name>MatrixModel</name>
    <message>
        <source>different values stand</source>
        <translation>des valeurs différentes figurent</translation>
    </message>
    <message>
        <source>evidence: {0}</source>
        <translation>pièces justificatives&#xa0;: {0}</translation>
    </message>
    <message>
        <source>nothing said</source>
        <translation>rien n’est dit</translation>
    </message>
    <message>
        <source>review due</source>
        <translation>à réexaminer</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}, {1}&#xa0;: {2}</translation>
    </message>
</context>
<context>
    <name>MatrixTable</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Minus shows more at once</source>
        <translation>Les flèches déplacent, Entrée ouvre la cellule, Ctrl+Moins en montre davantage à la fois</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Coin du tableau</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>Éléments</translation>
    </message>
    <message>
        <source>States</source>
        <translation>États</translation>
    </message>
</context>
<context>
    <name>MembersPane</name>
    <message>
        <source>Add</source>
        <translation>Ajouter</translation>
    </message>
    <message>
        <source>Add a delegation</source>
        <translation>Ajouter une délégation</translation>
    </message>
    <message>
        <source>Add {who} to this room?</source>
        <translation>Ajouter {who} à cette salle&#x202f;?</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Ajouter…</translation>
    </message>
    <message>
        <source>Every delegation you know is in this room</source>
        <translation>Toutes les délégations que vous connaissez sont dans cette salle</translation>
    </message>
    <message>
        <source>It is given everything signed for the record in this room, and what is sent from now on.</source>
        <translation>Elle reçoit tout ce qui a été signé pour le dossier dans cette salle, et ce qui y est envoyé désormais.</translation>
    </message>
    <message>
        <source>It keeps what it has received and gets nothing that is sent from now on. Everyone sees this.</source>
        <translation>Elle garde ce qu’elle a reçu et ne reçoit rien de ce qui est envoyé désormais. Tous le voient.</translation>
    </message>
    <message>
        <source>Its identity is not verified: compare the safety number first if you can.</source>
        <translation>Son identité n’est pas vérifiée&#xa0;: comparez d’abord le numéro de sécurité si vous le pouvez.</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Membres</translation>
    </message>
    <message>
        <source>Members of the room</source>
        <translation>Membres de la salle</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Enlever</translation>
    </message>
    <message>
        <source>Remove the chosen delegation</source>
        <translation>Enlever la délégation choisie</translation>
    </message>
    <message>
        <source>Remove {who} from this room?</source>
        <translation>Enlever {who} de cette salle&#x202f;?</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Enlever…</translation>
    </message>
    <message>
        <source>{who} holds the chair and decides who is in this room.</source>
        <translation>{who} assure la présidence et décide qui est dans cette salle.</translation>
    </message>
</context>
<context>
    <name>MessagesScreen</name>
    <message>
        <source>Rooms</source>
        <translation>Salles</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Fils</translation>
    </message>
</context>
<context>
    <name>MomentEditor</name>
    <message>
        <source>A day and a time as 2026-11-22 14:05, in UTC</source>
        <translation>Un jour et une heure, comme 2026-11-22 14:05, en UTC</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Maintenant</translation>
    </message>
    <message>
        <source>UTC</source>
        <translation>UTC</translation>
    </message>
    <message>
        <source>YYYY-MM-DD HH:MM</source>
        <translation>AAAA-MM-JJ HH:MM</translation>
    </message>
    <message>
        <source>{0}: now</source>
        <translation>{0}&#xa0;: maintenant</translation>
    </message>
</context>
<context>
    <name>MomentField</name>
    <message>
        <source>This is no time: write it like 2026-12-10 18:00.</source>
        <translation>Ce n’est pas une date avec une heure&#xa0;: écrivez-la comme 2026-12-10 18:00.</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}, en UTC, par exemple 2026-12-10 18:00</translation>
    </message>
</context>
<context>
    <name>MonthGrid</name>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>{0} de plus</translation>
    </message>
    <message>
        <source>{0}, today</source>
        <translation>{0}, aujourd’hui</translation>
    </message>
    <message>
        <source>{day}: {what}</source>
        <translation>{day}&#xa0;: {what}</translation>
    </message>
</context>
<context>
    <name>NameEditor</name>
    <message>
        <source>Choose one of the list</source>
        <translation>Choisir dans la liste</translation>
    </message>
</context>
<context>
    <name>NamesEditor</name>
    <message>
        <source>Add</source>
        <translation>Ajouter</translation>
    </message>
    <message>
        <source>Add to {0}</source>
        <translation>Ajouter à {0}</translation>
    </message>
</context>
<context>
    <name>NewKeyFileDialog</name>
    <message>
        <source>A new passphrase for the key file</source>
        <translation>Une nouvelle phrase de passe pour le fichier de clé</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy each copy once the new one is safe.</source>
        <translation>Chaque fichier de clé établi auparavant s’ouvre encore avec son ancienne phrase de passe. Détruisez chaque copie une fois le nouveau en lieu sûr.</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy the old ones once the new one is safe: the one beside the vault, and each copy on a stick.</source>
        <translation>Chaque fichier de clé établi auparavant s’ouvre encore avec son ancienne phrase de passe. Détruisez les anciens une fois le nouveau en lieu sûr&#xa0;: celui qui est à côté du coffre, et chaque copie sur une clé USB.</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Passer à la clé racine…</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Nouvelle phrase de passe</translation>
    </message>
    <message>
        <source>The delegation&apos;s key is written into a new key file under the new passphrase. The key itself stays the same, so nothing changes for other delegations.</source>
        <translation>La clé de la délégation est écrite dans un nouveau fichier de clé sous la nouvelle phrase de passe. La clé elle-même reste la même&#x202f;; rien ne change donc pour les autres délégations.</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>Confirmer la nouvelle phrase de passe</translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>La touche Verr. maj. semble activée.</translation>
    </message>
    <message>
        <source>The same passphrase again</source>
        <translation>Confirmer la phrase de passe</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Les deux ne sont pas identiques.</translation>
    </message>
</context>
<context>
    <name>NewRoom</name>
    <message>
        <source>Bilateral</source>
        <translation>Bilatérale</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Delegations in the room</source>
        <translation>Délégations dans la salle</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>Interne</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>Nouvelle salle</translation>
    </message>
    <message>
        <source>Not verified in person: {who}. One false identity in a group reads everything in it; compare safety numbers first if you can.</source>
        <translation>Non vérifié en personne&#xa0;: {who}. Une seule fausse identité dans un groupe y lit tout&#x202f;; comparez d’abord les numéros de sécurité si vous le pouvez.</translation>
    </message>
    <message>
        <source>Open the room</source>
        <translation>Ouvrir la salle</translation>
    </message>
    <message>
        <source>Title of the room</source>
        <translation>Titre de la salle</translation>
    </message>
    <message>
        <source>Title, e.g. Drafting group on points of contact</source>
        <translation>Titre, p. ex. Groupe de rédaction sur les points de contact</translation>
    </message>
    <message>
        <source>You know no other delegation yet. Import its card in Contacts first.</source>
        <translation>Vous ne connaissez encore aucune autre délégation. Importez d’abord sa carte dans Contacts.</translation>
    </message>
</context>
<context>
    <name>News</name>
    <message>
        <source>Show them</source>
        <translation>Les afficher</translation>
    </message>
    <message>
        <source>Since I last looked ({0})</source>
        <translation>Depuis ma dernière visite ({0})</translation>
    </message>
    <message>
        <source>Since {0}</source>
        <translation>Depuis {0}</translation>
    </message>
</context>
<context>
    <name>Nominating</name>
    <message>
        <source>Addressed to</source>
        <translation>Destinataire</translation>
    </message>
    <message>
        <source>Addressed to, as it stands in the sentence (“the Secretariat of …”)</source>
        <translation>Destinataire, tel qu’il figure dans la phrase («&#xa0;le Secrétariat de …&#xa0;»)</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>In place of</source>
        <translation>En remplacement de</translation>
    </message>
    <message>
        <source>In place of (optional)</source>
        <translation>En remplacement de (facultatif)</translation>
    </message>
    <message>
        <source>It gets the next running number and is entered as sent in the correspondence, with the file.</source>
        <translation>Elle reçoit le numéro d’ordre suivant et est inscrite comme envoyée dans la correspondance, avec le fichier.</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Marquage</translation>
    </message>
    <message>
        <source>Nominate {who}</source>
        <translation>Désigner {who}</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>Note verbale</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Lieu</translation>
    </message>
    <message>
        <source>Write it…</source>
        <translation>Rédiger…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
</context>
<context>
    <name>NoteCard</name>
    <message>
        <source>Change</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>Change this note: {0}</source>
        <translation>Modifier cette note&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Strike out</source>
        <translation>Biffer</translation>
    </message>
    <message>
        <source>Strike out this note: {0}</source>
        <translation>Biffer cette note&#xa0;: {0}</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>Fermer cet avis</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>Avis</translation>
    </message>
</context>
<context>
    <name>NumbersModel</name>
    <message>
        <source>All words</source>
        <translation>Tous les mots</translation>
    </message>
    <message>
        <source>As it stands</source>
        <translation>Tel quel</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Outside brackets</source>
        <translation>Hors crochets</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Révision</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Part</translation>
    </message>
</context>
<context>
    <name>OpenSilence</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>Échéance</translation>
    </message>
    <message>
        <source>Every delegation is told that {0} stands as agreed unless one of them breaks the silence, with its reason, by {1}. The deadline can be extended, not shortened. After it your computer closes the procedure by itself.</source>
        <translation>Chaque délégation est informée que {0} figure comme convenu à moins que l’une d’elles ne rompe le silence, en donnant son motif, avant&#xa0;: {1}. Le délai peut être prolongé, non raccourci. Passé ce délai, votre ordinateur clôt la procédure de lui-même.</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>Ouvrir une procédure d’approbation tacite</translation>
    </message>
    <message>
        <source>Open the procedure</source>
        <translation>Ouvrir la procédure</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Révision</translation>
    </message>
    <message>
        <source>Revision to put under silence</source>
        <translation>Révision à soumettre à l’approbation tacite</translation>
    </message>
    <message>
        <source>Silence procedure</source>
        <translation>Procédure d’approbation tacite</translation>
    </message>
    <message>
        <source>What it covers (may stay empty: the whole revision)</source>
        <translation>Ce qu’elle couvre (peut rester vide&#xa0;: toute la révision)</translation>
    </message>
    <message>
        <source>What the silence covers</source>
        <translation>Ce que couvre l’approbation tacite</translation>
    </message>
    <message>
        <source>for example: OP 1 to OP 4</source>
        <translation>par exemple&#xa0;: OP 1 à OP 4</translation>
    </message>
</context>
<context>
    <name>OpenSponsors</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>Coauteurs</translation>
    </message>
    <message>
        <source>Everybody in {0} can sign on to this revision and to no other; a later revision needs a list of its own. Opening the list does not sign your own delegation on.</source>
        <translation>Tous les membres de la salle {0} peuvent se porter coauteurs de cette révision et d’aucune autre&#x202f;; une révision ultérieure demande sa propre liste. L’ouverture de la liste n’y inscrit pas votre propre délégation.</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>Ouvrir une liste de coauteurs</translation>
    </message>
    <message>
        <source>Open the list</source>
        <translation>Ouvrir la liste</translation>
    </message>
    <message>
        <source>Revision to be co-sponsored</source>
        <translation>Révision dont se porter coauteur</translation>
    </message>
</context>
<context>
    <name>OpenStatement</name>
    <message>
        <source>Arabic</source>
        <translation>Arabe</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinois</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Continuer…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Anglais</translation>
    </message>
    <message>
        <source>Everybody in {0} reads these words and can sign on to them. They cannot be changed afterwards: other words are a new statement in their place, which everybody signs anew. Opening does not sign your own delegation on.</source>
        <translation>Tous les membres de la salle {0} lisent ce libellé et peuvent s’y associer. Il ne peut pas être modifié ensuite&#xa0;: un autre libellé est une nouvelle déclaration à sa place, que chacun signe de nouveau. L’ouverture n’y associe pas votre propre délégation.</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>Condensat</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Déclaration commune</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>Conservé dans le coffre à mesure de la saisie</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Language of the statement</source>
        <translation>Langue de la déclaration</translation>
    </message>
    <message>
        <source>Names on the old words: {0}; none of them goes along.</source>
        <translation>Noms sous l’ancien libellé&#xa0;: {0}&#x202f;; aucun d’eux n’est repris.</translation>
    </message>
    <message>
        <source>Open a joint statement</source>
        <translation>Ouvrir une déclaration commune</translation>
    </message>
    <message>
        <source>Open for sign-on</source>
        <translation>Ouvrir aux délégations</translation>
    </message>
    <message>
        <source>Open other words in its place</source>
        <translation>Ouvrir un autre libellé à sa place</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Salle</translation>
    </message>
    <message>
        <source>Room whose delegations can sign on</source>
        <translation>Salle dont les délégations peuvent s’associer</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Russe</translation>
    </message>
    <message>
        <source>Spaces at the ends of lines and empty lines around the words were left out.</source>
        <translation>Les espaces en fin de ligne et les lignes vides au début et à la fin du libellé ont été laissés de côté.</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Espagnol</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>Recommencer</translation>
    </message>
    <message>
        <source>The words as they will be signed</source>
        <translation>Le libellé tel qu’il sera signé</translation>
    </message>
    <message>
        <source>The words of the statement</source>
        <translation>Le libellé de la déclaration</translation>
    </message>
    <message>
        <source>The words. Everybody signs them exactly as they stand here.</source>
        <translation>Le libellé. Chacun le signe exactement tel qu’il figure ici.</translation>
    </message>
    <message>
        <source>This is what will be signed:</source>
        <translation>Voici ce qui sera signé&#xa0;:</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message>
        <source>Title of the statement</source>
        <translation>Titre de la déclaration</translation>
    </message>
    <message>
        <source>What you write is kept in the vault until it is opened.</source>
        <translation>Ce que vous écrivez est conservé dans le coffre jusqu’à l’ouverture.</translation>
    </message>
    <message>
        <source>What you wrote before is here again. Look at the language and the date: they are not kept.</source>
        <translation>Ce que vous aviez écrit est de nouveau ici. Vérifiez la langue et la date&#xa0;: elles ne sont pas conservées.</translation>
    </message>
</context>
<context>
    <name>OpenTextDialog</name>
    <message>
        <source>Arabic</source>
        <translation>Arabe</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinois</translation>
    </message>
    <message>
        <source>Comments: {0}, kept as remarks that the room reads.</source>
        <translation>Commentaires&#xa0;: {0}, conservés comme remarques que lit la salle.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Anglais</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>D’un fichier</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Language of the text</source>
        <translation>Langue du texte</translation>
    </message>
    <message>
        <source>Open a text</source>
        <translation>Ouvrir un texte</translation>
    </message>
    <message>
        <source>Open a text for negotiation</source>
        <translation>Ouvrir un texte à la négociation</translation>
    </message>
    <message>
        <source>Open the text</source>
        <translation>Ouvrir le texte</translation>
    </message>
    <message>
        <source>Paragraphs found</source>
        <translation>Paragraphes trouvés</translation>
    </message>
    <message>
        <source>Paragraphs found: {0}.</source>
        <translation>Paragraphes trouvés&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Coller</translation>
    </message>
    <message>
        <source>Paste the text. Paragraphs such as “OP 3 bis …” and the notation of brackets are recognised.</source>
        <translation>Collez le texte. Les paragraphes tels que «&#xa0;OP 3 bis …&#xa0;» et la notation des crochets sont reconnus.</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lire</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>Lu&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>Lecture de {0}…</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Salle</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Russe</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Espagnol</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Cote</translation>
    </message>
    <message>
        <source>The words of the text, pasted</source>
        <translation>Le libellé du texte, collé</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message>
        <source>Title of the text</source>
        <translation>Titre du texte</translation>
    </message>
    <message>
        <source>Tracked changes: {0}; each becomes a proposal of your delegation.</source>
        <translation>Modifications suivies&#xa0;: {0}&#x202f;; chacune devient une proposition de votre délégation.</translation>
    </message>
    <message>
        <source>What was found is shown here before anything is opened.</source>
        <translation>Ce qui a été trouvé est montré ici avant toute ouverture.</translation>
    </message>
    <message>
        <source>Where the words come from</source>
        <translation>D’où vient le libellé</translation>
    </message>
    <message>
        <source>You will hold the pen. Everybody in the room can read the text and propose.</source>
        <translation>Vous tiendrez la plume. Tous les membres de la salle pourront lire le texte et proposer.</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>facultatif</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>{0} n’a pas pu être lu. Choisissez un autre fichier.</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>A list of co-sponsors of this revision is open already.</source>
        <translation>Une liste de coauteurs de cette révision est déjà ouverte.</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tous</translation>
    </message>
    <message>
        <source>Answers by (UTC)</source>
        <translation>Échéance des réponses (UTC)</translation>
    </message>
    <message>
        <source>Ask now</source>
        <translation>Demander maintenant</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry</source>
        <translation>Demander aux points de contact de confirmer leur entrée</translation>
    </message>
    <message>
        <source>Each delegation is asked alone, and reads the name of the round, the date, and its own entry. Nobody sees who else is asked.</source>
        <translation>Chaque délégation est interrogée séparément et lit le nom du tour, la date et sa propre entrée. Personne ne voit qui d’autre est interrogé.</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange. Your own delegation has not signed on yet.</source>
        <translation>Tous les membres de la salle en sont informés au prochain échange. Votre propre délégation ne s’est pas encore associée.</translation>
    </message>
    <message>
        <source>Forum or directory</source>
        <translation>Enceinte ou répertoire</translation>
    </message>
    <message>
        <source>Forum or directory (optional)</source>
        <translation>Enceinte ou répertoire (facultatif)</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>Make a room under Messages first (Ctrl+5).</source>
        <translation>Créez d’abord une salle dans Messages (Ctrl+5).</translation>
    </message>
    <message>
        <source>Name of the round</source>
        <translation>Nom du tour</translation>
    </message>
    <message>
        <source>Name of the round, as those asked read it</source>
        <translation>Nom du tour, tel que le lisent les délégations interrogées</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aucun</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>Ouvrir un tour de tests</translation>
    </message>
    <message>
        <source>Round {n}</source>
        <translation>Tour {n}</translation>
    </message>
    <message>
        <source>Sign on…</source>
        <translation>S’associer…</translation>
    </message>
    <message>
        <source>The list of co-sponsors is open.</source>
        <translation>La liste de coauteurs est ouverte.</translation>
    </message>
    <message>
        <source>The statement is open for sign-on.</source>
        <translation>La déclaration est ouverte aux délégations qui souhaitent s’y associer.</translation>
    </message>
    <message>
        <source>There is no room yet in which delegations could sign on.</source>
        <translation>Il n’y a pas encore de salle où des délégations pourraient s’associer.</translation>
    </message>
    <message>
        <source>This is an exercise</source>
        <translation>Ceci est un exercice</translation>
    </message>
    <message>
        <source>This is an exercise: every question says so</source>
        <translation>Ceci est un exercice&#xa0;: chaque question le dit</translation>
    </message>
    <message>
        <source>Who is asked</source>
        <translation>Qui est interrogé</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>le nôtre</translation>
    </message>
    <message>
        <source>real: not in a vault for practice</source>
        <translation>réel&#xa0;: pas dans un coffre d’entraînement</translation>
    </message>
    <message>
        <source>superseded or removed</source>
        <translation>remplacé ou enlevé</translation>
    </message>
</context>
<context>
    <name>OutlinePane</name>
    <message>
        <source>Agreed</source>
        <translation>Convenu</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Tous</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrer</translation>
    </message>
    <message>
        <source>Filter paragraphs by their words</source>
        <translation>Filtrer les paragraphes par leurs mots</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Les miens</translation>
    </message>
    <message>
        <source>No paragraph matches.</source>
        <translation>Aucun paragraphe ne correspond.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Ouverts</translation>
    </message>
    <message>
        <source>Outline of the text</source>
        <translation>Plan du texte</translation>
    </message>
    <message>
        <source>Parked</source>
        <translation>Mis de côté</translation>
    </message>
    <message>
        <source>Which paragraphs</source>
        <translation>Quels paragraphes</translation>
    </message>
</context>
<context>
    <name>OverviewScreen</name>
    <message>
        <source>Calendar</source>
        <translation>Calendrier</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Entraînement</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Views of the overview</source>
        <translation>Vues de l’aperçu</translation>
    </message>
</context>
<context>
    <name>OwnCard</name>
    <message>
        <source>Custodians…</source>
        <translation>Dépositaires…</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Empreinte</translation>
    </message>
    <message>
        <source>Handing it over</source>
        <translation>Remise de la carte</translation>
    </message>
    <message>
        <source>Import their card in the same way.</source>
        <translation>Importez sa carte de la même façon.</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts yet: a delegation is verified only by comparing with it.</source>
        <translation>La parole de personne ne compte encore&#xa0;: une délégation n’est vérifiée que par une comparaison avec elle.</translation>
    </message>
    <message>
        <source>Our identity card as a QR code</source>
        <translation>Notre carte d’identité sous forme de code QR</translation>
    </message>
    <message>
        <source>Our identity card: {who}</source>
        <translation>Notre carte d’identité&#xa0;: {who}</translation>
    </message>
    <message>
        <source>Save our identity card…</source>
        <translation>Enregistrer notre carte d’identité…</translation>
    </message>
    <message>
        <source>Save the card as a file and give it to the other delegation on a stick.</source>
        <translation>Enregistrez la carte dans un fichier et donnez-la à l’autre délégation sur une clé USB.</translation>
    </message>
    <message>
        <source>The card says who we are and holds only public keys. It may be handed to anybody.</source>
        <translation>La carte dit qui nous sommes et ne contient que des clés publiques. Elle peut être remise à n’importe qui.</translation>
    </message>
    <message>
        <source>Then compare: let them take a picture of this code, and take one of theirs,</source>
        <translation>Comparez ensuite&#xa0;: laissez l’autre délégation prendre une image de ce code, et prenez une image du sien,</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>Ce qui a changé, et depuis quand</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>Ceux dont la parole compte</translation>
    </message>
    <message>
        <source>or press “Verify…” and follow what both screens say.</source>
        <translation>ou appuyez sur «&#xa0;Vérifier…&#xa0;» et suivez ce que disent les deux écrans.</translation>
    </message>
    <message>
        <source>{who}; {needed} have to agree.</source>
        <translation>{who}&#x202f;; accord nécessaire de {needed}.</translation>
    </message>
</context>
<context>
    <name>PartedLine</name>
    <message>
        <source>Keep it</source>
        <translation>Garder</translation>
    </message>
    <message>
        <source>One laptop took this row out while another changed it. Both are in the history; say which holds.</source>
        <translation>Un ordinateur a enlevé cette ligne pendant qu’un autre la modifiait. Les deux figurent dans l’historique&#x202f;; dites ce qui vaut.</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Enlever</translation>
    </message>
</context>
<context>
    <name>PassPenDialog</name>
    <message>
        <source>Choose a delegation…</source>
        <translation>Choisir une délégation…</translation>
    </message>
    <message>
        <source>Delegation that will hold the pen</source>
        <translation>Délégation qui tiendra la plume</translation>
    </message>
    <message>
        <source>From then on only {0} changes the text. You can propose like everybody else, and only {0} can give the pen back.</source>
        <translation>Dès lors, seule la délégation {0} modifie le texte. Vous pouvez proposer comme tous les autres, et seule {0} peut rendre la plume.</translation>
    </message>
    <message>
        <source>Keep the pen</source>
        <translation>Garder la plume</translation>
    </message>
    <message>
        <source>Only the pen changes the text; everybody else proposes.</source>
        <translation>Seule la plume modifie le texte&#x202f;; tous les autres proposent.</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>Passer la plume</translation>
    </message>
    <message>
        <source>Pass the pen to another delegation</source>
        <translation>Passer la plume à une autre délégation</translation>
    </message>
    <message>
        <source>You have not verified {0}: compare the safety words first.</source>
        <translation>Vous n’avez pas vérifié {0}&#xa0;: comparez d’abord les mots de sécurité.</translation>
    </message>
</context>
<context>
    <name>PassagePicker</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Enter inserts the words</source>
        <translation>Entrée insère le libellé</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>Insérer</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>Insérer depuis la bibliothèque</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>Rien dans la bibliothèque ne ressemble à ces mots.</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>Passages trouvés</translation>
    </message>
    <message>
        <source>The words go where the cursor is, their source into the reason.</source>
        <translation>Le libellé va à l’endroit du curseur, sa source dans le motif.</translation>
    </message>
    <message>
        <source>Words, or a symbol and paragraph: A/70/174 13 (f)</source>
        <translation>Des mots, ou une cote et un paragraphe&#xa0;: A/70/174 13 (f)</translation>
    </message>
</context>
<context>
    <name>PassingCard</name>
    <message>
        <source>For another laptop or a colleague. No secret goes into the file: no key, no name, no folder, no password of a proxy. Before a file changes anything here you see what it would change.</source>
        <translation>Pour un autre ordinateur ou un collègue. Aucun secret n’entre dans le fichier&#xa0;: ni clé, ni nom, ni dossier, ni mot de passe d’un serveur mandataire. Avant qu’un fichier ne modifie quoi que ce soit ici, vous voyez ce qu’il modifierait.</translation>
    </message>
    <message>
        <source>Save the settings</source>
        <translation>Enregistrer les paramètres</translation>
    </message>
    <message>
        <source>Save the settings…</source>
        <translation>Enregistrer les paramètres…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Enregistré dans {0}</translation>
    </message>
    <message>
        <source>Settings in a file</source>
        <translation>Paramètres dans un fichier</translation>
    </message>
    <message>
        <source>Settings of Valise ({0})</source>
        <translation>Paramètres de Valise ({0})</translation>
    </message>
    <message>
        <source>Take settings from a file</source>
        <translation>Reprendre les paramètres d’un fichier</translation>
    </message>
    <message>
        <source>Take settings from a file…</source>
        <translation>Reprendre les paramètres d’un fichier…</translation>
    </message>
</context>
<context>
    <name>PassphraseEntry</name>
    <message>
        <source>Hide the passphrase</source>
        <translation>Masquer la phrase de passe</translation>
    </message>
    <message>
        <source>Show the passphrase</source>
        <translation>Afficher la phrase de passe</translation>
    </message>
</context>
<context>
    <name>PassphrasePage</name>
    <message>
        <source>It opens the vault on this laptop. It is never stored and never sent.</source>
        <translation>Elle ouvre le coffre sur cet ordinateur. Elle n’est jamais conservée ni envoyée.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Phrase de passe</translation>
    </message>
</context>
<context>
    <name>PenBench</name>
    <message>
        <source>You hold the pen</source>
        <translation>Vous tenez la plume</translation>
    </message>
</context>
<context>
    <name>PickDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Choisir</translation>
    </message>
    <message>
        <source>Choose a paragraph</source>
        <translation>Choisir un paragraphe</translation>
    </message>
    <message>
        <source>Choose a row</source>
        <translation>Choisir une ligne</translation>
    </message>
    <message>
        <source>Some of its words</source>
        <translation>Quelques-uns de ses mots</translation>
    </message>
    <message>
        <source>There is nothing to choose from yet.</source>
        <translation>Il n’y a encore rien à choisir.</translation>
    </message>
    <message>
        <source>What can be chosen</source>
        <translation>Ce qui peut être choisi</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source> ≈ nearly alike ({0})</source>
        <translation> ≈ presque identiques ({0})</translation>
    </message>
    <message>
        <source>As it would read</source>
        <translation>Tel qu’il se lirait</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are dropped unsaid.</source>
        <translation>Aucun libellé n’est écarté sans que ce soit dit.</translation>
    </message>
    <message>
        <source>Other words at this place</source>
        <translation>Autre libellé à cet endroit</translation>
    </message>
    <message>
        <source>Other words:</source>
        <translation>Autre libellé&#xa0;:</translation>
    </message>
    <message>
        <source>Place {0}</source>
        <translation>Endroit {0}</translation>
    </message>
    <message>
        <source>Stays as it is: {0}</source>
        <translation>Reste tel quel&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message>
        <source>What becomes of each amendment</source>
        <translation>Ce que devient chaque amendement</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>without these words</source>
        <translation>sans ces mots</translation>
    </message>
    <message>
        <source>{0}  ({1}; {2}){3}</source>
        <translation>{0}  ({1}&#xa0;; {2}){3}</translation>
    </message>
</context>
<context>
    <name>PlacesField</name>
    <message>
        <source>Add an address</source>
        <translation>Ajouter une adresse</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>Words outside brackets: {0}</source>
        <translation>Mots hors crochets&#xa0;: {0}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>maintenant</translation>
    </message>
    <message>
        <source>words in brackets</source>
        <translation>mots entre crochets</translation>
    </message>
    <message>
        <source>words outside brackets</source>
        <translation>mots hors crochets</translation>
    </message>
</context>
<context>
    <name>PracticeBanner</name>
    <message>
        <source>Fictional delegations only. Nothing here is real, and nothing leaves this vault.</source>
        <translation>Délégations fictives seulement. Rien ici n’est réel, et rien ne quitte ce coffre.</translation>
    </message>
</context>
<context>
    <name>PracticePage</name>
    <message>
        <source>Nothing here is real and nothing leaves this vault&apos;s folder. Keys, signatures and envelopes are the same as in your own vault.</source>
        <translation>Rien ici n’est réel et rien ne quitte le dossier de ce coffre. Les clés, signatures et enveloppes sont les mêmes que dans votre propre coffre.</translation>
    </message>
    <message>
        <source>Practice with fictional delegations</source>
        <translation>Entraînement avec des délégations fictives</translation>
    </message>
    <message>
        <source>Record of practice</source>
        <translation>Dossier d’entraînement</translation>
    </message>
    <message>
        <source>Save the record</source>
        <translation>Enregistrer le dossier</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>Enregistrer le dossier…</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>Enregistré dans {file}.</translation>
    </message>
    <message>
        <source>What Borovia&apos;s laptop shows for your delegation</source>
        <translation>Ce que l’ordinateur de Borovia montre pour votre délégation</translation>
    </message>
</context>
<context>
    <name>PractisePage</name>
    <message>
        <source>A passphrase for practice</source>
        <translation>Une phrase de passe pour l’entraînement</translation>
    </message>
    <message>
        <source>A vault of its own beside yours, with two invented partners who answer. It takes in no real contact and carries nothing beyond its folder.</source>
        <translation>Un coffre à part, à côté du vôtre, avec deux partenaires inventés qui répondent. Il n’accueille aucun contact réel et ne transporte rien hors de son dossier.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Making the vault and its partners. This takes a moment on purpose.</source>
        <translation>Création du coffre et de ses partenaires. Cela prend un moment, à dessein.</translation>
    </message>
    <message>
        <source>Passphrase of the vault for practice</source>
        <translation>Phrase de passe du coffre d’entraînement</translation>
    </message>
    <message>
        <source>Practise</source>
        <translation>S’entraîner</translation>
    </message>
    <message>
        <source>Practise with fictional delegations</source>
        <translation>S’entraîner avec des délégations fictives</translation>
    </message>
</context>
<context>
    <name>PreviewDialog</name>
    <message>
        <source>A STIX bundle</source>
        <translation>Un paquet STIX</translation>
    </message>
    <message>
        <source>A draft for you to look at. Nothing is sent, and nothing of it is executed. Taken in: {0}; kept out: {1}.</source>
        <translation>Un brouillon à examiner. Rien n’est envoyé et rien n’en est exécuté. Repris&#xa0;: {0}&#x202f;; écartés&#xa0;: {1}.</translation>
    </message>
    <message>
        <source>Kept out: patterns that name more than one address</source>
        <translation>Écartés&#xa0;: motifs qui désignent plus d’une adresse</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Ne pas le reprendre</translation>
    </message>
    <message>
        <source>Make a draft of it</source>
        <translation>En faire un brouillon</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Marquage</translation>
    </message>
    <message>
        <source>To be filled in by you: {0}</source>
        <translation>À remplir par vous&#xa0;: {0}</translation>
    </message>
    <message>
        <source>What the bundle holds</source>
        <translation>Ce que contient le paquet</translation>
    </message>
    <message>
        <source>What this bundle would become</source>
        <translation>Ce que deviendrait ce paquet</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>Progression</translation>
    </message>
</context>
<context>
    <name>ProposalCard</name>
    <message>
        <source>Admit</source>
        <translation>Admettre</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>Se porter coauteur</translation>
    </message>
    <message>
        <source>Co-sponsor {0}</source>
        <translation>Se porter coauteur de {0}</translation>
    </message>
    <message>
        <source>Do not take {0}</source>
        <translation>Ne pas retenir {0}</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>Garder comme variante</translation>
    </message>
    <message>
        <source>Keep {0} as an alternative</source>
        <translation>Garder {0} comme variante</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>Motif&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ne pas retenir</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>Remarque</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>Remarque à la salle sur {0}</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>Retenir</translation>
    </message>
    <message>
        <source>Take {0} back into the talks</source>
        <translation>Réadmettre {0} aux pourparlers</translation>
    </message>
    <message>
        <source>Take {0} into the text</source>
        <translation>Retenir {0} dans le texte</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Withdraw {0}</source>
        <translation>Retirer {0}</translation>
    </message>
    <message>
        <source>with {0}</source>
        <translation>avec {0}</translation>
    </message>
</context>
<context>
    <name>QShortcut</name>
    <message>
        <source>Backspace</source>
        <translation>Retour arrière</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Suppr</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Bas</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Gauche</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Droite</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Maj</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Haut</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>It has changed…</source>
        <translation>Elle a changé…</translation>
    </message>
    <message>
        <source>The entry is right</source>
        <translation>L’entrée est exacte</translation>
    </message>
    <message>
        <source>Wrong contact…</source>
        <translation>Mauvais contact…</translation>
    </message>
    <message>
        <source>You confirmed it</source>
        <translation>Vous l’avez confirmée</translation>
    </message>
    <message>
        <source>You said that it has changed</source>
        <translation>Vous avez dit qu’elle a changé</translation>
    </message>
    <message>
        <source>You said that it is the wrong contact</source>
        <translation>Vous avez dit que ce n’est pas le bon contact</translation>
    </message>
    <message>
        <source>asked {when}, answer by {due}</source>
        <translation>demandé&#xa0;: {when}&#x202f;; réponse attendue&#xa0;: {due}</translation>
    </message>
    <message>
        <source>{told}: {officer}, {when}</source>
        <translation>{told}&#xa0;: {officer}, {when}</translation>
    </message>
    <message>
        <source>{who} asks: is this entry right?</source>
        <translation>{who} demande&#xa0;: cette entrée est-elle exacte&#x202f;?</translation>
    </message>
</context>
<context>
    <name>ReachView</name>
    <message>
        <source>Contacts: {contacts} · rounds: {rounds}</source>
        <translation>Contacts&#xa0;: {contacts} · tours&#xa0;: {rounds}</translation>
    </message>
    <message>
        <source>Exercises too</source>
        <translation>Exercices aussi</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>Rien à montrer pour l’instant</translation>
    </message>
    <message>
        <source>Once a round was opened, you see here what came of it.</source>
        <translation>Dès qu’un tour a été ouvert, vous en voyez ici le résultat.</translation>
    </message>
    <message>
        <source>Reachability by contact and round</source>
        <translation>Joignabilité par contact et par tour</translation>
    </message>
    <message>
        <source>The bar is the time to the answer, on a scale from a minute to thirty days on which each step is a multiple of the one before. Hatched: asked outside their hours or on a public holiday there. States stand by name; no order is a ranking. Results of others stay here.</source>
        <translation>La barre indique le délai de réponse, sur une échelle d’une minute à trente jours où chaque degré est un multiple du précédent. Hachuré&#xa0;: interrogé en dehors de ses heures ou un jour férié sur place. Les États sont rangés par nom&#x202f;; aucun ordre ne vaut classement. Les résultats des autres restent ici.</translation>
    </message>
</context>
<context>
    <name>ReadingList</name>
    <message>
        <source>Enter goes to the paragraph</source>
        <translation>Entrée va au paragraphe</translation>
    </message>
</context>
<context>
    <name>ReadingPane</name>
    <message>
        <source>Choose a result or a document: it is shown here where it stands.</source>
        <translation>Choisissez un résultat ou un document&#xa0;: il s’affiche ici à sa place.</translation>
    </message>
    <message>
        <source>Enter on the first or last line shows more</source>
        <translation>Entrée sur la première ou la dernière ligne en affiche davantage</translation>
    </message>
    <message>
        <source>Nothing chosen</source>
        <translation>Rien de choisi</translation>
    </message>
    <message>
        <source>Paragraphs of the document</source>
        <translation>Paragraphes du document</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>Motif, conservé dans l’historique</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>Answered or found out at (UTC)</source>
        <translation>Répondu ou constaté le (UTC)</translation>
    </message>
    <message>
        <source>Asked at (UTC)</source>
        <translation>Demandé le (UTC)</translation>
    </message>
    <message>
        <source>By which way</source>
        <translation>Par quelle voie</translation>
    </message>
    <message>
        <source>It cannot answer before it was asked.</source>
        <translation>La réponse ne peut pas précéder la question.</translation>
    </message>
    <message>
        <source>It stands in the record as your word, told apart from an answer they signed.</source>
        <translation>Il figure au dossier comme votre parole, distinct d’une réponse signée par le contact.</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Record an outcome</source>
        <translation>Consigner un résultat</translation>
    </message>
    <message>
        <source>Record it</source>
        <translation>Consigner</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>La note dépasse 2&#x202f;000 caractères.</translation>
    </message>
    <message>
        <source>What came of asking {who}?</source>
        <translation>Quel a été le résultat de la demande à {who}&#x202f;?</translation>
    </message>
</context>
<context>
    <name>RecoverPage</name>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Change and open</source>
        <translation>Changer et ouvrir</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>Nouvelle phrase de passe</translation>
    </message>
    <message>
        <source>Open with recovery shares</source>
        <translation>Ouvrir avec des parts de récupération</translation>
    </message>
    <message>
        <source>Open, keep the passphrase</source>
        <translation>Ouvrir, garder la phrase de passe</translation>
    </message>
    <message>
        <source>The shares open this vault. Choose the passphrase that opens it from now on; the one before opens nothing any more, and no keyring is needed beside it.</source>
        <translation>Les parts ouvrent ce coffre. Choisissez la phrase de passe qui l’ouvrira désormais&#x202f;; la précédente n’ouvre plus rien, et aucun trousseau n’est nécessaire en plus.</translation>
    </message>
</context>
<context>
    <name>RegisterList</name>
    <message>
        <source>Enter goes to the rows</source>
        <translation>Entrée va aux lignes</translation>
    </message>
    <message>
        <source>Find a register</source>
        <translation>Chercher un registre</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Registres</translation>
    </message>
</context>
<context>
    <name>RegisterPage</name>
    <message>
        <source>A first row</source>
        <translation>Une première ligne</translation>
    </message>
    <message>
        <source>A further row (Ctrl+N)</source>
        <translation>Nouvelle ligne (Ctrl+N)</translation>
    </message>
    <message>
        <source>Further acts</source>
        <translation>Autres actions</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nouveau</translation>
    </message>
    <message>
        <source>No row belongs here now</source>
        <translation>Aucune ligne n’a sa place ici pour l’instant</translation>
    </message>
    <message>
        <source>No row passes this filter</source>
        <translation>Aucune ligne ne passe ce filtre</translation>
    </message>
    <message>
        <source>Nothing is in this register yet</source>
        <translation>Ce registre est encore vide</translation>
    </message>
    <message>
        <source>Show every row</source>
        <translation>Afficher toutes les lignes</translation>
    </message>
</context>
<context>
    <name>RegisterTable</name>
    <message>
        <source>Arrows move, Enter opens the row, F2 changes the cell</source>
        <translation>Les flèches déplacent, Entrée ouvre la ligne, F2 modifie la cellule</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>Coin du tableau</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>En-têtes</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Lignes</translation>
    </message>
</context>
<context>
    <name>RegistersScreen</name>
    <message>
        <source>Commitments</source>
        <translation>Engagements</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contacts</translation>
    </message>
</context>
<context>
    <name>RehearseDialog</name>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Look for the sheets with the name of your delegation on them, or make new ones.</source>
        <translation>Cherchez les feuilles qui portent le nom de votre délégation, ou établissez-en de nouvelles.</translation>
    </message>
    <message>
        <source>Put every sheet back to its keeper.</source>
        <translation>Rendez chaque feuille à son détenteur.</translation>
    </message>
    <message>
        <source>Rehearse the recovery</source>
        <translation>Essayer la récupération</translation>
    </message>
    <message>
        <source>The day of the rehearsal is kept.</source>
        <translation>Le jour de l’essai est conservé.</translation>
    </message>
    <message>
        <source>These sheets belong to something else.</source>
        <translation>Ces feuilles appartiennent à autre chose.</translation>
    </message>
</context>
<context>
    <name>ReleaseCard</name>
    <message>
        <source>Ask to lift the rule</source>
        <translation>Demander la levée de la règle</translation>
    </message>
    <message>
        <source>Keep the rule</source>
        <translation>Maintenir la règle</translation>
    </message>
    <message>
        <source>Off. No second officer of your delegation has a laptop that may propose amendments.</source>
        <translation>Désactivé. Aucun second agent de votre délégation n’a d’ordinateur autorisé à proposer des amendements.</translation>
    </message>
    <message>
        <source>Off: proposals leave at once.</source>
        <translation>Désactivé&#xa0;: les propositions partent aussitôt.</translation>
    </message>
    <message>
        <source>On. You asked to lift it; it is lifted when a second officer asks too.</source>
        <translation>Activé. Vous en avez demandé la levée&#x202f;; elle est levée quand un second agent la demande aussi.</translation>
    </message>
    <message>
        <source>On. {0} asks to lift it; it is lifted when you ask too.</source>
        <translation>Activé. {0} en demande la levée&#x202f;; elle est levée quand vous la demandez aussi.</translation>
    </message>
    <message>
        <source>On: every proposal waits for a second officer.</source>
        <translation>Activé&#xa0;: chaque proposition attend un second agent.</translation>
    </message>
    <message>
        <source>Release by a second officer</source>
        <translation>Autorisation d’envoi par un second agent</translation>
    </message>
    <message>
        <source>Wait for a second officer</source>
        <translation>Attendre un second agent</translation>
    </message>
    <message>
        <source>With this rule a proposal stays in your delegation until another officer, on another laptop, releases it. It holds for proposals; positions, remarks to the room and what the pen writes leave at once. A laptop that has not heard of the rule yet does not keep it.</source>
        <translation>Avec cette règle, une proposition reste dans votre délégation jusqu’à ce qu’un autre agent, sur un autre ordinateur, en autorise l’envoi. Elle vaut pour les propositions&#x202f;; les positions, les remarques à la salle et ce qu’écrit la plume partent aussitôt. Un ordinateur qui n’a pas encore appris la règle ne l’observe pas.</translation>
    </message>
</context>
<context>
    <name>ReleaseDialog</name>
    <message>
        <source>A release of Valise</source>
        <translation>Une version de Valise</translation>
    </message>
    <message>
        <source>Check a package</source>
        <translation>Vérifier un paquet</translation>
    </message>
    <message>
        <source>Check a package…</source>
        <translation>Vérifier un paquet…</translation>
    </message>
    <message>
        <source>Checksum of {0}: {1}</source>
        <translation>Somme de contrôle de {0}&#xa0;: {1}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>From the file {0}</source>
        <translation>Du fichier {0}</translation>
    </message>
    <message>
        <source>Not checked yet. Nothing is installed from here: install only a package that passed.</source>
        <translation>Pas encore vérifié. Rien ne s’installe d’ici&#xa0;: n’installez qu’un paquet qui a passé la vérification.</translation>
    </message>
    <message>
        <source>The package that came with it</source>
        <translation>Le paquet qui l’accompagne</translation>
    </message>
    <message>
        <source>The signature holds: it was signed with the key of this program&apos;s publisher, and nothing was changed since.</source>
        <translation>La signature est valable&#xa0;: elle a été faite avec la clé de l’éditeur de ce programme, et rien n’a changé depuis.</translation>
    </message>
    <message>
        <source>This package is exactly the one released: {0}.</source>
        <translation>Ce paquet est exactement celui qui a été publié&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Valise {0} of {1}</source>
        <translation>Valise {0} du {1}</translation>
    </message>
    <message>
        <source>What belongs to it and what is said about it</source>
        <translation>Ce qui en fait partie et ce qui en est dit</translation>
    </message>
    <message>
        <source>What belongs to it: name, size and checksum (SHA-256)</source>
        <translation>Ce qui en fait partie&#xa0;: nom, taille et somme de contrôle (SHA-256)</translation>
    </message>
    <message>
        <source>What its publisher says about it</source>
        <translation>Ce qu’en dit son éditeur</translation>
    </message>
    <message>
        <source>{0} did not pass.</source>
        <translation>{0} n’a pas passé la vérification.</translation>
    </message>
</context>
<context>
    <name>RenewDialog</name>
    <message>
        <source>Change officer or rights</source>
        <translation>Changer l’agent ou les droits</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Passer à la clé racine…</translation>
    </message>
    <message>
        <source>Its keys stay the same; the term begins anew. Fewer rights hold from now on: what it signed before stands. A laptop you no longer trust is not changed but revoked.</source>
        <translation>Ses clés restent les mêmes&#x202f;; la durée recommence. Des droits moindres valent désormais&#xa0;: ce qu’il a signé auparavant demeure. Un ordinateur auquel vous ne faites plus confiance ne se modifie pas, il se révoque.</translation>
    </message>
    <message>
        <source>Renew the certificate</source>
        <translation>Renouveler le certificat</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>A police or judicial matter: mutual legal assistance, extradition, evidence for a court</source>
        <translation>Une affaire policière ou judiciaire&#xa0;: entraide judiciaire, extradition, preuves destinées à un tribunal</translation>
    </message>
    <message>
        <source>Agreed</source>
        <translation>Convenu</translation>
    </message>
    <message>
        <source>An ICT incident between States</source>
        <translation>Un incident informatique entre États</translation>
    </message>
    <message>
        <source>And {0} more: the command valise verify shows them all.</source>
        <translation>Et {0} de plus&#xa0;: la commande valise verify les montre tous.</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>Joindre un fichier</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>Joindre un fichier…</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Certified from {0} to {1}.</source>
        <translation>Certifié du {0} au {1}.</translation>
    </message>
    <message>
        <source>Checkpoint with both signature algorithms: everything up to {0}.</source>
        <translation>Point de contrôle avec les deux algorithmes de signature&#xa0;: tout jusqu’à {0}.</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Clos</translation>
    </message>
    <message>
        <source>Confirmed by {0}.</source>
        <translation>Confirmé par {0}.</translation>
    </message>
    <message>
        <source>Contradicted by {0}.</source>
        <translation>Contredit par {0}.</translation>
    </message>
    <message>
        <source>Drop the draft</source>
        <translation>Abandonner le brouillon</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>Entrées</translation>
    </message>
    <message>
        <source>Everybody in this room reads it: {0}. TLP:RED is not for a group.</source>
        <translation>Tous les membres de cette salle le lisent&#xa0;: {0}. TLP:RED n’est pas fait pour un groupe.</translation>
    </message>
    <message>
        <source>Everything required is filled in. What you write is kept in the vault.</source>
        <translation>Tout ce qui est requis est rempli. Ce que vous écrivez est conservé dans le coffre.</translation>
    </message>
    <message>
        <source>Files are sealed for one room: attach them again for this one.</source>
        <translation>Les fichiers sont scellés pour une seule salle&#xa0;: joignez-les de nouveau pour celle-ci.</translation>
    </message>
    <message>
        <source>Fill in: {0}</source>
        <translation>À remplir&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Filled in by the delegations that answer.</source>
        <translation>À remplir par les délégations qui répondent.</translation>
    </message>
    <message>
        <source>Filled in by you when it is over.</source>
        <translation>À remplir par vous quand ce sera terminé.</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>Empreinte</translation>
    </message>
    <message>
        <source>Laptop of</source>
        <translation>Ordinateur de</translation>
    </message>
    <message>
        <source>Look at what leaves and to whom; nothing is sent before (Ctrl+Enter)</source>
        <translation>Examiner ce qui part et à qui&#x202f;; rien n’est envoyé avant (Ctrl+Entrée)</translation>
    </message>
    <message>
        <source>Look at what leaves…</source>
        <translation>Examiner ce qui part…</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Membres</translation>
    </message>
    <message>
        <source>Messages for the record: {0}.</source>
        <translation>Messages pour le dossier&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>No longer members</source>
        <translation>Ne sont plus membres</translation>
    </message>
    <message>
        <source>Not to be sent on to others before (embargo)</source>
        <translation>Ne pas transmettre à d’autres avant (embargo)</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>Seul destinataire à le lire&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Own archive of an internal room: not to be handed to anybody.</source>
        <translation>Archive propre d’une salle interne&#xa0;: à ne remettre à personne.</translation>
    </message>
    <message>
        <source>Report an incident or ask for help</source>
        <translation>Signaler un incident ou demander de l’aide</translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>Résultat du contrôle</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Révision</translation>
    </message>
    <message>
        <source>Revoked {0}.</source>
        <translation>Révoqué le {0}.</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Salle</translation>
    </message>
    <message>
        <source>Room in which it is reported; everybody in it reads it</source>
        <translation>Salle dans laquelle il est signalé&#x202f;; tous ses membres le lisent</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 of its words</source>
        <translation>SHA-256 de son libellé</translation>
    </message>
    <message>
        <source>SHA-256 that is signed on to</source>
        <translation>SHA-256 du texte auquel on s’associe</translation>
    </message>
    <message>
        <source>Say what is observed, not who did it. Use is voluntary: only what is marked as required must be filled in. All times are UTC.</source>
        <translation>Dites ce qui est observé, non qui en est l’auteur. L’usage est volontaire&#xa0;: seul ce qui est marqué comme requis doit être rempli. Toutes les heures sont en UTC.</translation>
    </message>
    <message>
        <source>Still required: {0}</source>
        <translation>Encore requis&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Such matters keep their own channels and are not sent here. Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau.</source>
        <translation>Ces affaires conservent leurs propres voies et ne sont pas envoyées ici. Adressez-vous à votre autorité centrale pour l’entraide judiciaire, au réseau 24/7 du traité applicable, ou à INTERPOL par votre bureau central national.</translation>
    </message>
    <message>
        <source>The time of the embargo cannot be understood: write it like 2026-12-10 18:00.</source>
        <translation>L’heure de l’embargo ne peut pas être comprise&#xa0;: écrivez-la comme 2026-12-10 18:00.</translation>
    </message>
    <message>
        <source>There is no room with another delegation yet. Make one under Messages (Ctrl+5).</source>
        <translation>Il n’y a pas encore de salle avec une autre délégation. Créez-en une dans Messages (Ctrl+5).</translation>
    </message>
    <message>
        <source>This is the first entry that does not hold; others may follow.</source>
        <translation>C’est la première entrée qui ne tient pas&#x202f;; d’autres peuvent suivre.</translation>
    </message>
    <message>
        <source>This matter is not sent here: use the channel named above.</source>
        <translation>Cette affaire n’est pas envoyée ici&#xa0;: utilisez la voie indiquée ci-dessus.</translation>
    </message>
    <message>
        <source>To whom?</source>
        <translation>À qui&#x202f;?</translation>
    </message>
    <message>
        <source>Two histories at {0}: {1}</source>
        <translation>Deux historiques à {0}&#xa0;: {1}</translation>
    </message>
    <message>
        <source>What is it about?</source>
        <translation>De quoi s’agit-il&#x202f;?</translation>
    </message>
    <message>
        <source>What is not proved</source>
        <translation>Ce qui n’est pas prouvé</translation>
    </message>
    <message>
        <source>What is proved</source>
        <translation>Ce qui est prouvé</translation>
    </message>
    <message>
        <source>What verifies and still has to be known</source>
        <translation>Ce qui se vérifie et doit pourtant être su</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>Écrit par</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>personne</translation>
    </message>
    <message>
        <source>{0} is NOT sound. Do not rely on it.</source>
        <translation>{0} n’est PAS intègre. Ne vous y fiez pas.</translation>
    </message>
    <message>
        <source>{0} is sound: every entry verifies.</source>
        <translation>{0} est intègre&#xa0;: chaque entrée se vérifie.</translation>
    </message>
</context>
<context>
    <name>RequestPage</name>
    <message>
        <source>Ask to be admitted</source>
        <translation>Demander l’admission</translation>
    </message>
    <message>
        <source>Back here: unlock Valise with your passphrase and open the answer.</source>
        <translation>De retour ici&#xa0;: déverrouillez Valise avec votre phrase de passe et ouvrez la réponse.</translation>
    </message>
    <message>
        <source>On the first laptop: Security, “Our laptops”, Admit…, open the request, compare the code, save the answer.</source>
        <translation>Sur le premier ordinateur&#xa0;: Sécurité, «&#xa0;Nos ordinateurs&#xa0;», Admettre…, ouvrez la demande, comparez le code, enregistrez la réponse.</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Enregistrer la demande</translation>
    </message>
    <message>
        <source>Save the request on a stick. It holds no secret.</source>
        <translation>Enregistrez la demande sur une clé USB. Elle ne contient aucun secret.</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>Enregistrer la demande…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>Enregistré dans {0}</translation>
    </message>
    <message>
        <source>Your delegation&apos;s first laptop decides what this one may do.</source>
        <translation>Le premier ordinateur de votre délégation décide de ce que celui-ci peut faire.</translation>
    </message>
</context>
<context>
    <name>RequestPart</name>
    <message>
        <source>Choose the request…</source>
        <translation>Choisir la demande…</translation>
    </message>
    <message>
        <source>If they differ, do not go on: the request was exchanged on its way. Carry it yourself.</source>
        <translation>S’ils diffèrent, ne poursuivez pas&#xa0;: la demande a été échangée en chemin. Transportez-la vous-même.</translation>
    </message>
    <message>
        <source>Open the request</source>
        <translation>Ouvrir la demande</translation>
    </message>
    <message>
        <source>Read this code aloud; the other laptop shows its own. They must be the same.</source>
        <translation>Lisez ce code à haute voix&#x202f;; l’autre ordinateur montre le sien. Ils doivent être identiques.</translation>
    </message>
    <message>
        <source>The codes are the same</source>
        <translation>Les codes sont identiques</translation>
    </message>
</context>
<context>
    <name>RestorePage</name>
    <message>
        <source>A passphrase for this laptop</source>
        <translation>Une phrase de passe pour cet ordinateur</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Everything in the backup can be read at once. This becomes a new laptop of your delegation: it sends nothing before it is admitted, and the old one can be revoked in the same step.</source>
        <translation>Tout le contenu de la sauvegarde est aussitôt lisible. Cet ordinateur devient un nouvel ordinateur de votre délégation&#xa0;: il n’envoie rien avant d’être admis, et l’ancien peut être révoqué par la même occasion.</translation>
    </message>
    <message>
        <source>From a backup</source>
        <translation>À partir d’une sauvegarde</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>Phrase de passe de la sauvegarde</translation>
    </message>
    <message>
        <source>Reading and proving everything that was signed. Nothing is believed because it is in a backup.</source>
        <translation>Lecture et vérification de tout ce qui a été signé. Rien n’est tenu pour vrai parce que cela figure dans une sauvegarde.</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Restaurer</translation>
    </message>
    <message>
        <source>The new vault opens with the same passphrase; it can be changed afterwards.</source>
        <translation>Le nouveau coffre s’ouvre avec la même phrase de passe&#x202f;; elle peut être changée ensuite.</translation>
    </message>
</context>
<context>
    <name>RestoredCard</name>
    <message>
        <source>A vault for a journey</source>
        <translation>Un coffre pour un voyage</translation>
    </message>
    <message>
        <source>Admit it with the key file…</source>
        <translation>L’admettre avec le fichier de clé…</translation>
    </message>
    <message>
        <source>Check code, read aloud: both laptops show the same</source>
        <translation>Code de contrôle, à lire à haute voix&#xa0;: les deux ordinateurs montrent le même</translation>
    </message>
    <message>
        <source>If another laptop of yours is in use, let it admit this one:</source>
        <translation>Si un autre de vos ordinateurs est utilisé, faites admettre celui-ci par lui&#xa0;:</translation>
    </message>
    <message>
        <source>If it was your only one, admit this laptop here:</source>
        <translation>Si c’était le seul, admettez cet ordinateur ici&#xa0;:</translation>
    </message>
    <message>
        <source>It is for: {0}.</source>
        <translation>Il est destiné à&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>Ouvrir la réponse</translation>
    </message>
    <message>
        <source>Open the answer…</source>
        <translation>Ouvrir la réponse…</translation>
    </message>
    <message>
        <source>Restored from a backup</source>
        <translation>Restauré à partir d’une sauvegarde</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>Enregistrer la carte d’identité</translation>
    </message>
    <message>
        <source>Save the new identity card…</source>
        <translation>Enregistrer la nouvelle carte d’identité…</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>Enregistrer la demande</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>Enregistrer la demande…</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and is admitted. Hand its new identity card to every delegation: they send nothing to it, and cannot read what it sends, before they have looked at it.</source>
        <translation>Cet ordinateur a été établi à partir d’une sauvegarde ({0}) et est admis. Remettez sa nouvelle carte d’identité à chaque délégation&#xa0;: elles ne lui envoient rien, et ne peuvent pas lire ce qu’il envoie, avant de l’avoir examinée.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and waits to be admitted. You can read everything; nothing is sent or fetched before that.</source>
        <translation>Cet ordinateur a été établi à partir d’une sauvegarde ({0}) et attend d’être admis. Vous pouvez tout lire&#x202f;; rien n’est envoyé ni relevé avant cela.</translation>
    </message>
    <message>
        <source>What was said for the record since the backup comes back from the other delegations.</source>
        <translation>Ce qui a été dit pour le dossier depuis la sauvegarde revient des autres délégations.</translation>
    </message>
</context>
<context>
    <name>ReturnDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>It does not leave. Your delegation reads the reason; nobody else does.</source>
        <translation>Il ne part pas. Votre délégation lit le motif&#x202f;; personne d’autre.</translation>
    </message>
    <message>
        <source>Reason, for your delegation only</source>
        <translation>Motif, pour votre délégation seulement</translation>
    </message>
    <message>
        <source>Return it</source>
        <translation>Renvoyer</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>Renvoyer le brouillon</translation>
    </message>
    <message>
        <source>Return the draft to {0}</source>
        <translation>Renvoyer le brouillon à {0}</translation>
    </message>
</context>
<context>
    <name>ReturnedDialog</name>
    <message>
        <source>A file comes back</source>
        <translation>Un fichier revient</translation>
    </message>
    <message>
        <source>A file of this text comes back</source>
        <translation>Un fichier de ce texte revient</translation>
    </message>
    <message>
        <source>Author in the file: {0}.</source>
        <translation>Auteur dans le fichier&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Cannot be proposed: {0}; each says why.</source>
        <translation>Ne peuvent pas être proposées&#xa0;: {0}&#x202f;; chacune dit pourquoi.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copié.</translation>
    </message>
    <message>
        <source>Copy the words</source>
        <translation>Copier le libellé</translation>
    </message>
    <message>
        <source>New first paragraph</source>
        <translation>Nouveau premier paragraphe</translation>
    </message>
    <message>
        <source>New paragraph after {0}</source>
        <translation>Nouveau paragraphe après {0}</translation>
    </message>
    <message>
        <source>No author in the file: typed over.</source>
        <translation>Pas d’auteur dans le fichier&#xa0;: texte saisi par-dessus.</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>Proposer</translation>
    </message>
    <message>
        <source>Propose what is ticked (Ctrl+Enter in the list)</source>
        <translation>Proposer ce qui est coché (Ctrl+Entrée dans la liste)</translation>
    </message>
    <message>
        <source>Read against the text as it stands.</source>
        <translation>Lu par rapport au texte tel qu’il se présente.</translation>
    </message>
    <message>
        <source>Read against {0}, which it changes least.</source>
        <translation>Lu par rapport à {0}, qu’il modifie le moins.</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>Le relire</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>Lu&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>Lecture de {0}…</translation>
    </message>
    <message>
        <source>Remark on {0}</source>
        <translation>Remarque sur {0}</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Arrêter</translation>
    </message>
    <message>
        <source>Stopped. Choose a file, or drop it here.</source>
        <translation>Arrêté. Choisissez un fichier, ou déposez-le ici.</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>Le presse-papiers est vidé dans dix secondes.</translation>
    </message>
    <message>
        <source>This file changes nothing.</source>
        <translation>Ce fichier ne modifie rien.</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>Tout cocher</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>Tout décocher</translation>
    </message>
    <message>
        <source>What the file changes</source>
        <translation>Ce que le fichier modifie</translation>
    </message>
    <message>
        <source>What was changed in it, tracked or typed over, is shown here. What you leave ticked becomes proposals of your delegation; nothing else of the file leaves this laptop.</source>
        <translation>Ce qui y a été modifié, en suivi ou par saisie directe, est montré ici. Ce que vous laissez coché devient des propositions de votre délégation&#x202f;; rien d’autre du fichier ne quitte cet ordinateur.</translation>
    </message>
    <message>
        <source>a paragraph</source>
        <translation>un paragraphe</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>{0} n’a pas pu être lu. Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>{0}: delete the paragraph</source>
        <translation>{0}&#xa0;: supprimer le paragraphe</translation>
    </message>
    <message>
        <source>{0}: move after {1}</source>
        <translation>{0}&#xa0;: déplacer après {1}</translation>
    </message>
    <message>
        <source>{0}: move to the start</source>
        <translation>{0}&#xa0;: déplacer au début</translation>
    </message>
    <message>
        <source>{0}: other words</source>
        <translation>{0}&#xa0;: autre libellé</translation>
    </message>
</context>
<context>
    <name>RevisionDialog</name>
    <message>
        <source>Amendments still open: {0}. They stay in the text as brackets.</source>
        <translation>Amendements encore ouverts&#xa0;: {0}. Ils restent dans le texte entre crochets.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Every delegation computes the hash of this text for itself and tells the others that it found the same.</source>
        <translation>Chaque délégation calcule elle-même le condensat de ce texte et dit aux autres qu’elle a trouvé le même.</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>Figer</translation>
    </message>
    <message>
        <source>Freeze the text as a revision</source>
        <translation>Figer le texte en une révision</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>Nouvelle révision</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>Cote</translation>
    </message>
    <message>
        <source>Symbol of the revision</source>
        <translation>Cote de la révision</translation>
    </message>
    <message>
        <source>{0} is frozen. Its hash begins:</source>
        <translation>{0} est figé. Début du condensat&#xa0;:</translation>
    </message>
</context>
<context>
    <name>RevisionsPane</name>
    <message>
        <source>Co-sponsors…</source>
        <translation>Coauteurs…</translation>
    </message>
    <message>
        <source>Computed something else: {0}</source>
        <translation>Résultat différent&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Computed the same: {0}</source>
        <translation>Résultat identique&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Copy the whole hash</source>
        <translation>Copier le condensat entier</translation>
    </message>
    <message>
        <source>Copy the whole hash of {0}</source>
        <translation>Copier le condensat entier de {0}</translation>
    </message>
    <message>
        <source>Hash of the text: {0}</source>
        <translation>Condensat du texte&#xa0;: {0}</translation>
    </message>
    <message>
        <source>No revision yet</source>
        <translation>Aucune révision pour l’instant</translation>
    </message>
    <message>
        <source>Nobody has confirmed the hash yet.</source>
        <translation>Personne n’a encore confirmé le condensat.</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors for {0}</source>
        <translation>Ouvrir une liste de coauteurs pour {0}</translation>
    </message>
    <message>
        <source>Put under silence…</source>
        <translation>Soumettre à l’approbation tacite…</translation>
    </message>
    <message>
        <source>Put {0} under silence</source>
        <translation>Soumettre {0} à l’approbation tacite</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Révisions</translation>
    </message>
    <message>
        <source>SHA-256 of the plain text file</source>
        <translation>SHA-256 du fichier de texte brut</translation>
    </message>
    <message>
        <source>Silence until {0}: {1}</source>
        <translation>Silence (échéance&#xa0;: {0})&#xa0;: {1}</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision when delegations may refer to it. Everybody computes the same hash.</source>
        <translation>Le porte-plume fige le texte en une révision quand les délégations peuvent s’y référer. Chacun calcule le même condensat.</translation>
    </message>
    <message>
        <source>This computer computes another text than the pen-holder signed. Do not rely on this revision; compare the hash by telephone.</source>
        <translation>Cet ordinateur calcule un autre texte que celui qu’a signé le porte-plume. Ne vous fiez pas à cette révision&#x202f;; comparez le condensat par téléphone.</translation>
    </message>
</context>
<context>
    <name>RevokeDialog</name>
    <message>
        <source>As soon as the relay confirms, it takes nothing more with this permission. What it holds already still comes.</source>
        <translation>Dès que le relais confirme, il n’accepte plus rien avec cette autorisation. Ce qu’il détient déjà arrive encore.</translation>
    </message>
    <message>
        <source>From the next exchange on nobody seals anything for it, and nothing it sends is taken. What it signed before stands. This cannot be taken back: a laptop that is found again asks to be admitted anew.</source>
        <translation>À partir du prochain échange, personne ne scelle plus rien pour lui, et rien de ce qu’il envoie n’est accepté. Ce qu’il a signé auparavant demeure. On ne peut pas revenir en arrière&#xa0;: un ordinateur retrouvé demande à être admis de nouveau.</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>Passer à la clé racine…</translation>
    </message>
    <message>
        <source>Revoke a laptop</source>
        <translation>Révoquer un ordinateur</translation>
    </message>
    <message>
        <source>Revoke a permission</source>
        <translation>Révoquer une autorisation</translation>
    </message>
    <message>
        <source>Revoke it</source>
        <translation>Révoquer</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}</source>
        <translation>Révoquer l’ordinateur de {0}</translation>
    </message>
    <message>
        <source>Take the permission of {0} back?</source>
        <translation>Reprendre l’autorisation de {0}&#x202f;?</translation>
    </message>
    <message>
        <source>The delegation reaches you by the folder or by courier meanwhile.</source>
        <translation>Entre-temps, la délégation vous joint par le dossier ou par porteur.</translation>
    </message>
    <message>
        <source>This cannot be undone; you can give a new permission at any time.</source>
        <translation>Cela ne peut pas être annulé&#x202f;; vous pouvez donner une nouvelle autorisation à tout moment.</translation>
    </message>
    <message>
        <source>What it still holds can be read by whoever has it and its passphrase. If it was lost unlocked, tell your counterparts.</source>
        <translation>Ce qu’il contient encore peut être lu par quiconque le détient avec sa phrase de passe. S’il a été perdu déverrouillé, prévenez vos homologues.</translation>
    </message>
    <message>
        <source>Why? This stays on this laptop.</source>
        <translation>Pourquoi&#x202f;? Ceci reste sur cet ordinateur.</translation>
    </message>
</context>
<context>
    <name>RootCard</name>
    <message>
        <source>1. Copy the key file to a stick…</source>
        <translation>1. Copier le fichier de clé sur une clé USB…</translation>
    </message>
    <message>
        <source>2. Remove it here</source>
        <translation>2. L’enlever d’ici</translation>
    </message>
    <message>
        <source>A disk may keep traces of removed files; the file was sealed under its passphrase all the time.</source>
        <translation>Un disque peut garder des traces de fichiers enlevés&#x202f;; le fichier est toujours resté scellé sous sa phrase de passe.</translation>
    </message>
    <message>
        <source>Copied to {0} and read back: it is the same.</source>
        <translation>Copié vers {0} et relu&#xa0;: il est identique.</translation>
    </message>
    <message>
        <source>Copy the key file to a stick</source>
        <translation>Copier le fichier de clé sur une clé USB</translation>
    </message>
    <message>
        <source>It says which laptops are yours, and nothing else. It belongs on a stick in a safe and is opened only to admit, renew or revoke a laptop.</source>
        <translation>Elle dit quels ordinateurs sont les vôtres, et rien d’autre. Elle a sa place sur une clé USB dans un coffre-fort et ne s’ouvre que pour admettre, renouveler ou révoquer un ordinateur.</translation>
    </message>
    <message>
        <source>Its key file is not on this laptop.</source>
        <translation>Son fichier de clé n’est pas sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Its key file still lies beside the vault: whoever takes this laptop takes both. Move it to a stick now.</source>
        <translation>Son fichier de clé se trouve encore à côté du coffre&#xa0;: quiconque prend cet ordinateur prend les deux. Déplacez-le maintenant sur une clé USB.</translation>
    </message>
    <message>
        <source>Make a second copy for another safe if you like, then remove it here.</source>
        <translation>Faites si vous le souhaitez une seconde copie pour un autre coffre-fort, puis enlevez-le d’ici.</translation>
    </message>
    <message>
        <source>Make recovery shares…</source>
        <translation>Établir des parts de récupération…</translation>
    </message>
    <message>
        <source>New passphrase for the key file…</source>
        <translation>Nouvelle phrase de passe pour le fichier de clé…</translation>
    </message>
    <message>
        <source>No recovery shares can be made of it: this delegation was founded by the first version. Keep two copies of the key file in two safes.</source>
        <translation>Il n’est pas possible d’en établir des parts de récupération&#xa0;: cette délégation a été fondée par la première version. Gardez deux copies du fichier de clé dans deux coffres-forts.</translation>
    </message>
    <message>
        <source>No recovery shares were made here. If file or passphrase is lost, no laptop can be admitted or revoked.</source>
        <translation>Aucune part de récupération n’a été établie ici. Si le fichier ou la phrase de passe est perdu, aucun ordinateur ne peut être admis ni révoqué.</translation>
    </message>
    <message>
        <source>Rehearse the recovery…</source>
        <translation>Essayer la récupération…</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away. Make recovery shares if there are none.</source>
        <translation>Retirez la clé USB et mettez-la sous clé. Établissez des parts de récupération s’il n’y en a pas.</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>La clé racine de la délégation</translation>
    </message>
    <message>
        <source>The key file is no longer beside the vault.</source>
        <translation>Le fichier de clé n’est plus à côté du coffre.</translation>
    </message>
</context>
<context>
    <name>RoundModel</name>
    <message>
        <source>Answered, their clock</source>
        <translation>Répondu, leur horloge</translation>
    </message>
    <message>
        <source>Asked, time there</source>
        <translation>Demandé, heure locale</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Délai</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Résultat</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>Point de contact</translation>
    </message>
    <message>
        <source>Received, our clock</source>
        <translation>Reçu, notre horloge</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
</context>
<context>
    <name>RoundsView</name>
    <message>
        <source>A round asks points of contact to confirm their entry, and nothing else. Every six months is usual.</source>
        <translation>Un tour demande aux points de contact de confirmer leur entrée, et rien d’autre. Tous les six mois est l’usage.</translation>
    </message>
    <message>
        <source>Close the round</source>
        <translation>Clore le tour</translation>
    </message>
    <message>
        <source>Close the round…</source>
        <translation>Clore le tour…</translation>
    </message>
    <message>
        <source>Close this round?</source>
        <translation>Clore ce tour&#x202f;?</translation>
    </message>
    <message>
        <source>Contacts of the round</source>
        <translation>Contacts du tour</translation>
    </message>
    <message>
        <source>For one State only</source>
        <translation>Pour un seul État</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>Dernière confirmation&#xa0;: {when}</translation>
    </message>
    <message>
        <source>Latency is taken from the signed times, and the time of an answer is that of their clock. That a question was delivered or read is no answer.</source>
        <translation>Le délai est calculé d’après les heures signées, et l’heure d’une réponse est celle de l’horloge du contact. Qu’une question ait été remise ou lue n’est pas une réponse.</translation>
    </message>
    <message>
        <source>No round yet</source>
        <translation>Aucun tour pour l’instant</translation>
    </message>
    <message>
        <source>Note as confirmed…</source>
        <translation>Noter comme confirmé…</translation>
    </message>
    <message>
        <source>Open a round…</source>
        <translation>Ouvrir un tour…</translation>
    </message>
    <message>
        <source>Opened {when} by {who}</source>
        <translation>Ouvert par {who} ({when})</translation>
    </message>
    <message>
        <source>Pages (PDF)…</source>
        <translation>Pages (PDF)…</translation>
    </message>
    <message>
        <source>Record an outcome…</source>
        <translation>Consigner un résultat…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>Tour</translation>
    </message>
    <message>
        <source>Round: {title}</source>
        <translation>Tour&#xa0;: {title}</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Enregistrer le rapport</translation>
    </message>
    <message>
        <source>Show the entry</source>
        <translation>Afficher l’entrée</translation>
    </message>
    <message>
        <source>Table (CSV)…</source>
        <translation>Tableau (CSV)…</translation>
    </message>
    <message>
        <source>Take into the entry…</source>
        <translation>Reprendre dans l’entrée…</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Take the correction…</source>
        <translation>Reprendre la correction…</translation>
    </message>
    <message>
        <source>Take this into the entry of {who}?</source>
        <translation>Reprendre ceci dans l’entrée de {who}&#x202f;?</translation>
    </message>
    <message>
        <source>Taken into the entry</source>
        <translation>Repris dans l’entrée</translation>
    </message>
    <message>
        <source>Taken into the entry.</source>
        <translation>Repris dans l’entrée.</translation>
    </message>
    <message>
        <source>Who has not answered is noted as “no reply”. An answer that comes later still counts, as late if it was.</source>
        <translation>Qui n’a pas répondu est noté «&#xa0;pas de réponse&#xa0;». Une réponse qui arrive plus tard compte encore, comme tardive si elle l’était.</translation>
    </message>
</context>
<context>
    <name>RowForm</name>
    <message>
        <source>Evidence and links</source>
        <translation>Pièces justificatives et liens</translation>
    </message>
    <message>
        <source>Fields of the row</source>
        <translation>Champs de la ligne</translation>
    </message>
    <message>
        <source>Further</source>
        <translation>Complémentaire</translation>
    </message>
    <message>
        <source>Internal to our delegation</source>
        <translation>Interne à notre délégation</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>Nécessaire</translation>
    </message>
    <message>
        <source>Written by the program</source>
        <translation>Écrit par le programme</translation>
    </message>
    <message>
        <source>{0} is changed only together with: {1}</source>
        <translation>{0}&#xa0;: à modifier seulement avec&#xa0;: {1}</translation>
    </message>
    <message>
        <source>{0} is needed.</source>
        <translation>{0}&#xa0;: à remplir.</translation>
    </message>
    <message>
        <source>{0} is new, but {1} is still {2}. Change it, or keep again if it holds.</source>
        <translation>{0}&#xa0;: nouvelle valeur, mais pour {1} elle est encore {2}. Modifiez-la, ou conservez de nouveau si elle vaut toujours.</translation>
    </message>
    <message>
        <source>{0}: nothing said yet</source>
        <translation>{0}&#xa0;: rien n’est encore dit</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}&#xa0;: {1}</translation>
    </message>
</context>
<context>
    <name>RowPage</name>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Back to the rows (Escape)</source>
        <translation>Retour aux lignes (Esc)</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>Continuer à écrire</translation>
    </message>
    <message>
        <source>History of the row (Ctrl+Shift+H)</source>
        <translation>Historique de la ligne (Ctrl+Maj+H)</translation>
    </message>
    <message>
        <source>It is no longer shown among the rows and in no export. Its values and history stay; it can be put back.</source>
        <translation>Elle n’est plus montrée parmi les lignes ni dans aucun export. Ses valeurs et son historique restent&#x202f;; elle peut être remise.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conserver</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Conserver</translation>
    </message>
    <message>
        <source>Keep what was changed (Ctrl+S)</source>
        <translation>Conserver ce qui a été modifié (Ctrl+S)</translation>
    </message>
    <message>
        <source>Kept.</source>
        <translation>Conservé.</translation>
    </message>
    <message>
        <source>Last changed by {0} · {1}</source>
        <translation>Dernière modification&#xa0;: {0} · {1}</translation>
    </message>
    <message>
        <source>Leave it for later</source>
        <translation>Laisser pour plus tard</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>Nouveau&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Not kept yet.</source>
        <translation>Pas encore conservé.</translation>
    </message>
    <message>
        <source>Nothing written yet</source>
        <translation>Rien d’écrit pour l’instant</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>Remettre</translation>
    </message>
    <message>
        <source>Settled.</source>
        <translation>Tranché.</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Enlever</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>Enlever</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>Enlever…</translation>
    </message>
    <message>
        <source>Take this row out?</source>
        <translation>Enlever cette ligne&#x202f;?</translation>
    </message>
    <message>
        <source>The row is kept.</source>
        <translation>La ligne est conservée.</translation>
    </message>
    <message>
        <source>The row stands again.</source>
        <translation>La ligne figure de nouveau.</translation>
    </message>
    <message>
        <source>The row was taken out.</source>
        <translation>La ligne a été enlevée.</translation>
    </message>
    <message>
        <source>Throw it away</source>
        <translation>Jeter</translation>
    </message>
    <message>
        <source>Undo the last change of your delegation in this row (Ctrl+Z)</source>
        <translation>Annuler la dernière modification de votre délégation dans cette ligne (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>Annulé&#x202f;; les deux restent dans l’historique.</translation>
    </message>
    <message>
        <source>What you had begun here is back; it is not kept yet.</source>
        <translation>Ce que vous aviez commencé ici est revenu&#x202f;; ce n’est pas encore conservé.</translation>
    </message>
</context>
<context>
    <name>RowsModel</name>
    <message>
        <source>sorted downwards</source>
        <translation>tri décroissant</translation>
    </message>
    <message>
        <source>sorted upwards</source>
        <translation>tri croissant</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>Only entries marked no more strictly than</source>
        <translation>Seulement les entrées dont le marquage n’est pas plus strict que</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Enregistrer des cartes de contact</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>Enregistrer…</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed. What is ours alone (authority, escalation, source, review) is in no card.</source>
        <translation>Le fichier se trouve hors du coffre et n’est pas scellé. Ce qui n’appartient qu’à nous (pouvoirs, escalade, source, réexamen) ne figure dans aucune carte.</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>vCard 3.0, for older programs</source>
        <translation>vCard 3.0, pour les programmes plus anciens</translation>
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
        <translation>Joindre un fichier</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>Joindre un fichier…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Everybody in {0} reads it.</source>
        <translation>Tous les membres de la salle {0} le lisent.</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>Marquage</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>Seul destinataire à le lire&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>This stays inside your delegation.</source>
        <translation>Ceci reste au sein de votre délégation.</translation>
    </message>
    <message>
        <source>What you wrote before is here again.</source>
        <translation>Ce que vous aviez écrit est de nouveau ici.</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Clear</source>
        <translation>Effacer</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
</context>
<context>
    <name>SearchPalette</name>
    <message>
        <source>Amendment</source>
        <translation>Amendement</translation>
    </message>
    <message>
        <source>Commitment</source>
        <translation>Engagement</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>Contact</translation>
    </message>
    <message>
        <source>Found: {0}</source>
        <translation>Trouvé&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>Remarque interne</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Déclaration commune</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Message</translation>
    </message>
    <message>
        <source>Nothing found in the vault.</source>
        <translation>Rien trouvé dans le coffre.</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Résultats</translation>
    </message>
    <message>
        <source>Row of a register</source>
        <translation>Ligne d’un registre</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>Rechercher partout</translation>
    </message>
    <message>
        <source>Search texts, messages, contacts and actions</source>
        <translation>Chercher des textes, messages, contacts et actions</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>Type to search the vault. Nothing you type leaves this device.</source>
        <translation>Saisissez pour chercher dans le coffre. Rien de ce que vous saisissez ne quitte cet ordinateur.</translation>
    </message>
</context>
<context>
    <name>SecretBox</name>
    <message>
        <source>Recovery shares</source>
        <translation>Parts de récupération</translation>
    </message>
    <message>
        <source>Use recovery shares instead…</source>
        <translation>Utiliser plutôt des parts de récupération…</translation>
    </message>
    <message>
        <source>Use the passphrase instead</source>
        <translation>Utiliser plutôt la phrase de passe</translation>
    </message>
</context>
<context>
    <name>SecurityScreen</name>
    <message>
        <source>Section</source>
        <translation>Section</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Sections</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Sécurité</translation>
    </message>
</context>
<context>
    <name>SeeingBench</name>
    <message>
        <source>It counts from now; it is sent with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>Cela compte dès maintenant&#x202f;; c’est envoyé au prochain échange (Ctrl+R échange aussitôt).</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the symbol {0} and the deadline.</source>
        <translation>C’est un fichier ordinaire&#xa0;: qui le détient lit la cote {0} et l’échéance.</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>Enregistrer l’entrée de calendrier</translation>
    </message>
    <message>
        <source>Silence ends: {0}</source>
        <translation>Fin du silence&#xa0;: {0}</translation>
    </message>
    <message>
        <source>That is decided.</source>
        <translation>C’est décidé.</translation>
    </message>
    <message>
        <source>The calendar entry is saved.</source>
        <translation>L’entrée de calendrier est enregistrée.</translation>
    </message>
    <message>
        <source>The deadline is extended.</source>
        <translation>Le délai est prolongé.</translation>
    </message>
    <message>
        <source>The other delegations are told with the next exchange.</source>
        <translation>Les autres délégations en sont informées au prochain échange.</translation>
    </message>
    <message>
        <source>The silence procedure is closed.</source>
        <translation>La procédure d’approbation tacite est close.</translation>
    </message>
    <message>
        <source>The silence procedure is open.</source>
        <translation>La procédure d’approbation tacite est ouverte.</translation>
    </message>
    <message>
        <source>This paragraph is no longer in the text as it stands.</source>
        <translation>Ce paragraphe ne figure plus dans le texte tel qu’il se présente.</translation>
    </message>
    <message>
        <source>Unless a delegation breaks the silence before, the revision stands as agreed.</source>
        <translation>À moins qu’une délégation ne rompe le silence auparavant, la révision figure comme convenue.</translation>
    </message>
    <message>
        <source>Your delegation has broken the silence.</source>
        <translation>Votre délégation a rompu le silence.</translation>
    </message>
</context>
<context>
    <name>SeeingPage</name>
    <message>
        <source>Back to the text</source>
        <translation>Retour au texte</translation>
    </message>
    <message>
        <source>Back to the text (Escape)</source>
        <translation>Retour au texte (Esc)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>Convergence</translation>
    </message>
    <message>
        <source>Sent. Paragraphs the pen has set: {0}.</source>
        <translation>Envoyé. Paragraphes fixés par la plume&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Inadvertances</translation>
    </message>
    <message>
        <source>Streamlining</source>
        <translation>Rationalisation</translation>
    </message>
    <message>
        <source>Views of the text</source>
        <translation>Vues du texte</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Qui se situe où</translation>
    </message>
</context>
<context>
    <name>SeeingView</name>
    <message>
        <source>As it stands</source>
        <translation>Tel quel</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Locking closes the vault and ends the process that held its keys. Notifications never show a word of a message or a text.</source>
        <translation>Le verrouillage ferme le coffre et arrête le processus qui en détenait les clés. Les notifications ne montrent jamais un mot d’un message ou d’un texte.</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>Page</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>This device</source>
        <translation>Cet appareil</translation>
    </message>
</context>
<context>
    <name>SettleDialog</name>
    <message>
        <source>Different values were written without knowing of each other. Both stand until a person decides; who wrote what stays in the history.</source>
        <translation>Des valeurs différentes ont été écrites sans que l’on sache l’une de l’autre. Les deux figurent jusqu’à ce qu’une personne décide&#x202f;; qui a écrit quoi reste dans l’historique.</translation>
    </message>
    <message>
        <source>Leave both standing</source>
        <translation>Laisser figurer les deux</translation>
    </message>
    <message>
        <source>Let this stand</source>
        <translation>Retenir ceci</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motif</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>Motif, conservé dans l’historique</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>Trancher une différence</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>Autre chose</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>vide</translation>
    </message>
</context>
<context>
    <name>SettleSilence</name>
    <message>
        <source>A delegation broke the silence before the deadline, by its own clock, but this arrived only after you had closed the procedure. No computer can tell which clock was right; you decide, and everybody sees it.</source>
        <translation>Une délégation a rompu le silence avant l’échéance, d’après sa propre horloge, mais cela n’est arrivé qu’après que vous avez clos la procédure. Aucun ordinateur ne peut dire quelle horloge était juste&#x202f;; c’est vous qui décidez, et chacun le voit.</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>Décider</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>Décider plus tard</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>Trancher le silence contesté</translation>
    </message>
    <message>
        <source>It was broken</source>
        <translation>Il a été rompu</translation>
    </message>
    <message>
        <source>It was kept</source>
        <translation>Il a été gardé</translation>
    </message>
    <message>
        <source>The revision is not agreed. The talks on it go on.</source>
        <translation>La révision n’est pas convenue. Les pourparlers à son sujet se poursuivent.</translation>
    </message>
    <message>
        <source>The revision stands as agreed. The break is shown as late, without effect; the delegation may well object.</source>
        <translation>La révision figure comme convenue. La rupture est indiquée comme tardive, sans effet&#x202f;; la délégation peut parfaitement faire objection.</translation>
    </message>
    <message>
        <source>Was the silence on {0} broken in time?</source>
        <translation>Le silence sur {0} a-t-il été rompu à temps&#x202f;?</translation>
    </message>
    <message>
        <source>Who broke the silence, and why</source>
        <translation>Qui a rompu le silence, et pourquoi</translation>
    </message>
</context>
<context>
    <name>ShareSheets</name>
    <message>
        <source>All are on paper</source>
        <translation>Toutes sont sur papier</translation>
    </message>
    <message>
        <source>It is on paper: next sheet</source>
        <translation>Elle est sur papier&#xa0;: feuille suivante</translation>
    </message>
    <message>
        <source>Keep it locked away, apart from the others. Four letters tell a word.</source>
        <translation>Gardez-la sous clé, à l’écart des autres. Quatre lettres suffisent à reconnaître un mot.</translation>
    </message>
    <message>
        <source>Print all sheets…</source>
        <translation>Imprimer toutes les feuilles…</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Parts de récupération</translation>
    </message>
    <message>
        <source>Sheet before</source>
        <translation>Feuille précédente</translation>
    </message>
    <message>
        <source>Sheet {0} of {1}; any {2} of them are enough</source>
        <translation>Feuille {0} sur {1}&#x202f;; il suffit de {2}, n’importe lesquelles</translation>
    </message>
    <message>
        <source>The printer did not take it. Write the sheets down by hand.</source>
        <translation>L’imprimante ne l’a pas acceptée. Recopiez les feuilles à la main.</translation>
    </message>
    <message>
        <source>These sheets are never shown again. Close once more to leave; then make new shares another time.</source>
        <translation>Ces feuilles ne sont plus jamais montrées. Fermez encore une fois pour quitter&#x202f;; établissez alors de nouvelles parts une autre fois.</translation>
    </message>
    <message>
        <source>Words of this sheet</source>
        <translation>Mots de cette feuille</translation>
    </message>
    <message>
        <source>Write each sheet down by hand, or print them on a printer that keeps nothing. They are shown this once and kept nowhere. Give each to another person, or lock each away in another place.</source>
        <translation>Recopiez chaque feuille à la main, ou imprimez-les sur une imprimante qui ne garde rien. Elles ne sont montrées que cette fois et ne sont conservées nulle part. Donnez chacune à une autre personne, ou mettez chacune sous clé dans un autre endroit.</translation>
    </message>
</context>
<context>
    <name>SharesDialog</name>
    <message>
        <source>Make the shares</source>
        <translation>Établir les parts</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Phrase de passe</translation>
    </message>
    <message>
        <source>Recovery shares of this vault</source>
        <translation>Parts de récupération de ce coffre</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say open this vault when the passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>Des feuilles de papier pour plusieurs personnes ou coffres-forts. Réunies au nombre que vous fixez, elles ouvrent ce coffre quand la phrase de passe est perdue&#x202f;; en nombre moindre, elles n’en révèlent rien. Trois feuilles dont deux sont nécessaires conviennent à la plupart.</translation>
    </message>
    <message>
        <source>The sheets made before open this vault no longer. Collect and burn them.</source>
        <translation>Les feuilles établies auparavant n’ouvrent plus ce coffre. Rassemblez-les et brûlez-les.</translation>
    </message>
</context>
<context>
    <name>SharesEntry</name>
    <message>
        <source>A word of this share is wrong or in the wrong place. Compare each with the paper; the Left key and a click lead back to a word.</source>
        <translation>Un mot de cette part est faux ou mal placé. Comparez chacun avec le papier&#x202f;; la touche Gauche et un clic ramènent à un mot.</translation>
    </message>
    <message>
        <source>Begin this share again</source>
        <translation>Recommencer cette part</translation>
    </message>
    <message>
        <source>First share</source>
        <translation>Première part</translation>
    </message>
    <message>
        <source>Perhaps: {0}</source>
        <translation>Peut-être&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Parts de récupération</translation>
    </message>
    <message>
        <source>Several words begin with {0}: type one letter more.</source>
        <translation>Plusieurs mots commencent par {0}&#xa0;: saisissez une lettre de plus.</translation>
    </message>
    <message>
        <source>Share {0} of {1}</source>
        <translation>Part {0} sur {1}</translation>
    </message>
    <message>
        <source>Share {0} of {1} is right. These are enough.</source>
        <translation>La part {0} sur {1} est exacte. Celles-ci suffisent.</translation>
    </message>
    <message>
        <source>Shares are typed, not pasted: other programs read what lies on the clipboard.</source>
        <translation>Les parts se saisissent, elles ne se collent pas&#xa0;: d’autres programmes lisent ce qui se trouve dans le presse-papiers.</translation>
    </message>
    <message>
        <source>This share is right by itself and belongs to another set. Take one of the same set.</source>
        <translation>Cette part est exacte en elle-même et appartient à un autre jeu. Prenez-en une du même jeu.</translation>
    </message>
    <message>
        <source>This share is whole, but Valise did not make it.</source>
        <translation>Cette part est entière, mais Valise ne l’a pas établie.</translation>
    </message>
    <message>
        <source>This share was entered before. Take another one of the set.</source>
        <translation>Cette part a déjà été saisie. Prenez-en une autre du jeu.</translation>
    </message>
    <message>
        <source>Type the words as they stand on paper; four letters of a word are enough, then Space.</source>
        <translation>Saisissez les mots tels qu’ils figurent sur le papier&#x202f;; quatre lettres d’un mot suffisent, puis Espace.</translation>
    </message>
    <message>
        <source>Word {0} of {1}</source>
        <translation>Mot {0} sur {1}</translation>
    </message>
    <message>
        <source>Words of this share</source>
        <translation>Mots de cette part</translation>
    </message>
    <message>
        <source>{0} is not in the list of words.</source>
        <translation>{0} n’est pas dans la liste de mots.</translation>
    </message>
    <message>
        <source>{0}, word {1} of {2}</source>
        <translation>{0}, mot {1} sur {2}</translation>
    </message>
</context>
<context>
    <name>SharesPage</name>
    <message>
        <source>Enter the shares on paper one after the other. Each is checked as soon as it is whole.</source>
        <translation>Saisissez l’une après l’autre les parts sur papier. Chacune est contrôlée dès qu’elle est complète.</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Parts de récupération</translation>
    </message>
</context>
<context>
    <name>SheetCount</name>
    <message>
        <source>How many are needed</source>
        <translation>Combien sont nécessaires</translation>
    </message>
    <message>
        <source>How many sheets</source>
        <translation>Combien de feuilles</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Screens</source>
        <translation>Écrans</translation>
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
        <translation>La signature se fait avec deux algorithmes, l’algorithme habituel et un autre destiné à résister aux ordinateurs quantiques, pour qu’on puisse encore montrer dans de nombreuses années qui a signé quoi.</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>S’associer</translation>
    </message>
    <message>
        <source>The date until which it was to be open has passed.</source>
        <translation>La date jusqu’à laquelle elle devait être ouverte est passée.</translation>
    </message>
    <message>
        <source>The list is closed: your name waits until {0} admits it.</source>
        <translation>La liste est close&#xa0;: votre nom attend d’être admis par {0}.</translation>
    </message>
    <message>
        <source>You can take the name back later; everybody then sees that you did.</source>
        <translation>Vous pouvez reprendre le nom plus tard&#x202f;; chacun voit alors que vous l’avez fait.</translation>
    </message>
    <message>
        <source>You say for your delegation that it co-sponsors exactly this revision, to everybody in {0}.</source>
        <translation>Vous dites au nom de votre délégation, à tous les membres de la salle {0}, qu’elle se porte coauteur d’exactement cette révision.</translation>
    </message>
    <message>
        <source>You say for your delegation that it joins exactly these words, to everybody in {0}.</source>
        <translation>Vous dites au nom de votre délégation, à tous les membres de la salle {0}, qu’elle s’associe exactement à ce libellé.</translation>
    </message>
    <message>
        <source>opened by {0}</source>
        <translation>ouverte par {0}</translation>
    </message>
</context>
<context>
    <name>SignersList</name>
    <message>
        <source>Who has signed on</source>
        <translation>Qui s’est associé</translation>
    </message>
</context>
<context>
    <name>SilenceStrip</name>
    <message>
        <source>(extended)</source>
        <translation>(prolongé)</translation>
    </message>
    <message>
        <source>Deadline: {0}</source>
        <translation>Échéance&#xa0;: {0}</translation>
    </message>
    <message>
        <source>It covers: {0}</source>
        <translation>Elle couvre&#xa0;: {0}</translation>
    </message>
    <message>
        <source>The deadline of the silence on {0} has passed. It is over once the pen-holder&apos;s computer closes it.</source>
        <translation>L’échéance du silence sur {0} est passée. La procédure prend fin quand l’ordinateur du porte-plume la clôt.</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time arrived only after you closed the procedure. You decide.</source>
        <translation>Le silence sur {0} est contesté&#xa0;: une rupture faite à temps n’est arrivée qu’après que vous avez clos la procédure. C’est vous qui décidez.</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time reached the pen-holder only after the procedure was closed. The pen-holder decides.</source>
        <translation>Le silence sur {0} est contesté&#xa0;: une rupture faite à temps n’est parvenue au porte-plume qu’après la clôture de la procédure. Le porte-plume décide.</translation>
    </message>
    <message>
        <source>The silence on {0} was broken: it is not agreed.</source>
        <translation>Le silence sur {0} a été rompu&#xa0;: il n’y a pas accord.</translation>
    </message>
    <message>
        <source>{0} is under silence: it stands as agreed unless a delegation breaks the silence.</source>
        <translation>{0} fait l’objet d’une procédure d’approbation tacite&#xa0;: le texte figure comme convenu à moins qu’une délégation ne rompe le silence.</translation>
    </message>
    <message>
        <source>{0} left, until {1}</source>
        <translation>encore {0}, jusqu’au {1}</translation>
    </message>
</context>
<context>
    <name>SlipsView</name>
    <message>
        <source>No slips found</source>
        <translation>Aucune inadvertance trouvée</translation>
    </message>
    <message>
        <source>Numbers, brackets, opening verbs and signs at the end are as usual. Read it once more anyway.</source>
        <translation>Les numéros, les crochets, les verbes introductifs et les signes finaux sont conformes à l’usage. Relisez tout de même une fois.</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Inadvertances</translation>
    </message>
    <message>
        <source>{0} found. They are hints and stop nothing; Enter goes to the paragraph.</source>
        <translation>Trouvé&#xa0;: {0}. Ce sont des indications, elles n’empêchent rien&#x202f;; Entrée va au paragraphe.</translation>
    </message>
</context>
<context>
    <name>StandingView</name>
    <message>
        <source>As of</source>
        <translation>En date de</translation>
    </message>
    <message>
        <source>No paragraph is open</source>
        <translation>Aucun paragraphe n’est ouvert</translation>
    </message>
    <message>
        <source>Nobody has an amendment or a reservation pending. Take the tick away to see every paragraph.</source>
        <translation>Personne n’a d’amendement ou de réserve en suspens. Décochez pour voir tous les paragraphes.</translation>
    </message>
    <message>
        <source>Only open paragraphs</source>
        <translation>Seulement les paragraphes ouverts</translation>
    </message>
    <message>
        <source>Positions as of</source>
        <translation>Positions en date de</translation>
    </message>
</context>
<context>
    <name>StateNameDialog</name>
    <message>
        <source>Another name</source>
        <translation>Un autre nom</translation>
    </message>
    <message>
        <source>As the United Nations have it</source>
        <translation>Selon l’Organisation des Nations Unies</translation>
    </message>
    <message>
        <source>It is shown on the screens of this vault alone. It never leaves: files, messages and whatever others receive carry the name of the United Nations.</source>
        <translation>Il ne s’affiche que sur les écrans de ce coffre. Il ne sort jamais&#xa0;: les fichiers, les messages et tout ce que d’autres reçoivent portent le nom qu’emploie l’Organisation des Nations Unies.</translation>
    </message>
    <message>
        <source>Its code alone</source>
        <translation>Son code seul</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>Nom affiché pour un État</translation>
    </message>
    <message>
        <source>Show it so</source>
        <translation>Afficher ainsi</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>The other name</source>
        <translation>L’autre nom</translation>
    </message>
</context>
<context>
    <name>StatementPane</name>
    <message>
        <source>Nobody has signed on yet.</source>
        <translation>Personne ne s’est encore associé.</translation>
    </message>
    <message>
        <source>SHA-256 of the saved file, as sha256sum computes it.</source>
        <translation>SHA-256 du fichier enregistré, tel que le calcule sha256sum.</translation>
    </message>
    <message>
        <source>Signed on</source>
        <translation>Se sont associés</translation>
    </message>
    <message>
        <source>Signed on: {0}</source>
        <translation>Se sont associés&#xa0;: {0}</translation>
    </message>
    <message>
        <source>The hash that everybody signs</source>
        <translation>Le condensat que chacun signe</translation>
    </message>
    <message>
        <source>The revision</source>
        <translation>La révision</translation>
    </message>
    <message>
        <source>The words</source>
        <translation>Le libellé</translation>
    </message>
    <message>
        <source>The words that are signed</source>
        <translation>Le libellé signé</translation>
    </message>
    <message>
        <source>opened by {0}, {1}</source>
        <translation>ouverte par {0}, {1}</translation>
    </message>
</context>
<context>
    <name>StatementsList</name>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>Déclarations communes et listes de coauteurs</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Lock now</source>
        <translation>Verrouiller maintenant</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Situation</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Voies d’échange</translation>
    </message>
    <message>
        <source>does not lock by itself</source>
        <translation>ne se verrouille pas de lui-même</translation>
    </message>
    <message>
        <source>last exchange {0}</source>
        <translation>dernier échange&#xa0;: {0}</translation>
    </message>
    <message>
        <source>locks in {0}</source>
        <translation>se verrouille dans {0}</translation>
    </message>
    <message>
        <source>nothing waiting</source>
        <translation>rien en attente</translation>
    </message>
    <message>
        <source>received but not yet readable: {0}</source>
        <translation>reçus mais pas encore lisibles&#xa0;: {0}</translation>
    </message>
    <message>
        <source>waiting to be delivered: {0}</source>
        <translation>en attente de remise&#xa0;: {0}</translation>
    </message>
    <message>
        <source>· working…</source>
        <translation>· en cours…</translation>
    </message>
</context>
<context>
    <name>StepsSection</name>
    <message>
        <source>All of this is done. Rehearse the shares once a year, and make a backup at the end of every day of talks.</source>
        <translation>Tout cela est fait. Essayez les parts une fois par an, et faites une sauvegarde à la fin de chaque journée de pourparlers.</translation>
    </message>
    <message>
        <source>In this order, today if you can. It takes a quarter of an hour, a stick and a printer or a pen.</source>
        <translation>Dans cet ordre, aujourd’hui si vous le pouvez. Il faut un quart d’heure, une clé USB et une imprimante ou un stylo.</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Plus tard</translation>
    </message>
</context>
<context>
    <name>StreamlineView</name>
    <message>
        <source>No amendment changes words of a paragraph at present. New ones appear here when they come.</source>
        <translation>Aucun amendement ne change actuellement le libellé d’un paragraphe. Les nouveaux apparaissent ici à leur arrivée.</translation>
    </message>
    <message>
        <source>Nothing to streamline</source>
        <translation>Rien à rationaliser</translation>
    </message>
    <message>
        <source>Only who holds the pen can send; you can look.</source>
        <translation>Seul qui tient la plume peut envoyer&#x202f;; vous pouvez regarder.</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments</source>
        <translation>Paragraphes avec des amendements ouverts</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments: {0}. Pick a reading, say what becomes of the others; nothing is sent before you send it, and nobody&apos;s words are dropped without an answer.</source>
        <translation>Paragraphes avec des amendements ouverts&#xa0;: {0}. Choisissez une version, dites ce que deviennent les autres&#x202f;; rien n’est envoyé avant que vous ne l’envoyiez, et aucun libellé n’est écarté sans réponse.</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Envoyer</translation>
    </message>
    <message>
        <source>Take back this paragraph</source>
        <translation>Annuler le choix pour ce paragraphe</translation>
    </message>
    <message>
        <source>What is proposed, and what becomes of it</source>
        <translation>Ce qui est proposé, et ce qu’il en advient</translation>
    </message>
    <message>
        <source>Without an answer: {0}</source>
        <translation>Sans réponse&#xa0;: {0}</translation>
    </message>
    <message>
        <source>{0} · picked, not sent</source>
        <translation>{0} · choisie, non envoyée</translation>
    </message>
    <message>
        <source>{0}, some nearly alike</source>
        <translation>{0}, certaines presque identiques</translation>
    </message>
</context>
<context>
    <name>Sure</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
</context>
<context>
    <name>Table</name>
    <message>
        <source>Corner of the table</source>
        <translation>Coin du tableau</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>En-têtes</translation>
    </message>
</context>
<context>
    <name>TableLook</name>
    <message>
        <source>Rows</source>
        <translation>Lignes</translation>
    </message>
</context>
<context>
    <name>TakeDialog</name>
    <message>
        <source>Calendars (*.ics);;All files (*)</source>
        <translation>Calendriers (*.ics);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Change nothing</source>
        <translation>Ne rien modifier</translation>
    </message>
    <message>
        <source>Choose a calendar</source>
        <translation>Choisir un calendrier</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Choisir un fichier…</translation>
    </message>
    <message>
        <source>Entries of whole days: {0}. Here they begin at 00:00 UTC; as events they keep their days.</source>
        <translation>Entrées de journées entières : {0}. Ici elles commencent à 00:00 UTC ; comme manifestations, elles gardent leurs jours.</translation>
    </message>
    <message>
        <source>Entries that name no time zone: {0}. Their hours are taken as UTC.</source>
        <translation>Entrées sans fuseau horaire : {0}. Leurs heures sont prises comme UTC.</translation>
    </message>
    <message>
        <source>Entries that repeat: {0}. Only the first time of each is taken in.</source>
        <translation>Entrées qui se répètent : {0}. Seule la première fois de chacune est reprise.</translation>
    </message>
    <message>
        <source>Entry {0}, {1}: {2}</source>
        <translation>Entrée {0}, {1}&#xa0;: {2}</translation>
    </message>
    <message>
        <source>Events of a calendar file (.ics) become rows of a register. You see what changes before anything does.</source>
        <translation>Les événements d’un fichier de calendrier (.ics) deviennent des lignes d’un registre. Vous voyez ce qui change avant que rien ne change.</translation>
    </message>
    <message>
        <source>Everything in this file is as it is here already.</source>
        <translation>Tout ce que contient ce fichier est déjà tel quel ici.</translation>
    </message>
    <message>
        <source>Everything in this file is there already.</source>
        <translation>Tout le contenu de ce fichier est déjà là.</translation>
    </message>
    <message>
        <source>New rows: {0}. Changed fields: {1}. Unchanged: {2}.</source>
        <translation>Nouvelles lignes&#xa0;: {0}. Champs modifiés&#xa0;: {1}. Inchangées&#xa0;: {2}.</translation>
    </message>
    <message>
        <source>Nothing can be taken in yet; places to mend: {0}.</source>
        <translation>Rien ne peut encore être repris&#x202f;; endroits à corriger&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Protects less than now.</source>
        <translation>Protège moins qu’actuellement.</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>Lire un calendrier</translation>
    </message>
    <message>
        <source>Settings from a file</source>
        <translation>Paramètres d’un fichier</translation>
    </message>
    <message>
        <source>Take it in</source>
        <translation>Reprendre</translation>
    </message>
    <message>
        <source>Take these settings</source>
        <translation>Reprendre ces paramètres</translation>
    </message>
    <message>
        <source>What it would change</source>
        <translation>Ce que cela changerait</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>Ce qui changerait</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>vide</translation>
    </message>
    <message>
        <source>{0}: {1}, now {2}</source>
        <translation>{0}&#xa0;: {1}, actuellement {2}</translation>
    </message>
    <message>
        <source>{row}: {field} {before} → {after}</source>
        <translation>{row}&#xa0;: {field} {before} → {after}</translation>
    </message>
</context>
<context>
    <name>Taking</name>
    <message>
        <source>Begin an entry with what the chosen card says</source>
        <translation>Commencer une entrée avec ce que dit la carte choisie</translation>
    </message>
    <message>
        <source>Card says</source>
        <translation>Selon la carte</translation>
    </message>
    <message>
        <source>Cards and what they would change</source>
        <translation>Cartes et ce qu’elles changeraient</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Colonnes</translation>
    </message>
    <message>
        <source>Contact cards</source>
        <translation>Cartes de contact</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Champ</translation>
    </message>
    <message>
        <source>Fill in by hand…</source>
        <translation>Remplir à la main…</translation>
    </message>
    <message>
        <source>Left out: no place in an entry</source>
        <translation>Laissé de côté&#xa0;: pas de place dans une entrée</translation>
    </message>
    <message>
        <source>New entries need the document that nominated them.</source>
        <translation>Toute nouvelle entrée doit avoir son document de désignation.</translation>
    </message>
    <message>
        <source>Note verbale no. and date</source>
        <translation>Numéro et date de la note verbale</translation>
    </message>
    <message>
        <source>Nothing is taken that is not ticked. A card never empties a field.</source>
        <translation>Rien n’est repris qui ne soit coché. Une carte ne vide jamais un champ.</translation>
    </message>
    <message>
        <source>Source document of new entries</source>
        <translation>Document source des nouvelles entrées</translation>
    </message>
    <message>
        <source>Stands now</source>
        <translation>Valeur actuelle</translation>
    </message>
    <message>
        <source>Still missing</source>
        <translation>Manque encore</translation>
    </message>
    <message>
        <source>Take nothing</source>
        <translation>Ne rien reprendre</translation>
    </message>
    <message>
        <source>Take the ticked ones</source>
        <translation>Reprendre les cartes cochées</translation>
    </message>
    <message>
        <source>What these cards would change</source>
        <translation>Ce que ces cartes changeraient</translation>
    </message>
    <message>
        <source>{title}: a new entry</source>
        <translation>{title}&#xa0;: une nouvelle entrée</translation>
    </message>
    <message>
        <source>{title}: changes an entry</source>
        <translation>{title}&#xa0;: modifie une entrée</translation>
    </message>
    <message>
        <source>{title}: says nothing new</source>
        <translation>{title}&#xa0;: n’apporte rien de nouveau</translation>
    </message>
</context>
<context>
    <name>TermsForm</name>
    <message>
        <source>It may</source>
        <translation>Ses droits</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>Charge</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Rights chosen one by one</source>
        <translation>Droits choisis un à un</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>Fonction</translation>
    </message>
    <message>
        <source>The laptop may: {0}</source>
        <translation>Droits de l’ordinateur&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Valid for</source>
        <translation>Valable pendant</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conserver</translation>
    </message>
</context>
<context>
    <name>TextView</name>
    <message>
        <source>The text</source>
        <translation>Le texte</translation>
    </message>
</context>
<context>
    <name>TextsModel</name>
    <message>
        <source>pen: {0}</source>
        <translation>plume&#xa0;: {0}</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>ouverts&#xa0;: {0} sur {1}</translation>
    </message>
</context>
<context>
    <name>TextsScreen</name>
    <message>
        <source>Agree ad ref</source>
        <translation>Convenir ad ref.</translation>
    </message>
    <message>
        <source>Amendments</source>
        <translation>Amendements</translation>
    </message>
    <message>
        <source>Amendments ({0})</source>
        <translation>Amendements ({0})</translation>
    </message>
    <message>
        <source>Amendments and revisions</source>
        <translation>Amendements et révisions</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Modifier</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>No text yet</source>
        <translation>Aucun texte pour l’instant</translation>
    </message>
    <message>
        <source>Open a text from a document or from the clipboard. You hold its pen; everybody in the room can propose amendments.</source>
        <translation>Ouvrez un texte à partir d’un document ou du presse-papiers. Vous en tenez la plume&#x202f;; tous les membres de la salle peuvent proposer des amendements.</translation>
    </message>
    <message>
        <source>Open a text…</source>
        <translation>Ouvrir un texte…</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>Mettre de côté</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>Passer</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Rouvrir</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Révision</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>Révisions</translation>
    </message>
    <message>
        <source>Revisions ({0})</source>
        <translation>Révisions ({0})</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>Le condensat entier est dans le presse-papiers pour dix secondes.</translation>
    </message>
</context>
<context>
    <name>TextsSide</name>
    <message>
        <source>Open a text, Ctrl+N</source>
        <translation>Ouvrir un texte, Ctrl+N</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textes</translation>
    </message>
</context>
<context>
    <name>TickList</name>
    <message>
        <source>Space ticks an entry, Ctrl+C copies its words</source>
        <translation>Espace coche une entrée, Ctrl+C en copie le libellé</translation>
    </message>
</context>
<context>
    <name>TickModel</name>
    <message>
        <source>not ticked</source>
        <translation>non coché</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>coché</translation>
    </message>
</context>
<context>
    <name>TimelineLook</name>
    <message>
        <source>Along the time</source>
        <translation>Au fil du temps</translation>
    </message>
    <message>
        <source>Arrows move, Enter opens the row</source>
        <translation>Les flèches déplacent, Entrée ouvre la ligne</translation>
    </message>
</context>
<context>
    <name>TodayPage</name>
    <message>
        <source>Cannot wait</source>
        <translation>Ne peut pas attendre</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>Échange</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>Échanger maintenant</translation>
    </message>
    <message>
        <source>In the next days</source>
        <translation>Dans les prochains jours</translation>
    </message>
    <message>
        <source>Nothing needs you now</source>
        <translation>Rien ne demande votre intervention pour l’instant</translation>
    </message>
    <message>
        <source>Rooms and what they have received</source>
        <translation>Salles et ce qu’elles ont reçu</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Voies d’échange…</translation>
    </message>
    <message>
        <source>What arrives at the next exchange and needs you is shown here.</source>
        <translation>Ce qui arrive au prochain échange et demande votre intervention est affiché ici.</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>Qui répond</translation>
    </message>
</context>
<context>
    <name>Totals</name>
    <message>
        <source>Amount</source>
        <translation>Montant</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>Monnaie</translation>
    </message>
    <message>
        <source>Donor</source>
        <translation>Donateur</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>Projets</translation>
    </message>
    <message>
        <source>Totals by donor, over the projects that were not given up</source>
        <translation>Totaux par donateur, pour les projets qui n’ont pas été abandonnés</translation>
    </message>
    <message>
        <source>none told</source>
        <translation>aucun indiqué</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Asking the keyring of this computer.</source>
        <translation>Interrogation du trousseau de cet ordinateur.</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>La touche Verr. maj. semble activée.</translation>
    </message>
    <message>
        <source>Locked after a time without activity. Drafts are kept in the vault.</source>
        <translation>Verrouillé après un temps sans activité. Les brouillons sont conservés dans le coffre.</translation>
    </message>
    <message>
        <source>Locked because the computer went to sleep. Drafts are kept in the vault.</source>
        <translation>Verrouillé parce que l’ordinateur s’est mis en veille. Les brouillons sont conservés dans le coffre.</translation>
    </message>
    <message>
        <source>Locked together with your session. Drafts are kept in the vault.</source>
        <translation>Verrouillé en même temps que votre session. Les brouillons sont conservés dans le coffre.</translation>
    </message>
    <message>
        <source>Locked. Drafts are kept in the vault.</source>
        <translation>Verrouillé. Les brouillons sont conservés dans le coffre.</translation>
    </message>
    <message>
        <source>Opening the vault. This takes a moment on purpose.</source>
        <translation>Ouverture du coffre. Cela prend un moment, à dessein.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Phrase de passe</translation>
    </message>
    <message>
        <source>Passphrase and the keyring of this computer open it together.</source>
        <translation>La phrase de passe et le trousseau de cet ordinateur l’ouvrent ensemble.</translation>
    </message>
    <message>
        <source>Practise with fictional delegations…</source>
        <translation>S’entraîner avec des délégations fictives…</translation>
    </message>
    <message>
        <source>Reading what verifies, row by row. The damaged files are kept.</source>
        <translation>Lecture, ligne par ligne, de ce qui se vérifie. Les fichiers endommagés sont conservés.</translation>
    </message>
    <message>
        <source>Rescue what verifies</source>
        <translation>Sauver ce qui se vérifie</translation>
    </message>
    <message>
        <source>The damaged files are kept beside the vault. Unlock it: it asks the others for what is missing.</source>
        <translation>Les fichiers endommagés sont conservés à côté du coffre. Déverrouillez-le&#xa0;: il demande aux autres ce qui manque.</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Déverrouiller</translation>
    </message>
    <message>
        <source>Unlock Valise</source>
        <translation>Déverrouiller Valise</translation>
    </message>
    <message>
        <source>Unlock with this computer&apos;s keyring</source>
        <translation>Déverrouiller avec le trousseau de cet ordinateur</translation>
    </message>
    <message>
        <source>Use recovery shares…</source>
        <translation>Utiliser des parts de récupération…</translation>
    </message>
</context>
<context>
    <name>UnlockingSection</name>
    <message>
        <source>A copy of this vault opens on no other computer, even for somebody who knows the passphrase. If the keyring is lost (a new computer, another desktop, a reset account), only the recovery shares open this vault.</source>
        <translation>Une copie de ce coffre ne s’ouvre sur aucun autre ordinateur, même pour quelqu’un qui connaît la phrase de passe. Si le trousseau est perdu (nouvel ordinateur, autre environnement de bureau, compte réinitialisé), seules les parts de récupération ouvrent ce coffre.</translation>
    </message>
    <message>
        <source>A key for this vault is put into the keyring of this computer. It is as safe as your account is while you are logged in. The system may ask for the keyring&apos;s own password.</source>
        <translation>Une clé de ce coffre est placée dans le trousseau de cet ordinateur. Elle est aussi sûre que l’est votre compte pendant que votre session est ouverte. Le système peut demander le mot de passe propre au trousseau.</translation>
    </message>
    <message>
        <source>Any {0} of {1}, made on {2}.</source>
        <translation>{0} sur {1}, n’importe lesquelles&#x202f;; établies le {2}.</translation>
    </message>
    <message>
        <source>Both can be demanded once recovery shares are made and rehearsed.</source>
        <translation>Les deux peuvent être exigés une fois que des parts de récupération sont établies et essayées.</translation>
    </message>
    <message>
        <source>Change the passphrase…</source>
        <translation>Changer la phrase de passe…</translation>
    </message>
    <message>
        <source>Demand both</source>
        <translation>Exiger les deux</translation>
    </message>
    <message>
        <source>Demand both…</source>
        <translation>Exiger les deux…</translation>
    </message>
    <message>
        <source>Demand passphrase and keyring</source>
        <translation>Exiger la phrase de passe et le trousseau</translation>
    </message>
    <message>
        <source>Guessing is made slow: every try takes a computer {0} passes over {1} MiB of memory (Argon2id).</source>
        <translation>Deviner est rendu lent&#xa0;: chaque essai coûte à un ordinateur {0} passages sur {1} Mio de mémoire (Argon2id).</translation>
    </message>
    <message>
        <source>Keyring of this computer</source>
        <translation>Trousseau de cet ordinateur</translation>
    </message>
    <message>
        <source>Let it open alone</source>
        <translation>La laisser ouvrir seule</translation>
    </message>
    <message>
        <source>Let the passphrase open alone</source>
        <translation>Laisser la phrase de passe ouvrir seule</translation>
    </message>
    <message>
        <source>Let the passphrase open alone…</source>
        <translation>Laisser la phrase de passe ouvrir seule…</translation>
    </message>
    <message>
        <source>Let the shares open nothing</source>
        <translation>Faire que les parts n’ouvrent plus rien</translation>
    </message>
    <message>
        <source>Let them open nothing</source>
        <translation>Faire qu’elles n’ouvrent plus rien</translation>
    </message>
    <message>
        <source>Let them open nothing…</source>
        <translation>Faire qu’elles n’ouvrent plus rien…</translation>
    </message>
    <message>
        <source>Make new shares…</source>
        <translation>Établir de nouvelles parts…</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>Établir des parts…</translation>
    </message>
    <message>
        <source>Needed together with the passphrase.</source>
        <translation>Nécessaire avec la phrase de passe.</translation>
    </message>
    <message>
        <source>Never rehearsed. Only a rehearsal shows that what is on paper opens the vault.</source>
        <translation>Jamais essayées. Seul un essai montre que ce qui est sur papier ouvre le coffre.</translation>
    </message>
    <message>
        <source>Not used.</source>
        <translation>Non utilisé.</translation>
    </message>
    <message>
        <source>Open without typing</source>
        <translation>Ouvrir sans saisie</translation>
    </message>
    <message>
        <source>Open without typing…</source>
        <translation>Ouvrir sans saisie…</translation>
    </message>
    <message>
        <source>Opens the vault without typing.</source>
        <translation>Ouvre le coffre sans saisie.</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Phrase de passe</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Parts de récupération</translation>
    </message>
    <message>
        <source>Rehearsed on {0}.</source>
        <translation>Essayées le {0}.</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>Essayer…</translation>
    </message>
    <message>
        <source>Stop using the keyring</source>
        <translation>Cesser d’utiliser le trousseau</translation>
    </message>
    <message>
        <source>The keyring is not needed any more; a copy of the vault then opens anywhere with the passphrase.</source>
        <translation>Le trousseau n’est plus nécessaire&#x202f;; une copie du coffre s’ouvre alors n’importe où avec la phrase de passe.</translation>
    </message>
    <message>
        <source>The keyring is where this computer keeps what belongs to your account. It can open the vault in place of typing, which is convenient and weaker, or be demanded beside the passphrase, which is stronger.</source>
        <translation>Le trousseau est l’endroit où cet ordinateur garde ce qui appartient à votre compte. Il peut ouvrir le coffre au lieu de la saisie, ce qui est commode et plus faible, ou être exigé en plus de la phrase de passe, ce qui est plus fort.</translation>
    </message>
    <message>
        <source>The same since {0}.</source>
        <translation>La même depuis le {0}.</translation>
    </message>
    <message>
        <source>The sheets open this vault no longer. Only the passphrase does, until new shares are made.</source>
        <translation>Les feuilles n’ouvrent plus ce coffre. Seule la phrase de passe l’ouvre, jusqu’à l’établissement de nouvelles parts.</translation>
    </message>
    <message>
        <source>The vault opens only on this computer, under your account, with the passphrase. Should the keyring ever be lost, the recovery shares are the one way in: keep them where you can reach them.</source>
        <translation>Le coffre ne s’ouvre que sur cet ordinateur, sous votre compte, avec la phrase de passe. Si le trousseau venait à être perdu, les parts de récupération sont le seul moyen d’entrer&#xa0;: gardez-les là où vous pouvez les atteindre.</translation>
    </message>
    <message>
        <source>There are none. A forgotten passphrase would be the end of this vault.</source>
        <translation>Il n’y en a pas. L’oubli de la phrase de passe serait la fin de ce coffre.</translation>
    </message>
    <message>
        <source>These sheets open your vault.</source>
        <translation>Ces feuilles ouvrent votre coffre.</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are tried on this vault and forgotten; nothing is changed.</source>
        <translation>Saisissez les feuilles d’après le papier. Elles sont essayées sur ce coffre et oubliées&#x202f;; rien n’est modifié.</translation>
    </message>
    <message>
        <source>Use the keyring</source>
        <translation>Utiliser le trousseau</translation>
    </message>
    <message>
        <source>Whoever sits at this computer while you are logged in opens the vault, and so can any program running under your account. The passphrase goes on opening it too.</source>
        <translation>Quiconque est devant cet ordinateur pendant que votre session est ouverte ouvre le coffre, de même que tout programme exécuté sous votre compte. La phrase de passe continue de l’ouvrir aussi.</translation>
    </message>
    <message>
        <source>Words on paper, held by several people or in several places. Some of them together open this vault when the passphrase is forgotten. Whoever brings that many together opens it too: choose keepers who would not meet by chance.</source>
        <translation>Des mots sur papier, détenus par plusieurs personnes ou en plusieurs endroits. Quelques-uns réunis ouvrent ce coffre quand la phrase de passe est oubliée. Quiconque en réunit autant l’ouvre aussi&#xa0;: choisissez des détenteurs qui ne se rencontreraient pas par hasard.</translation>
    </message>
    <message>
        <source>share of a vault of {0}, made on {1}</source>
        <translation>part d’un coffre de {0}, établie le {1}</translation>
    </message>
</context>
<context>
    <name>UntilField</name>
    <message>
        <source>People read the date; it closes nothing by itself</source>
        <translation>La date est donnée à titre indicatif&#x202f;; elle ne clôt rien d’elle-même</translation>
    </message>
    <message>
        <source>People read the date; the list stays open until you close it.</source>
        <translation>La date est donnée à titre indicatif&#x202f;; la liste reste ouverte jusqu’à ce que vous la fermiez.</translation>
    </message>
    <message>
        <source>Say until when it is open</source>
        <translation>Dire jusqu’à quand elle est ouverte</translation>
    </message>
</context>
<context>
    <name>Verify</name>
    <message>
        <source>Compare the number by eye</source>
        <translation>Comparer le numéro visuellement</translation>
    </message>
    <message>
        <source>Compare with {who}</source>
        <translation>Comparer avec {who}</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>Comparer des mots maintenant</translation>
    </message>
    <message>
        <source>If they differ</source>
        <translation>S’ils diffèrent</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Plus tard</translation>
    </message>
    <message>
        <source>Read their code from a picture</source>
        <translation>Lire leur code sur une image</translation>
    </message>
    <message>
        <source>You are comparing the new identity: if it is the same, it is accepted.</source>
        <translation>Vous comparez la nouvelle identité&#xa0;: si elle est la même, elle est acceptée.</translation>
    </message>
</context>
<context>
    <name>VersionCard</name>
    <message>
        <source>Check a release file</source>
        <translation>Vérifier un fichier de version</translation>
    </message>
    <message>
        <source>Check a release file…</source>
        <translation>Vérifier un fichier de version…</translation>
    </message>
    <message>
        <source>Key of the publisher whose releases this program believes</source>
        <translation>Clé de l’éditeur dont ce programme croit les versions</translation>
    </message>
    <message>
        <source>Key of the publisher: {0}</source>
        <translation>Clé de l’éditeur&#xa0;: {0}</translation>
    </message>
    <message>
        <source>This is a demonstration key with which nobody can sign: whoever handed out this copy has put no key of its own there, so no release file will pass.</source>
        <translation>C’est une clé de démonstration avec laquelle personne ne peut signer&#xa0;: qui a remis cette copie n’y a pas mis sa propre clé, aucun fichier de version ne passera donc la vérification.</translation>
    </message>
    <message>
        <source>This version</source>
        <translation>Cette version</translation>
    </message>
    <message>
        <source>Valise never looks for a newer version and connects nowhere for one. A publisher hands out a release file with each version: open it here before anything of it is installed.</source>
        <translation>Valise ne cherche jamais de version plus récente et ne se connecte nulle part pour cela. L’éditeur remet avec chaque version un fichier de version&#xa0;: ouvrez-le ici avant d’en installer quoi que ce soit.</translation>
    </message>
    <message>
        <source>Valise {0} of {1}.</source>
        <translation>Valise {0} du {1}.</translation>
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
        <translation>Tableau</translation>
    </message>
    <message>
        <source>Views of the register</source>
        <translation>Vues du registre</translation>
    </message>
</context>
<context>
    <name>Where</name>
    <message>
        <source>In a room with others each delegation writes the rows of its own State; all see them</source>
        <translation>Dans une salle avec d’autres, chaque délégation écrit les lignes de son propre État&#x202f;; toutes les voient</translation>
    </message>
    <message>
        <source>Where the rows are kept</source>
        <translation>Où sont conservées les lignes</translation>
    </message>
    <message>
        <source>Within our delegation</source>
        <translation>Au sein de notre délégation</translation>
    </message>
</context>
<context>
    <name>WipeDialog</name>
    <message>
        <source>Delete it</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>Delete the bundle from the stick</source>
        <translation>Supprimer le pli de la clé USB</translation>
    </message>
    <message>
        <source>Everything in it is in your vault. The file itself was sealed; a stick may keep its old blocks for a while.</source>
        <translation>Tout son contenu est dans votre coffre. Le fichier lui-même était scellé&#x202f;; une clé USB peut conserver un certain temps ses anciens blocs.</translation>
    </message>
    <message>
        <source>Nobody else of our delegation has to open this file</source>
        <translation>Personne d’autre de notre délégation n’a à ouvrir ce fichier</translation>
    </message>
</context>
<context>
    <name>Writing</name>
    <message>
        <source>After {0}  {1}</source>
        <translation>Après {0}  {1}</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>Au début</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Choisir…</translation>
    </message>
    <message>
        <source>Copy them</source>
        <translation>Les copier</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>Continuer à écrire</translation>
    </message>
    <message>
        <source>It stands under the paragraph, on the internal side.</source>
        <translation>Cela figure sous le paragraphe, du côté interne.</translation>
    </message>
    <message>
        <source>Kept in your delegation: a second officer releases it.</source>
        <translation>Conservé dans votre délégation&#xa0;: un second agent en autorise l’envoi.</translation>
    </message>
    <message>
        <source>No phrase of these words stands in the library.</source>
        <translation>Aucune phrase contenant ces mots ne figure dans la bibliothèque.</translation>
    </message>
    <message>
        <source>Nothing to propose: the words are the same.</source>
        <translation>Rien à proposer&#xa0;: le libellé est le même.</translation>
    </message>
    <message>
        <source>Press Enter on an open paragraph first, or A for a new one.</source>
        <translation>Appuyez d’abord sur Entrée sur un paragraphe ouvert, ou sur A pour en créer un nouveau.</translation>
    </message>
    <message>
        <source>Proposed: {0}.</source>
        <translation>Proposé&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>The pen took out the paragraph you were writing on. Your words are kept in the vault.</source>
        <translation>La plume a enlevé le paragraphe sur lequel vous écriviez. Vos mots sont conservés dans le coffre.</translation>
    </message>
    <message>
        <source>The words are set.</source>
        <translation>Le libellé est fixé.</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Withdrawn.</source>
        <translation>Retiré.</translation>
    </message>
    <message>
        <source>Words of the library go where you write.</source>
        <translation>Le libellé de la bibliothèque va là où vous écrivez.</translation>
    </message>
    <message>
        <source>Your proposal is made.</source>
        <translation>Votre proposition est faite.</translation>
    </message>
    <message>
        <source>Your remark is for everybody in the room.</source>
        <translation>Votre remarque s’adresse à tous les membres de la salle.</translation>
    </message>
    <message>
        <source>Your words are kept on this paragraph and were not sent.</source>
        <translation>Vos mots sont conservés sur ce paragraphe et n’ont pas été envoyés.</translation>
    </message>
</context>
<context>
    <name>_Bars</name>
    <message>
        <source>Strength: {0} of {1}</source>
        <translation>Force&#xa0;: {0} sur {1}</translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>Address, domain or AS</source>
        <translation>Adresse, domaine ou système autonome</translation>
    </message>
    <message>
        <source>Remove this address</source>
        <translation>Enlever cette adresse</translation>
    </message>
    <message>
        <source>Remove {file}</source>
        <translation>Enlever {file}</translation>
    </message>
    <message>
        <source>Sealing {file}</source>
        <translation>Scellement de {file}</translation>
    </message>
    <message>
        <source>from 2026-12-10 18:00</source>
        <translation>du 2026-12-10 18:00</translation>
    </message>
    <message>
        <source>until</source>
        <translation>jusqu’à</translation>
    </message>
    <message>
        <source>{0}: address, domain or network</source>
        <translation>{0}&#xa0;: adresse, domaine ou réseau</translation>
    </message>
    <message>
        <source>{0}: from, in UTC</source>
        <translation>{0}&#xa0;: début, en UTC</translation>
    </message>
    <message>
        <source>{0}: until, in UTC</source>
        <translation>{0}&#xa0;: fin, en UTC</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>A file comes back</source>
        <translation>Un fichier revient</translation>
    </message>
    <message>
        <source>A new permission in place of this one</source>
        <translation>Une nouvelle autorisation à la place de celle-ci</translation>
    </message>
    <message>
        <source>A note of your own delegation; it never leaves</source>
        <translation>Une note de votre propre délégation&#x202f;; elle ne sort jamais</translation>
    </message>
    <message>
        <source>A task of your own delegation; it never leaves</source>
        <translation>Une tâche de votre propre délégation&#x202f;; elle ne sort jamais</translation>
    </message>
    <message>
        <source>Accept laptops</source>
        <translation>Accepter des ordinateurs</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Accuser réception</translation>
    </message>
    <message>
        <source>Acknowledge (in the list)</source>
        <translation>Accuser réception (dans la liste)</translation>
    </message>
    <message>
        <source>Acknowledge receipt…</source>
        <translation>Accuser réception…</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>Ajouter un registre à partir d’un fichier</translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>Admettre</translation>
    </message>
    <message>
        <source>Agree ad ref</source>
        <translation>Convenir ad ref.</translation>
    </message>
    <message>
        <source>Answer…</source>
        <translation>Répondre…</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry, each alone</source>
        <translation>Demander aux points de contact de confirmer leur entrée, à chacun séparément</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>Questions à nous</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>Joindre des fichiers</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>Back to the page before</source>
        <translation>Revenir à la page précédente</translation>
    </message>
    <message>
        <source>Back to the settings</source>
        <translation>Retour aux paramètres</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>Sauvegarder maintenant</translation>
    </message>
    <message>
        <source>Between the delegations and the directory of points of contact</source>
        <translation>Passer des délégations au répertoire des points de contact et inversement</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>Rompre le silence</translation>
    </message>
    <message>
        <source>By courier only</source>
        <translation>Par porteur seulement</translation>
    </message>
    <message>
        <source>By the folder only</source>
        <translation>Par le dossier seulement</translation>
    </message>
    <message>
        <source>By the relay only</source>
        <translation>Par le relais seulement</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>Calendrier</translation>
    </message>
    <message>
        <source>Call a State otherwise on the screens of this vault, or show its code alone</source>
        <translation>Nommer autrement un État sur les écrans de ce coffre, ou n’afficher que son code</translation>
    </message>
    <message>
        <source>Can go along</source>
        <translation>Peut s’y rallier</translation>
    </message>
    <message>
        <source>Card with permission…</source>
        <translation>Carte avec autorisation…</translation>
    </message>
    <message>
        <source>Change between what is stated and what our delegation thinks</source>
        <translation>Passer de ce qui est déclaré à ce que pense notre délégation, et inversement</translation>
    </message>
    <message>
        <source>Change the entry</source>
        <translation>Modifier l’entrée</translation>
    </message>
    <message>
        <source>Check a backup</source>
        <translation>Contrôler une sauvegarde</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>Contrôler un fichier de preuve</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Choisir un dossier…</translation>
    </message>
    <message>
        <source>Choose offers…</source>
        <translation>Choisir des offres…</translation>
    </message>
    <message>
        <source>Choose the delegations whose word counts</source>
        <translation>Choisir les délégations dont la parole compte</translation>
    </message>
    <message>
        <source>Choose the next amendment to this paragraph</source>
        <translation>Choisir l’amendement suivant à ce paragraphe</translation>
    </message>
    <message>
        <source>Choose the previous amendment, or the paragraph</source>
        <translation>Choisir l’amendement précédent, ou le paragraphe</translation>
    </message>
    <message>
        <source>Choose what fields must say for a row to be shown</source>
        <translation>Choisir ce que doivent dire les champs pour qu’une ligne soit affichée</translation>
    </message>
    <message>
        <source>Close at once</source>
        <translation>Fermer immédiatement</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Clore la liste</translation>
    </message>
    <message>
        <source>Close the paragraph</source>
        <translation>Clore le paragraphe</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>Clore la procédure</translation>
    </message>
    <message>
        <source>Close the vault and end the program; nothing is left on the screen</source>
        <translation>Fermer le coffre et arrêter le programme&#x202f;; rien ne reste à l’écran</translation>
    </message>
    <message>
        <source>Close the vault and quit</source>
        <translation>Fermer le coffre et quitter</translation>
    </message>
    <message>
        <source>Close the vault and show the unlock page</source>
        <translation>Fermer le coffre et afficher la page de déverrouillage</translation>
    </message>
    <message>
        <source>Close…</source>
        <translation>Clore…</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>Se porter coauteur</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>Engagements</translation>
    </message>
    <message>
        <source>Compare by eye</source>
        <translation>Comparer visuellement</translation>
    </message>
    <message>
        <source>Compare four words with the chosen delegation, both at the same time</source>
        <translation>Comparer quatre mots avec la délégation choisie, en même temps des deux côtés</translation>
    </message>
    <message>
        <source>Compare revisions</source>
        <translation>Comparer des révisions</translation>
    </message>
    <message>
        <source>Compare the number of the chosen delegation by eye</source>
        <translation>Comparer visuellement le numéro de la délégation choisie</translation>
    </message>
    <message>
        <source>Compare the safety number with the chosen delegation</source>
        <translation>Comparer le numéro de sécurité avec la délégation choisie</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>Comparer des mots maintenant</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contacts</translation>
    </message>
    <message>
        <source>Contents of the guide</source>
        <translation>Table des matières du guide</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>Convergence</translation>
    </message>
    <message>
        <source>Copy in notation</source>
        <translation>Copier avec la notation</translation>
    </message>
    <message>
        <source>Copy the address of the chosen point of contact for ten seconds; nothing is sent</source>
        <translation>Copier pour dix secondes l’adresse du point de contact choisi&#x202f;; rien n’est envoyé</translation>
    </message>
    <message>
        <source>Copy the chosen paragraph and where it stands; forgotten after ten seconds</source>
        <translation>Copier le paragraphe choisi et son emplacement&#x202f;; oublié au bout de dix secondes</translation>
    </message>
    <message>
        <source>Copy the e-mail address</source>
        <translation>Copier l’adresse de courriel</translation>
    </message>
    <message>
        <source>Copy the hash</source>
        <translation>Copier le condensat</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>Copier la liste</translation>
    </message>
    <message>
        <source>Copy the number of the chosen point of contact for ten seconds; nothing is dialled</source>
        <translation>Copier pour dix secondes le numéro du point de contact choisi&#x202f;; rien n’est composé</translation>
    </message>
    <message>
        <source>Copy the paragraph</source>
        <translation>Copier le paragraphe</translation>
    </message>
    <message>
        <source>Copy the telephone number</source>
        <translation>Copier le numéro de téléphone</translation>
    </message>
    <message>
        <source>Copy the text with its brackets and attributions; forgotten after ten seconds</source>
        <translation>Copier le texte avec ses crochets et attributions&#x202f;; oublié au bout de dix secondes</translation>
    </message>
    <message>
        <source>Copy this paragraph with its brackets and attributions; forgotten after ten seconds</source>
        <translation>Copier ce paragraphe avec ses crochets et attributions&#x202f;; oublié au bout de dix secondes</translation>
    </message>
    <message>
        <source>Copy with source</source>
        <translation>Copier avec la source</translation>
    </message>
    <message>
        <source>Correct or add; what stood before stays in the record</source>
        <translation>Corriger ou compléter&#x202f;; ce qui figurait auparavant reste au dossier</translation>
    </message>
    <message>
        <source>Custodians</source>
        <translation>Dépositaires</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>Trancher le silence contesté</translation>
    </message>
    <message>
        <source>Decide which of several standing values holds</source>
        <translation>Décider laquelle de plusieurs valeurs vaut</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>Remise</translation>
    </message>
    <message>
        <source>Edit the words in place; the difference becomes the proposal (Enter does the same)</source>
        <translation>Modifier le libellé sur place&#x202f;; la différence devient la proposition (Entrée fait de même)</translation>
    </message>
    <message>
        <source>Edit with the pen</source>
        <translation>Modifier avec la plume</translation>
    </message>
    <message>
        <source>Enter a reservation</source>
        <translation>Émettre une réserve</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Entrée</translation>
    </message>
    <message>
        <source>Everything about the chosen point of contact</source>
        <translation>Tout ce qui concerne le point de contact choisi</translation>
    </message>
    <message>
        <source>Everything the delegations said, both markings on every page</source>
        <translation>Tout ce que les délégations ont dit, les deux marquages sur chaque page</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>Échanger maintenant</translation>
    </message>
    <message>
        <source>Export as a file</source>
        <translation>Exporter dans un fichier</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>Exporter des lignes</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>Exporter le calendrier</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>Prolonger le délai</translation>
    </message>
    <message>
        <source>Fifth view</source>
        <translation>Cinquième vue</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtrer</translation>
    </message>
    <message>
        <source>Filters that were kept under a name</source>
        <translation>Filtres conservés sous un nom</translation>
    </message>
    <message>
        <source>Find a document</source>
        <translation>Chercher un document</translation>
    </message>
    <message>
        <source>Find here</source>
        <translation>Chercher ici</translation>
    </message>
    <message>
        <source>Find it in the library</source>
        <translation>Chercher dans la bibliothèque</translation>
    </message>
    <message>
        <source>First view</source>
        <translation>Première vue</translation>
    </message>
    <message>
        <source>For the operator of a relay that takes them by hand</source>
        <translation>Pour l’exploitant d’un relais qui les traite à la main</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>Avancer de nouveau</translation>
    </message>
    <message>
        <source>Fourth view</source>
        <translation>Quatrième vue</translation>
    </message>
    <message>
        <source>From a norm or measure to the matrix of States, and back to the page of the cell one is at</source>
        <translation>D’une norme ou d’une mesure à la matrice des États, et retour à la page de la cellule où l’on se trouve</translation>
    </message>
    <message>
        <source>Give permission…</source>
        <translation>Donner une autorisation…</translation>
    </message>
    <message>
        <source>Give the pen to another delegation</source>
        <translation>Donner la plume à une autre délégation</translation>
    </message>
    <message>
        <source>Go to a paragraph by its number</source>
        <translation>Aller à un paragraphe par son numéro</translation>
    </message>
    <message>
        <source>Go to hygiene, unlocking, laptops, backups, keys, evidence and checks</source>
        <translation>Aller à l’hygiène, au déverrouillage, aux ordinateurs, aux sauvegardes, aux clés, aux éléments de preuve et aux contrôles</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>Aller au paragraphe</translation>
    </message>
    <message>
        <source>Go to the commitments</source>
        <translation>Aller aux engagements</translation>
    </message>
    <message>
        <source>Go to the contacts</source>
        <translation>Aller aux contacts</translation>
    </message>
    <message>
        <source>Go to the incidents</source>
        <translation>Aller aux incidents</translation>
    </message>
    <message>
        <source>Go to the library</source>
        <translation>Aller à la bibliothèque</translation>
    </message>
    <message>
        <source>Go to the messages</source>
        <translation>Aller aux messages</translation>
    </message>
    <message>
        <source>Go to the next pane of this screen</source>
        <translation>Aller au volet suivant de cet écran</translation>
    </message>
    <message>
        <source>Go to the overview</source>
        <translation>Aller à l’aperçu</translation>
    </message>
    <message>
        <source>Go to the page of the next one</source>
        <translation>Aller à la page de la suivante</translation>
    </message>
    <message>
        <source>Go to the page of the one before</source>
        <translation>Aller à la page de la précédente</translation>
    </message>
    <message>
        <source>Go to the previous pane of this screen</source>
        <translation>Aller au volet précédent de cet écran</translation>
    </message>
    <message>
        <source>Go to the registers</source>
        <translation>Aller aux registres</translation>
    </message>
    <message>
        <source>Go to the search box of this screen</source>
        <translation>Aller à la zone de recherche de cet écran</translation>
    </message>
    <message>
        <source>Go to the settings</source>
        <translation>Aller aux paramètres</translation>
    </message>
    <message>
        <source>Go to the texts</source>
        <translation>Aller aux textes</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Guide</translation>
    </message>
    <message>
        <source>History of the entry</source>
        <translation>Historique de l’entrée</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>Historique du paragraphe</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>Historique de la ligne</translation>
    </message>
    <message>
        <source>How a frozen text goes on</source>
        <translation>La suite d’un texte figé</translation>
    </message>
    <message>
        <source>Import a card</source>
        <translation>Importer une carte</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>Importer un dossier</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>Importer des cartes de contact</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>Importer des lignes</translation>
    </message>
    <message>
        <source>In an open entry: put back what stood before your last change; both stay in the history</source>
        <translation>Dans une entrée ouverte&#xa0;: remettre ce qui y figurait avant votre dernière modification&#x202f;; les deux restent dans l’historique</translation>
    </message>
    <message>
        <source>In an open entry: take it out with a reason, or put it back</source>
        <translation>Dans une entrée ouverte&#xa0;: l’enlever en donnant le motif, ou la remettre</translation>
    </message>
    <message>
        <source>In an open entry: what was changed, by whom and when</source>
        <translation>Dans une entrée ouverte&#xa0;: ce qui a été modifié, par qui et quand</translation>
    </message>
    <message>
        <source>Incident and indicators as a bundle for technical teams</source>
        <translation>Incident et indicateurs sous forme de paquet pour les équipes techniques</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidents</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>Insérer depuis la bibliothèque</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>Remarque interne</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>Déclarations communes</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Conserver</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>Garder comme variante</translation>
    </message>
    <message>
        <source>Keep what was changed in the row</source>
        <translation>Conserver ce qui a été modifié dans la ligne</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>Filtres conservés</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Touches</translation>
    </message>
    <message>
        <source>Leave the relay…</source>
        <translation>Quitter le relais…</translation>
    </message>
    <message>
        <source>Let a delegation write to us through our relay</source>
        <translation>Permettre à une délégation de nous écrire par notre relais</translation>
    </message>
    <message>
        <source>Let another officer&apos;s draft on this paragraph leave to the room</source>
        <translation>Laisser partir vers la salle le brouillon d’un autre agent sur ce paragraphe</translation>
    </message>
    <message>
        <source>Let delegations co-sponsor the newest revision of this text</source>
        <translation>Permettre à des délégations de se porter coauteurs de la révision la plus récente de ce texte</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothèque</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>Verrouiller maintenant</translation>
    </message>
    <message>
        <source>Look at a bundle and make a draft of it; nothing is sent</source>
        <translation>Examiner un paquet et en faire un brouillon&#x202f;; rien n’est envoyé</translation>
    </message>
    <message>
        <source>Look at the laptop that was added to the delegation shown, and accept it</source>
        <translation>Examiner l’ordinateur ajouté à la délégation affichée, et l’accepter</translation>
    </message>
    <message>
        <source>Look at the text</source>
        <translation>Regarder le texte</translation>
    </message>
    <message>
        <source>Look for its symbol in the documents of the library</source>
        <translation>Chercher sa cote dans les documents de la bibliothèque</translation>
    </message>
    <message>
        <source>Look for slips of drafting: numbers, brackets, opening verbs, signs at the end</source>
        <translation>Rechercher les inadvertances de rédaction&#xa0;: numéros, crochets, verbes introductifs, signes finaux</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>Préparer un pli pour le porteur</translation>
    </message>
    <message>
        <source>Make a vault for a journey</source>
        <translation>Créer un coffre pour un voyage</translation>
    </message>
    <message>
        <source>Matrix and page</source>
        <translation>Matrice et page</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>Membres</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>More at once</source>
        <translation>Davantage à la fois</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>Nom affiché pour un État</translation>
    </message>
    <message>
        <source>Narrow the list of documents by symbol, title or language</source>
        <translation>Restreindre la liste des documents par cote, titre ou langue</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>Plus près</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Nouveau</translation>
    </message>
    <message>
        <source>New internal note…</source>
        <translation>Nouvelle note interne…</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>Nouvelle révision</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>Nouvelle salle</translation>
    </message>
    <message>
        <source>New task…</source>
        <translation>Nouvelle tâche…</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>Nouveau fil</translation>
    </message>
    <message>
        <source>Next amendment</source>
        <translation>Amendement suivant</translation>
    </message>
    <message>
        <source>Next norm or measure</source>
        <translation>Norme ou mesure suivante</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>Volet suivant</translation>
    </message>
    <message>
        <source>Next phrase of agreed language</source>
        <translation>Formulation convenue suivante</translation>
    </message>
    <message>
        <source>No position</source>
        <translation>Aucune position</translation>
    </message>
    <message>
        <source>Nominate by note verbale</source>
        <translation>Désigner par note verbale</translation>
    </message>
    <message>
        <source>Offer assistance…</source>
        <translation>Offrir une assistance…</translation>
    </message>
    <message>
        <source>Offer help to the delegation that asks</source>
        <translation>Offrir de l’aide à la délégation qui en demande</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the hash that is signed; forgotten after ten seconds</source>
        <translation>Sur une déclaration commune ou une liste&#xa0;: copier le condensat signé&#x202f;; oublié au bout de dix secondes</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the names, one a line; forgotten after ten seconds</source>
        <translation>Sur une déclaration commune ou une liste&#xa0;: copier les noms, un par ligne&#x202f;; oublié au bout de dix secondes</translation>
    </message>
    <message>
        <source>On a joint statement or list: save the words as the file whose sha256sum is the hash</source>
        <translation>Sur une déclaration commune ou une liste&#xa0;: enregistrer le libellé dans le fichier dont le sha256sum est le condensat</translation>
    </message>
    <message>
        <source>On a joint statement or list: sign on for our delegation</source>
        <translation>Sur une déclaration commune ou une liste&#xa0;: associer notre délégation</translation>
    </message>
    <message>
        <source>On a joint statement or list: take the name of our delegation back</source>
        <translation>Sur une déclaration commune ou une liste&#xa0;: retirer le nom de notre délégation</translation>
    </message>
    <message>
        <source>On a list of co-sponsors: go to the text</source>
        <translation>Sur une liste de coauteurs&#xa0;: aller au texte</translation>
    </message>
    <message>
        <source>On a list we closed: admit a delegation that signed on late</source>
        <translation>Sur une liste que nous avons close&#xa0;: admettre une délégation qui s’est associée tardivement</translation>
    </message>
    <message>
        <source>On a list we opened: close it with the names that stand on it now</source>
        <translation>Sur une liste que nous avons ouverte&#xa0;: la clore avec les noms qui y figurent maintenant</translation>
    </message>
    <message>
        <source>On a statement that was replaced: go to the words in its place</source>
        <translation>Sur une déclaration remplacée&#xa0;: aller au libellé qui a pris sa place</translation>
    </message>
    <message>
        <source>On a statement we opened: open other words in its place</source>
        <translation>Sur une déclaration que nous avons ouverte&#xa0;: ouvrir un autre libellé à sa place</translation>
    </message>
    <message>
        <source>Open a closed incident again</source>
        <translation>Rouvrir un incident clos</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>Ouvrir une liste de coauteurs</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>Ouvrir un tour de tests</translation>
    </message>
    <message>
        <source>Open a room with one delegation, a group, or your own</source>
        <translation>Ouvrir une salle avec une délégation, un groupe ou la vôtre</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>Ouvrir une procédure d’approbation tacite</translation>
    </message>
    <message>
        <source>Open again…</source>
        <translation>Rouvrir…</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>Ouvrir les plis d’un porteur</translation>
    </message>
    <message>
        <source>Open in its place</source>
        <translation>Ouvrir à sa place</translation>
    </message>
    <message>
        <source>Open the chosen point of contact as a form</source>
        <translation>Ouvrir le point de contact choisi sous forme de formulaire</translation>
    </message>
    <message>
        <source>Open the file of the relay&apos;s operator</source>
        <translation>Ouvrir le fichier de l’exploitant du relais</translation>
    </message>
    <message>
        <source>Open the guide at the page about what is on the screen</source>
        <translation>Ouvrir le guide à la page qui traite de ce qui est à l’écran</translation>
    </message>
    <message>
        <source>Open the row</source>
        <translation>Ouvrir la ligne</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>S’opposer</translation>
    </message>
    <message>
        <source>Oppose the chosen amendment, or the paragraph</source>
        <translation>S’opposer à l’amendement choisi, ou au paragraphe</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>Notre appréciation – interne</translation>
    </message>
    <message>
        <source>Our card</source>
        <translation>Notre carte</translation>
    </message>
    <message>
        <source>Our identity card with permission to write, for one correspondent alone</source>
        <translation>Notre carte d’identité avec autorisation d’écrire, pour un seul correspondant</translation>
    </message>
    <message>
        <source>Our own row</source>
        <translation>Notre propre ligne</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>Mettre de côté</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>Passer la plume</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>Tours de tests</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Points de contact</translation>
    </message>
    <message>
        <source>Previous amendment</source>
        <translation>Amendement précédent</translation>
    </message>
    <message>
        <source>Previous norm or measure</source>
        <translation>Norme ou mesure précédente</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>Volet précédent</translation>
    </message>
    <message>
        <source>Propose a new paragraph after this one</source>
        <translation>Proposer un nouveau paragraphe après celui-ci</translation>
    </message>
    <message>
        <source>Propose a paragraph</source>
        <translation>Proposer un paragraphe</translation>
    </message>
    <message>
        <source>Propose an alternative</source>
        <translation>Proposer une variante</translation>
    </message>
    <message>
        <source>Propose another place for this paragraph</source>
        <translation>Proposer une autre place pour ce paragraphe</translation>
    </message>
    <message>
        <source>Propose by editing</source>
        <translation>Proposer en modifiant</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>Proposer la suppression</translation>
    </message>
    <message>
        <source>Propose other words for the whole paragraph, beside it</source>
        <translation>Proposer un autre libellé pour tout le paragraphe, à côté de celui-ci</translation>
    </message>
    <message>
        <source>Propose to delete this paragraph</source>
        <translation>Proposer de supprimer ce paragraphe</translation>
    </message>
    <message>
        <source>Propose to move</source>
        <translation>Proposer de déplacer</translation>
    </message>
    <message>
        <source>Put back what stood before your last change; both stay in the history</source>
        <translation>Remettre ce qui figurait avant votre dernière modification&#x202f;; les deux restent dans l’historique</translation>
    </message>
    <message>
        <source>Put our delegation&apos;s name to the chosen amendment</source>
        <translation>Ajouter le nom de notre délégation à l’amendement choisi</translation>
    </message>
    <message>
        <source>Put two revisions side by side, or one and the text as it stands</source>
        <translation>Mettre deux révisions côte à côte, ou une révision et le texte tel qu’il se présente</translation>
    </message>
    <message>
        <source>Questions of other delegations about our entries</source>
        <translation>Questions d’autres délégations sur nos entrées</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>Joignabilité</translation>
    </message>
    <message>
        <source>Read a STIX bundle…</source>
        <translation>Lire un paquet STIX…</translation>
    </message>
    <message>
        <source>Read a backup to its end and prove it; nothing of it enters this vault</source>
        <translation>Lire une sauvegarde jusqu’au bout et la vérifier&#x202f;; rien n’en entre dans ce coffre</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>Lire un calendrier</translation>
    </message>
    <message>
        <source>Read a file of this text that somebody changed, and propose what it changes</source>
        <translation>Lire un fichier de ce texte que quelqu’un a modifié, et proposer ce qu’il modifie</translation>
    </message>
    <message>
        <source>Read contact cards from a file and see what they would change</source>
        <translation>Lire des cartes de contact dans un fichier et voir ce qu’elles changeraient</translation>
    </message>
    <message>
        <source>Read rows from a file; what would change is shown first</source>
        <translation>Lire des lignes dans un fichier&#x202f;; ce qui changerait est d’abord montré</translation>
    </message>
    <message>
        <source>Read the card of another delegation from a file</source>
        <translation>Lire dans un fichier la carte d’une autre délégation</translation>
    </message>
    <message>
        <source>Read the code of the chosen delegation from a picture</source>
        <translation>Lire sur une image le code de la délégation choisie</translation>
    </message>
    <message>
        <source>Read the definition of a further register</source>
        <translation>Lire la définition d’un nouveau registre</translation>
    </message>
    <message>
        <source>Read their code</source>
        <translation>Lire leur code</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Registres</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ne pas retenir</translation>
    </message>
    <message>
        <source>Relay, folder and courier: which way serves which delegation, and what waits</source>
        <translation>Relais, dossier et porteur&#xa0;: quelle voie dessert quelle délégation, et ce qui attend</translation>
    </message>
    <message>
        <source>Release the draft</source>
        <translation>Autoriser l’envoi du brouillon</translation>
    </message>
    <message>
        <source>Remark to the room</source>
        <translation>Remarque à la salle</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>Renouveler</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Rouvrir</translation>
    </message>
    <message>
        <source>Report it in another room, with its markings, where its source allows that</source>
        <translation>Le signaler dans une autre salle, avec ses marquages, si sa source le permet</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Réserver</translation>
    </message>
    <message>
        <source>Reserve until the capital has looked at it</source>
        <translation>Réserver jusqu’à ce que la capitale l’ait examiné</translation>
    </message>
    <message>
        <source>Return another officer&apos;s draft on this paragraph, with the reason</source>
        <translation>Renvoyer le brouillon d’un autre agent sur ce paragraphe, en donnant le motif</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>Renvoyer le brouillon</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>Révoquer…</translation>
    </message>
    <message>
        <source>Rounds that ask points of contact to confirm their entry</source>
        <translation>Tours où les points de contact sont priés de confirmer leur entrée</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>Enregistrer en PDF…</translation>
    </message>
    <message>
        <source>Save as STIX 2.1…</source>
        <translation>Enregistrer en STIX 2.1…</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>Enregistrer l’entrée de calendrier</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>Enregistrer des cartes de contact</translation>
    </message>
    <message>
        <source>Save files as</source>
        <translation>Enregistrer les fichiers sous</translation>
    </message>
    <message>
        <source>Save our card</source>
        <translation>Enregistrer notre carte</translation>
    </message>
    <message>
        <source>Save our own card as a file; in an open point of contact: keep what was changed</source>
        <translation>Enregistrer notre propre carte dans un fichier&#x202f;; dans un point de contact ouvert&#xa0;: conserver les modifications</translation>
    </message>
    <message>
        <source>Save the deadline of the silence procedure as a calendar file</source>
        <translation>Enregistrer l’échéance de la procédure d’approbation tacite dans un fichier de calendrier</translation>
    </message>
    <message>
        <source>Save the entries shown as contact cards (.vcf)</source>
        <translation>Enregistrer les entrées affichées comme cartes de contact (.vcf)</translation>
    </message>
    <message>
        <source>Save the files of the chosen message; nothing is ever opened from here</source>
        <translation>Enregistrer les fichiers du message choisi&#x202f;; rien ne s’ouvre jamais d’ici</translation>
    </message>
    <message>
        <source>Save the record of a room as evidence</source>
        <translation>Enregistrer le dossier d’une salle comme élément de preuve</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>Enregistrer le dossier…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>Enregistrer les révocations…</translation>
    </message>
    <message>
        <source>Save the text as a Word document, PDF or another file, from the room&apos;s record alone</source>
        <translation>Enregistrer le texte comme document Word, PDF ou autre fichier, à partir du seul dossier de la salle</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>Enregistrer le libellé</translation>
    </message>
    <message>
        <source>Say how it ended and close it</source>
        <translation>Dire comment l’incident s’est terminé et le clore</translation>
    </message>
    <message>
        <source>Say that it was received; it accepts no fact and agrees with nothing</source>
        <translation>Dire que cela a été reçu&#x202f;; cela n’accepte aucun fait et ne vaut accord sur rien</translation>
    </message>
    <message>
        <source>Say that the delegation can go along</source>
        <translation>Dire que la délégation peut s’y rallier</translation>
    </message>
    <message>
        <source>Say what an evidence file proves and what it does not</source>
        <translation>Dire ce qu’un fichier de preuve établit et ce qu’il n’établit pas</translation>
    </message>
    <message>
        <source>Say whether you can help and what was done</source>
        <translation>Dire si vous pouvez aider et ce qui a été fait</translation>
    </message>
    <message>
        <source>Say which of two continuations stands, or who has the pen from here on</source>
        <translation>Dire laquelle de deux suites demeure, ou qui a la plume à partir d’ici</translation>
    </message>
    <message>
        <source>Say which offers your delegation takes</source>
        <translation>Dire quelles offres votre délégation retient</translation>
    </message>
    <message>
        <source>Say, with the reason, that our delegation does not agree; it cannot be taken back</source>
        <translation>Dire, en donnant le motif, que notre délégation n’est pas d’accord&#x202f;; on ne peut pas revenir en arrière</translation>
    </message>
    <message>
        <source>Scrutiny reservation</source>
        <translation>Réserve d’examen</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>Sceller et envoyer</translation>
    </message>
    <message>
        <source>Seal files into the vault and send them with the message</source>
        <translation>Sceller des fichiers dans le coffre et les envoyer avec le message</translation>
    </message>
    <message>
        <source>Seal what you wrote and send it at the next exchange</source>
        <translation>Sceller ce que vous avez écrit et l’envoyer au prochain échange</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>Rechercher partout</translation>
    </message>
    <message>
        <source>Search texts, amendments, messages, contacts, commitments and registers</source>
        <translation>Chercher dans les textes, amendements, messages, contacts, engagements et registres</translation>
    </message>
    <message>
        <source>Second view</source>
        <translation>Deuxième vue</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Sécurité</translation>
    </message>
    <message>
        <source>See less of the matrix, larger</source>
        <translation>Voir une moindre partie de la matrice, agrandie</translation>
    </message>
    <message>
        <source>See more of the matrix at once</source>
        <translation>Voir une plus grande partie de la matrice à la fois</translation>
    </message>
    <message>
        <source>Send on to others…</source>
        <translation>Transmettre à d’autres…</translation>
    </message>
    <message>
        <source>Send what waits and fetch what has come</source>
        <translation>Envoyer ce qui attend et relever ce qui est arrivé</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>Trancher une différence</translation>
    </message>
    <message>
        <source>Show every date as a calendar; in the month: arrows, Page Up, Page Down, Home</source>
        <translation>Montrer toutes les dates sous forme de calendrier&#x202f;; dans le mois&#xa0;: flèches, Page préc., Page suiv., Origine</translation>
    </message>
    <message>
        <source>Show every field of the row</source>
        <translation>Afficher tous les champs de la ligne</translation>
    </message>
    <message>
        <source>Show every key</source>
        <translation>Afficher toutes les touches</translation>
    </message>
    <message>
        <source>Show how many words stand outside brackets, revision by revision</source>
        <translation>Montrer combien de mots sont hors crochets, révision par révision</translation>
    </message>
    <message>
        <source>Show joint statements and lists of co-sponsors, and who has signed on</source>
        <translation>Afficher les déclarations communes et les listes de coauteurs, et qui s’est associé</translation>
    </message>
    <message>
        <source>Show our own card, to hand over or save</source>
        <translation>Afficher notre propre carte, pour la remettre ou l’enregistrer</translation>
    </message>
    <message>
        <source>Show the fifth view of the register</source>
        <translation>Afficher la cinquième vue du registre</translation>
    </message>
    <message>
        <source>Show the first view of the register</source>
        <translation>Afficher la première vue du registre</translation>
    </message>
    <message>
        <source>Show the fourth view of the register</source>
        <translation>Afficher la quatrième vue du registre</translation>
    </message>
    <message>
        <source>Show the new words</source>
        <translation>Afficher le nouveau libellé</translation>
    </message>
    <message>
        <source>Show the second view of the register</source>
        <translation>Afficher la deuxième vue du registre</translation>
    </message>
    <message>
        <source>Show the sixth view of the register</source>
        <translation>Afficher la sixième vue du registre</translation>
    </message>
    <message>
        <source>Show the third view of the register</source>
        <translation>Afficher la troisième vue du registre</translation>
    </message>
    <message>
        <source>Show what every delegation says at every paragraph</source>
        <translation>Montrer ce que dit chaque délégation à chaque paragraphe</translation>
    </message>
    <message>
        <source>Show what happened to this paragraph</source>
        <translation>Montrer ce qui est arrivé à ce paragraphe</translation>
    </message>
    <message>
        <source>Show what needs you now</source>
        <translation>Montrer ce qui demande maintenant votre intervention</translation>
    </message>
    <message>
        <source>Show what our State has said and done about it</source>
        <translation>Montrer ce que notre État a dit et fait à ce sujet</translation>
    </message>
    <message>
        <source>Show when each device received and acknowledged the message</source>
        <translation>Montrer quand chaque ordinateur a reçu le message et en a accusé réception</translation>
    </message>
    <message>
        <source>Show who is in this room</source>
        <translation>Montrer qui est dans cette salle</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>S’associer</translation>
    </message>
    <message>
        <source>Sixth view</source>
        <translation>Sixième vue</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>Inadvertances</translation>
    </message>
    <message>
        <source>Sort by this column</source>
        <translation>Trier par cette colonne</translation>
    </message>
    <message>
        <source>Sort the table by the column one is at; again turns it round</source>
        <translation>Trier le tableau par la colonne où l’on se trouve&#x202f;; une nouvelle fois inverse l’ordre</translation>
    </message>
    <message>
        <source>Speak for a group</source>
        <translation>S’exprimer au nom d’un groupe</translation>
    </message>
    <message>
        <source>Start a new thread in this room</source>
        <translation>Commencer un nouveau fil dans cette salle</translation>
    </message>
    <message>
        <source>Start something new on this screen</source>
        <translation>Commencer quelque chose de nouveau sur cet écran</translation>
    </message>
    <message>
        <source>Stop importing; what was taken in stays, and the same import again goes on from there</source>
        <translation>Arrêter l’importation&#x202f;; ce qui a été versé reste, et la même importation, relancée, reprend à cet endroit</translation>
    </message>
    <message>
        <source>Stop the backup; what was begun is taken away again</source>
        <translation>Arrêter la sauvegarde&#x202f;; ce qui était commencé est enlevé</translation>
    </message>
    <message>
        <source>Stop the import</source>
        <translation>Arrêter l’importation</translation>
    </message>
    <message>
        <source>Stop using the folder…</source>
        <translation>Cesser d’utiliser le dossier…</translation>
    </message>
    <message>
        <source>Stop what is being written</source>
        <translation>Arrêter l’écriture en cours</translation>
    </message>
    <message>
        <source>Streamlining bench</source>
        <translation>Atelier de rationalisation</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>Appuyer</translation>
    </message>
    <message>
        <source>Support the chosen amendment, or the paragraph</source>
        <translation>Appuyer l’amendement choisi, ou le paragraphe</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>Retenir</translation>
    </message>
    <message>
        <source>Take a permission back: nothing more is taken with it</source>
        <translation>Reprendre une autorisation&#xa0;: rien de plus n’est accepté avec elle</translation>
    </message>
    <message>
        <source>Take events or consultations from a calendar file (.ics)</source>
        <translation>Reprendre des manifestations ou des consultations d’un fichier de calendrier (.ics)</translation>
    </message>
    <message>
        <source>Take every document of a folder into the library; what is there already is passed over</source>
        <translation>Verser dans la bibliothèque tous les documents d’un dossier&#x202f;; ce qui s’y trouve déjà est passé</translation>
    </message>
    <message>
        <source>Take in what a courier brought on a stick</source>
        <translation>Prendre en charge ce qu’un porteur a apporté sur une clé USB</translation>
    </message>
    <message>
        <source>Take it higher…</source>
        <translation>Porter à l’échelon supérieur…</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>Reprendre notre nom</translation>
    </message>
    <message>
        <source>Take out of the library</source>
        <translation>Enlever de la bibliothèque</translation>
    </message>
    <message>
        <source>Take out or put back</source>
        <translation>Enlever ou remettre</translation>
    </message>
    <message>
        <source>Take positions on behalf of a group; empty = for our own delegation</source>
        <translation>Prendre position au nom d’un groupe&#x202f;; vide = pour notre propre délégation</translation>
    </message>
    <message>
        <source>Take the chosen document out of the library of this laptop</source>
        <translation>Enlever le document choisi de la bibliothèque de cet ordinateur</translation>
    </message>
    <message>
        <source>Take the position back</source>
        <translation>Retirer la position</translation>
    </message>
    <message>
        <source>Take the row out with a reason, or put it back</source>
        <translation>Enlever la ligne en donnant le motif, ou la remettre</translation>
    </message>
    <message>
        <source>Tell other delegations that you have verified the chosen one</source>
        <translation>Dire à d’autres délégations que vous avez vérifié la délégation choisie</translation>
    </message>
    <message>
        <source>Tell the author, signed, that this message has been read here</source>
        <translation>Dire à l’auteur, sous signature, que ce message a été lu ici</translation>
    </message>
    <message>
        <source>Test the folder</source>
        <translation>Tester le dossier</translation>
    </message>
    <message>
        <source>Test the relay</source>
        <translation>Tester le relais</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textes</translation>
    </message>
    <message>
        <source>The record whose SHA-256 is shown; it is the same at every delegation</source>
        <translation>Le dossier dont le SHA-256 est affiché&#x202f;; il est le même dans chaque délégation</translation>
    </message>
    <message>
        <source>The relay where there is one, else the folder</source>
        <translation>Le relais s’il y en a un, sinon le dossier</translation>
    </message>
    <message>
        <source>The same with one key while the list of messages has the focus</source>
        <translation>La même chose par une seule touche lorsque la liste des messages est active</translation>
    </message>
    <message>
        <source>Third view</source>
        <translation>Troisième vue</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>Annuler la dernière modification</translation>
    </message>
    <message>
        <source>Update…</source>
        <translation>Mettre à jour…</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>Utiliser un relais…</translation>
    </message>
    <message>
        <source>Use the next channel of the ladder</source>
        <translation>Utiliser la voie suivante de l’échelle</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Vérifier</translation>
    </message>
    <message>
        <source>Vouch</source>
        <translation>Se porter garant</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>Voies d’échange</translation>
    </message>
    <message>
        <source>What came of each contact over the rounds</source>
        <translation>Le résultat obtenu avec chaque contact au fil des tours</translation>
    </message>
    <message>
        <source>What was changed in the row, by whom and when</source>
        <translation>Ce qui a été modifié dans la ligne, par qui et quand</translation>
    </message>
    <message>
        <source>While writing: go to the next words that stand in the library, and see where</source>
        <translation>Pendant la saisie&#xa0;: aller aux mots suivants qui figurent dans la bibliothèque, et voir où</translation>
    </message>
    <message>
        <source>While writing: take words of agreed language, with their source; selected words are searched</source>
        <translation>Pendant la saisie&#xa0;: reprendre une formulation convenue, avec sa source&#x202f;; les mots sélectionnés sont recherchés</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>Qui se situe où</translation>
    </message>
    <message>
        <source>With the pen: a revision stands as agreed unless somebody breaks the silence</source>
        <translation>Avec la plume&#xa0;: une révision figure comme convenue à moins que quelqu’un ne rompe le silence</translation>
    </message>
    <message>
        <source>With the pen: do not take the chosen amendment</source>
        <translation>Avec la plume&#xa0;: ne pas retenir l’amendement choisi</translation>
    </message>
    <message>
        <source>With the pen: freeze the text as a revision</source>
        <translation>Avec la plume&#xa0;: figer le texte en une révision</translation>
    </message>
    <message>
        <source>With the pen: give the silence procedure a later deadline</source>
        <translation>Avec la plume&#xa0;: donner à la procédure d’approbation tacite une échéance plus tardive</translation>
    </message>
    <message>
        <source>With the pen: go through what is open, like amendments together, and send all answers at once</source>
        <translation>Avec la plume&#xa0;: parcourir ce qui est ouvert, les amendements semblables ensemble, et envoyer toutes les réponses à la fois</translation>
    </message>
    <message>
        <source>With the pen: keep the chosen amendment as an alternative</source>
        <translation>Avec la plume&#xa0;: garder l’amendement choisi comme variante</translation>
    </message>
    <message>
        <source>With the pen: open this paragraph again</source>
        <translation>Avec la plume&#xa0;: rouvrir ce paragraphe</translation>
    </message>
    <message>
        <source>With the pen: say whether the silence was kept or broken</source>
        <translation>Avec la plume&#xa0;: dire si le silence a été gardé ou rompu</translation>
    </message>
    <message>
        <source>With the pen: set the words and say what becomes of each amendment</source>
        <translation>Avec la plume&#xa0;: fixer le libellé et dire ce que devient chaque amendement</translation>
    </message>
    <message>
        <source>With the pen: set this paragraph aside</source>
        <translation>Avec la plume&#xa0;: mettre ce paragraphe de côté</translation>
    </message>
    <message>
        <source>With the pen: take a late amendment, or one to earlier words, back into the talks</source>
        <translation>Avec la plume&#xa0;: réadmettre aux pourparlers un amendement tardif, ou portant sur un libellé antérieur</translation>
    </message>
    <message>
        <source>With the pen: take the chosen amendment</source>
        <translation>Avec la plume&#xa0;: retenir l’amendement choisi</translation>
    </message>
    <message>
        <source>With the pen: the silence procedure is over</source>
        <translation>Avec la plume&#xa0;: la procédure d’approbation tacite est terminée</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is agreed ad ref</source>
        <translation>Avec la plume&#xa0;: ce paragraphe est convenu ad ref.</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is closed, not reopened without the chair&apos;s consent</source>
        <translation>Avec la plume&#xa0;: ce paragraphe est clos, non rouvert sans l’accord de la présidence</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Retirer</translation>
    </message>
    <message>
        <source>Withdraw our chosen amendment</source>
        <translation>Retirer notre amendement choisi</translation>
    </message>
    <message>
        <source>Write a backup of this vault to a stick or folder, and read it again</source>
        <translation>Écrire une sauvegarde de ce coffre sur une clé USB ou dans un dossier, et la relire</translation>
    </message>
    <message>
        <source>Write a note verbale that nominates the chosen point of contact</source>
        <translation>Rédiger une note verbale qui désigne le point de contact choisi</translation>
    </message>
    <message>
        <source>Write a remark on the chosen amendment, or the paragraph, for everybody in the room</source>
        <translation>Écrire une remarque sur l’amendement choisi, ou sur le paragraphe, pour tous les membres de la salle</translation>
    </message>
    <message>
        <source>Write a remark that stays in our delegation</source>
        <translation>Écrire une remarque qui reste dans notre délégation</translation>
    </message>
    <message>
        <source>Write a vault with only the rooms you choose, for a laptop that travels</source>
        <translation>Écrire un coffre ne contenant que les salles que vous choisissez, pour un ordinateur qui voyage</translation>
    </message>
    <message>
        <source>Write rows as a file</source>
        <translation>Écrire des lignes dans un fichier</translation>
    </message>
    <message>
        <source>Write the dates that are shown as a calendar file (.ics)</source>
        <translation>Écrire les dates affichées dans un fichier de calendrier (.ics)</translation>
    </message>
    <message>
        <source>Write the signed record of the chosen room into a file others can check</source>
        <translation>Écrire le dossier signé de la salle choisie dans un fichier que d’autres peuvent contrôler</translation>
    </message>
    <message>
        <source>Write what waits as one sealed file on a stick</source>
        <translation>Écrire ce qui attend dans un seul fichier scellé sur une clé USB</translation>
    </message>
</context>
<context>
    <name>advice</name>
    <message>
        <source>Accepted. One or two more words would make it much harder to guess.</source>
        <translation>Acceptée. Un ou deux mots de plus la rendraient bien plus difficile à deviner.</translation>
    </message>
    <message>
        <source>Long enough, as long as it is not a known quotation and is used nowhere else.</source>
        <translation>Assez longue, pourvu que ce ne soit pas une citation connue et qu’elle ne serve nulle part ailleurs.</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other, or a sentence nobody else would say. Nobody can reset it; only recovery shares, if you make them, open the vault without it.</source>
        <translation>Prenez quatre ou cinq mots sans rapport entre eux, ou une phrase que personne d’autre ne dirait. Personne ne peut la réinitialiser&#x202f;; seules des parts de récupération, si vous en établissez, ouvrent le coffre sans elle.</translation>
    </message>
    <message>
        <source>Too easy to guess: it is made of common words, names, dates or rows of keys. Add a word or two.</source>
        <translation>Trop facile à deviner&#xa0;: elle est faite de mots courants, de noms, de dates ou de suites de touches. Ajoutez un mot ou deux.</translation>
    </message>
    <message>
        <source>Too short: at least twelve characters, not the same few again and again.</source>
        <translation>Trop courte&#xa0;: au moins douze caractères, et non toujours les mêmes.</translation>
    </message>
</context>
<context>
    <name>backups</name>
    <message numerus="yes">
        <source>%n contacts</source>
        <translation>
            <numerusform>%n contact</numerusform>
            <numerusform>%n contacts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entrée</numerusform>
            <numerusform>%n entrées</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n fichier</numerusform>
            <numerusform>%n fichiers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items have not left yet: they are kept in the backup as part of the record and the conversation.</source>
        <translation>
            <numerusform>%n élément n’est pas encore parti&#xa0;: il est conservé dans la sauvegarde en tant que partie du dossier et de la conversation.</numerusform>
            <numerusform>%n éléments ne sont pas encore partis&#xa0;: ils sont conservés dans la sauvegarde en tant que partie du dossier et de la conversation.</numerusform>
        </translation>
    </message>
    <message>
        <source>As of {0}: {1}, {2}, {3}; digest {4}.</source>
        <translation>En date de&#xa0;: {0}&#x202f;; {1}, {2}, {3}&#x202f;; condensat {4}.</translation>
    </message>
    <message numerus="yes">
        <source>Backed up %n days ago.</source>
        <translation>
            <numerusform>Sauvegardé il y a %n jour.</numerusform>
            <numerusform>Sauvegardé il y a %n jours.</numerusform>
        </translation>
    </message>
    <message>
        <source>Backed up today.</source>
        <translation>Sauvegardé aujourd’hui.</translation>
    </message>
    <message>
        <source>Backed up yesterday.</source>
        <translation>Sauvegardé hier.</translation>
    </message>
    <message>
        <source>Backups ({0})</source>
        <translation>Sauvegardes ({0})</translation>
    </message>
    <message>
        <source>Choose the backup…</source>
        <translation>Choisir la sauvegarde…</translation>
    </message>
    <message>
        <source>Entries written or received since: {0}.</source>
        <translation>Entrées écrites ou reçues depuis&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>It was not written by this vault, or before the vault was restored.</source>
        <translation>Elle n’a pas été écrite par ce coffre, ou l’a été avant que le coffre ne soit restauré.</translation>
    </message>
    <message>
        <source>It was written by this vault.</source>
        <translation>Elle a été écrite par ce coffre.</translation>
    </message>
    <message>
        <source>Messages of conversations that only the old laptop could open: {0}. Ask for what you need of them.</source>
        <translation>Messages de conversations que seul l’ancien ordinateur pouvait ouvrir&#xa0;: {0}. Demandez ceux dont vous avez besoin.</translation>
    </message>
    <message>
        <source>Never finished, and no backup: {0}. It can be deleted.</source>
        <translation>Jamais achevée, et ce n’est pas une sauvegarde&#xa0;: {0}. Ce fichier peut être supprimé.</translation>
    </message>
    <message>
        <source>Nothing was written or received since.</source>
        <translation>Rien n’a été écrit ni reçu depuis.</translation>
    </message>
    <message>
        <source>Of these in conversations: {0}; another laptop cannot send them, so say them again there.</source>
        <translation>Dont conversations&#xa0;: {0}&#x202f;; un autre ordinateur ne peut pas les envoyer, redites-les donc là-bas.</translation>
    </message>
    <message>
        <source>Open a backup</source>
        <translation>Ouvrir une sauvegarde</translation>
    </message>
    <message>
        <source>There is no backup of this vault yet.</source>
        <translation>Il n’y a encore aucune sauvegarde de ce coffre.</translation>
    </message>
    <message>
        <source>This backup is whole and verifies.</source>
        <translation>Cette sauvegarde est entière et se vérifie.</translation>
    </message>
    <message>
        <source>This vault for a journey is whole and verifies.</source>
        <translation>Ce coffre de voyage est entier et se vérifie.</translation>
    </message>
    <message>
        <source>a bilateral room</source>
        <translation>une salle bilatérale</translation>
    </message>
    <message>
        <source>{0} in {1}: {2}</source>
        <translation>{0} dans {1}&#xa0;: {2}</translation>
    </message>
    <message>
        <source>{0}, in {1}, {2}. Read again after writing; digest {3}.</source>
        <translation>{0}, dans {1}, {2}. Relue après l’écriture&#x202f;; condensat {3}.</translation>
    </message>
</context>
<context>
    <name>calendar</name>
    <message>
        <source>Consultation</source>
        <translation>Consultation</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>Échéance</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>Manifestation</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Réexamen</translation>
    </message>
    <message>
        <source>Sign-on closes</source>
        <translation>Clôture de la liste</translation>
    </message>
    <message>
        <source>Silence ends</source>
        <translation>Fin de l’approbation tacite</translation>
    </message>
    <message>
        <source>assessed by us, internal</source>
        <translation>apprécié par nous, interne</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fait</translation>
    </message>
</context>
<context>
    <name>capture</name>
    <message>
        <source>Nothing keeps other programs of this session from capturing this window (X11 cannot do so).</source>
        <translation>Rien n’empêche d’autres programmes de cette session de capturer cette fenêtre (X11 ne le peut pas).</translation>
    </message>
    <message>
        <source>The desktop asks you before a program may capture the screen; Valise cannot forbid it.</source>
        <translation>L’environnement de bureau vous demande votre accord avant qu’un programme puisse capturer l’écran&#x202f;; Valise ne peut pas l’interdire.</translation>
    </message>
    <message>
        <source>Windows leaves these windows out of screenshots and recordings while the setting is on (version 2004 or later). A camera is not kept out.</source>
        <translation>Windows exclut ces fenêtres des captures et des enregistrements d’écran tant que ce paramètre est activé (version 2004 ou ultérieure). Un appareil photo n’est pas empêché.</translation>
    </message>
    <message>
        <source>macOS is asked to leave these windows out of captures while the setting is on; newer versions let some programs capture them all the same. A camera is not kept out.</source>
        <translation>Il est demandé à macOS d’exclure ces fenêtres des captures tant que ce paramètre est activé&#x202f;; des versions plus récentes laissent certains programmes les capturer malgré tout. Un appareil photo n’est pas empêché.</translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>A log does not reach as far as its entries do.</source>
        <translation>Un journal ne va pas aussi loin que ses entrées.</translation>
    </message>
    <message>
        <source>A part of the database file was an older version of itself.</source>
        <translation>Une partie du fichier de la base de données était une version plus ancienne d’elle-même.</translation>
    </message>
    <message>
        <source>A room of two</source>
        <translation>Une salle à deux</translation>
    </message>
    <message>
        <source>A row refers to something that is not there.</source>
        <translation>Une ligne renvoie à quelque chose qui n’existe pas.</translation>
    </message>
    <message>
        <source>A table or an index is damaged.</source>
        <translation>Une table ou un index est endommagé.</translation>
    </message>
    <message>
        <source>An old copy of this laptop&apos;s vault was put back; it says so itself, and goes on.</source>
        <translation>Une ancienne copie du coffre de cet ordinateur a été remise en place&#x202f;; elle le dit elle-même, et continue.</translation>
    </message>
    <message>
        <source>Another laptop had heard more from this one than is in this vault.</source>
        <translation>Un autre ordinateur en avait appris davantage de celui-ci que n’en contient ce coffre.</translation>
    </message>
    <message>
        <source>It was rescued from a damaged database.</source>
        <translation>Il a été sauvé d’une base de données endommagée.</translation>
    </message>
    <message>
        <source>Noticed {when}. Both signed statements are kept as evidence.</source>
        <translation>Constaté&#xa0;: {when}. Les deux déclarations signées sont conservées comme éléments de preuve.</translation>
    </message>
    <message>
        <source>Some pages do not verify: the file was damaged on the disk.</source>
        <translation>Certaines pages ne se vérifient pas&#xa0;: le fichier a été endommagé sur le disque.</translation>
    </message>
    <message>
        <source>Something this laptop had signed came back from another.</source>
        <translation>Quelque chose que cet ordinateur avait signé est revenu d’un autre.</translation>
    </message>
    <message>
        <source>The keyring of this computer remembered a later state.</source>
        <translation>Le trousseau de cet ordinateur se souvenait d’un état plus récent.</translation>
    </message>
    <message>
        <source>The search index does not fit the data.</source>
        <translation>L’index de recherche ne correspond pas aux données.</translation>
    </message>
    <message>
        <source>Two copies of this laptop&apos;s vault are in use. Ask its delegation; until it has admitted a new laptop in its place, rely on neither.</source>
        <translation>Deux copies du coffre de cet ordinateur sont utilisées. Interrogez sa délégation&#x202f;; tant qu’elle n’a pas admis un nouvel ordinateur à sa place, ne vous fiez à aucune des deux.</translation>
    </message>
    <message>
        <source>What came from this laptop does not fit together: an old copy was put back, or two copies are in use. It becomes clear at the next exchanges.</source>
        <translation>Ce qui est venu de cet ordinateur n’est pas cohérent&#xa0;: une ancienne copie a été remise en place, ou deux copies sont utilisées. Les prochains échanges l’éclairciront.</translation>
    </message>
    <message>
        <source>What was written beside the database at its last closing names a later state.</source>
        <translation>Ce qui a été écrit à côté de la base de données à sa dernière fermeture indique un état plus récent.</translation>
    </message>
    <message>
        <source>{room}: waiting for an answer of {names}.</source>
        <translation>{room}&#xa0;: en attente d’une réponse de {names}.</translation>
    </message>
    <message>
        <source>{room}: what this laptop had signed is on its way back.</source>
        <translation>{room}&#xa0;: ce que cet ordinateur avait signé est sur le chemin du retour.</translation>
    </message>
    <message>
        <source>{room}: what was said before has still to reach somebody.</source>
        <translation>{room}&#xa0;: ce qui a été dit auparavant doit encore parvenir à quelqu’un.</translation>
    </message>
</context>
<context>
    <name>commitments</name>
    <message>
        <source>From memory, not compared with {0}: not the official wording, and not to be quoted.</source>
        <translation>De mémoire, sans comparaison avec {0}&#xa0;: ce n’est pas le libellé officiel, et il ne faut pas le citer.</translation>
    </message>
    <message>
        <source>From {0}.</source>
        <translation>Source&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Official text</source>
        <translation>Texte officiel</translation>
    </message>
    <message>
        <source>Summary of the text</source>
        <translation>Résumé du texte</translation>
    </message>
    <message>
        <source>The official text is not on this laptop. Import {0} into the library to read it.</source>
        <translation>Le texte officiel n’est pas sur cet ordinateur. Importez {0} dans la bibliothèque pour le lire.</translation>
    </message>
    <message>
        <source>the document</source>
        <translation>le document</translation>
    </message>
</context>
<context>
    <name>contacts</name>
    <message numerus="yes">
        <source>%n are enough.</source>
        <translation>
            <numerusform>Il en suffit de %n.</numerusform>
            <numerusform>Il en suffit de %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are needed.</source>
        <translation>
            <numerusform>Il en faut %n.</numerusform>
            <numerusform>Il en faut %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n ordinateur</numerusform>
            <numerusform>%n ordinateurs</numerusform>
        </translation>
    </message>
    <message>
        <source>.</source>
        <translation>.</translation>
    </message>
    <message>
        <source>1. On their laptop, {who} opens Contacts and then “Our card”.</source>
        <translation>1. Sur l’autre ordinateur, {who} ouvre Contacts, puis «&#xa0;Notre carte&#xa0;».</translation>
    </message>
    <message>
        <source>2. Take a photograph or a screenshot of the code there, you yourself and not somebody by mail.</source>
        <translation>2. Prenez là-bas une photographie ou une capture d’écran du code, vous-même, sans passer par quelqu’un qui vous l’enverrait.</translation>
    </message>
    <message>
        <source>3. Choose that picture here. Valise says whether it is the same.</source>
        <translation>3. Choisissez cette image ici. Valise dit si c’est le même code.</translation>
    </message>
    <message>
        <source>A card with another identity came on {date}.</source>
        <translation>Une carte portant une autre identité est arrivée le {date}.</translation>
    </message>
    <message>
        <source>A card with another identity came; sending stopped.</source>
        <translation>Une carte portant une autre identité est arrivée&#x202f;; envoi arrêté.</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}. Sending is stopped until you decide.</source>
        <translation>Un dépositaire se porte garant d’une autre identité de {who}. L’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>A laptop its delegation has revoked went on writing on {date}; nothing was taken from it.</source>
        <translation>Un ordinateur que sa délégation a révoqué a continué d’écrire le {date}&#x202f;; rien n’en a été repris.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one. Nothing is sent until you decide.</source>
        <translation>Un ordinateur a été ajouté à votre propre délégation, et pas par celui-ci. Rien n’est envoyé tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>A new laptop was added on {date}.</source>
        <translation>Un nouvel ordinateur a été ajouté le {date}.</translation>
    </message>
    <message>
        <source>A second, different list of its laptops came; sending stopped.</source>
        <translation>Une deuxième liste de ses ordinateurs, différente, est arrivée&#x202f;; envoi arrêté.</translation>
    </message>
    <message>
        <source>A second, different list of laptops came on {date}.</source>
        <translation>Une deuxième liste d’ordinateurs, différente, est arrivée le {date}.</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Accepter</translation>
    </message>
    <message>
        <source>Accept the laptop of your own delegation?</source>
        <translation>Accepter l’ordinateur de votre propre délégation&#x202f;?</translation>
    </message>
    <message>
        <source>Accept the new laptop of {who}?</source>
        <translation>Accepter le nouvel ordinateur de {who}&#x202f;?</translation>
    </message>
    <message>
        <source>Accept…</source>
        <translation>Accepter…</translation>
    </message>
    <message>
        <source>An old copy of one of its vaults was put back; it says so itself since {date}, and goes on.</source>
        <translation>Une ancienne copie de l’un de ses coffres a été remise en place&#x202f;; elle le dit elle-même depuis le {date}, et continue.</translation>
    </message>
    <message>
        <source>An older copy of this laptop&apos;s vault was put back on {date}.</source>
        <translation>Une copie plus ancienne du coffre de cet ordinateur a été remise en place le {date}.</translation>
    </message>
    <message>
        <source>Both of you sit at your laptops, in one room or on the telephone, and both are connected. It takes half a minute.</source>
        <translation>Vous êtes chacun devant votre ordinateur, dans la même pièce ou au téléphone, et tous deux connectés. Cela prend une demi-minute.</translation>
    </message>
    <message>
        <source>Choose that delegation in the list, or read the code from the right screen.</source>
        <translation>Choisissez cette délégation dans la liste, ou lisez le code sur le bon écran.</translation>
    </message>
    <message>
        <source>Choose the picture…</source>
        <translation>Choisir l’image…</translation>
    </message>
    <message>
        <source>Choose these</source>
        <translation>Choisir celles-ci</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>Comparer de nouveau</translation>
    </message>
    <message>
        <source>Compare four words, both at the same time</source>
        <translation>Comparer quatre mots, en même temps des deux côtés</translation>
    </message>
    <message>
        <source>Compare in one of the other two ways.</source>
        <translation>Comparez par l’un des deux autres moyens.</translation>
    </message>
    <message>
        <source>Compare now</source>
        <translation>Comparer maintenant</translation>
    </message>
    <message>
        <source>Compare once more by another way, best in person, and check that you both chose each other.</source>
        <translation>Comparez encore une fois par un autre moyen, de préférence en personne, et vérifiez que vous vous êtes bien choisis l’un l’autre.</translation>
    </message>
    <message>
        <source>Compared {how} on {date}</source>
        <translation>Comparaison le {date}, {how}</translation>
    </message>
    <message>
        <source>Compared {how} on {date} by {officer}</source>
        <translation>Comparaison le {date}, {how}, par {officer}</translation>
    </message>
    <message>
        <source>Custodians are delegations you compared with in person. When enough of them vouch for the very identity you hold of another delegation, it counts as vouched for.</source>
        <translation>Les dépositaires sont des délégations avec lesquelles vous avez comparé en personne. Quand un nombre suffisant d’entre elles se portent garantes de l’identité même que vous détenez pour une autre délégation, celle-ci compte comme garantie.</translation>
    </message>
    <message>
        <source>Custodians you chose say that this identity is genuine. Compare with it yourself when you can.</source>
        <translation>Des dépositaires que vous avez choisis disent que cette identité est authentique. Comparez vous-même avec elle dès que possible.</translation>
    </message>
    <message>
        <source>Decide below which identity to keep.</source>
        <translation>Décidez ci-dessous quelle identité garder.</translation>
    </message>
    <message>
        <source>Different</source>
        <translation>Différents</translation>
    </message>
    <message>
        <source>Each delegation you tick is told, signed by you and for good, that you have compared with {who}: its identity, the number of its card, how and when.</source>
        <translation>Chaque délégation que vous cochez apprend, sous votre signature et définitivement, que vous avez comparé avec {who}&#xa0;: l’identité, le numéro de la carte, comment et quand.</translation>
    </message>
    <message>
        <source>Either a backup was restored there, or its root key is in other hands: ask it, by another way.</source>
        <translation>Soit une sauvegarde a été restaurée là-bas, soit sa clé racine est en d’autres mains&#xa0;: demandez-le-lui, par une autre voie.</translation>
    </message>
    <message>
        <source>Either another officer works there now, or its root key is in other hands: ask it, by another way. What you write waits; what it sends is received.</source>
        <translation>Soit un autre agent y travaille maintenant, soit sa clé racine est en d’autres mains&#xa0;: demandez-le-lui, par une autre voie. Ce que vous écrivez attend&#x202f;; ce qu’elle envoie est reçu.</translation>
    </message>
    <message>
        <source>Either it set up its keys anew, or somebody is trying to take its place: ask it, by another way.</source>
        <translation>Soit cette délégation a créé de nouvelles clés, soit quelqu’un tente de prendre sa place&#xa0;: demandez-le-lui, par une autre voie.</translation>
    </message>
    <message>
        <source>Either the wrong one was read, or somebody stands between you: compare once more, best in person.</source>
        <translation>Soit le mauvais numéro a été lu, soit quelqu’un s’interpose entre vous&#xa0;: comparez encore une fois, de préférence en personne.</translation>
    </message>
    <message>
        <source>Either the wrong screen was read, or somebody stands between you.</source>
        <translation>Soit le mauvais écran a été lu, soit quelqu’un s’interpose entre vous.</translation>
    </message>
    <message>
        <source>Everything you send from now on, and what waits, can be read there too.</source>
        <translation>Tout ce que vous envoyez désormais, et ce qui attend, peut aussi y être lu.</translation>
    </message>
    <message>
        <source>Exchange once more, or import its card, and read the code again.</source>
        <translation>Procédez à un nouvel échange, ou importez la carte de cette délégation, puis relisez le code.</translation>
    </message>
    <message>
        <source>First seen {seen}, valid until {until}</source>
        <translation>Vu pour la première fois le {seen}, valable jusqu’au {until}</translation>
    </message>
    <message>
        <source>Have to agree:</source>
        <translation>Doivent concorder&#xa0;:</translation>
    </message>
    <message>
        <source>How many of them have to agree</source>
        <translation>Combien d’entre elles doivent concorder</translation>
    </message>
    <message>
        <source>If they differ again, tell your security officer, and ask for a new card handed over in person.</source>
        <translation>S’ils diffèrent encore, prévenez votre responsable de la sécurité et demandez une nouvelle carte, remise en personne.</translation>
    </message>
    <message>
        <source>It learns that you are in touch with {who}. {who} is not told, nor is anybody else. Without the tick, your word is taken back.</source>
        <translation>Elle apprend que vous êtes en relation avec {who}. Ni {who} ni personne d’autre n’en est informé. Si vous décochez, votre parole est reprise.</translation>
    </message>
    <message>
        <source>It was put off. Start again when both of you have time.</source>
        <translation>La comparaison a été remise à plus tard. Recommencez quand vous aurez tous deux le temps.</translation>
    </message>
    <message>
        <source>Its card was first seen here.</source>
        <translation>Sa carte a été vue ici pour la première fois.</translation>
    </message>
    <message>
        <source>Its card was received, but nobody here has compared with it yet.</source>
        <translation>Sa carte a été reçue, mais personne ici n’a encore comparé avec elle.</translation>
    </message>
    <message>
        <source>Its card was renewed (number {value}).</source>
        <translation>Sa carte a été renouvelée (numéro {value}).</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>Maintenir l’arrêt</translation>
    </message>
    <message>
        <source>Laptop of {officer}</source>
        <translation>Ordinateur de {officer}</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>Laisser tel quel</translation>
    </message>
    <message>
        <source>May {rights}</source>
        <translation>Droits&#xa0;: {rights}</translation>
    </message>
    <message>
        <source>No card of this delegation is held here.</source>
        <translation>Aucune carte de cette délégation n’est détenue ici.</translation>
    </message>
    <message>
        <source>No delegation has been compared on this laptop yet. Compare with some first.</source>
        <translation>Aucune délégation n’a encore été comparée sur cet ordinateur. Commencez par comparer avec quelques-unes.</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts.</source>
        <translation>La parole de personne ne compte.</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Pas maintenant</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Rien n’a été modifié.</translation>
    </message>
    <message>
        <source>On the other laptop open Contacts, then “Our card”, and read the code there.</source>
        <translation>Sur l’autre ordinateur, ouvrez Contacts, puis «&#xa0;Notre carte&#xa0;», et lisez-y le code.</translation>
    </message>
    <message>
        <source>One more card under this code came on {date}; it was set aside while a decision is open.</source>
        <translation>Une carte de plus sous ce code est arrivée le {date}&#x202f;; elle a été mise à l’écart tant qu’une décision est en suspens.</translation>
    </message>
    <message>
        <source>One of the two is not what it says: ask the delegation and the custodian, by another way.</source>
        <translation>L’un des deux n’est pas ce qu’il prétend être&#xa0;: interrogez la délégation et le dépositaire, par une autre voie.</translation>
    </message>
    <message>
        <source>One of you reads, the other says whether all four are the same, in the same order. Do it face to face, or over a line where you know the voice. In place of the words you can read the numbers.</source>
        <translation>L’un de vous lit, l’autre dit si les quatre sont identiques, dans le même ordre. Faites-le face à face, ou sur une ligne où vous reconnaissez la voix. Au lieu des mots, vous pouvez lire les chiffres.</translation>
    </message>
    <message>
        <source>One word alone is never enough: choose two or more, or none.</source>
        <translation>Une seule parole ne suffit jamais&#xa0;: choisissez-en deux ou plus, ou aucune.</translation>
    </message>
    <message>
        <source>Our code</source>
        <translation>Notre code</translation>
    </message>
    <message>
        <source>Our code, for them</source>
        <translation>Notre code, pour l’autre délégation</translation>
    </message>
    <message>
        <source>Pictures ({endings})</source>
        <translation>Images ({endings})</translation>
    </message>
    <message>
        <source>Read it once more from their screen; if it differs again, tell your security officer.</source>
        <translation>Lisez-le une nouvelle fois sur l’autre écran&#x202f;; s’il diffère encore, prévenez votre responsable de la sécurité.</translation>
    </message>
    <message>
        <source>Read the code from the other screen.</source>
        <translation>Lisez le code sur l’autre écran.</translation>
    </message>
    <message>
        <source>Read these words to each other</source>
        <translation>Lisez-vous ces mots l’un à l’autre</translation>
    </message>
    <message>
        <source>Revoked: nothing from this laptop is accepted any more.</source>
        <translation>Révoqué&#xa0;: rien de cet ordinateur n’est plus accepté.</translation>
    </message>
    <message>
        <source>Say that they differ: nothing more is sent to this delegation until you decide.</source>
        <translation>Dites qu’ils diffèrent&#xa0;: rien n’est plus envoyé à cette délégation tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>Sign and tell</source>
        <translation>Signer et le dire</translation>
    </message>
    <message>
        <source>Somebody between you would have to guess the words: one chance in 17 million million, and one guess.</source>
        <translation>Quelqu’un qui s’interposerait devrait deviner les mots&#xa0;: une chance sur 17 millions de millions, et un seul essai.</translation>
    </message>
    <message>
        <source>Somebody here</source>
        <translation>Quelqu’un ici</translation>
    </message>
    <message>
        <source>Somebody here compared with this delegation.</source>
        <translation>Quelqu’un ici a comparé avec cette délégation.</translation>
    </message>
    <message>
        <source>Something about it changed.</source>
        <translation>Quelque chose a changé à son sujet.</translation>
    </message>
    <message>
        <source>Something about this delegation changed on {date}.</source>
        <translation>Quelque chose a changé au sujet de cette délégation le {date}.</translation>
    </message>
    <message>
        <source>Take a new picture of the code on their screen as it is now.</source>
        <translation>Prenez une nouvelle image du code tel qu’il apparaît maintenant sur l’autre écran.</translation>
    </message>
    <message>
        <source>Take it again: straight, sharp, and with the whole code and its white edge.</source>
        <translation>Reprenez-la&#xa0;: droite, nette, avec le code entier et son bord blanc.</translation>
    </message>
    <message>
        <source>Ten minutes have passed. Start again when both of you have time.</source>
        <translation>Dix minutes se sont écoulées. Recommencez quand vous aurez tous deux le temps.</translation>
    </message>
    <message>
        <source>The certificate of the laptop of {laptop} was renewed.</source>
        <translation>Le certificat de l’ordinateur de {laptop} a été renouvelé.</translation>
    </message>
    <message>
        <source>The code is not that of the {who} you hold: nothing more is sent to it until you decide.</source>
        <translation>Le code n’est pas celui de l’identité que vous détenez pour {who}&#xa0;: rien ne lui est plus envoyé tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>The code is the same: {who} is verified in person.</source>
        <translation>Le code est le même&#xa0;: identité de {who} vérifiée en personne.</translation>
    </message>
    <message>
        <source>The comparison did not come to an end</source>
        <translation>La comparaison n’a pas abouti</translation>
    </message>
    <message>
        <source>The identity of {who} changed. Sending is stopped until you decide.</source>
        <translation>L’identité de {who} a changé. L’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>The keys of one of its laptops cannot be used since {date}: that laptop receives nothing.</source>
        <translation>Les clés de l’un de ses ordinateurs sont inutilisables depuis le {date}&#xa0;: cet ordinateur ne reçoit rien.</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was added.</source>
        <translation>L’ordinateur de {laptop} a été ajouté.</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was revoked.</source>
        <translation>L’ordinateur de {laptop} a été révoqué.</translation>
    </message>
    <message>
        <source>The laptop shows another certificate than the one known here. Exchange once more, then start again.</source>
        <translation>L’ordinateur présente un autre certificat que celui qui est connu ici. Procédez à un nouvel échange, puis recommencez.</translation>
    </message>
    <message>
        <source>The numbers compared with {who} differ. Sending is stopped until you decide.</source>
        <translation>Les numéros comparés avec {who} diffèrent. L’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>The numbers were compared and differed on {date}.</source>
        <translation>Les numéros ont été comparés le {date} et différaient.</translation>
    </message>
    <message>
        <source>The picture is read in a process of its own that holds no key. Valise does not use the camera of this laptop.</source>
        <translation>L’image est lue dans un processus distinct qui ne détient aucune clé. Valise n’utilise pas l’appareil photo de cet ordinateur.</translation>
    </message>
    <message>
        <source>The picture of their code</source>
        <translation>L’image de leur code</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>Identiques</translation>
    </message>
    <message>
        <source>Their code, from a picture</source>
        <translation>Leur code, à partir d’une image</translation>
    </message>
    <message>
        <source>Their word never replaces comparing, and the word of a delegation that is only vouched for never counts. Nobody is told whom you choose. It holds for this laptop.</source>
        <translation>Leur parole ne remplace jamais la comparaison, et la parole d’une délégation qui n’est que garantie ne compte jamais. Personne n’apprend qui vous choisissez. Cela vaut pour cet ordinateur.</translation>
    </message>
    <message>
        <source>There is no code in this picture that can be read.</source>
        <translation>Cette image ne contient aucun code lisible.</translation>
    </message>
    <message>
        <source>There is no other delegation to tell.</source>
        <translation>Il n’y a aucune autre délégation à qui le dire.</translation>
    </message>
    <message>
        <source>This code belongs to a newer card of {who} than the one here.</source>
        <translation>Ce code correspond à une carte de {who} plus récente que celle qui est ici.</translation>
    </message>
    <message>
        <source>This code was not made by Valise.</source>
        <translation>Ce code n’a pas été produit par Valise.</translation>
    </message>
    <message>
        <source>This is an older code of {who}: its card has been renewed since.</source>
        <translation>Ce code de {who} est ancien&#xa0;: la carte a été renouvelée depuis.</translation>
    </message>
    <message>
        <source>This is the code of {name}, not of {who}.</source>
        <translation>C’est le code de {name}, et non celui de {who}.</translation>
    </message>
    <message>
        <source>This is the number both screens show, which says nothing when read from one of them.</source>
        <translation>C’est le numéro que montrent les deux écrans&#x202f;; lu sur un seul d’entre eux, il ne prouve rien.</translation>
    </message>
    <message>
        <source>This is your own code.</source>
        <translation>C’est votre propre code.</translation>
    </message>
    <message>
        <source>This is your own delegation.</source>
        <translation>C’est votre propre délégation.</translation>
    </message>
    <message>
        <source>Two copies of one of its vaults are in use since {date}: ask it, and rely on neither until it has decided.</source>
        <translation>Deux copies de l’un de ses coffres sont utilisées depuis le {date}&#xa0;: interrogez cette délégation, et ne vous fiez à aucune des deux tant qu’elle n’a pas décidé.</translation>
    </message>
    <message>
        <source>Two different lists of laptops came from {who}. Sending is stopped until you decide.</source>
        <translation>Deux listes d’ordinateurs différentes sont venues de {who}. L’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>Two different messages came in one place on {date}; both are kept as evidence.</source>
        <translation>Deux messages différents sont arrivés au même rang le {date}&#x202f;; tous deux sont conservés comme éléments de preuve.</translation>
    </message>
    <message>
        <source>Two laptops answered at once. Agree which one compares, and start again.</source>
        <translation>Deux ordinateurs ont répondu à la fois. Convenez de celui qui compare, puis recommencez.</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>Se porter garant pour {who}</translation>
    </message>
    <message numerus="yes">
        <source>Vouched for by {count} of %n custodians: {who}. {enough}</source>
        <translation>
            <numerusform>Garants&#xa0;: {count} sur %n dépositaire ({who}). {enough}</numerusform>
            <numerusform>Garants&#xa0;: {count} sur %n dépositaires ({who}). {enough}</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting for {who}</source>
        <translation>En attente de {who}</translation>
    </message>
    <message>
        <source>We have vouched for it to {who}.</source>
        <translation>Nous nous en sommes portés garants auprès de {who}.</translation>
    </message>
    <message>
        <source>What came back was not what was promised: somebody may stand between you. Compare in person, by a code.</source>
        <translation>Ce qui est revenu n’est pas ce qui avait été promis&#xa0;: quelqu’un s’interpose peut-être entre vous. Comparez en personne, par un code.</translation>
    </message>
    <message>
        <source>Whoever has the delegation key can do this: ask who admitted it. It reads what is sent to your delegation. What you write waits; what others send is received.</source>
        <translation>Quiconque a la clé de la délégation peut le faire&#xa0;: demandez qui l’a admis. Il lit ce qui est envoyé à votre délégation. Ce que vous écrivez attend&#x202f;; ce que les autres envoient est reçu.</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>Ceux dont la parole compte</translation>
    </message>
    <message>
        <source>Word {number}: {word}, {digits}</source>
        <translation>Mot {number}&#xa0;: {word}, {digits}</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>Mots&#xa0;: {words}</translation>
    </message>
    <message>
        <source>a delegation that is not known here</source>
        <translation>une délégation inconnue ici</translation>
    </message>
    <message>
        <source>a laptop was added: sending stopped</source>
        <translation>un ordinateur a été ajouté&#xa0;: envoi arrêté</translation>
    </message>
    <message>
        <source>admit other laptops</source>
        <translation>admettre d’autres ordinateurs</translation>
    </message>
    <message>
        <source>another identity vouched for: sending stopped</source>
        <translation>une autre identité est garantie&#xa0;: envoi arrêté</translation>
    </message>
    <message>
        <source>by the number, compared by eye</source>
        <translation>par le numéro, comparé visuellement</translation>
    </message>
    <message>
        <source>by words compared live</source>
        <translation>par des mots comparés en direct</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>saisir des engagements</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>tenir la plume</translation>
    </message>
    <message>
        <source>in person, by a code read from its screen</source>
        <translation>en personne, par un code lu sur son écran</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message numerus="yes">
        <source>of %n custodians</source>
        <translation>
            <numerusform>sur %n dépositaire</numerusform>
            <numerusform>sur %n dépositaires</numerusform>
        </translation>
    </message>
    <message>
        <source>propose amendments</source>
        <translation>proposer des amendements</translation>
    </message>
    <message>
        <source>read</source>
        <translation>lire</translation>
    </message>
    <message>
        <source>received {date}, not verified</source>
        <translation>reçue le {date}, non vérifiée</translation>
    </message>
    <message>
        <source>somebody</source>
        <translation>quelqu’un</translation>
    </message>
    <message>
        <source>unknown delegation</source>
        <translation>délégation inconnue</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>écrire des messages</translation>
    </message>
    <message>
        <source>{date}: {what}</source>
        <translation>{date}&#xa0;: {what}</translation>
    </message>
    <message>
        <source>{may}. Added {date}</source>
        <translation>{may}. Ajouté le {date}</translation>
    </message>
    <message>
        <source>{officer} accepted the laptop of {laptop}.</source>
        <translation>{officer} a accepté l’ordinateur de {laptop}.</translation>
    </message>
    <message>
        <source>{officer} accepted this identity in place of the one before.</source>
        <translation>{officer} a accepté cette identité à la place de la précédente.</translation>
    </message>
    <message>
        <source>{officer} admitted the laptop of {laptop} from this one.</source>
        <translation>{officer} a admis l’ordinateur de {laptop} depuis celui-ci.</translation>
    </message>
    <message>
        <source>{officer} chose it as a custodian.</source>
        <translation>{officer} l’a choisie comme dépositaire.</translation>
    </message>
    <message>
        <source>{officer} compared, and it differed; sending stopped.</source>
        <translation>{officer} a comparé et constaté une différence&#x202f;; envoi arrêté.</translation>
    </message>
    <message>
        <source>{officer} kept this identity and set the other aside.</source>
        <translation>{officer} a gardé cette identité et mis l’autre à l’écart.</translation>
    </message>
    <message>
        <source>{officer} let sending go on, not verified.</source>
        <translation>{officer} a laissé l’envoi se poursuivre, sans vérification.</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept sending stopped.</source>
        <translation>{officer} a examiné la parole divergente d’un dépositaire et maintenu l’arrêt de l’envoi.</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept this identity.</source>
        <translation>{officer} a examiné la parole divergente d’un dépositaire et gardé cette identité.</translation>
    </message>
    <message>
        <source>{officer} looked at the laptop of {laptop} and kept sending stopped.</source>
        <translation>{officer} a examiné l’ordinateur de {laptop} et maintenu l’arrêt de l’envoi.</translation>
    </message>
    <message>
        <source>{officer} replaced this identity by another.</source>
        <translation>{officer} a remplacé cette identité par une autre.</translation>
    </message>
    <message>
        <source>{officer} took back our word for it to {value}.</source>
        <translation>{officer} a repris notre parole donnée pour elle à {value}.</translation>
    </message>
    <message>
        <source>{officer} took it off the list of custodians.</source>
        <translation>{officer} l’a ôtée de la liste des dépositaires.</translation>
    </message>
    <message>
        <source>{officer} verified it by the number, compared by eye.</source>
        <translation>{officer} l’a vérifiée par le numéro, comparé visuellement.</translation>
    </message>
    <message>
        <source>{officer} verified it by words compared live.</source>
        <translation>{officer} l’a vérifiée par des mots comparés en direct.</translation>
    </message>
    <message>
        <source>{officer} verified it in person, by a code read from its screen.</source>
        <translation>{officer} l’a vérifiée en personne, par un code lu sur son écran.</translation>
    </message>
    <message>
        <source>{officer} vouched for it to {value}.</source>
        <translation>{officer} s’en est porté garant auprès de {value}.</translation>
    </message>
    <message>
        <source>{trust} since {date}</source>
        <translation>{trust} depuis le {date}</translation>
    </message>
    <message>
        <source>{who} added a laptop. Nothing is sent to it until you decide.</source>
        <translation>{who} a ajouté un ordinateur. Rien ne lui est envoyé tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>{who} has to press “Compare” on its laptop. Both screens then show four words.</source>
        <translation>{who} doit appuyer sur «&#xa0;Comparer&#xa0;» sur son ordinateur. Les deux écrans montrent alors quatre mots.</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>{who} souhaite comparer des mots avec vous maintenant</translation>
    </message>
</context>
<context>
    <name>directory</name>
    <message numerus="yes">
        <source>%n are asked now; {outside} an officer calls or writes to.</source>
        <translation>
            <numerusform>%n est interrogé maintenant&#x202f;; à joindre par un agent, par téléphone ou par écrit&#xa0;: {outside}.</numerusform>
            <numerusform>%n sont interrogés maintenant&#x202f;; à joindre par un agent, par téléphone ou par écrit&#xa0;: {outside}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n asked: {counts}</source>
        <translation>
            <numerusform>%n interrogé&#xa0;: {counts}</numerusform>
            <numerusform>%n interrogés&#xa0;: {counts}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards saved as {file}.</source>
        <translation>
            <numerusform>%n carte enregistrée dans {file}.</numerusform>
            <numerusform>%n cartes enregistrées dans {file}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards were taken.</source>
        <translation>
            <numerusform>%n carte reprise.</numerusform>
            <numerusform>%n cartes reprises.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n jour</numerusform>
            <numerusform>%n jours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entrée</numerusform>
            <numerusform>%n entrées</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were left out because of their marking.</source>
        <translation>
            <numerusform>%n laissée de côté en raison de son marquage.</numerusform>
            <numerusform>%n laissées de côté en raison de leur marquage.</numerusform>
        </translation>
    </message>
    <message>
        <source>Alternative e-mail</source>
        <translation>Autre courriel</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>Confirmed how</source>
        <translation>Mode de confirmation</translation>
    </message>
    <message>
        <source>Directory</source>
        <translation>Répertoire</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>Courriel</translation>
    </message>
    <message>
        <source>Form of address</source>
        <translation>Titre de civilité</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>Nom complet</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>Attributions</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>Heures</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>Institution</translation>
    </message>
    <message>
        <source>It answered: the entry is right</source>
        <translation>Réponse&#xa0;: l’entrée est exacte</translation>
    </message>
    <message>
        <source>Key verified</source>
        <translation>Clé vérifiée</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Langues</translation>
    </message>
    <message>
        <source>Last confirmed</source>
        <translation>Dernière confirmation</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>Marquage</translation>
    </message>
    <message>
        <source>Next contact</source>
        <translation>Contact suivant</translation>
    </message>
    <message>
        <source>No reply</source>
        <translation>Pas de réponse</translation>
    </message>
    <message>
        <source>Official position</source>
        <translation>Fonction officielle</translation>
    </message>
    <message>
        <source>Preferred channels</source>
        <translation>Voies préférées</translation>
    </message>
    <message>
        <source>Public key</source>
        <translation>Clé publique</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>Réexamen prévu le</translation>
    </message>
    <message>
        <source>Role or person</source>
        <translation>Fonction ou personne</translation>
    </message>
    <message numerus="yes">
        <source>Save %n entries as contact cards?</source>
        <translation>
            <numerusform>Enregistrer %n entrée comme carte de contact&#x202f;?</numerusform>
            <numerusform>Enregistrer %n entrées comme cartes de contact&#x202f;?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Saved as {file}: %Ln contacts.</source>
        <translation>
            <numerusform>Enregistré dans {file}&#xa0;: %Ln contact.</numerusform>
            <numerusform>Enregistré dans {file}&#xa0;: %Ln contacts.</numerusform>
        </translation>
    </message>
    <message>
        <source>Source document</source>
        <translation>Document source</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Situation</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>Téléphone</translation>
    </message>
    <message>
        <source>Telephone at all hours</source>
        <translation>Téléphone permanent</translation>
    </message>
    <message>
        <source>The letter or call bounced</source>
        <translation>La lettre ou l’appel n’a pas abouti</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>Fuseau horaire</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>Valable à partir du</translation>
    </message>
    <message>
        <source>What it may decide</source>
        <translation>Ce qu’il peut décider</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>Mauvais contact</translation>
    </message>
    <message>
        <source>answers by {when}</source>
        <translation>réponses attendues&#xa0;: {when}</translation>
    </message>
    <message>
        <source>answers in this program</source>
        <translation>répond dans ce programme</translation>
    </message>
    <message>
        <source>answers were due {when}</source>
        <translation>échéance des réponses passée&#xa0;: {when}</translation>
    </message>
    <message>
        <source>asked outside their hours</source>
        <translation>interrogé en dehors de ses heures</translation>
    </message>
    <message>
        <source>asked within their hours</source>
        <translation>interrogé pendant ses heures</translation>
    </message>
    <message>
        <source>at a meeting</source>
        <translation>lors d’une réunion</translation>
    </message>
    <message>
        <source>bounced</source>
        <translation>non abouti</translation>
    </message>
    <message>
        <source>by a call</source>
        <translation>par un appel</translation>
    </message>
    <message>
        <source>by a signed answer</source>
        <translation>par une réponse signée</translation>
    </message>
    <message>
        <source>by note</source>
        <translation>par une note</translation>
    </message>
    <message>
        <source>closed {when}</source>
        <translation>clos&#xa0;: {when}</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>confirmé</translation>
    </message>
    <message>
        <source>confirmed late</source>
        <translation>confirmé en retard</translation>
    </message>
    <message>
        <source>correction: {n}</source>
        <translation>correction&#xa0;: {n}</translation>
    </message>
    <message>
        <source>e-mail</source>
        <translation>courriel</translation>
    </message>
    <message>
        <source>meeting</source>
        <translation>réunion</translation>
    </message>
    <message>
        <source>never asked</source>
        <translation>jamais interrogé</translation>
    </message>
    <message>
        <source>never asked in a round</source>
        <translation>jamais interrogé dans un tour</translation>
    </message>
    <message>
        <source>never confirmed</source>
        <translation>jamais confirmé</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>pas encore de réponse</translation>
    </message>
    <message>
        <source>no reply</source>
        <translation>pas de réponse</translation>
    </message>
    <message>
        <source>no time zone known</source>
        <translation>aucun fuseau horaire connu</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>non interrogé</translation>
    </message>
    <message>
        <source>note</source>
        <translation>note</translation>
    </message>
    <message>
        <source>other</source>
        <translation>autre</translation>
    </message>
    <message>
        <source>our own entry</source>
        <translation>notre propre entrée</translation>
    </message>
    <message>
        <source>outside their hours</source>
        <translation>en dehors de leurs heures</translation>
    </message>
    <message>
        <source>public holiday: {name}</source>
        <translation>jour férié&#xa0;: {name}</translation>
    </message>
    <message>
        <source>reached by telephone or letter</source>
        <translation>joint par téléphone ou par lettre</translation>
    </message>
    <message>
        <source>recorded by an officer</source>
        <translation>consigné par un agent</translation>
    </message>
    <message>
        <source>recorded by an officer: {channel}</source>
        <translation>consigné par un agent&#xa0;: {channel}</translation>
    </message>
    <message>
        <source>review is due</source>
        <translation>à réexaminer</translation>
    </message>
    <message>
        <source>signed answer</source>
        <translation>réponse signée</translation>
    </message>
    <message>
        <source>telephone</source>
        <translation>téléphone</translation>
    </message>
    <message>
        <source>the question has not left yet</source>
        <translation>la question n’est pas encore partie</translation>
    </message>
    <message>
        <source>the question lies on a laptop of theirs; nobody has answered</source>
        <translation>la question se trouve sur un de leurs ordinateurs&#x202f;; personne n’a répondu</translation>
    </message>
    <message>
        <source>the question was sent</source>
        <translation>la question a été envoyée</translation>
    </message>
    <message>
        <source>their clock was behind ours</source>
        <translation>leur horloge retardait sur la nôtre</translation>
    </message>
    <message>
        <source>values differ</source>
        <translation>les valeurs diffèrent</translation>
    </message>
    <message>
        <source>within their hours</source>
        <translation>pendant leurs heures</translation>
    </message>
    <message>
        <source>wrong contact</source>
        <translation>mauvais contact</translation>
    </message>
    <message>
        <source>{clock} there now, {day}</source>
        <translation>{clock} là-bas maintenant, {day}</translation>
    </message>
    <message>
        <source>{h} h {m:02d}</source>
        <translation>{h} h {m:02d}</translation>
    </message>
    <message>
        <source>{latency}, late</source>
        <translation>{latency}, en retard</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n} {outcome}</source>
        <translation>{outcome}&#xa0;: {n}</translation>
    </message>
    <message>
        <source>{outcome} in {round}</source>
        <translation>{outcome} dans {round}</translation>
    </message>
    <message>
        <source>{outcome}; what was said differs</source>
        <translation>{outcome}&#x202f;; ce qui a été dit diffère</translation>
    </message>
    <message>
        <source>{told} · holiday</source>
        <translation>{told} · jour férié</translation>
    </message>
    <message>
        <source>{told} · off hours</source>
        <translation>{told} · hors des heures</translation>
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
        <translation>Une sauvegarde s’ouvre avec la phrase de passe du jour où elle a été faite. Vérifiez Verr. maj., puis essayez une phrase antérieure.</translation>
    </message>
    <message>
        <source>A calendar cannot be read into this register.</source>
        <translation>Un calendrier ne peut pas être lu dans ce registre.</translation>
    </message>
    <message>
        <source>A certificate holds for at least a day and at most three years.</source>
        <translation>Un certificat vaut au moins un jour et au plus trois ans.</translation>
    </message>
    <message>
        <source>A column of the file is none of this register.</source>
        <translation>Une colonne du fichier n’appartient pas à ce registre.</translation>
    </message>
    <message>
        <source>A contact card holds control characters, which no name or number has.</source>
        <translation>Une carte de contact contient des caractères de commande, que n’a aucun nom ni numéro.</translation>
    </message>
    <message>
        <source>A contact card in this file holds something else inside.</source>
        <translation>Une carte de contact de ce fichier contient autre chose.</translation>
    </message>
    <message>
        <source>A contact card in this file is not whole or not built as the standard says.</source>
        <translation>Une carte de contact de ce fichier n’est pas entière ou n’est pas établie selon la norme technique.</translation>
    </message>
    <message>
        <source>A contact card in this file is of a version that is not read.</source>
        <translation>Une carte de contact de ce fichier est d’une version qui n’est pas lue.</translation>
    </message>
    <message>
        <source>A contact card in this file names nobody.</source>
        <translation>Une carte de contact de ce fichier ne nomme personne.</translation>
    </message>
    <message>
        <source>A custodian must be a delegation that was compared on this laptop.</source>
        <translation>Un dépositaire doit être une délégation qui a été comparée sur cet ordinateur.</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation concerned.</source>
        <translation>Un dépositaire se porte garant d’une autre identité d’une délégation concernée.</translation>
    </message>
    <message>
        <source>A delegation concerned added a laptop that nobody here has looked at.</source>
        <translation>Une délégation concernée a ajouté un ordinateur que personne ici n’a examiné.</translation>
    </message>
    <message>
        <source>A delegation concerned showed two different lists of its laptops.</source>
        <translation>Une délégation concernée a présenté deux listes différentes de ses ordinateurs.</translation>
    </message>
    <message>
        <source>A delegation nominates its own points of contact, and this one is of another State.</source>
        <translation>Une délégation désigne ses propres points de contact, et celui-ci est d’un autre État.</translation>
    </message>
    <message>
        <source>A delegation that breaks the silence says why.</source>
        <translation>Une délégation qui rompt le silence dit pourquoi.</translation>
    </message>
    <message>
        <source>A field that a row cannot be without is empty.</source>
        <translation>Un champ indispensable à la ligne est vide.</translation>
    </message>
    <message>
        <source>A file in the exchange folder is not one of Valise.</source>
        <translation>Un fichier du dossier d’échange n’est pas un fichier de Valise.</translation>
    </message>
    <message>
        <source>A file in the exchange folder is torn or still being copied.</source>
        <translation>Un fichier du dossier d’échange est incomplet ou encore en cours de copie.</translation>
    </message>
    <message>
        <source>A filter needs a name, of at most 100 letters.</source>
        <translation>Un filtre doit avoir un nom, de 100 lettres au plus.</translation>
    </message>
    <message>
        <source>A folder of Valise cannot be made, or belongs to somebody else.</source>
        <translation>Un dossier de Valise ne peut pas être créé, ou appartient à quelqu’un d’autre.</translation>
    </message>
    <message>
        <source>A font for the script of this text is missing on this computer. No page was made.</source>
        <translation>Il manque sur cet ordinateur une police pour l’écriture de ce texte. Aucune page n’a été produite.</translation>
    </message>
    <message>
        <source>A group needs a title.</source>
        <translation>Un groupe doit avoir un titre.</translation>
    </message>
    <message>
        <source>A joint statement needs a title and words.</source>
        <translation>Une déclaration commune doit avoir un titre et un libellé.</translation>
    </message>
    <message>
        <source>A keyring can be demanded only when recovery shares were made and tried.</source>
        <translation>Un trousseau ne peut être exigé que si des parts de récupération ont été établies et essayées.</translation>
    </message>
    <message>
        <source>A laptop cannot revoke itself: nobody would hear of it.</source>
        <translation>Un ordinateur ne peut pas se révoquer lui-même&#xa0;: personne ne l’apprendrait.</translation>
    </message>
    <message>
        <source>A laptop on this card is not certified by its delegation.</source>
        <translation>Un ordinateur figurant sur cette carte n’est pas certifié par sa délégation.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one, and nobody here has looked at it.</source>
        <translation>Un ordinateur a été ajouté à votre propre délégation, et pas par celui-ci, et personne ici ne l’a examiné.</translation>
    </message>
    <message>
        <source>A newer certificate of this laptop exists already.</source>
        <translation>Un certificat plus récent de cet ordinateur existe déjà.</translation>
    </message>
    <message>
        <source>A note verbale is addressed to somebody and gets a number; it is not written with other rows.</source>
        <translation>Une note verbale est adressée à quelqu’un et reçoit un numéro&#x202f;; elle ne s’écrit pas avec d’autres lignes.</translation>
    </message>
    <message>
        <source>A part of the file does not open: it was changed on its way.</source>
        <translation>Une partie du fichier ne s’ouvre pas&#xa0;: il a été modifié en chemin.</translation>
    </message>
    <message>
        <source>A passphrase always opens the vault; it cannot be taken away.</source>
        <translation>Une phrase de passe ouvre toujours le coffre&#x202f;; elle ne peut pas être ôtée.</translation>
    </message>
    <message>
        <source>A pattern in the bundle is longer or deeper than is read.</source>
        <translation>Un motif de recherche du paquet est plus long ou plus imbriqué que ce qui est lu.</translation>
    </message>
    <message>
        <source>A point of contact was chosen twice.</source>
        <translation>Un point de contact a été choisi deux fois.</translation>
    </message>
    <message>
        <source>A relay needs the address it gave you, a folder has to be chosen; the courier is always possible.</source>
        <translation>Un relais exige l’adresse qu’elle vous a donnée, un dossier doit être choisi&#x202f;; le porteur est toujours possible.</translation>
    </message>
    <message>
        <source>A reply may not allow more than the label of the incident it answers.</source>
        <translation>Une réponse ne peut pas permettre davantage que le marquage de l’incident auquel elle répond.</translation>
    </message>
    <message>
        <source>A report begins with a notification or a request.</source>
        <translation>Un signalement commence par une notification ou une demande.</translation>
    </message>
    <message>
        <source>A report of what a laptop holds is not valid.</source>
        <translation>Un relevé de ce que détient un ordinateur n’est pas valable.</translation>
    </message>
    <message>
        <source>A request asks for something.</source>
        <translation>Une demande doit demander quelque chose.</translation>
    </message>
    <message>
        <source>A revision needs a symbol of its own.</source>
        <translation>Une révision doit avoir sa propre cote.</translation>
    </message>
    <message>
        <source>A round asks at most 400 points of contact.</source>
        <translation>Un tour interroge au plus 400 points de contact.</translation>
    </message>
    <message>
        <source>A round is written as a table or as pages.</source>
        <translation>Un tour s’écrit sous forme de tableau ou de pages.</translation>
    </message>
    <message>
        <source>A round needs a name of at most 200 characters.</source>
        <translation>Un tour doit avoir un nom de 200 caractères au plus.</translation>
    </message>
    <message>
        <source>A rule of the talks or of this vault does not allow this.</source>
        <translation>Une règle des pourparlers ou de ce coffre ne le permet pas.</translation>
    </message>
    <message>
        <source>A sealed envelope does not open.</source>
        <translation>Une enveloppe scellée ne s’ouvre pas.</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid inside.</source>
        <translation>Une enveloppe scellée n’est pas valable à l’intérieur.</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid.</source>
        <translation>Une enveloppe scellée n’est pas valable.</translation>
    </message>
    <message>
        <source>A sealed message could not be opened with the keys that are here.</source>
        <translation>Un message scellé n’a pas pu être ouvert avec les clés présentes ici.</translation>
    </message>
    <message>
        <source>A secret cannot be shared among so many.</source>
        <translation>Un secret ne peut pas être partagé entre autant de parts.</translation>
    </message>
    <message>
        <source>A signature does not verify.</source>
        <translation>Une signature ne se vérifie pas.</translation>
    </message>
    <message>
        <source>A silence procedure is running on this text already, or has to be closed first.</source>
        <translation>Une procédure d’approbation tacite est déjà en cours sur ce texte, ou doit d’abord être close.</translation>
    </message>
    <message>
        <source>A stored state of the text does not verify any more.</source>
        <translation>Un état conservé du texte ne se vérifie plus.</translation>
    </message>
    <message>
        <source>A time of the ladder is not possible.</source>
        <translation>Un délai de l’échelle n’est pas possible.</translation>
    </message>
    <message>
        <source>A value in a contact card is longer than 2,000 characters.</source>
        <translation>Une valeur d’une carte de contact dépasse 2&#x202f;000 caractères.</translation>
    </message>
    <message>
        <source>A value of the form is not one that can be sent.</source>
        <translation>Une valeur du formulaire ne peut pas être envoyée.</translation>
    </message>
    <message>
        <source>A vault for practice carries nothing beyond its own folder.</source>
        <translation>Un coffre d’entraînement ne transporte rien hors de son propre dossier.</translation>
    </message>
    <message>
        <source>A vault for practice keeps to fictional delegations and to its own folder.</source>
        <translation>Un coffre d’entraînement s’en tient à des délégations fictives et à son propre dossier.</translation>
    </message>
    <message>
        <source>A vault for practice uses no relay.</source>
        <translation>Un coffre d’entraînement n’utilise pas de relais.</translation>
    </message>
    <message>
        <source>A vault is being destroyed here and something could not be removed yet. Nobody can open it any more.</source>
        <translation>Un coffre est en cours de destruction ici et quelque chose n’a pas encore pu être enlevé. Plus personne ne peut l’ouvrir.</translation>
    </message>
    <message>
        <source>Accept or reject some of them in the program it was written with, then try again.</source>
        <translation>Acceptez ou refusez-en quelques-uns dans le programme avec lequel il a été écrit, puis réessayez.</translation>
    </message>
    <message>
        <source>Acknowledge first; it accepts no fact and agrees with nothing.</source>
        <translation>Accusez d’abord réception&#x202f;; cela n’accepte aucun fait et ne vaut accord sur rien.</translation>
    </message>
    <message>
        <source>Add the delegation with the history of the room.</source>
        <translation>Ajoutez la délégation avec l’historique de la salle.</translation>
    </message>
    <message>
        <source>Admit a second officer&apos;s laptop first, with the right to propose amendments.</source>
        <translation>Admettez d’abord l’ordinateur d’un second agent, avec le droit de proposer des amendements.</translation>
    </message>
    <message>
        <source>Admit delegations that signed on late one by one.</source>
        <translation>Admettez une à une les délégations qui se sont associées tardivement.</translation>
    </message>
    <message>
        <source>Amendments to this paragraph are still open.</source>
        <translation>Des amendements à ce paragraphe sont encore ouverts.</translation>
    </message>
    <message>
        <source>An amendment that these words touch has no answer yet.</source>
        <translation>Un amendement que touche ce libellé n’a pas encore de réponse.</translation>
    </message>
    <message>
        <source>An amendment was answered twice, or with an answer that does not exist.</source>
        <translation>Un amendement a reçu deux réponses, ou une réponse qui n’existe pas.</translation>
    </message>
    <message>
        <source>An answer comes after the acknowledgement of receipt.</source>
        <translation>Une réponse vient après l’accusé de réception.</translation>
    </message>
    <message>
        <source>An empty passphrase protects nothing.</source>
        <translation>Une phrase de passe vide ne protège rien.</translation>
    </message>
    <message>
        <source>An entry of the calendar ends before it begins.</source>
        <translation>Une entrée du calendrier finit avant de commencer.</translation>
    </message>
    <message>
        <source>An entry of the calendar has a text longer than 20,000 characters.</source>
        <translation>Une entrée du calendrier a un texte de plus de 20&#x202f;000 caractères.</translation>
    </message>
    <message>
        <source>An entry of the calendar has no date, or one that does not exist.</source>
        <translation>Une entrée du calendrier n’a pas de date, ou en a une qui n’existe pas.</translation>
    </message>
    <message>
        <source>An entry of the calendar holds control characters.</source>
        <translation>Une entrée du calendrier contient des caractères de commande.</translation>
    </message>
    <message>
        <source>An entry of the record is not valid.</source>
        <translation>Une entrée du dossier n’est pas valable.</translation>
    </message>
    <message>
        <source>An envelope came that was sealed to keys of this laptop which have been destroyed.</source>
        <translation>Une enveloppe est arrivée, scellée à l’aide de clés de cet ordinateur qui ont été détruites.</translation>
    </message>
    <message>
        <source>An exercise message must be marked as an exercise.</source>
        <translation>Un message d’exercice doit être marqué comme exercice.</translation>
    </message>
    <message>
        <source>An internal room is not written for others.</source>
        <translation>Une salle interne ne s’écrit pas pour d’autres.</translation>
    </message>
    <message>
        <source>Another computer holds the pen.</source>
        <translation>Un autre ordinateur tient la plume.</translation>
    </message>
    <message>
        <source>Another copy of this laptop&apos;s vault has signed something different.</source>
        <translation>Une autre copie du coffre de cet ordinateur a signé autre chose.</translation>
    </message>
    <message>
        <source>Another laptop of your delegation may have made it: exchange, or install the newer version.</source>
        <translation>Un autre ordinateur de votre délégation l’a peut-être créé&#xa0;: échangez, ou installez la version plus récente.</translation>
    </message>
    <message>
        <source>Another line of the file is about the same row.</source>
        <translation>Une autre ligne du fichier porte sur la même ligne du registre.</translation>
    </message>
    <message>
        <source>Another window has this vault open.</source>
        <translation>Une autre fenêtre a ouvert ce coffre.</translation>
    </message>
    <message>
        <source>Answers that come still count; nothing needs to be done.</source>
        <translation>Les réponses qui arrivent comptent encore&#x202f;; il n’y a rien à faire.</translation>
    </message>
    <message>
        <source>Ask a second officer of your delegation, on another laptop.</source>
        <translation>Adressez-vous à un second agent de votre délégation, sur un autre ordinateur.</translation>
    </message>
    <message>
        <source>Ask for a bundle of STIX 2.1.</source>
        <translation>Demandez un paquet STIX 2.1.</translation>
    </message>
    <message>
        <source>Ask for a card with a name, or enter the contact by hand.</source>
        <translation>Demandez une carte avec un nom, ou saisissez le contact à la main.</translation>
    </message>
    <message>
        <source>Ask for it again, best as a Word document.</source>
        <translation>Redemandez-le, de préférence sous forme de document Word.</translation>
    </message>
    <message>
        <source>Ask for it again, or open it in the program it was made with and save it anew.</source>
        <translation>Redemandez-le, ou ouvrez-le dans le programme avec lequel il a été établi et réenregistrez-le.</translation>
    </message>
    <message>
        <source>Ask for it as vCard 3.0 or 4.0.</source>
        <translation>Demandez-la en vCard 3.0 ou 4.0.</translation>
    </message>
    <message>
        <source>Ask for it in STIX 2.1.</source>
        <translation>Demandez-le en STIX 2.1.</translation>
    </message>
    <message>
        <source>Ask for it in smaller parts, or keep it as an attachment.</source>
        <translation>Demandez-le en plus petites parties, ou gardez-le comme pièce jointe.</translation>
    </message>
    <message>
        <source>Ask for smaller files (at most 2,000 cards).</source>
        <translation>Demandez des fichiers plus petits (2&#x202f;000 cartes au plus).</translation>
    </message>
    <message>
        <source>Ask for the bundle as a .json file.</source>
        <translation>Demandez le paquet sous forme de fichier .json.</translation>
    </message>
    <message>
        <source>Ask for the card alone.</source>
        <translation>Demandez la carte seule.</translation>
    </message>
    <message>
        <source>Ask for the card once more, as vCard 3.0 or 4.0.</source>
        <translation>Redemandez la carte, en vCard 3.0 ou 4.0.</translation>
    </message>
    <message>
        <source>Ask for the text itself, best as a Word document.</source>
        <translation>Demandez le texte lui-même, de préférence sous forme de document Word.</translation>
    </message>
    <message>
        <source>Ask for them once more, as vCard 3.0 or 4.0.</source>
        <translation>Redemandez-les, en vCard 3.0 ou 4.0.</translation>
    </message>
    <message>
        <source>Ask in a round that is meant in earnest.</source>
        <translation>Posez la question dans un tour qui soit sérieux.</translation>
    </message>
    <message>
        <source>Ask it by another way, then decide in Contacts.</source>
        <translation>Interrogez-la par une autre voie, puis décidez dans Contacts.</translation>
    </message>
    <message>
        <source>Ask it for its card again.</source>
        <translation>Redemandez-lui sa carte.</translation>
    </message>
    <message>
        <source>Ask it for its identity card and open it in Contacts.</source>
        <translation>Demandez-lui sa carte d’identité et ouvrez-la dans Contacts.</translation>
    </message>
    <message>
        <source>Ask it. Its label, and what it allows beyond the label, stand on the page of the incident.</source>
        <translation>Demandez-le-lui. Son marquage, et ce qu’elle permet au-delà de celui-ci, figurent sur la page de l’incident.</translation>
    </message>
    <message>
        <source>Ask its operator, or for a correspondent&apos;s relay ask that delegation. What waits is kept.</source>
        <translation>Adressez-vous à son exploitant ou, pour le relais d’un correspondant, à cette délégation. Ce qui attend est conservé.</translation>
    </message>
    <message>
        <source>Ask its sender for a new one; nothing was taken in.</source>
        <translation>Demandez-en un nouveau à son expéditeur&#x202f;; rien n’a été repris.</translation>
    </message>
    <message>
        <source>Ask its sender for a smaller one.</source>
        <translation>Demandez-en un plus petit à son expéditeur.</translation>
    </message>
    <message>
        <source>Ask its sender for one that is; nothing was taken in.</source>
        <translation>Demandez à son expéditeur un paquet qui le soit&#x202f;; rien n’a été repris.</translation>
    </message>
    <message>
        <source>Ask its sender how it may be shared; nothing was taken in.</source>
        <translation>Demandez à son expéditeur comment il peut être communiqué&#x202f;; rien n’a été repris.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again.</source>
        <translation>Demandez à son expéditeur de le renvoyer.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, compare identities.</source>
        <translation>Demandez à son expéditeur de l’envoyer de nouveau&#x202f;; si cela se reproduit, comparez les identités.</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, tell your security officer.</source>
        <translation>Demandez à son expéditeur de le renvoyer&#x202f;; si cela se reproduit, prévenez votre responsable de la sécurité.</translation>
    </message>
    <message>
        <source>Ask that delegation by another way before sending anything.</source>
        <translation>Interrogez cette délégation par une autre voie avant d’envoyer quoi que ce soit.</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card.</source>
        <translation>Demandez à cette délégation sa carte la plus récente.</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card; until then it is kept sealed.</source>
        <translation>Demandez à cette délégation sa carte la plus récente&#x202f;; d’ici là, c’est conservé scellé.</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again, best handed over in person.</source>
        <translation>Redemandez sa carte à la délégation, de préférence remise en personne.</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again.</source>
        <translation>Redemandez sa carte à la délégation.</translation>
    </message>
    <message>
        <source>Ask the delegation for its newest card.</source>
        <translation>Demandez à la délégation sa carte la plus récente.</translation>
    </message>
    <message>
        <source>Ask the delegation that chairs the room.</source>
        <translation>Demandez à la délégation qui préside la salle.</translation>
    </message>
    <message>
        <source>Ask the first laptop for it again, carried by hand.</source>
        <translation>Redemandez-la au premier ordinateur, en la transportant à la main.</translation>
    </message>
    <message>
        <source>Ask the first laptop for the answer to the request made here.</source>
        <translation>Demandez au premier ordinateur la réponse à la demande faite ici.</translation>
    </message>
    <message>
        <source>Ask the officer who admits laptops in your delegation.</source>
        <translation>Adressez-vous à l’agent qui admet les ordinateurs dans votre délégation.</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for a new file. What waits is kept; a courier can take it.</source>
        <translation>Demandez un nouveau fichier à l’exploitant du relais. Ce qui attend est conservé&#x202f;; un porteur peut l’acheminer.</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for the file again; it begins with VALISE-RELAY-1.</source>
        <translation>Redemandez le fichier à l’exploitant du relais&#x202f;; il commence par VALISE-RELAY-1.</translation>
    </message>
    <message>
        <source>Ask the pen to reopen it.</source>
        <translation>Demandez à la plume de le rouvrir.</translation>
    </message>
    <message>
        <source>Ask the publisher which version to take first.</source>
        <translation>Demandez à l’éditeur quelle version prendre d’abord.</translation>
    </message>
    <message>
        <source>Ask whoever sent it for a plain copy.</source>
        <translation>Demandez-en une copie simple à qui l’a envoyé.</translation>
    </message>
    <message>
        <source>At least two custodians have to agree, and no more than there are.</source>
        <translation>Au moins deux dépositaires doivent concorder, et pas plus qu’il n’y en a.</translation>
    </message>
    <message>
        <source>Attach it here once more.</source>
        <translation>Joignez-le ici de nouveau.</translation>
    </message>
    <message>
        <source>Begin again and compare every word with the paper.</source>
        <translation>Recommencez et comparez chaque mot avec le papier.</translation>
    </message>
    <message>
        <source>Begin the form anew.</source>
        <translation>Recommencez le formulaire.</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then ask for the answer again.</source>
        <translation>Mettez les deux ordinateurs à la même version, puis redemandez la réponse.</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then make the request again.</source>
        <translation>Mettez les deux ordinateurs à la même version, puis refaites la demande.</translation>
    </message>
    <message>
        <source>Bring both to the same version, then ask for the card again.</source>
        <translation>Mettez les deux à la même version, puis redemandez la carte.</translation>
    </message>
    <message>
        <source>Cards of other delegations are read under Contacts.</source>
        <translation>Les cartes d’autres délégations se lisent dans Contacts.</translation>
    </message>
    <message>
        <source>Change it and keep the row again. Dates are written 2026-11-22, times 2026-11-22 10:00 UTC.</source>
        <translation>Modifiez-le et conservez de nouveau la ligne. Les dates s’écrivent 2026-11-22, les heures 2026-11-22 10:00 UTC.</translation>
    </message>
    <message>
        <source>Change what has changed, or attach a file.</source>
        <translation>Modifiez ce qui a changé, ou joignez un fichier.</translation>
    </message>
    <message>
        <source>Check Caps Lock and the keyboard&apos;s language, then type it again.</source>
        <translation>Vérifiez Verr. maj. et la langue du clavier, puis saisissez-la de nouveau.</translation>
    </message>
    <message>
        <source>Check that it is still there and that you may read it.</source>
        <translation>Vérifiez qu’il est encore là et que vous pouvez le lire.</translation>
    </message>
    <message>
        <source>Check that it opens elsewhere, or save it anew and open that.</source>
        <translation>Vérifiez qu’il s’ouvre ailleurs, ou réenregistrez-le et ouvrez celui-là.</translation>
    </message>
    <message>
        <source>Check that there is room and that you may write there.</source>
        <translation>Vérifiez qu’il y a de la place et que vous pouvez y écrire.</translation>
    </message>
    <message>
        <source>Check that you chose the right file.</source>
        <translation>Vérifiez que vous avez choisi le bon fichier.</translation>
    </message>
    <message>
        <source>Check the disk and that you may write there, then try again.</source>
        <translation>Vérifiez le disque et que vous pouvez y écrire, puis réessayez.</translation>
    </message>
    <message>
        <source>Check the disk and the exchange folder, then try again.</source>
        <translation>Vérifiez le disque et le dossier d’échange, puis réessayez.</translation>
    </message>
    <message>
        <source>Check the disk, then do it again.</source>
        <translation>Vérifiez le disque, puis recommencez.</translation>
    </message>
    <message>
        <source>Check the drive, the share or the network; what waits is kept and sent then.</source>
        <translation>Vérifiez le lecteur, le partage ou le réseau&#x202f;; ce qui attend est conservé et envoyé ensuite.</translation>
    </message>
    <message>
        <source>Check the rights of your home folder, then start again.</source>
        <translation>Vérifiez les droits de votre dossier personnel, puis redémarrez.</translation>
    </message>
    <message>
        <source>Check what you wrote for unusual characters, then try again.</source>
        <translation>Cherchez des caractères inhabituels dans ce que vous avez écrit, puis réessayez.</translation>
    </message>
    <message>
        <source>Checking took too long or needed too much memory.</source>
        <translation>Le contrôle a pris trop de temps ou demandé trop de mémoire.</translation>
    </message>
    <message>
        <source>Choose a backup you know the way of, and tell your security officer.</source>
        <translation>Choisissez une sauvegarde dont vous connaissez le parcours, et prévenez votre responsable de la sécurité.</translation>
    </message>
    <message>
        <source>Choose a document.</source>
        <translation>Choisissez un document.</translation>
    </message>
    <message>
        <source>Choose a file as the United Nations publishes it, or save the text as .docx.</source>
        <translation>Choisissez un fichier tel que le publie l’Organisation des Nations Unies, ou enregistrez le texte en .docx.</translation>
    </message>
    <message>
        <source>Choose a file in version 3.0, or save the text as .docx.</source>
        <translation>Choisissez un fichier en version 3.0, ou enregistrez le texte en .docx.</translation>
    </message>
    <message>
        <source>Choose a file that ends in .vcf.</source>
        <translation>Choisissez un fichier qui se termine par .vcf.</translation>
    </message>
    <message>
        <source>Choose a file whose name ends in .valise-backup.</source>
        <translation>Choisissez un fichier dont le nom se termine par .valise-backup.</translation>
    </message>
    <message>
        <source>Choose a higher channel.</source>
        <translation>Choisissez une voie supérieure.</translation>
    </message>
    <message>
        <source>Choose a later one.</source>
        <translation>Choisissez-en une plus tardive.</translation>
    </message>
    <message>
        <source>Choose a marking of the list, or write a shorter one.</source>
        <translation>Choisissez un marquage de la liste, ou écrivez-en un plus court.</translation>
    </message>
    <message>
        <source>Choose a member of the room.</source>
        <translation>Choisissez un membre de la salle.</translation>
    </message>
    <message>
        <source>Choose a paragraph or an amendment that stands.</source>
        <translation>Choisissez un paragraphe ou un amendement qui figure dans le texte.</translation>
    </message>
    <message>
        <source>Choose a photograph or a screenshot as PNG, JPEG, BMP or WebP.</source>
        <translation>Choisissez une photographie ou une capture d’écran en PNG, JPEG, BMP ou WebP.</translation>
    </message>
    <message>
        <source>Choose a reason.</source>
        <translation>Choisissez un motif.</translation>
    </message>
    <message>
        <source>Choose a room with another delegation in it, or make one under Messages.</source>
        <translation>Choisissez une salle où se trouve une autre délégation, ou créez-en une dans Messages.</translation>
    </message>
    <message>
        <source>Choose a room with one delegation, or another label.</source>
        <translation>Choisissez une salle avec une seule délégation, ou un autre marquage.</translation>
    </message>
    <message>
        <source>Choose a shorter one.</source>
        <translation>Choisissez-en un plus court.</translation>
    </message>
    <message>
        <source>Choose a shorter time and try again.</source>
        <translation>Choisissez une période plus courte et réessayez.</translation>
    </message>
    <message>
        <source>Choose a stick, or a folder on another disk.</source>
        <translation>Choisissez une clé USB, ou un dossier sur un autre disque.</translation>
    </message>
    <message>
        <source>Choose a whole number of hours or days under Settings.</source>
        <translation>Choisissez un nombre entier d’heures ou de jours dans Paramètres.</translation>
    </message>
    <message>
        <source>Choose an entry of your own State.</source>
        <translation>Choisissez une entrée de votre propre État.</translation>
    </message>
    <message>
        <source>Choose another answer for it, or leave its words standing.</source>
        <translation>Choisissez-lui une autre réponse, ou laissez figurer son libellé.</translation>
    </message>
    <message>
        <source>Choose another delegation to tell.</source>
        <translation>Choisissez une autre délégation à qui le dire.</translation>
    </message>
    <message>
        <source>Choose another delegation, or ask it to admit a laptop with that right.</source>
        <translation>Choisissez une autre délégation, ou demandez-lui d’admettre un ordinateur ayant ce droit.</translation>
    </message>
    <message>
        <source>Choose another delegation.</source>
        <translation>Choisissez une autre délégation.</translation>
    </message>
    <message>
        <source>Choose another file or another time.</source>
        <translation>Choisissez un autre fichier ou une autre période.</translation>
    </message>
    <message>
        <source>Choose another file, or save the page again from the browser.</source>
        <translation>Choisissez un autre fichier, ou réenregistrez la page depuis le navigateur.</translation>
    </message>
    <message>
        <source>Choose another marking, or write to one delegation.</source>
        <translation>Choisissez un autre marquage, ou écrivez à une seule délégation.</translation>
    </message>
    <message>
        <source>Choose another one, and do not trust that stick with the next.</source>
        <translation>Choisissez-en une autre, et ne confiez pas la prochaine à cette clé USB.</translation>
    </message>
    <message>
        <source>Choose another one, or make a new one in another place.</source>
        <translation>Choisissez-en une autre, ou faites-en une nouvelle à un autre endroit.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>Choisissez-en une autre.</translation>
    </message>
    <message>
        <source>Choose another one; nothing was written.</source>
        <translation>Choisissez-en une autre&#x202f;; rien n’a été écrit.</translation>
    </message>
    <message>
        <source>Choose another term.</source>
        <translation>Choisissez une autre durée.</translation>
    </message>
    <message>
        <source>Choose another text in the list.</source>
        <translation>Choisissez un autre texte dans la liste.</translation>
    </message>
    <message>
        <source>Choose another type of message.</source>
        <translation>Choisissez un autre type de message.</translation>
    </message>
    <message>
        <source>Choose another value.</source>
        <translation>Choisissez une autre valeur.</translation>
    </message>
    <message>
        <source>Choose at least one.</source>
        <translation>Choisissez-en au moins une.</translation>
    </message>
    <message>
        <source>Choose consultations or events.</source>
        <translation>Choisissez des consultations ou des manifestations.</translation>
    </message>
    <message>
        <source>Choose each of them once.</source>
        <translation>Choisissez chacun d’eux une seule fois.</translation>
    </message>
    <message>
        <source>Choose fewer rows with a filter, or write it as CSV.</source>
        <translation>Choisissez moins de lignes au moyen d’un filtre, ou écrivez-le en CSV.</translation>
    </message>
    <message>
        <source>Choose one answer for each amendment.</source>
        <translation>Choisissez une seule réponse par amendement.</translation>
    </message>
    <message>
        <source>Choose one from the list.</source>
        <translation>Choisissez dans la liste.</translation>
    </message>
    <message>
        <source>Choose one of the six.</source>
        <translation>Choisissez l’une des six.</translation>
    </message>
    <message>
        <source>Choose one of the two.</source>
        <translation>Choisissez l’un des deux.</translation>
    </message>
    <message>
        <source>Choose one of those offered.</source>
        <translation>Choisissez parmi ceux qui sont proposés.</translation>
    </message>
    <message>
        <source>Choose one other delegation for a bilateral room, at least one for a group.</source>
        <translation>Choisissez une seule autre délégation pour une salle bilatérale, au moins une pour un groupe.</translation>
    </message>
    <message>
        <source>Choose preamble, operative part, annex or other.</source>
        <translation>Choisissez préambule, dispositif, annexe ou autre.</translation>
    </message>
    <message>
        <source>Choose support, can go along, reserve, scrutiny reservation or oppose.</source>
        <translation>Choisissez appuie, peut s’y rallier, réserve, réserve d’examen ou s’oppose.</translation>
    </message>
    <message>
        <source>Choose the State, the delegation or the item first.</source>
        <translation>Choisissez d’abord l’État, la délégation ou l’élément.</translation>
    </message>
    <message>
        <source>Choose the document itself.</source>
        <translation>Choisissez le document lui-même.</translation>
    </message>
    <message>
        <source>Choose the file named delegation.key, usually on a stick.</source>
        <translation>Choisissez le fichier nommé delegation.key, en général sur une clé USB.</translation>
    </message>
    <message>
        <source>Choose the file that ends in .release, or get it again from the publisher.</source>
        <translation>Choisissez le fichier qui se termine par .release, ou procurez-vous-le de nouveau auprès de l’éditeur.</translation>
    </message>
    <message>
        <source>Choose the file that the first laptop saved.</source>
        <translation>Choisissez le fichier que le premier ordinateur a enregistré.</translation>
    </message>
    <message>
        <source>Choose the file that the other laptop saved.</source>
        <translation>Choisissez le fichier que l’autre ordinateur a enregistré.</translation>
    </message>
    <message>
        <source>Choose the file the other delegation gave you.</source>
        <translation>Choisissez le fichier que l’autre délégation vous a donné.</translation>
    </message>
    <message>
        <source>Choose the key file of your own delegation.</source>
        <translation>Choisissez le fichier de clé de votre propre délégation.</translation>
    </message>
    <message>
        <source>Choose the other side, or the register within your delegation.</source>
        <translation>Choisissez l’autre côté, ou le registre au sein de votre délégation.</translation>
    </message>
    <message>
        <source>Choose the same label or a narrower one.</source>
        <translation>Choisissez le même marquage ou un marquage plus étroit.</translation>
    </message>
    <message>
        <source>Choose two or more delegations, or none.</source>
        <translation>Choisissez deux délégations ou plus, ou aucune.</translation>
    </message>
    <message>
        <source>Choose what is requested, or send a notification instead.</source>
        <translation>Choisissez ce qui est demandé, ou envoyez plutôt une notification.</translation>
    </message>
    <message>
        <source>Close other programs and try again, or compare the number by eye.</source>
        <translation>Fermez d’autres programmes et réessayez, ou comparez visuellement le numéro.</translation>
    </message>
    <message>
        <source>Close other programs and try again; if it happens again, run valise doctor.</source>
        <translation>Fermez d’autres programmes et réessayez&#x202f;; si cela se reproduit, exécutez valise doctor.</translation>
    </message>
    <message>
        <source>Close other programs, then try again.</source>
        <translation>Fermez d’autres programmes, puis réessayez.</translation>
    </message>
    <message>
        <source>Compare again in one of the ways shown.</source>
        <translation>Comparez de nouveau par l’un des moyens indiqués.</translation>
    </message>
    <message>
        <source>Compare once more, best in person, then decide in Contacts.</source>
        <translation>Comparez encore une fois, de préférence en personne, puis décidez dans Contacts.</translation>
    </message>
    <message>
        <source>Compare the words with the paper; perhaps they are for another vault.</source>
        <translation>Comparez les mots avec le papier&#x202f;; elles sont peut-être pour un autre coffre.</translation>
    </message>
    <message>
        <source>Compare with it first, then choose it.</source>
        <translation>Comparez d’abord avec elle, puis choisissez-la.</translation>
    </message>
    <message>
        <source>Compare with it first, then vouch for it.</source>
        <translation>Comparez d’abord avec elle, puis portez-vous garant.</translation>
    </message>
    <message>
        <source>Compare with it in person, then decide in Contacts.</source>
        <translation>Comparez avec elle en personne, puis décidez dans Contacts.</translation>
    </message>
    <message>
        <source>Compare with that delegation in person before sending anything.</source>
        <translation>Comparez avec cette délégation en personne avant d’envoyer quoi que ce soit.</translation>
    </message>
    <message>
        <source>Connect the disk they are on, or restore a backup.</source>
        <translation>Connectez le disque où ils se trouvent, ou restaurez une sauvegarde.</translation>
    </message>
    <message>
        <source>Connect; it goes on by itself.</source>
        <translation>Connectez-vous&#x202f;; il continue de lui-même.</translation>
    </message>
    <message>
        <source>Copy it onto this computer and choose it there.</source>
        <translation>Copiez-le sur cet ordinateur et choisissez-le là.</translation>
    </message>
    <message>
        <source>Correct the times; they are UTC.</source>
        <translation>Corrigez les heures&#x202f;; elles sont en UTC.</translation>
    </message>
    <message>
        <source>Cut it to the code, or take a smaller one (at most 24 MiB).</source>
        <translation>Recadrez-la sur le code, ou prenez-en une plus petite (24 Mio au plus).</translation>
    </message>
    <message>
        <source>Decide each of them first, then agree the paragraph.</source>
        <translation>Tranchez d’abord chacun d’eux, puis convenez du paragraphe.</translation>
    </message>
    <message>
        <source>Divide it and import the parts.</source>
        <translation>Divisez-la et importez les parties.</translation>
    </message>
    <message>
        <source>Divide the document and import the parts.</source>
        <translation>Divisez le document et importez les parties.</translation>
    </message>
    <message>
        <source>Divide the text, or save it as a Word document.</source>
        <translation>Divisez le texte, ou enregistrez-le comme document Word.</translation>
    </message>
    <message>
        <source>Do it in several steps, a few paragraphs each.</source>
        <translation>Procédez en plusieurs étapes, quelques paragraphes à chaque fois.</translation>
    </message>
    <message>
        <source>Do it in several steps.</source>
        <translation>Procédez en plusieurs étapes.</translation>
    </message>
    <message>
        <source>Do not install it. Choose a package that is named here, or the release file that came with this one.</source>
        <translation>Ne l’installez pas. Choisissez un paquet nommé ici, ou le fichier de version qui accompagnait celui-ci.</translation>
    </message>
    <message>
        <source>Do not open it with another program; ask its sender.</source>
        <translation>Ne l’ouvrez pas avec un autre programme&#x202f;; interrogez son expéditeur.</translation>
    </message>
    <message>
        <source>Do not rely on the file; use the command valise verify on another machine.</source>
        <translation>Ne vous fiez pas au fichier&#x202f;; utilisez la commande valise verify sur une autre machine.</translation>
    </message>
    <message>
        <source>Do not sign on. Ask the delegation that opened it, in person or by telephone.</source>
        <translation>Ne vous associez pas. Interrogez la délégation qui l’a ouverte, en personne ou par téléphone.</translation>
    </message>
    <message>
        <source>Do not type the passphrase. Restore the file from a backup.</source>
        <translation>Ne saisissez pas la phrase de passe. Restaurez le fichier à partir d’une sauvegarde.</translation>
    </message>
    <message>
        <source>Do not use it. Ask both delegations for their cards by another way.</source>
        <translation>Ne l’utilisez pas. Demandez leur carte aux deux délégations par une autre voie.</translation>
    </message>
    <message>
        <source>Do not use it. Ask the delegation for its card by another way.</source>
        <translation>Ne l’utilisez pas. Demandez sa carte à la délégation par une autre voie.</translation>
    </message>
    <message>
        <source>Do not use it; take the one made when the delegation was founded.</source>
        <translation>Ne l’utilisez pas&#x202f;; prenez celui qui a été établi à la fondation de la délégation.</translation>
    </message>
    <message>
        <source>Do not use this file; ask for the card by another way.</source>
        <translation>N’utilisez pas ce fichier&#x202f;; demandez la carte par une autre voie.</translation>
    </message>
    <message>
        <source>Each share says on paper how many of its set it takes.</source>
        <translation>Chaque part indique sur le papier combien de parts de son jeu sont nécessaires.</translation>
    </message>
    <message>
        <source>Edit the words first.</source>
        <translation>Modifiez d’abord le libellé.</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), then begin again.</source>
        <translation>Échangez d’abord (Ctrl+R), puis recommencez.</translation>
    </message>
    <message>
        <source>Exchange once more and look again.</source>
        <translation>Procédez à un nouvel échange et regardez de nouveau.</translation>
    </message>
    <message>
        <source>Exchange once more, so that its newest card comes, and try again; or take its card in person.</source>
        <translation>Procédez à un nouvel échange, pour que sa carte la plus récente arrive, et réessayez&#x202f;; ou prenez sa carte en personne.</translation>
    </message>
    <message>
        <source>Exchange once more; it may still be under way.</source>
        <translation>Procédez à un nouvel échange&#x202f;; elle est peut-être encore en route.</translation>
    </message>
    <message>
        <source>Fill in the marked field as well, then keep both.</source>
        <translation>Remplissez aussi le champ marqué, puis conservez les deux.</translation>
    </message>
    <message>
        <source>Fill in the marked field, then keep the row again.</source>
        <translation>Remplissez le champ marqué, puis conservez de nouveau la ligne.</translation>
    </message>
    <message>
        <source>Fill in the time, or choose another urgency.</source>
        <translation>Indiquez l’heure, ou choisissez une autre urgence.</translation>
    </message>
    <message>
        <source>First let the passphrase open alone.</source>
        <translation>Laissez d’abord la phrase de passe ouvrir seule.</translation>
    </message>
    <message>
        <source>Free some space there, or take another stick; what waits is kept and sent then.</source>
        <translation>Libérez-y de la place, ou prenez une autre clé USB&#x202f;; ce qui attend est conservé et envoyé ensuite.</translation>
    </message>
    <message>
        <source>Free some space, then do it again.</source>
        <translation>Libérez de la place, puis recommencez.</translation>
    </message>
    <message>
        <source>Give another laptop the right to admit laptops first.</source>
        <translation>Donnez d’abord à un autre ordinateur le droit d’admettre des ordinateurs.</translation>
    </message>
    <message>
        <source>Give it a name and keep it again.</source>
        <translation>Donnez-lui un nom et conservez-le de nouveau.</translation>
    </message>
    <message>
        <source>Give it a short name; those asked read it.</source>
        <translation>Donnez-lui un nom court&#x202f;; ceux qui sont interrogés le lisent.</translation>
    </message>
    <message>
        <source>Give it one that every member will understand.</source>
        <translation>Donnez-lui-en un que chaque membre comprendra.</translation>
    </message>
    <message>
        <source>Give it one, then open it.</source>
        <translation>Donnez-lui-en un, puis ouvrez-le.</translation>
    </message>
    <message>
        <source>Give one that no earlier revision has, for example ending in Rev.3.</source>
        <translation>Donnez-en une que n’a aucune révision antérieure, par exemple se terminant par Rev.3.</translation>
    </message>
    <message>
        <source>Give the delegation a new one.</source>
        <translation>Donnez-en une nouvelle à la délégation.</translation>
    </message>
    <message>
        <source>Give your own register another id in its file.</source>
        <translation>Donnez un autre identifiant à votre propre registre dans son fichier.</translation>
    </message>
    <message>
        <source>Go to Contacts, compare with that delegation and decide.</source>
        <translation>Allez à Contacts, comparez avec cette délégation et décidez.</translation>
    </message>
    <message>
        <source>Go to that window, or close it and try again.</source>
        <translation>Allez à cette fenêtre, ou fermez-la et réessayez.</translation>
    </message>
    <message>
        <source>Hand the stick on. Whoever is the last may delete the file.</source>
        <translation>Faites passer la clé USB. Le dernier peut supprimer le fichier.</translation>
    </message>
    <message>
        <source>Have a laptop that is in use admit this one, and ask who signed the other list.</source>
        <translation>Faites admettre celui-ci par un ordinateur en usage, et demandez qui a signé l’autre liste.</translation>
    </message>
    <message>
        <source>How the identities were compared was not said.</source>
        <translation>Il n’a pas été dit comment les identités ont été comparées.</translation>
    </message>
    <message>
        <source>If nobody moved it, look for the copy in your safe.</source>
        <translation>Si personne ne l’a déplacé, cherchez la copie dans votre coffre-fort.</translation>
    </message>
    <message>
        <source>If you expected it, open the sender&apos;s newest identity card first, then the bundle again.</source>
        <translation>Si vous l’attendiez, ouvrez d’abord la carte d’identité la plus récente de l’expéditeur, puis de nouveau le pli.</translation>
    </message>
    <message>
        <source>If you want an archive of your own, say so above. Nothing was written.</source>
        <translation>Si vous voulez une archive à vous, dites-le ci-dessus. Rien n’a été écrit.</translation>
    </message>
    <message>
        <source>In a room with others each delegation writes the rows of its own State only.</source>
        <translation>Dans une salle avec d’autres, chaque délégation n’écrit que les lignes de son propre État.</translation>
    </message>
    <message>
        <source>Install Valise anew; the vault itself is untouched.</source>
        <translation>Réinstallez Valise&#x202f;; le coffre lui-même est intact.</translation>
    </message>
    <message>
        <source>Install nothing of it. Ask the publisher, by another way, whether its key is another one now.</source>
        <translation>N’en installez rien. Demandez à l’éditeur, par une autre voie, si sa clé a changé.</translation>
    </message>
    <message>
        <source>Install nothing of it. Get both again from the publisher, by another way.</source>
        <translation>N’en installez rien. Procurez-vous de nouveau les deux auprès de l’éditeur, par une autre voie.</translation>
    </message>
    <message>
        <source>Install the Noto fonts (fonts-noto-core and fonts-noto-cjk), then try again.</source>
        <translation>Installez les polices Noto (fonts-noto-core et fonts-noto-cjk), puis réessayez.</translation>
    </message>
    <message>
        <source>Install the newer version on this device.</source>
        <translation>Installez la version plus récente sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Install the newer version, then try again.</source>
        <translation>Installez la version plus récente, puis réessayez.</translation>
    </message>
    <message>
        <source>It did not leave. Look at it again after the next exchange.</source>
        <translation>Il n’est pas parti. Regardez-le de nouveau après le prochain échange.</translation>
    </message>
    <message>
        <source>It is computed again from the signed entries; there is nothing to do.</source>
        <translation>Il est recalculé à partir des entrées signées&#x202f;; il n’y a rien à faire.</translation>
    </message>
    <message>
        <source>It is kept sealed, and its keys have been asked for again.</source>
        <translation>Il est conservé scellé, et ses clés ont été redemandées.</translation>
    </message>
    <message>
        <source>It is not chosen what this row is about.</source>
        <translation>L’objet de cette ligne n’est pas choisi.</translation>
    </message>
    <message>
        <source>It is of the first version: keep two copies of its key file in two safes.</source>
        <translation>Elle est de la première version&#xa0;: gardez deux copies de son fichier de clé dans deux coffres-forts.</translation>
    </message>
    <message>
        <source>It is tried again at each exchange; there is nothing to do.</source>
        <translation>Un nouvel essai a lieu à chaque échange&#x202f;; il n’y a rien à faire.</translation>
    </message>
    <message>
        <source>It is tried again at the next exchange; there is nothing to do.</source>
        <translation>Un nouvel essai a lieu au prochain échange&#x202f;; il n’y a rien à faire.</translation>
    </message>
    <message>
        <source>It lists every laptop there ever was. Renew a laptop for another officer instead of admitting one.</source>
        <translation>Elle énumère tous les ordinateurs qu’il y a jamais eu. Renouvelez un ordinateur pour un autre agent au lieu d’en admettre un.</translation>
    </message>
    <message>
        <source>It may still be under way: wait for the next exchange.</source>
        <translation>Il est peut-être encore en route&#xa0;: attendez le prochain échange.</translation>
    </message>
    <message>
        <source>It sends nothing and gets nothing any more; what it holds can still be read here.</source>
        <translation>Il n’envoie et ne reçoit plus rien&#x202f;; ce qu’il contient peut encore être lu ici.</translation>
    </message>
    <message>
        <source>It was left as it was. Run valise doctor.</source>
        <translation>Il a été laissé tel quel. Exécutez valise doctor.</translation>
    </message>
    <message>
        <source>It was never finished, or the copy was cut short. Choose another one.</source>
        <translation>Elle n’a jamais été achevée, ou la copie a été interrompue. Choisissez-en une autre.</translation>
    </message>
    <message>
        <source>It was refused whole; nothing of it entered the vault.</source>
        <translation>Tout a été refusé&#x202f;; rien n’en est entré dans le coffre.</translation>
    </message>
    <message>
        <source>Its missing parts have been asked for again.</source>
        <translation>Ses parties manquantes ont été redemandées.</translation>
    </message>
    <message>
        <source>Its operator has to bring it up to date. What waits is kept; a courier can take it.</source>
        <translation>Son exploitant doit le mettre à jour. Ce qui attend est conservé&#x202f;; un porteur peut l’acheminer.</translation>
    </message>
    <message>
        <source>Its sender sends it again; give your newest card to those who never wrote to you before.</source>
        <translation>Son expéditeur l’envoie de nouveau&#x202f;; donnez votre carte la plus récente à ceux qui ne vous ont encore jamais écrit.</translation>
    </message>
    <message>
        <source>Its vault was put back from an older copy, or it is in use twice. Ask that delegation.</source>
        <translation>Son coffre a été remis en place à partir d’une copie plus ancienne, ou est utilisé en double. Interrogez cette délégation.</translation>
    </message>
    <message>
        <source>Keep the row without choosing a room.</source>
        <translation>Conservez la ligne sans choisir de salle.</translation>
    </message>
    <message>
        <source>Keys came from a laptop under a key that was given to another one.</source>
        <translation>Des clés sont venues d’un ordinateur sous une clé qui avait été donnée à un autre.</translation>
    </message>
    <message>
        <source>Keys that came from another laptop are not valid.</source>
        <translation>Des clés venues d’un autre ordinateur ne sont pas valables.</translation>
    </message>
    <message>
        <source>Laying out the pages took more time or memory than is allowed.</source>
        <translation>La mise en page a demandé plus de temps ou de mémoire que permis.</translation>
    </message>
    <message>
        <source>Leave it as it is; it follows from what happens.</source>
        <translation>Laissez-le tel quel&#x202f;; il découle de ce qui se passe.</translation>
    </message>
    <message>
        <source>Leave the folder as it is and run valise doctor.</source>
        <translation>Laissez le dossier tel quel et exécutez valise doctor.</translation>
    </message>
    <message>
        <source>Leave them out of the round.</source>
        <translation>Laissez-les hors du tour.</translation>
    </message>
    <message>
        <source>Let it ask to be admitted anew.</source>
        <translation>Faites-lui demander une nouvelle admission.</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again, and carry it by hand.</source>
        <translation>Faites refaire sa demande à l’autre ordinateur, et transportez-la à la main.</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again.</source>
        <translation>Faites refaire sa demande à l’autre ordinateur.</translation>
    </message>
    <message>
        <source>Let the passphrase open alone, make and rehearse new shares, then demand the keyring again.</source>
        <translation>Laissez la phrase de passe ouvrir seule, établissez et essayez de nouvelles parts, puis exigez de nouveau le trousseau.</translation>
    </message>
    <message>
        <source>Lock, and choose “Practise with fictional delegations” on the unlock page.</source>
        <translation>Verrouillez, et choisissez «&#xa0;S’entraîner avec des délégations fictives&#xa0;» sur la page de déverrouillage.</translation>
    </message>
    <message>
        <source>Look at Ways of exchange in Settings.</source>
        <translation>Voyez Voies d’échange dans Paramètres.</translation>
    </message>
    <message>
        <source>Look at both in Contacts, ask by another way, then decide.</source>
        <translation>Examinez les deux dans Contacts, interrogez par une autre voie, puis décidez.</translation>
    </message>
    <message>
        <source>Look at it again after the next exchange.</source>
        <translation>Regardez-le de nouveau après le prochain échange.</translation>
    </message>
    <message>
        <source>Look at it in Contacts and decide; what you write waits until then.</source>
        <translation>Examinez-le dans Contacts et décidez&#x202f;; ce que vous écrivez attend jusque-là.</translation>
    </message>
    <message>
        <source>Look at its newest state, then try again.</source>
        <translation>Regardez son état le plus récent, puis réessayez.</translation>
    </message>
    <message>
        <source>Look at its status; it may have been agreed or reopened meanwhile.</source>
        <translation>Regardez sa situation&#x202f;; il a peut-être été convenu ou rouvert entre-temps.</translation>
    </message>
    <message>
        <source>Look at the contact&apos;s page.</source>
        <translation>Regardez la page du contact.</translation>
    </message>
    <message>
        <source>Look at the contact, or make the bundle for the others alone.</source>
        <translation>Examinez le contact, ou préparez le pli pour les autres seulement.</translation>
    </message>
    <message>
        <source>Look at the entries for unusual characters and try again.</source>
        <translation>Cherchez des caractères inhabituels dans les entrées et réessayez.</translation>
    </message>
    <message>
        <source>Look at the entry and the round again; choose something that was confirmed, or a wider marking.</source>
        <translation>Examinez de nouveau l’entrée et le tour&#x202f;; choisissez un élément confirmé, ou un marquage plus large.</translation>
    </message>
    <message>
        <source>Look at the fields again; choose from what is offered.</source>
        <translation>Regardez de nouveau les champs&#x202f;; choisissez parmi ce qui est proposé.</translation>
    </message>
    <message>
        <source>Look at the fields marked as required.</source>
        <translation>Regardez les champs marqués comme requis.</translation>
    </message>
    <message>
        <source>Look at the history of the row again after the next exchange.</source>
        <translation>Regardez de nouveau l’historique de la ligne après le prochain échange.</translation>
    </message>
    <message>
        <source>Look at the list again.</source>
        <translation>Regardez de nouveau la liste.</translation>
    </message>
    <message>
        <source>Look at the list again. Only States and items that the register has can have rows.</source>
        <translation>Regardez de nouveau la liste. Seuls les États et les éléments que comporte le registre peuvent avoir des lignes.</translation>
    </message>
    <message>
        <source>Look at the list again: it may have taken its name back.</source>
        <translation>Regardez de nouveau la liste&#xa0;: elle a peut-être retiré son nom.</translation>
    </message>
    <message>
        <source>Look at the list of members.</source>
        <translation>Regardez la liste des membres.</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph, then try again.</source>
        <translation>Regardez l’état le plus récent du paragraphe, puis réessayez.</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph.</source>
        <translation>Regardez l’état le plus récent du paragraphe.</translation>
    </message>
    <message>
        <source>Look at the newest state of the text; it may have been taken out or put together with another.</source>
        <translation>Regardez l’état le plus récent du texte&#x202f;; il a peut-être été enlevé ou réuni à un autre.</translation>
    </message>
    <message>
        <source>Look at the offers again after the next exchange.</source>
        <translation>Regardez de nouveau les offres après le prochain échange.</translation>
    </message>
    <message>
        <source>Look at the paragraph as it stands now.</source>
        <translation>Regardez le paragraphe tel qu’il se présente maintenant.</translation>
    </message>
    <message>
        <source>Look at the proxy under Settings, Exchange, with whoever looks after this network.</source>
        <translation>Voyez le serveur mandataire sous Paramètres, Échange, avec la personne qui s’occupe de ce réseau.</translation>
    </message>
    <message>
        <source>Look at what the pen decided, then propose anew if needed.</source>
        <translation>Regardez ce que la plume a décidé, puis proposez de nouveau au besoin.</translation>
    </message>
    <message>
        <source>Look at “Our card” in Contacts and decide; what you write waits until then.</source>
        <translation>Regardez «&#xa0;Notre carte&#xa0;» dans Contacts et décidez&#x202f;; ce que vous écrivez attend jusque-là.</translation>
    </message>
    <message>
        <source>Look for a paragraph that begins with a very long mark, and mend it.</source>
        <translation>Cherchez un paragraphe qui commence par une très longue marque, et corrigez-le.</translation>
    </message>
    <message>
        <source>Look for the sheets that say Valise.</source>
        <translation>Cherchez les feuilles qui portent le nom Valise.</translation>
    </message>
    <message>
        <source>Make one under Messages, or hand over your card with a permission.</source>
        <translation>Créez-en une dans Messages, ou remettez votre carte avec une autorisation.</translation>
    </message>
    <message>
        <source>Make recovery shares and rehearse them; a keyring that vanishes then locks nobody out.</source>
        <translation>Établissez des parts de récupération et essayez-les&#x202f;; un trousseau qui disparaît n’empêche alors personne d’entrer.</translation>
    </message>
    <message>
        <source>Make room there or choose another place. Earlier backups are as they were.</source>
        <translation>Faites-y de la place ou choisissez un autre endroit. Les sauvegardes antérieures sont telles qu’elles étaient.</translation>
    </message>
    <message>
        <source>Mend the lines that are listed, then read the file again.</source>
        <translation>Corrigez les lignes énumérées, puis relisez le fichier.</translation>
    </message>
    <message>
        <source>More shares are needed.</source>
        <translation>Il faut davantage de parts.</translation>
    </message>
    <message>
        <source>No laptop of that delegation may hold the pen.</source>
        <translation>Aucun ordinateur de cette délégation ne peut tenir la plume.</translation>
    </message>
    <message>
        <source>No laptop would be left that may admit others and is in every room.</source>
        <translation>Il ne resterait aucun ordinateur qui puisse en admettre d’autres et soit dans toutes les salles.</translation>
    </message>
    <message>
        <source>No recovery shares can be made of this root key.</source>
        <translation>Il n’est pas possible d’établir des parts de récupération de cette clé racine.</translation>
    </message>
    <message>
        <source>No room was chosen for the journey.</source>
        <translation>Aucune salle n’a été choisie pour le voyage.</translation>
    </message>
    <message>
        <source>No second officer of your delegation could release anything.</source>
        <translation>Aucun second agent de votre délégation ne pourrait autoriser d’envoi.</translation>
    </message>
    <message>
        <source>Nobody can be told there.</source>
        <translation>Personne ne peut y être informé.</translation>
    </message>
    <message>
        <source>Nobody is chosen for this round.</source>
        <translation>Personne n’est choisi pour ce tour.</translation>
    </message>
    <message>
        <source>Nobody vouches for himself, or to the delegation he vouches for.</source>
        <translation>Nul ne se porte garant de soi-même, ni auprès de la délégation dont il se porte garant.</translation>
    </message>
    <message>
        <source>Not everything in this bundle is in the vault, so it stays on the stick.</source>
        <translation>Le contenu de ce pli n’est pas entièrement dans le coffre&#x202f;; le pli reste donc sur la clé USB.</translation>
    </message>
    <message>
        <source>Nothing about this silence procedure is contested any more.</source>
        <translation>Rien n’est plus contesté dans cette procédure d’approbation tacite.</translation>
    </message>
    <message>
        <source>Nothing is lost here. Take another stick and make the bundle again; the bad file has no bundle&apos;s name.</source>
        <translation>Rien n’est perdu ici. Prenez une autre clé USB et préparez de nouveau le pli&#x202f;; le mauvais fichier ne porte pas un nom de pli.</translation>
    </message>
    <message>
        <source>Nothing is lost. Connect; it goes on by itself. See Security, Checks.</source>
        <translation>Rien n’est perdu. Connectez-vous&#x202f;; il continue de lui-même. Voir Sécurité, Contrôles.</translation>
    </message>
    <message>
        <source>Nothing is lost. How it ended stands above the text; there is nothing to decide.</source>
        <translation>Rien n’est perdu. Son issue figure au-dessus du texte&#x202f;; il n’y a rien à décider.</translation>
    </message>
    <message>
        <source>Nothing is lost. It is fetched with the next exchange; look again then.</source>
        <translation>Rien n’est perdu. Elle est relevée au prochain échange&#x202f;; regardez de nouveau à ce moment-là.</translation>
    </message>
    <message>
        <source>Nothing is lost. Say what your delegation thinks as an amendment or a remark; the pen-holder can open another procedure.</source>
        <translation>Rien n’est perdu. Dites ce que pense votre délégation par un amendement ou une remarque&#x202f;; le porte-plume peut ouvrir une autre procédure.</translation>
    </message>
    <message>
        <source>Nothing is lost. The delegations decide together how it goes on.</source>
        <translation>Rien n’est perdu. Les délégations décident ensemble de la suite.</translation>
    </message>
    <message>
        <source>Nothing is said about the file. Use the command valise verify with more time.</source>
        <translation>Rien n’est dit du fichier. Utilisez la commande valise verify avec plus de temps.</translation>
    </message>
    <message>
        <source>Nothing is suspended here.</source>
        <translation>Rien n’est suspendu ici.</translation>
    </message>
    <message>
        <source>Nothing left and nothing was read. Practise with the partners that are here.</source>
        <translation>Rien n’est parti et rien n’a été lu. Entraînez-vous avec les partenaires présents ici.</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Rien n’a quitté cet ordinateur sans être scellé.</translation>
    </message>
    <message>
        <source>Nothing needs to be done; the history shows who undid it.</source>
        <translation>Il n’y a rien à faire&#x202f;; l’historique montre qui l’a annulée.</translation>
    </message>
    <message>
        <source>Nothing new was said.</source>
        <translation>Rien de nouveau n’a été dit.</translation>
    </message>
    <message>
        <source>Nothing to do here. If it happens again, ask that delegation in person.</source>
        <translation>Rien à faire ici. Si cela se reproduit, interrogez cette délégation en personne.</translation>
    </message>
    <message>
        <source>Nothing to do here; it is repeated at the next exchange.</source>
        <translation>Rien à faire ici&#x202f;; il est répété au prochain échange.</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender sends it again.</source>
        <translation>Rien à faire ici&#x202f;; son expéditeur l’envoie de nouveau.</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender&apos;s laptop should be looked at.</source>
        <translation>Rien à faire ici&#x202f;; il faudrait examiner l’ordinateur de son expéditeur.</translation>
    </message>
    <message>
        <source>Nothing to do here; keep other files out of that folder.</source>
        <translation>Rien à faire ici&#x202f;; n’y placez pas d’autres fichiers.</translation>
    </message>
    <message>
        <source>Nothing was added. Mend the line that is named and read the file again.</source>
        <translation>Rien n’a été ajouté. Corrigez la ligne indiquée et relisez le fichier.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Rien n’a été modifié.</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask whoever made it for a new one.</source>
        <translation>Rien n’a été modifié. Demandez-en un nouveau à qui l’a établi.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list, and a name of at most 100 letters.</source>
        <translation>Rien n’a été modifié. Choisissez un État de la liste, et un nom de 100 lettres au plus.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list.</source>
        <translation>Rien n’a été modifié. Choisissez un État de la liste.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a time between one hour and one year ahead, and later than the deadline in force.</source>
        <translation>Rien n’a été modifié. Choisissez une heure située entre une heure et un an à compter de maintenant, et postérieure à l’échéance en vigueur.</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose consultations or events.</source>
        <translation>Rien n’a été modifié. Choisissez des consultations ou des manifestations.</translation>
    </message>
    <message>
        <source>Nothing was changed. Do this in your own vault if it is meant in earnest.</source>
        <translation>Rien n’a été modifié. Faites-le dans votre propre coffre si c’est sérieux.</translation>
    </message>
    <message>
        <source>Nothing was changed. Export it again from the program it comes from.</source>
        <translation>Rien n’a été modifié. Exportez-le de nouveau depuis le programme dont il provient.</translation>
    </message>
    <message>
        <source>Nothing was changed. Export the settings again where the file comes from.</source>
        <translation>Rien n’a été modifié. Exportez de nouveau les paramètres là d’où vient le fichier.</translation>
    </message>
    <message>
        <source>Nothing was changed. Look at the row again; somebody may have changed it meanwhile.</source>
        <translation>Rien n’a été modifié. Regardez de nouveau la ligne&#x202f;; quelqu’un l’a peut-être modifiée entre-temps.</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the file where it is named, and choose it again.</source>
        <translation>Rien n’a été modifié. Corrigez le fichier à l’endroit indiqué, et choisissez-le de nouveau.</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the place that is named and try again.</source>
        <translation>Rien n’a été modifié. Corrigez l’endroit indiqué et réessayez.</translation>
    </message>
    <message>
        <source>Nothing was changed. Restore a backup: it makes this a new laptop of your delegation.</source>
        <translation>Rien n’a été modifié. Restaurez une sauvegarde&#xa0;: cet ordinateur devient alors un nouvel ordinateur de votre délégation.</translation>
    </message>
    <message>
        <source>Nothing was changed. Take another one.</source>
        <translation>Rien n’a été modifié. Prenez-en une autre.</translation>
    </message>
    <message>
        <source>Nothing was changed. Try again, or use the command valise verify.</source>
        <translation>Rien n’a été modifié. Réessayez, ou utilisez la commande valise verify.</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait for the deadline; the procedure is then closed by itself.</source>
        <translation>Rien n’a été modifié. Attendez l’échéance&#x202f;; la procédure est alors close d’elle-même.</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait until it is over, or extend it; then open the next one.</source>
        <translation>Rien n’a été modifié. Attendez qu’elle soit terminée, ou prolongez-la&#x202f;; ouvrez ensuite la suivante.</translation>
    </message>
    <message>
        <source>Nothing was changed. Write a name of at most 100 letters.</source>
        <translation>Rien n’a été modifié. Écrivez un nom de 100 lettres au plus.</translation>
    </message>
    <message>
        <source>Nothing was changed; choose another way.</source>
        <translation>Rien n’a été modifié&#x202f;; choisissez un autre moyen.</translation>
    </message>
    <message>
        <source>Nothing was erased. Type the passphrase once more to rescue what verifies, or restore a backup.</source>
        <translation>Rien n’a été effacé. Saisissez encore une fois la phrase de passe pour sauver ce qui se vérifie, ou restaurez une sauvegarde.</translation>
    </message>
    <message>
        <source>Nothing was given to it. Something on the way may answer in its place: ask its operator by another way.</source>
        <translation>Rien ne lui a été remis. Quelque chose sur le trajet répond peut-être à sa place&#xa0;: interrogez son exploitant par une autre voie.</translation>
    </message>
    <message>
        <source>Nothing was kept. Open the register again; its definition may have changed.</source>
        <translation>Rien n’a été conservé. Rouvrez le registre&#x202f;; sa définition a peut-être changé.</translation>
    </message>
    <message>
        <source>Nothing was read. Cut it into several files.</source>
        <translation>Rien n’a été lu. Découpez-le en plusieurs fichiers.</translation>
    </message>
    <message>
        <source>Nothing was removed. Copy it again, to another stick if need be.</source>
        <translation>Rien n’a été enlevé. Copiez-le de nouveau, au besoin sur une autre clé USB.</translation>
    </message>
    <message>
        <source>Nothing was sent. Look at it again after the next exchange.</source>
        <translation>Rien n’a été envoyé. Regardez-le de nouveau après le prochain échange.</translation>
    </message>
    <message>
        <source>Nothing was sent. Write a sentence for the other delegations, then break it.</source>
        <translation>Rien n’a été envoyé. Écrivez une phrase pour les autres délégations, puis rompez-le.</translation>
    </message>
    <message>
        <source>Nothing was signed and the root key is closed. Look at the list and begin again.</source>
        <translation>Rien n’a été signé et la clé racine est fermée. Regardez la liste et recommencez.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask for the card of the real delegation.</source>
        <translation>Rien n’a été repris. Demandez la carte de la délégation réelle.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask its sender for another one.</source>
        <translation>Rien n’a été repris. Demandez-en un autre à son expéditeur.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Change to the side the file was written from.</source>
        <translation>Rien n’a été repris. Passez au côté à partir duquel le fichier a été écrit.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Choose a file whose name ends in .valise.</source>
        <translation>Rien n’a été pris en charge. Choisissez un fichier dont le nom se termine par .valise.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Cut it into several files.</source>
        <translation>Rien n’a été repris. Découpez-le en plusieurs fichiers.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Decide which of the two lines is right and delete the other.</source>
        <translation>Rien n’a été repris. Décidez laquelle des deux lignes est juste et supprimez l’autre.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Delete one of them from the file.</source>
        <translation>Rien n’a été repris. Supprimez l’une d’elles du fichier.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the calendar again as .ics from the program it comes from.</source>
        <translation>Rien n’a été repris. Exportez de nouveau le calendrier en .ics depuis le programme dont il provient.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the register first and fill in that file.</source>
        <translation>Rien n’a été repris. Exportez d’abord le registre et remplissez ce fichier.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Install the newer version, then open the bundle again.</source>
        <translation>Rien n’a été pris en charge. Installez la version plus récente, puis rouvrez le pli.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Leave the cell empty for a new row.</source>
        <translation>Rien n’a été repris. Laissez la cellule vide pour une nouvelle ligne.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Look for a comma or a quotation mark too many in that line.</source>
        <translation>Rien n’a été repris. Cherchez une virgule ou un guillemet de trop dans cette ligne.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Mend that place and read the file again.</source>
        <translation>Rien n’a été repris. Corrigez cet endroit et relisez le fichier.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Name the column as the register does, or delete it from the file.</source>
        <translation>Rien n’a été repris. Nommez la colonne comme le registre, ou supprimez-la du fichier.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Practise with the partners that are here; real contacts belong into your own vault.</source>
        <translation>Rien n’a été repris. Entraînez-vous avec les partenaires présents ici&#x202f;; les contacts réels ont leur place dans votre propre coffre.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Put back what stood there, or delete the column from the file.</source>
        <translation>Rien n’a été repris. Remettez ce qui y figurait, ou supprimez la colonne du fichier.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Read the file again: what it changes now is shown.</source>
        <translation>Rien n’a été repris. Relisez le fichier&#xa0;: ce qu’il modifie maintenant est montré.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the key in this cell: the last column of an exported file has it.</source>
        <translation>Rien n’a été repris. Écrivez la clé dans cette cellule&#xa0;: elle figure dans la dernière colonne d’un fichier exporté.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the name as the register shows it, or its code.</source>
        <translation>Rien n’a été repris. Écrivez le nom tel que l’affiche le registre, ou son code.</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the title as the register shows it, or enter that row first.</source>
        <translation>Rien n’a été repris. Écrivez le titre tel que l’affiche le registre, ou saisissez d’abord cette ligne.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the fictional delegations; real States belong into your own vault.</source>
        <translation>Rien n’a été écrit. Choisissez l’une des délégations fictives&#x202f;; les États réels ont leur place dans votre propre coffre.</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the forms that are offered.</source>
        <translation>Rien n’a été écrit. Choisissez l’une des formes proposées.</translation>
    </message>
    <message>
        <source>Nothing was written. Open the entry in the directory and choose the note verbale there.</source>
        <translation>Rien n’a été écrit. Ouvrez l’entrée dans le répertoire et choisissez-y la note verbale.</translation>
    </message>
    <message>
        <source>Nothing was written. Tell whoever looks after Valise with you.</source>
        <translation>Rien n’a été écrit. Prévenez la personne qui s’occupe de Valise chez vous.</translation>
    </message>
    <message>
        <source>Nothing was written. Try another format, and tell whoever looks after Valise with you.</source>
        <translation>Rien n’a été écrit. Essayez un autre format, et prévenez la personne qui s’occupe de Valise chez vous.</translation>
    </message>
    <message>
        <source>Nothing would change.</source>
        <translation>Rien ne changerait.</translation>
    </message>
    <message>
        <source>One cell of this row is longer than 200,000 characters.</source>
        <translation>Une cellule de cette ligne dépasse 200&#x202f;000 caractères.</translation>
    </message>
    <message>
        <source>One entry of this vault is larger than a backup can hold.</source>
        <translation>Une entrée de ce coffre est plus grande que ne peut en contenir une sauvegarde.</translation>
    </message>
    <message>
        <source>One line of this file is longer than any table has.</source>
        <translation>Une ligne de ce fichier est plus longue que celles d’aucun tableau.</translation>
    </message>
    <message>
        <source>One paragraph of the document is too long.</source>
        <translation>Un paragraphe du document est trop long.</translation>
    </message>
    <message>
        <source>One share was entered twice.</source>
        <translation>Une part a été saisie deux fois.</translation>
    </message>
    <message>
        <source>Only a delegation that was compared on this laptop can be vouched for.</source>
        <translation>On ne peut se porter garant que d’une délégation qui a été comparée sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Only an answer that the entry has changed says what has changed.</source>
        <translation>Seule une réponse selon laquelle l’entrée a changé dit ce qui a changé.</translation>
    </message>
    <message>
        <source>Only its author can withdraw it.</source>
        <translation>Seul son auteur peut le retirer.</translation>
    </message>
    <message>
        <source>Only its recipients can acknowledge it.</source>
        <translation>Seuls ses destinataires peuvent en accuser réception.</translation>
    </message>
    <message>
        <source>Only tables as CSV are read into a register, and calendars into one with dates.</source>
        <translation>Seuls des tableaux CSV se lisent dans un registre, et des calendriers dans un registre comportant des dates.</translation>
    </message>
    <message>
        <source>Only the chair of this room can change its members.</source>
        <translation>Seule la présidence de cette salle peut en modifier les membres.</translation>
    </message>
    <message>
        <source>Only the delegation that opened the incident may do that.</source>
        <translation>Seule la délégation qui a ouvert l’incident peut le faire.</translation>
    </message>
    <message>
        <source>Only the delegation that opened this list may do that.</source>
        <translation>Seule la délégation qui a ouvert cette liste peut le faire.</translation>
    </message>
    <message>
        <source>Open a room with the delegation first, or leave it out.</source>
        <translation>Ouvrez d’abord une salle avec la délégation, ou laissez-la de côté.</translation>
    </message>
    <message>
        <source>Open it again from its key file or from recovery shares.</source>
        <translation>Ouvrez-la de nouveau à partir de son fichier de clé ou de parts de récupération.</translation>
    </message>
    <message>
        <source>Open it in the program it was made with and save it as .docx.</source>
        <translation>Ouvrez-le dans le programme avec lequel il a été établi et enregistrez-le en .docx.</translation>
    </message>
    <message>
        <source>Open it with its passphrase, or choose a later backup.</source>
        <translation>Ouvrez-la avec sa phrase de passe, ou choisissez une sauvegarde plus récente.</translation>
    </message>
    <message>
        <source>Open its identity card first.</source>
        <translation>Ouvrez d’abord sa carte d’identité.</translation>
    </message>
    <message>
        <source>Open that row and change it.</source>
        <translation>Ouvrez cette ligne et modifiez-la.</translation>
    </message>
    <message>
        <source>Open the answer that the first laptop made.</source>
        <translation>Ouvrez la réponse établie par le premier ordinateur.</translation>
    </message>
    <message>
        <source>Open the bundle first; if it is damaged, ask for another one.</source>
        <translation>Ouvrez d’abord le pli&#x202f;; s’il est endommagé, demandez-en un autre.</translation>
    </message>
    <message>
        <source>Open the card that the other delegation gave you.</source>
        <translation>Ouvrez la carte que l’autre délégation vous a donnée.</translation>
    </message>
    <message>
        <source>Open the keyring of this computer and try again, or use the recovery shares.</source>
        <translation>Ouvrez le trousseau de cet ordinateur et réessayez, ou utilisez les parts de récupération.</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file under Ways of exchange first.</source>
        <translation>Ouvrez d’abord le fichier de l’exploitant sous Voies d’échange.</translation>
    </message>
    <message>
        <source>Open the request again and compare its code with the other laptop&apos;s screen.</source>
        <translation>Rouvrez la demande et comparez son code avec l’écran de l’autre ordinateur.</translation>
    </message>
    <message>
        <source>Open two rounds instead.</source>
        <translation>Ouvrez plutôt deux tours.</translation>
    </message>
    <message>
        <source>Opening this vault would demand more than a computer should give: the file was changed.</source>
        <translation>L’ouverture de ce coffre exigerait plus qu’un ordinateur ne devrait donner&#xa0;: le fichier a été modifié.</translation>
    </message>
    <message>
        <source>Passphrase and keyring are needed together, so neither may open alone.</source>
        <translation>La phrase de passe et le trousseau sont nécessaires ensemble&#x202f;; aucun des deux ne peut donc ouvrir seul.</translation>
    </message>
    <message>
        <source>Plug it in again and try once more. Earlier backups are as they were; an unfinished one is named as such.</source>
        <translation>Rebranchez-le et réessayez. Les sauvegardes antérieures sont telles qu’elles étaient&#x202f;; une sauvegarde inachevée est nommée comme telle.</translation>
    </message>
    <message>
        <source>Police and judicial matters are not sent here: mutual legal assistance, extradition, warrants and evidence for a court have channels of their own.</source>
        <translation>Les affaires policières et judiciaires ne sont pas envoyées ici&#xa0;: l’entraide judiciaire, l’extradition, les mandats et les preuves destinées à un tribunal ont leurs propres voies.</translation>
    </message>
    <message>
        <source>Press “Compare now” and wait until four words are shown.</source>
        <translation>Appuyez sur «&#xa0;Comparer maintenant&#xa0;» et attendez que quatre mots s’affichent.</translation>
    </message>
    <message>
        <source>Propose it anew if you wish.</source>
        <translation>Proposez-le de nouveau si vous le souhaitez.</translation>
    </message>
    <message>
        <source>Propose the change instead, or ask for the pen.</source>
        <translation>Proposez plutôt la modification, ou demandez la plume.</translation>
    </message>
    <message>
        <source>Put the vault into a folder that stays on this device.</source>
        <translation>Placez le coffre dans un dossier qui reste sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Read everything meanwhile. Security, Backups and travel, says how it is admitted.</source>
        <translation>En attendant, vous pouvez tout lire. Sécurité, Sauvegardes et voyages, dit comment il est admis.</translation>
    </message>
    <message>
        <source>Read it again.</source>
        <translation>Lisez-le de nouveau.</translation>
    </message>
    <message>
        <source>Read the file again: what can still be proposed is shown.</source>
        <translation>Relisez le fichier&#xa0;: ce qui peut encore être proposé est montré.</translation>
    </message>
    <message>
        <source>Read the file again: what it would change now is shown.</source>
        <translation>Relisez le fichier&#xa0;: ce qu’il changerait maintenant est montré.</translation>
    </message>
    <message>
        <source>Reading this picture took too long, and was stopped.</source>
        <translation>La lecture de cette image a pris trop de temps et a été arrêtée.</translation>
    </message>
    <message>
        <source>Release it, or return it with the reason.</source>
        <translation>Autorisez-en l’envoi, ou renvoyez-le en donnant le motif.</translation>
    </message>
    <message>
        <source>Remove them; they are often pasted in by accident.</source>
        <translation>Enlevez-les&#x202f;; ils sont souvent collés par mégarde.</translation>
    </message>
    <message>
        <source>Restore both from the same backup.</source>
        <translation>Restaurez les deux à partir de la même sauvegarde.</translation>
    </message>
    <message>
        <source>Restore it from a backup; somebody may have changed it.</source>
        <translation>Restaurez-le à partir d’une sauvegarde&#x202f;; quelqu’un l’a peut-être modifié.</translation>
    </message>
    <message>
        <source>Restore it from a backup; the vault itself may be whole.</source>
        <translation>Restaurez-le à partir d’une sauvegarde&#x202f;; le coffre lui-même est peut-être entier.</translation>
    </message>
    <message>
        <source>Restore it from a backup; without it the vault stays closed.</source>
        <translation>Restaurez-le à partir d’une sauvegarde&#x202f;; sans lui, le coffre reste fermé.</translation>
    </message>
    <message>
        <source>Restore the file from a backup.</source>
        <translation>Restaurez le fichier à partir d’une sauvegarde.</translation>
    </message>
    <message>
        <source>Restore the file from a backup; the vault itself may be whole.</source>
        <translation>Restaurez le fichier à partir d’une sauvegarde&#x202f;; le coffre lui-même est peut-être entier.</translation>
    </message>
    <message>
        <source>Retire contacts that are no longer needed, then try again.</source>
        <translation>Écartez les contacts qui ne sont plus nécessaires, puis réessayez.</translation>
    </message>
    <message>
        <source>Return it, so that its author writes it for the words as they stand now.</source>
        <translation>Renvoyez-le, pour que son auteur l’écrive par rapport au libellé actuel.</translation>
    </message>
    <message>
        <source>Revoke it and admit it anew.</source>
        <translation>Révoquez-le et admettez-le de nouveau.</translation>
    </message>
    <message>
        <source>Revoke it on another laptop of your delegation that may admit laptops.</source>
        <translation>Révoquez-le sur un autre ordinateur de votre délégation qui peut admettre des ordinateurs.</translation>
    </message>
    <message>
        <source>Run valise doctor and report what it says.</source>
        <translation>Exécutez valise doctor et signalez ce qu’il dit.</translation>
    </message>
    <message>
        <source>Run valise doctor; nothing was thrown away.</source>
        <translation>Exécutez valise doctor&#x202f;; rien n’a été jeté.</translation>
    </message>
    <message>
        <source>Run valise doctor; the program may have to be installed again.</source>
        <translation>Exécutez valise doctor&#x202f;; il faudra peut-être réinstaller le programme.</translation>
    </message>
    <message>
        <source>Save it anew as plain text, then open that.</source>
        <translation>Réenregistrez-le comme texte brut, puis ouvrez celui-là.</translation>
    </message>
    <message>
        <source>Save it anew in a simpler form, then open that.</source>
        <translation>Réenregistrez-le sous une forme plus simple, puis ouvrez celui-là.</translation>
    </message>
    <message>
        <source>Save it as UTF-8 and try again.</source>
        <translation>Enregistrez-le en UTF-8 et réessayez.</translation>
    </message>
    <message>
        <source>Save it as plain text in UTF-8, then open that.</source>
        <translation>Enregistrez-le comme texte brut en UTF-8, puis ouvrez celui-là.</translation>
    </message>
    <message>
        <source>Save it as plain text, then open that.</source>
        <translation>Enregistrez-le comme texte brut, puis ouvrez celui-là.</translation>
    </message>
    <message>
        <source>Save it once more as CSV, UTF-8, in the program it comes from, and read it again.</source>
        <translation>Enregistrez-le de nouveau en CSV, UTF-8, dans le programme dont il provient, et relisez-le.</translation>
    </message>
    <message>
        <source>Save it without one, then try again; here it will be sealed.</source>
        <translation>Enregistrez-le sans mot de passe, puis réessayez&#x202f;; ici, il sera scellé.</translation>
    </message>
    <message>
        <source>Save the document as plain text, then open that.</source>
        <translation>Enregistrez le document comme texte brut, puis ouvrez celui-là.</translation>
    </message>
    <message>
        <source>Save the file of revocations and give it to the operator of the relay.</source>
        <translation>Enregistrez le fichier des révocations et donnez-le à l’exploitant du relais.</translation>
    </message>
    <message>
        <source>Save the table as CSV in UTF-8 and choose that file. Contact cards are read on the page of contacts.</source>
        <translation>Enregistrez le tableau en CSV, en UTF-8, et choisissez ce fichier. Les cartes de contact se lisent sur la page des contacts.</translation>
    </message>
    <message>
        <source>Say it again if it is for everybody who is there now.</source>
        <translation>Dites-le de nouveau si c’est destiné à tous ceux qui y sont maintenant.</translation>
    </message>
    <message>
        <source>Say what becomes of each amendment, then set the words.</source>
        <translation>Dites ce que devient chaque amendement, puis fixez le libellé.</translation>
    </message>
    <message>
        <source>Say what is otherwise, or that the entry is right.</source>
        <translation>Dites ce qui est différent, ou que l’entrée est exacte.</translation>
    </message>
    <message>
        <source>Security, Backups and travel, says how it is admitted.</source>
        <translation>Sécurité, Sauvegardes et voyages, dit comment il est admis.</translation>
    </message>
    <message>
        <source>Send a smaller file, or carry it on a stick.</source>
        <translation>Envoyez un fichier plus petit, ou transportez-le sur une clé USB.</translation>
    </message>
    <message>
        <source>Send the incident as it is; look at its words for signs that cannot be seen.</source>
        <translation>Envoyez l’incident tel quel&#x202f;; cherchez dans son texte des signes invisibles.</translation>
    </message>
    <message>
        <source>Sending is stopped: the identity of a delegation changed.</source>
        <translation>L’envoi est arrêté&#xa0;: l’identité d’une délégation a changé.</translation>
    </message>
    <message>
        <source>Sending to one of these delegations is stopped until a person decides.</source>
        <translation>L’envoi à l’une de ces délégations est arrêté tant qu’une personne n’a pas décidé.</translation>
    </message>
    <message>
        <source>Sending to this delegation is still stopped.</source>
        <translation>L’envoi à cette délégation est encore arrêté.</translation>
    </message>
    <message>
        <source>Set the relay up in your own vault.</source>
        <translation>Configurez le relais dans votre propre coffre.</translation>
    </message>
    <message>
        <source>Several rows, States or delegations are called so, and nobody can tell which one is meant.</source>
        <translation>Plusieurs lignes, États ou délégations portent ce nom, et personne ne peut dire lequel est visé.</translation>
    </message>
    <message>
        <source>Shorten it, or attach it as a file.</source>
        <translation>Raccourcissez, ou joignez-le en fichier.</translation>
    </message>
    <message>
        <source>Shorten it, or attach the longer text as a file.</source>
        <translation>Raccourcissez, ou joignez le texte plus long en fichier.</translation>
    </message>
    <message>
        <source>Shorten it, or enter the contact by hand.</source>
        <translation>Raccourcissez-la, ou saisissez le contact à la main.</translation>
    </message>
    <message>
        <source>Shorten it.</source>
        <translation>Raccourcissez.</translation>
    </message>
    <message>
        <source>Shorten them, or open a text and a list of its co-sponsors.</source>
        <translation>Raccourcissez-le, ou ouvrez un texte et une liste de ses coauteurs.</translation>
    </message>
    <message>
        <source>Show the rows that were taken out, put it back, then change it.</source>
        <translation>Affichez les lignes enlevées, remettez-la, puis modifiez-la.</translation>
    </message>
    <message>
        <source>Somebody joined this conversation before this could be sent.</source>
        <translation>Quelqu’un a rejoint cette conversation avant que ceci ne puisse être envoyé.</translation>
    </message>
    <message>
        <source>Something in the bundle is not as STIX 2.1 asks.</source>
        <translation>Quelque chose dans le paquet n’est pas conforme à STIX 2.1.</translation>
    </message>
    <message>
        <source>Something in this backup was not signed by whom it names. Somebody may have made it to deceive you.</source>
        <translation>Quelque chose dans cette sauvegarde n’a pas été signé par qui y est nommé. Quelqu’un l’a peut-être faite pour vous tromper.</translation>
    </message>
    <message>
        <source>Something in this vault is damaged. Run valise doctor.</source>
        <translation>Quelque chose est endommagé dans ce coffre. Exécutez valise doctor.</translation>
    </message>
    <message>
        <source>Something outside Valise did not do its part.</source>
        <translation>Quelque chose d’extérieur à Valise n’a pas joué son rôle.</translation>
    </message>
    <message>
        <source>Something stored here no longer verifies.</source>
        <translation>Quelque chose de conservé ici ne se vérifie plus.</translation>
    </message>
    <message>
        <source>Something that must be filled in is empty.</source>
        <translation>Un champ qui doit être rempli est vide.</translation>
    </message>
    <message>
        <source>Something this needs has not arrived yet.</source>
        <translation>Quelque chose qui est nécessaire ici n’est pas encore arrivé.</translation>
    </message>
    <message>
        <source>Something went wrong inside Valise.</source>
        <translation>Quelque chose s’est mal passé à l’intérieur de Valise.</translation>
    </message>
    <message>
        <source>Split it into several paragraphs, then open it again.</source>
        <translation>Divisez-le en plusieurs paragraphes, puis rouvrez-le.</translation>
    </message>
    <message>
        <source>Split it into smaller ones.</source>
        <translation>Divisez-le en documents plus petits.</translation>
    </message>
    <message>
        <source>Split them into several paragraphs.</source>
        <translation>Divisez-le en plusieurs paragraphes.</translation>
    </message>
    <message>
        <source>Start Valise again: it goes on. If it stops again, look at the disk.</source>
        <translation>Redémarrez Valise&#xa0;: l’opération se poursuit. Si elle s’arrête encore, examinez le disque.</translation>
    </message>
    <message>
        <source>Start it again, or compare the number by eye.</source>
        <translation>Recommencez-la, ou comparez visuellement le numéro.</translation>
    </message>
    <message>
        <source>Stop working here, and tell the officer who admits laptops.</source>
        <translation>Cessez de travailler ici, et prévenez l’agent qui admet les ordinateurs.</translation>
    </message>
    <message>
        <source>TLP:RED is for named recipients only, not for a group.</source>
        <translation>TLP:RED est réservé à des destinataires nommés, non à un groupe.</translation>
    </message>
    <message>
        <source>TLP:RED is for the eyes of named recipients: it does not go to a group.</source>
        <translation>TLP:RED est réservé à des destinataires nommés&#xa0;: il ne va pas à un groupe.</translation>
    </message>
    <message>
        <source>Take a picture with the one code only that you want to compare.</source>
        <translation>Prenez une image ne montrant que le code que vous voulez comparer.</translation>
    </message>
    <message>
        <source>Take another picture of the whole code, or compare the number by eye.</source>
        <translation>Prenez une autre image du code entier, ou comparez visuellement le numéro.</translation>
    </message>
    <message>
        <source>Take another picture, with the code large and nothing else beside it.</source>
        <translation>Prenez une autre image, avec le code en grand et rien d’autre à côté.</translation>
    </message>
    <message>
        <source>Take another share of the same set.</source>
        <translation>Prenez une autre part du même jeu.</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other.</source>
        <translation>Prenez quatre ou cinq mots sans rapport entre eux.</translation>
    </message>
    <message>
        <source>Take shares that were made together.</source>
        <translation>Prenez des parts établies ensemble.</translation>
    </message>
    <message>
        <source>Take the newest set; those made before it open nothing any more.</source>
        <translation>Prenez le jeu le plus récent&#x202f;; les parts établies avant lui n’ouvrent plus rien.</translation>
    </message>
    <message>
        <source>That cannot be done with this ping round now.</source>
        <translation>Cela ne peut pas être fait maintenant avec ce tour de tests.</translation>
    </message>
    <message>
        <source>That cannot be done with this statement now.</source>
        <translation>Cela ne peut pas être fait maintenant avec cette déclaration.</translation>
    </message>
    <message>
        <source>That card and the one in the backup are two different lists of your laptops.</source>
        <translation>Cette carte et celle de la sauvegarde sont deux listes différentes de vos ordinateurs.</translation>
    </message>
    <message>
        <source>That delegation is a member of this room already.</source>
        <translation>Cette délégation est déjà membre de cette salle.</translation>
    </message>
    <message>
        <source>That delegation is not a member of this room.</source>
        <translation>Cette délégation n’est pas membre de cette salle.</translation>
    </message>
    <message>
        <source>That delegation is not among your contacts.</source>
        <translation>Cette délégation n’est pas parmi vos contacts.</translation>
    </message>
    <message>
        <source>That does not open this backup.</source>
        <translation>Cela n’ouvre pas cette sauvegarde.</translation>
    </message>
    <message>
        <source>That folder is inside the vault itself: whatever destroys one would destroy the other.</source>
        <translation>Ce dossier est à l’intérieur du coffre lui-même&#xa0;: ce qui détruirait l’un détruirait l’autre.</translation>
    </message>
    <message>
        <source>That is not the passphrase of the key file.</source>
        <translation>Ce n’est pas la phrase de passe du fichier de clé.</translation>
    </message>
    <message>
        <source>That is not the passphrase of this vault.</source>
        <translation>Ce n’est pas la phrase de passe de ce coffre.</translation>
    </message>
    <message>
        <source>That stick or disk is failing. Use another one.</source>
        <translation>Cette clé USB ou ce disque est défaillant. Utilisez-en un autre.</translation>
    </message>
    <message>
        <source>The STIX bundle could not be read.</source>
        <translation>Le paquet STIX n’a pas pu être lu.</translation>
    </message>
    <message>
        <source>The beginning of this backup is damaged, so that nothing opens it.</source>
        <translation>Le début de cette sauvegarde est endommagé, si bien que rien ne l’ouvre.</translation>
    </message>
    <message>
        <source>The beginning of this text has not arrived yet.</source>
        <translation>Le début de ce texte n’est pas encore arrivé.</translation>
    </message>
    <message>
        <source>The bundle could not be made or taken in.</source>
        <translation>Le pli n’a pas pu être préparé ou pris en charge.</translation>
    </message>
    <message>
        <source>The bundle could not be read back as it was written, so no file was made.</source>
        <translation>Le paquet n’a pas pu être relu tel qu’il a été écrit&#x202f;; aucun fichier n’a donc été créé.</translation>
    </message>
    <message>
        <source>The bundle holds more than 5,000 objects.</source>
        <translation>Le paquet contient plus de 5&#x202f;000 objets.</translation>
    </message>
    <message>
        <source>The bundle holds no incident and no indicator.</source>
        <translation>Le paquet ne contient ni incident ni indicateur.</translation>
    </message>
    <message>
        <source>The bundle is larger than 8 MiB.</source>
        <translation>Le paquet dépasse 8 Mio.</translation>
    </message>
    <message>
        <source>The bundle is of another version than STIX 2.1.</source>
        <translation>Le paquet est d’une autre version que STIX 2.1.</translation>
    </message>
    <message>
        <source>The bundle was written, but reads back differently: the stick or disk is failing.</source>
        <translation>Le pli a été écrit, mais sa relecture diffère&#xa0;: la clé USB ou le disque est défaillant.</translation>
    </message>
    <message>
        <source>The calendar has more than 10,000 entries.</source>
        <translation>Le calendrier a plus de 10&#x202f;000 entrées.</translation>
    </message>
    <message>
        <source>The calendar is larger than 16 MiB.</source>
        <translation>Le calendrier dépasse 16 Mio.</translation>
    </message>
    <message>
        <source>The card of this delegation does not hold a key that can be compared.</source>
        <translation>La carte de cette délégation ne contient pas de clé qui puisse être comparée.</translation>
    </message>
    <message>
        <source>The card of your delegation does not list both laptops.</source>
        <translation>La carte de votre délégation n’énumère pas les deux ordinateurs.</translation>
    </message>
    <message>
        <source>The card of your delegation would be too large to travel.</source>
        <translation>La carte de votre délégation serait trop grande pour être acheminée.</translation>
    </message>
    <message>
        <source>The certificate of a laptop is not valid.</source>
        <translation>Le certificat d’un ordinateur n’est pas valable.</translation>
    </message>
    <message>
        <source>The check code is not the one that was compared.</source>
        <translation>Le code de contrôle n’est pas celui qui a été comparé.</translation>
    </message>
    <message>
        <source>The comparison did not come to an end.</source>
        <translation>La comparaison n’a pas abouti.</translation>
    </message>
    <message>
        <source>The contact cards could not be read back as they were written, so no file was made.</source>
        <translation>Les cartes de contact n’ont pas pu être relues telles qu’écrites&#x202f;; aucun fichier n’a donc été créé.</translation>
    </message>
    <message>
        <source>The contact cards could not be read or written.</source>
        <translation>Les cartes de contact n’ont pas pu être lues ou écrites.</translation>
    </message>
    <message>
        <source>The copy is not the same as the key file beside the vault.</source>
        <translation>La copie n’est pas identique au fichier de clé qui est à côté du coffre.</translation>
    </message>
    <message>
        <source>The damaged part holds the keys of this laptop itself.</source>
        <translation>La partie endommagée contient les clés de cet ordinateur lui-même.</translation>
    </message>
    <message>
        <source>The database of the vault is not protected as it must be.</source>
        <translation>La base de données du coffre n’est pas protégée comme elle doit l’être.</translation>
    </message>
    <message>
        <source>The date for answers lies in the past.</source>
        <translation>La date fixée pour les réponses est passée.</translation>
    </message>
    <message>
        <source>The deadline has not passed yet and nobody has broken the silence.</source>
        <translation>L’échéance n’est pas encore passée et personne n’a rompu le silence.</translation>
    </message>
    <message>
        <source>The delegation that opened it can open it again.</source>
        <translation>La délégation qui l’a ouvert peut le rouvrir.</translation>
    </message>
    <message>
        <source>The delegation that sent this does not allow you to send it on to others.</source>
        <translation>La délégation qui a envoyé ceci ne vous permet pas de le transmettre à d’autres.</translation>
    </message>
    <message>
        <source>The directory has changed since this file was read.</source>
        <translation>Le répertoire a changé depuis la lecture de ce fichier.</translation>
    </message>
    <message>
        <source>The disk did not store the last change.</source>
        <translation>Le disque n’a pas enregistré la dernière modification.</translation>
    </message>
    <message>
        <source>The disk is full; the last change was not stored.</source>
        <translation>Le disque est plein&#x202f;; la dernière modification n’a pas été enregistrée.</translation>
    </message>
    <message>
        <source>The document could not be read.</source>
        <translation>Le document n’a pas pu être lu.</translation>
    </message>
    <message>
        <source>The document has too many paragraphs.</source>
        <translation>Le document a trop de paragraphes.</translation>
    </message>
    <message>
        <source>The document is too large.</source>
        <translation>Le document est trop grand.</translation>
    </message>
    <message>
        <source>The document took too long to read or needed too much memory.</source>
        <translation>La lecture du document a pris trop de temps ou demandé trop de mémoire.</translation>
    </message>
    <message>
        <source>The embargo on this has not ended, so it was not sent on.</source>
        <translation>L’embargo n’a pas pris fin&#x202f;; ceci n’a donc pas été transmis.</translation>
    </message>
    <message>
        <source>The evidence could not be written or checked.</source>
        <translation>L’élément de preuve n’a pas pu être écrit ou contrôlé.</translation>
    </message>
    <message>
        <source>The exchange did not succeed.</source>
        <translation>L’échange n’a pas réussi.</translation>
    </message>
    <message>
        <source>The file cannot be opened.</source>
        <translation>Le fichier ne peut pas être ouvert.</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>Le fichier ne peut pas être lu.</translation>
    </message>
    <message>
        <source>The file could not be read or written.</source>
        <translation>Le fichier n’a pas pu être lu ou écrit.</translation>
    </message>
    <message>
        <source>The file could not be read.</source>
        <translation>Le fichier n’a pas pu être lu.</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>Le fichier n’a pas pu être écrit.</translation>
    </message>
    <message>
        <source>The file did not arrive as it was sent.</source>
        <translation>Le fichier n’est pas arrivé tel qu’il a été envoyé.</translation>
    </message>
    <message>
        <source>The file has faults, and a file is taken as a whole or not at all.</source>
        <translation>Le fichier comporte des erreurs, et un fichier est repris en entier ou pas du tout.</translation>
    </message>
    <message>
        <source>The file holds control characters that no text has.</source>
        <translation>Le fichier contient des caractères de commande que n’a aucun texte.</translation>
    </message>
    <message>
        <source>The file holds no words.</source>
        <translation>Le fichier ne contient aucun mot.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Le fichier est vide.</translation>
    </message>
    <message>
        <source>The file is larger than 256 MiB.</source>
        <translation>Le fichier dépasse 256 Mio.</translation>
    </message>
    <message>
        <source>The file is larger than such a file can be.</source>
        <translation>Le fichier est plus grand que ne peut l’être un tel fichier.</translation>
    </message>
    <message>
        <source>The file is not a STIX 2.1 bundle.</source>
        <translation>Le fichier n’est pas un paquet STIX 2.1.</translation>
    </message>
    <message>
        <source>The file is not as long as its sender announced.</source>
        <translation>Le fichier n’a pas la longueur annoncée par son expéditeur.</translation>
    </message>
    <message>
        <source>The file is not readable as text.</source>
        <translation>Le fichier n’est pas lisible comme texte.</translation>
    </message>
    <message>
        <source>The file is not written as STIX is (JSON).</source>
        <translation>Le fichier n’est pas écrit comme l’est STIX (JSON).</translation>
    </message>
    <message>
        <source>The file lacks a column that says what each row is about, or has nothing but that.</source>
        <translation>Il manque au fichier une colonne qui dise l’objet de chaque ligne, ou il ne contient rien d’autre.</translation>
    </message>
    <message>
        <source>The file or entry is torn or was changed on its way.</source>
        <translation>Le fichier ou l’entrée est incomplet ou a été modifié en chemin.</translation>
    </message>
    <message>
        <source>The file reads back otherwise than it was written, so it was not kept.</source>
        <translation>La relecture du fichier diffère de ce qui a été écrit&#x202f;; il n’a donc pas été conservé.</translation>
    </message>
    <message>
        <source>The file that arrived is not the one its sender announced.</source>
        <translation>Le fichier arrivé n’est pas celui que son expéditeur a annoncé.</translation>
    </message>
    <message>
        <source>The file that opens the vault and the vault do not belong together.</source>
        <translation>Le fichier qui ouvre le coffre et le coffre ne vont pas ensemble.</translation>
    </message>
    <message>
        <source>The file that opens the vault is damaged.</source>
        <translation>Le fichier qui ouvre le coffre est endommagé.</translation>
    </message>
    <message>
        <source>The file that opens the vault is missing.</source>
        <translation>Le fichier qui ouvre le coffre manque.</translation>
    </message>
    <message>
        <source>The file that opens the vault is not as it must be.</source>
        <translation>Le fichier qui ouvre le coffre n’est pas tel qu’il doit être.</translation>
    </message>
    <message>
        <source>The file that was looked at is not at hand any more.</source>
        <translation>Le fichier examiné n’est plus disponible.</translation>
    </message>
    <message>
        <source>The folder, stick or relay cannot be reached.</source>
        <translation>Le dossier, la clé USB ou le relais est inaccessible.</translation>
    </message>
    <message>
        <source>The form holds something that does not belong to it.</source>
        <translation>Le formulaire contient quelque chose qui n’y a pas sa place.</translation>
    </message>
    <message>
        <source>The identity of a delegation concerned changed and nobody has decided yet.</source>
        <translation>L’identité d’une délégation concernée a changé et personne n’a encore décidé.</translation>
    </message>
    <message>
        <source>The identity of a laptop is not as it must be.</source>
        <translation>L’identité d’un ordinateur n’est pas telle qu’elle doit être.</translation>
    </message>
    <message>
        <source>The identity of this delegation changed and nobody has decided yet.</source>
        <translation>L’identité de cette délégation a changé et personne n’a encore décidé.</translation>
    </message>
    <message>
        <source>The incident is closed.</source>
        <translation>L’incident est clos.</translation>
    </message>
    <message>
        <source>The incident is open.</source>
        <translation>L’incident est ouvert.</translation>
    </message>
    <message>
        <source>The key file no longer lies beside the vault.</source>
        <translation>Le fichier de clé ne se trouve plus à côté du coffre.</translation>
    </message>
    <message>
        <source>The key of the vault is not as it must be.</source>
        <translation>La clé du coffre n’est pas telle qu’elle doit être.</translation>
    </message>
    <message>
        <source>The keyring of this computer could not be used.</source>
        <translation>Le trousseau de cet ordinateur n’a pas pu être utilisé.</translation>
    </message>
    <message>
        <source>The keyring of this computer does not answer.</source>
        <translation>Le trousseau de cet ordinateur ne répond pas.</translation>
    </message>
    <message>
        <source>The keyring of this computer no longer holds what opens this vault.</source>
        <translation>Le trousseau de cet ordinateur ne contient plus ce qui ouvre ce coffre.</translation>
    </message>
    <message>
        <source>The keys in this request are not possible.</source>
        <translation>Les clés de cette demande ne sont pas possibles.</translation>
    </message>
    <message>
        <source>The keys of a laptop on this card do not verify.</source>
        <translation>Les clés d’un ordinateur figurant sur cette carte ne se vérifient pas.</translation>
    </message>
    <message>
        <source>The ladder goes up only.</source>
        <translation>On ne fait que monter l’échelle.</translation>
    </message>
    <message>
        <source>The language is not one of the six official languages of the United Nations.</source>
        <translation>La langue n’est pas l’une des six langues officielles de l’Organisation des Nations Unies.</translation>
    </message>
    <message>
        <source>The laptop that asks shows another certificate than the one known here.</source>
        <translation>L’ordinateur qui le demande présente un autre certificat que celui qui est connu ici.</translation>
    </message>
    <message>
        <source>The laptop that made this answer may not admit others.</source>
        <translation>L’ordinateur qui a établi cette réponse ne peut pas en admettre d’autres.</translation>
    </message>
    <message>
        <source>The laptop that made this bundle has numbered two different ones alike.</source>
        <translation>L’ordinateur qui a préparé ce pli a donné le même numéro à deux plis différents.</translation>
    </message>
    <message>
        <source>The last column of this line names no row that this register can have.</source>
        <translation>La dernière colonne de cette ligne ne nomme aucune ligne que ce registre puisse avoir.</translation>
    </message>
    <message>
        <source>The marking in the bundle contradicts itself.</source>
        <translation>Le marquage du paquet se contredit.</translation>
    </message>
    <message>
        <source>The message is empty.</source>
        <translation>Le message est vide.</translation>
    </message>
    <message>
        <source>The message is too long.</source>
        <translation>Le message est trop long.</translation>
    </message>
    <message>
        <source>The name of this State cannot be changed so.</source>
        <translation>Le nom de cet État ne peut pas être changé ainsi.</translation>
    </message>
    <message>
        <source>The new passphrase is the old one.</source>
        <translation>La nouvelle phrase de passe est l’ancienne.</translation>
    </message>
    <message>
        <source>The new passphrase is too short.</source>
        <translation>La nouvelle phrase de passe est trop courte.</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>La note dépasse 2&#x202f;000 caractères.</translation>
    </message>
    <message>
        <source>The number of a paragraph is too long to be one.</source>
        <translation>Le numéro d’un paragraphe est trop long pour en être un.</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation concerned differ.</source>
        <translation>Les numéros comparés avec une délégation concernée diffèrent.</translation>
    </message>
    <message>
        <source>The pages of this PDF are pictures: they hold no words that can be read.</source>
        <translation>Les pages de ce PDF sont des images&#xa0;: elles ne contiennent aucun mot lisible.</translation>
    </message>
    <message>
        <source>The paragraph does not stand so that this could be done.</source>
        <translation>La situation du paragraphe ne permet pas de le faire.</translation>
    </message>
    <message>
        <source>The paragraph has changed since this draft was written; it did not leave.</source>
        <translation>Le paragraphe a changé depuis que ce brouillon a été écrit&#x202f;; il n’est pas parti.</translation>
    </message>
    <message>
        <source>The paragraph is agreed; its words cannot be changed.</source>
        <translation>Le paragraphe est convenu&#x202f;; son libellé ne peut pas être modifié.</translation>
    </message>
    <message>
        <source>The paragraph is no longer in the text.</source>
        <translation>Le paragraphe ne figure plus dans le texte.</translation>
    </message>
    <message>
        <source>The part of the vault that answers to a passphrase is damaged.</source>
        <translation>La partie du coffre qui répond à une phrase de passe est endommagée.</translation>
    </message>
    <message>
        <source>The part that encrypts the database is missing.</source>
        <translation>Il manque la partie qui chiffre la base de données.</translation>
    </message>
    <message>
        <source>The parts of the bundle are nested deeper than those of any honest one.</source>
        <translation>Les parties du paquet sont plus profondément imbriquées que celles d’aucun paquet honnête.</translation>
    </message>
    <message>
        <source>The parts of the document are not built as expected.</source>
        <translation>Les parties du document ne sont pas construites comme attendu.</translation>
    </message>
    <message>
        <source>The parts of this file are nested deeper than those of any text.</source>
        <translation>Les parties de ce fichier sont plus profondément imbriquées que celles d’aucun texte.</translation>
    </message>
    <message>
        <source>The parts of this page are nested deeper than those of any text. It was not read.</source>
        <translation>Les parties de cette page sont plus profondément imbriquées que celles d’aucun texte. Elle n’a pas été lue.</translation>
    </message>
    <message>
        <source>The passphrase is empty.</source>
        <translation>La phrase de passe est vide.</translation>
    </message>
    <message>
        <source>The passphrase of the key file is empty.</source>
        <translation>La phrase de passe du fichier de clé est vide.</translation>
    </message>
    <message>
        <source>The passphrase of this vault is protected less than it must be: somebody may have changed the file.</source>
        <translation>La phrase de passe de ce coffre est moins protégée qu’elle ne doit l’être&#xa0;: quelqu’un a peut-être modifié le fichier.</translation>
    </message>
    <message>
        <source>The pen can only go to a delegation that takes part in this text.</source>
        <translation>La plume ne peut aller qu’à une délégation qui participe à ce texte.</translation>
    </message>
    <message>
        <source>The pen has already decided on this amendment.</source>
        <translation>La plume s’est déjà prononcée sur cet amendement.</translation>
    </message>
    <message>
        <source>The permission to use the relay has ended.</source>
        <translation>L’autorisation d’utiliser le relais a pris fin.</translation>
    </message>
    <message>
        <source>The picture could not be read.</source>
        <translation>L’image n’a pas pu être lue.</translation>
    </message>
    <message>
        <source>The place of the amendment in the new words is missing.</source>
        <translation>La place de l’amendement dans le nouveau libellé manque.</translation>
    </message>
    <message>
        <source>The process that checks evidence could not be started.</source>
        <translation>Le processus qui contrôle les éléments de preuve n’a pas pu être démarré.</translation>
    </message>
    <message>
        <source>The process that checks evidence gave no usable answer.</source>
        <translation>Le processus qui contrôle les éléments de preuve n’a donné aucune réponse utilisable.</translation>
    </message>
    <message>
        <source>The program has a register with this id already.</source>
        <translation>Le programme a déjà un registre portant cet identifiant.</translation>
    </message>
    <message>
        <source>The proxy of this network did not let Valise through to the relay.</source>
        <translation>Le serveur mandataire de ce réseau n’a pas laissé Valise atteindre le relais.</translation>
    </message>
    <message>
        <source>The public name is too long or holds control characters.</source>
        <translation>Le nom public est trop long ou contient des caractères de commande.</translation>
    </message>
    <message>
        <source>The quotation marks of the table do not match in this row.</source>
        <translation>Les guillemets du tableau ne s’apparient pas dans cette ligne.</translation>
    </message>
    <message>
        <source>The reader for documents could not be started.</source>
        <translation>Le lecteur de documents n’a pas pu être démarré.</translation>
    </message>
    <message>
        <source>The recovery shares are needed while passphrase and keyring open together only.</source>
        <translation>Les parts de récupération sont nécessaires tant que la phrase de passe et le trousseau n’ouvrent qu’ensemble.</translation>
    </message>
    <message>
        <source>The recovery shares could not be used.</source>
        <translation>Les parts de récupération n’ont pas pu être utilisées.</translation>
    </message>
    <message>
        <source>The register was changed since the file was read.</source>
        <translation>Le registre a été modifié depuis la lecture du fichier.</translation>
    </message>
    <message>
        <source>The relay did not do what it was asked.</source>
        <translation>Le relais n’a pas fait ce qui lui était demandé.</translation>
    </message>
    <message>
        <source>The relay does not accept the permission of this laptop, or no longer.</source>
        <translation>Le relais n’accepte pas, ou plus, l’autorisation de cet ordinateur.</translation>
    </message>
    <message>
        <source>The relay runs a version that is too old to be relied on.</source>
        <translation>Le relais utilise une version trop ancienne pour qu’on s’y fie.</translation>
    </message>
    <message>
        <source>The relay takes no revocations by itself.</source>
        <translation>Le relais n’accepte pas de lui-même les révocations.</translation>
    </message>
    <message>
        <source>The rights of this laptop were changed too often.</source>
        <translation>Les droits de cet ordinateur ont été modifiés trop souvent.</translation>
    </message>
    <message>
        <source>The root key of your delegation cannot be used for this now.</source>
        <translation>La clé racine de votre délégation ne peut pas servir à cela maintenant.</translation>
    </message>
    <message>
        <source>The root key of your delegation is not open; nothing was signed.</source>
        <translation>La clé racine de votre délégation n’est pas ouverte&#x202f;; rien n’a été signé.</translation>
    </message>
    <message>
        <source>The root key of your delegation was closed in the meantime; nothing was signed.</source>
        <translation>La clé racine de votre délégation a été fermée entre-temps&#x202f;; rien n’a été signé.</translation>
    </message>
    <message>
        <source>The row was changed again since, so this change cannot be undone by itself.</source>
        <translation>La ligne a encore été modifiée depuis&#x202f;; cette modification ne peut donc pas être annulée seule.</translation>
    </message>
    <message>
        <source>The rows of this file cannot be taken in.</source>
        <translation>Les lignes de ce fichier ne peuvent pas être reprises.</translation>
    </message>
    <message>
        <source>The search could not be done.</source>
        <translation>La recherche n’a pas pu être faite.</translation>
    </message>
    <message>
        <source>The separate process that reads pictures could not be started.</source>
        <translation>Le processus distinct qui lit les images n’a pas pu être démarré.</translation>
    </message>
    <message>
        <source>The separate program that lays out pages could not be started.</source>
        <translation>Le programme distinct qui met en page n’a pas pu être démarré.</translation>
    </message>
    <message>
        <source>The separate program that lays out pages gave no usable answer.</source>
        <translation>Le programme distinct qui met en page n’a donné aucune réponse utilisable.</translation>
    </message>
    <message>
        <source>The separate reader of documents gave no usable answer.</source>
        <translation>Le lecteur de documents distinct n’a donné aucune réponse utilisable.</translation>
    </message>
    <message>
        <source>The shares stay as they are while passphrase and keyring are needed together.</source>
        <translation>Les parts restent telles quelles tant que la phrase de passe et le trousseau sont nécessaires ensemble.</translation>
    </message>
    <message>
        <source>The signature of this answer does not verify.</source>
        <translation>La signature de cette réponse ne se vérifie pas.</translation>
    </message>
    <message>
        <source>The signature of this card does not verify: it was changed, or it is a forgery.</source>
        <translation>La signature de cette carte ne se vérifie pas&#xa0;: elle a été modifiée, ou c’est un faux.</translation>
    </message>
    <message>
        <source>The signature of this release file does not hold: the file was changed on its way.</source>
        <translation>La signature de ce fichier de version n’est pas valable&#xa0;: le fichier a été modifié en chemin.</translation>
    </message>
    <message>
        <source>The signature of this request does not verify.</source>
        <translation>La signature de cette demande ne se vérifie pas.</translation>
    </message>
    <message>
        <source>The stick or disk of the backup does not answer, or cannot be written.</source>
        <translation>La clé USB ou le disque de la sauvegarde ne répond pas, ou l’écriture y est impossible.</translation>
    </message>
    <message>
        <source>The system did not allow what is needed.</source>
        <translation>Le système n’a pas permis ce qui est nécessaire.</translation>
    </message>
    <message>
        <source>The table could not be written: its rows are not of one length.</source>
        <translation>Le tableau n’a pas pu être écrit&#xa0;: ses lignes ne sont pas de la même longueur.</translation>
    </message>
    <message>
        <source>The table has more rows than are read at once.</source>
        <translation>Le tableau a plus de lignes qu’il n’en est lu à la fois.</translation>
    </message>
    <message>
        <source>The table has more than 20,000 rows, too many for one printed file.</source>
        <translation>Le tableau a plus de 20&#x202f;000 lignes, trop pour un seul fichier imprimé.</translation>
    </message>
    <message>
        <source>The table has no row of headings.</source>
        <translation>Le tableau n’a pas de ligne d’en-têtes.</translation>
    </message>
    <message>
        <source>The table holds control characters that no cell has.</source>
        <translation>Le tableau contient des caractères de commande que n’a aucune cellule.</translation>
    </message>
    <message>
        <source>The table is not written in UTF-8, so its letters cannot be told.</source>
        <translation>Le tableau n’est pas écrit en UTF-8&#x202f;; ses lettres ne peuvent donc pas être reconnues.</translation>
    </message>
    <message>
        <source>The tasks are in the vault for practice, and this is a real one.</source>
        <translation>Les tâches sont dans le coffre d’entraînement, et celui-ci est un coffre réel.</translation>
    </message>
    <message>
        <source>The text has changed since this file was read; nothing was proposed.</source>
        <translation>Le texte a changé depuis la lecture de ce fichier&#x202f;; rien n’a été proposé.</translation>
    </message>
    <message>
        <source>The text has no title.</source>
        <translation>Le texte n’a pas de titre.</translation>
    </message>
    <message>
        <source>The text is frozen: two different continuations were written with the pen.</source>
        <translation>Le texte est figé&#xa0;: deux suites différentes ont été écrites avec la plume.</translation>
    </message>
    <message>
        <source>The text of this room can only be read with its past.</source>
        <translation>Le texte de cette salle ne peut se lire qu’avec son passé.</translation>
    </message>
    <message>
        <source>The title or the words hold signs that cannot be seen and could show other words.</source>
        <translation>Le titre ou le libellé contient des signes invisibles qui pourraient faire apparaître d’autres mots.</translation>
    </message>
    <message>
        <source>The unlock page could not be started.</source>
        <translation>La page de déverrouillage n’a pas pu être démarrée.</translation>
    </message>
    <message>
        <source>The vault could not be brought to this version.</source>
        <translation>Le coffre n’a pas pu être porté à cette version.</translation>
    </message>
    <message>
        <source>The vault could not be opened or written.</source>
        <translation>Le coffre n’a pas pu être ouvert ou écrit.</translation>
    </message>
    <message>
        <source>The vault is closed. Start Valise again.</source>
        <translation>Le coffre est fermé. Redémarrez Valise.</translation>
    </message>
    <message>
        <source>The vault stays sealed.</source>
        <translation>Le coffre reste scellé.</translation>
    </message>
    <message>
        <source>The vault was closed meanwhile.</source>
        <translation>Le coffre a été fermé entre-temps.</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged.</source>
        <translation>La base de données du coffre est endommagée.</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged: a part of it does not verify any more.</source>
        <translation>La base de données du coffre est endommagée&#xa0;: une partie ne se vérifie plus.</translation>
    </message>
    <message>
        <source>The vault&apos;s files are not where they were.</source>
        <translation>Les fichiers du coffre ne sont plus où ils étaient.</translation>
    </message>
    <message>
        <source>The words are too long for one paragraph.</source>
        <translation>Le libellé est trop long pour un seul paragraphe.</translation>
    </message>
    <message>
        <source>The words contain characters that a text cannot hold.</source>
        <translation>Le libellé contient des caractères qu’un texte ne peut pas comporter.</translation>
    </message>
    <message>
        <source>The words of the form that come with the program are damaged.</source>
        <translation>Les textes du formulaire fournis avec le programme sont endommagés.</translation>
    </message>
    <message>
        <source>The words of this statement do not have the hash that would be signed.</source>
        <translation>Le libellé de cette déclaration n’a pas le condensat qui serait signé.</translation>
    </message>
    <message>
        <source>The words or the title are too long for a joint statement.</source>
        <translation>Le libellé ou le titre est trop long pour une déclaration commune.</translation>
    </message>
    <message>
        <source>The words this refers to never stood in the text.</source>
        <translation>Le libellé auquel ceci se réfère n’a jamais figuré dans le texte.</translation>
    </message>
    <message>
        <source>There are no words on both screens to be compared now.</source>
        <translation>Il n’y a pas en ce moment de mots à comparer sur les deux écrans.</translation>
    </message>
    <message>
        <source>There are no words.</source>
        <translation>Il n’y a pas de texte.</translation>
    </message>
    <message>
        <source>There are too many contacts for one answer.</source>
        <translation>Il y a trop de contacts pour une seule réponse.</translation>
    </message>
    <message>
        <source>There is a row about this already.</source>
        <translation>Il y a déjà une ligne à ce sujet.</translation>
    </message>
    <message>
        <source>There is a vault in this folder already.</source>
        <translation>Il y a déjà un coffre dans ce dossier.</translation>
    </message>
    <message>
        <source>There is more than one code of a delegation in this picture.</source>
        <translation>Il y a plus d’un code de délégation dans cette image.</translation>
    </message>
    <message>
        <source>There is no State of this code.</source>
        <translation>Aucun État ne porte ce code.</translation>
    </message>
    <message>
        <source>There is no card of that delegation yet.</source>
        <translation>Il n’y a pas encore de carte de cette délégation.</translation>
    </message>
    <message>
        <source>There is no contact card in this file.</source>
        <translation>Ce fichier ne contient aucune carte de contact.</translation>
    </message>
    <message>
        <source>There is no event and no task in this calendar.</source>
        <translation>Il n’y a ni événement ni tâche dans ce calendrier.</translation>
    </message>
    <message>
        <source>There is no room left in the folder, on the stick or at the relay.</source>
        <translation>Il n’y a plus de place dans le dossier, sur la clé USB ou au relais.</translation>
    </message>
    <message>
        <source>There is no room that you share with this delegation alone, to send it the permission in.</source>
        <translation>Il n’y a pas de salle que vous partagiez avec cette seule délégation, où lui envoyer l’autorisation.</translation>
    </message>
    <message>
        <source>There is no such kind of export.</source>
        <translation>Ce type d’export n’existe pas.</translation>
    </message>
    <message>
        <source>There is no such offer any more.</source>
        <translation>Cette offre n’existe plus.</translation>
    </message>
    <message>
        <source>There is no such part of a text.</source>
        <translation>Cette partie de texte n’existe pas.</translation>
    </message>
    <message>
        <source>There is no such position.</source>
        <translation>Cette position n’existe pas.</translation>
    </message>
    <message>
        <source>There is no such setting.</source>
        <translation>Un tel paramètre n’existe pas.</translation>
    </message>
    <message>
        <source>There is nobody to make this bundle for: no laptop of a chosen delegation shares a room with you.</source>
        <translation>Il n’y a personne pour qui préparer ce pli&#xa0;: aucun ordinateur d’une délégation choisie ne partage de salle avec vous.</translation>
    </message>
    <message>
        <source>There is not enough memory to open the key file.</source>
        <translation>Il n’y a pas assez de mémoire pour ouvrir le fichier de clé.</translation>
    </message>
    <message>
        <source>There is not enough memory to open the vault.</source>
        <translation>Il n’y a pas assez de mémoire pour ouvrir le coffre.</translation>
    </message>
    <message>
        <source>There is not enough room for the backup. What was begun was taken away again.</source>
        <translation>Il n’y a pas assez de place pour la sauvegarde. Ce qui était commencé a été enlevé.</translation>
    </message>
    <message>
        <source>There is nothing here that could be taken or written.</source>
        <translation>Il n’y a rien ici qui puisse être repris ou écrit.</translation>
    </message>
    <message>
        <source>There is nothing here to speak to.</source>
        <translation>Il n’y a rien ici sur quoi s’exprimer.</translation>
    </message>
    <message>
        <source>There is nothing in it to take in.</source>
        <translation>Il n’y a rien à y reprendre.</translation>
    </message>
    <message>
        <source>There is nothing more to do.</source>
        <translation>Il n’y a rien de plus à faire.</translation>
    </message>
    <message>
        <source>There is nothing to compare with this delegation.</source>
        <translation>Il n’y a rien à comparer avec cette délégation.</translation>
    </message>
    <message>
        <source>There is nothing to decide about this delegation.</source>
        <translation>Il n’y a rien à décider au sujet de cette délégation.</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>Il n’y a rien à faire.</translation>
    </message>
    <message>
        <source>There is nothing to do: it counts, with the reason that was given.</source>
        <translation>Il n’y a rien à faire&#xa0;: cela compte, avec le motif qui a été donné.</translation>
    </message>
    <message>
        <source>There is nothing to open again.</source>
        <translation>Il n’y a rien à rouvrir.</translation>
    </message>
    <message>
        <source>There is nothing to take back.</source>
        <translation>Il n’y a rien à retirer.</translation>
    </message>
    <message>
        <source>There is something wrong with this backup.</source>
        <translation>Quelque chose ne va pas dans cette sauvegarde.</translation>
    </message>
    <message>
        <source>These shares are not of one set.</source>
        <translation>Ces parts ne sont pas d’un même jeu.</translation>
    </message>
    <message>
        <source>These shares belong to another set than the one that opens this vault.</source>
        <translation>Ces parts appartiennent à un autre jeu que celui qui ouvre ce coffre.</translation>
    </message>
    <message>
        <source>These shares fit together and do not open this vault.</source>
        <translation>Ces parts vont ensemble et n’ouvrent pas ce coffre.</translation>
    </message>
    <message>
        <source>These words are a share that Valise did not make.</source>
        <translation>Ces mots sont une part que Valise n’a pas établie.</translation>
    </message>
    <message>
        <source>They can be made under Security, Unlocking, while the vault is open.</source>
        <translation>Elles peuvent être établies sous Sécurité, Déverrouillage, pendant que le coffre est ouvert.</translation>
    </message>
    <message>
        <source>They have been asked for again; wait for the next exchanges.</source>
        <translation>Elles ont été redemandées&#x202f;; attendez les prochains échanges.</translation>
    </message>
    <message>
        <source>This PDF has more pages than can be read at once.</source>
        <translation>Ce PDF a plus de pages qu’il n’en peut être lu à la fois.</translation>
    </message>
    <message>
        <source>This PDF is protected with a password of its own.</source>
        <translation>Ce PDF est protégé par son propre mot de passe.</translation>
    </message>
    <message>
        <source>This XML file is not a document in Akoma Ntoso.</source>
        <translation>Ce fichier XML n’est pas un document en Akoma Ntoso.</translation>
    </message>
    <message>
        <source>This amendment is not in the text.</source>
        <translation>Cet amendement n’est pas dans le texte.</translation>
    </message>
    <message>
        <source>This amendment was withdrawn.</source>
        <translation>Cet amendement a été retiré.</translation>
    </message>
    <message>
        <source>This answer does not certify this laptop.</source>
        <translation>Cette réponse ne certifie pas cet ordinateur.</translation>
    </message>
    <message>
        <source>This answer was made by another version of Valise.</source>
        <translation>Cette réponse a été établie par une autre version de Valise.</translation>
    </message>
    <message>
        <source>This answer was made for another laptop, or was changed on its way.</source>
        <translation>Cette réponse a été établie pour un autre ordinateur, ou a été modifiée en chemin.</translation>
    </message>
    <message>
        <source>This backup is not whole: its end is missing.</source>
        <translation>Cette sauvegarde n’est pas entière&#xa0;: sa fin manque.</translation>
    </message>
    <message>
        <source>This backup was changed after it was written, or its medium is failing.</source>
        <translation>Cette sauvegarde a été modifiée après son écriture, ou son support est défaillant.</translation>
    </message>
    <message>
        <source>This backup was made when the vault had no recovery shares.</source>
        <translation>Cette sauvegarde a été faite quand le coffre n’avait pas de parts de récupération.</translation>
    </message>
    <message>
        <source>This backup was written by a newer Valise than this one.</source>
        <translation>Cette sauvegarde a été écrite par une version de Valise plus récente que celle-ci.</translation>
    </message>
    <message>
        <source>This bundle is for other laptops too, so it stays on the stick.</source>
        <translation>Ce pli est destiné aussi à d’autres ordinateurs&#x202f;; il reste donc sur la clé USB.</translation>
    </message>
    <message>
        <source>This bundle was written by a newer Valise than this one.</source>
        <translation>Ce pli a été écrit par une version de Valise plus récente que celle-ci.</translation>
    </message>
    <message>
        <source>This calendar could not be read or written.</source>
        <translation>Ce calendrier n’a pas pu être lu ou écrit.</translation>
    </message>
    <message>
        <source>This came from a laptop whose card is not here yet.</source>
        <translation>Ceci vient d’un ordinateur dont la carte n’est pas encore ici.</translation>
    </message>
    <message>
        <source>This can only be changed together with what it rests on, such as its date.</source>
        <translation>Cela ne peut être modifié qu’avec ce sur quoi il repose, comme sa date.</translation>
    </message>
    <message>
        <source>This cannot be done in this room.</source>
        <translation>Cela ne peut pas être fait dans cette salle.</translation>
    </message>
    <message>
        <source>This cannot be done with the text as it stands now.</source>
        <translation>Cela ne peut pas être fait avec le texte tel qu’il se présente maintenant.</translation>
    </message>
    <message>
        <source>This cannot be done with these dates.</source>
        <translation>Cela ne peut pas être fait avec ces dates.</translation>
    </message>
    <message>
        <source>This cannot be done with this amendment.</source>
        <translation>Cela ne peut pas être fait avec cet amendement.</translation>
    </message>
    <message>
        <source>This cannot be done with this contact.</source>
        <translation>Cela ne peut pas être fait avec ce contact.</translation>
    </message>
    <message>
        <source>This cannot be done with this incident now.</source>
        <translation>Cela ne peut pas être fait maintenant avec cet incident.</translation>
    </message>
    <message>
        <source>This cannot be done with this message.</source>
        <translation>Cela ne peut pas être fait avec ce message.</translation>
    </message>
    <message>
        <source>This cannot be done with this register now.</source>
        <translation>Cela ne peut pas être fait maintenant avec ce registre.</translation>
    </message>
    <message>
        <source>This cannot be signed for a laptop of your delegation.</source>
        <translation>Cela ne peut pas être signé pour un ordinateur de votre délégation.</translation>
    </message>
    <message>
        <source>This card and one you hold name different laptops of the same delegation.</source>
        <translation>Cette carte et une carte que vous détenez nomment des ordinateurs différents de la même délégation.</translation>
    </message>
    <message>
        <source>This card claims a laptop that belongs to another delegation.</source>
        <translation>Cette carte revendique un ordinateur qui appartient à une autre délégation.</translation>
    </message>
    <message>
        <source>This card names a delegation you know, with another identity.</source>
        <translation>Cette carte nomme une délégation que vous connaissez, avec une autre identité.</translation>
    </message>
    <message>
        <source>This card was made by another version of Valise.</source>
        <translation>Cette carte a été établie par une autre version de Valise.</translation>
    </message>
    <message>
        <source>This cell names a row that is not here.</source>
        <translation>Cette cellule nomme une ligne qui n’est pas ici.</translation>
    </message>
    <message>
        <source>This change is not in the record here.</source>
        <translation>Cette modification n’est pas au dossier ici.</translation>
    </message>
    <message>
        <source>This change of the text is not possible.</source>
        <translation>Cette modification du texte n’est pas possible.</translation>
    </message>
    <message>
        <source>This change was undone already.</source>
        <translation>Cette modification a déjà été annulée.</translation>
    </message>
    <message>
        <source>This deadline is not possible.</source>
        <translation>Cette échéance n’est pas possible.</translation>
    </message>
    <message>
        <source>This delegation cannot be reached in that way now.</source>
        <translation>Cette délégation ne peut pas être jointe de cette façon maintenant.</translation>
    </message>
    <message>
        <source>This delegation does not wait to be admitted any more.</source>
        <translation>Cette délégation n’attend plus d’être admise.</translation>
    </message>
    <message>
        <source>This document holds more tracked changes and comments than can be read at once.</source>
        <translation>Ce document contient plus de modifications suivies et de commentaires qu’il n’en peut être lu à la fois.</translation>
    </message>
    <message>
        <source>This document is of the old kind (.doc).</source>
        <translation>Ce document est de l’ancien type (.doc).</translation>
    </message>
    <message>
        <source>This document is protected with a password of its own.</source>
        <translation>Ce document est protégé par son propre mot de passe.</translation>
    </message>
    <message>
        <source>This draft could not be released, returned or taken back.</source>
        <translation>L’envoi de ce brouillon n’a pas pu être autorisé, ou le brouillon n’a pas pu être renvoyé ou retiré.</translation>
    </message>
    <message>
        <source>This draft is of another officer, who alone can take it back.</source>
        <translation>Ce brouillon est d’un autre agent, qui seul peut le retirer.</translation>
    </message>
    <message>
        <source>This draft is your own: another officer releases or returns it.</source>
        <translation>Ce brouillon est le vôtre&#xa0;: c’est un autre agent qui en autorise l’envoi ou le renvoie.</translation>
    </message>
    <message>
        <source>This draft was decided meanwhile.</source>
        <translation>Ce brouillon a été tranché entre-temps.</translation>
    </message>
    <message>
        <source>This field belongs to what you assess, and never stands beside what a State says of itself.</source>
        <translation>Ce champ appartient à ce que vous appréciez, et ne figure jamais à côté de ce qu’un État dit de lui-même.</translation>
    </message>
    <message>
        <source>This field does not take what was written: its help says what it asks for.</source>
        <translation>Ce champ n’accepte pas ce qui a été écrit&#xa0;: son aide dit ce qu’il demande.</translation>
    </message>
    <message>
        <source>This field is written by the program itself.</source>
        <translation>Ce champ est écrit par le programme lui-même.</translation>
    </message>
    <message>
        <source>This file declares a document type, which no text needs and which can do harm. It was not read.</source>
        <translation>Ce fichier déclare un type de document, dont aucun texte n’a besoin et qui peut nuire. Il n’a pas été lu.</translation>
    </message>
    <message>
        <source>This file does not define a register: line and column say where it goes wrong.</source>
        <translation>Ce fichier ne définit pas un registre&#xa0;: la ligne et la colonne indiquent où est l’erreur.</translation>
    </message>
    <message>
        <source>This file has more parts than can be read at once.</source>
        <translation>Ce fichier a plus de parties qu’il n’en peut être lu à la fois.</translation>
    </message>
    <message>
        <source>This file has not arrived whole yet.</source>
        <translation>Ce fichier n’est pas encore arrivé en entier.</translation>
    </message>
    <message>
        <source>This file holds more than any directory has.</source>
        <translation>Ce fichier contient plus que n’a aucun répertoire.</translation>
    </message>
    <message>
        <source>This file holds no Word document.</source>
        <translation>Ce fichier ne contient pas de document Word.</translation>
    </message>
    <message>
        <source>This file holds the other side of the register: what you assess and what States say never mix.</source>
        <translation>Ce fichier contient l’autre côté du registre&#xa0;: ce que vous appréciez et ce que disent les États ne se mélangent jamais.</translation>
    </message>
    <message>
        <source>This file is damaged, or built as no document is built. It was not read.</source>
        <translation>Ce fichier est endommagé, ou construit comme aucun document ne l’est. Il n’a pas été lu.</translation>
    </message>
    <message>
        <source>This file is damaged: it is not well-formed XML.</source>
        <translation>Ce fichier est endommagé&#xa0;: ce n’est pas du XML bien formé.</translation>
    </message>
    <message>
        <source>This file is empty or too large to be sent.</source>
        <translation>Ce fichier est vide ou trop grand pour être envoyé.</translation>
    </message>
    <message>
        <source>This file is in a version of Akoma Ntoso that is not known here.</source>
        <translation>Ce fichier est dans une version d’Akoma Ntoso inconnue ici.</translation>
    </message>
    <message>
        <source>This file is larger than can be received.</source>
        <translation>Ce fichier est plus grand que ce qui peut être reçu.</translation>
    </message>
    <message>
        <source>This file is no backup of Valise.</source>
        <translation>Ce fichier n’est pas une sauvegarde de Valise.</translation>
    </message>
    <message>
        <source>This file is not a PDF, or it is damaged.</source>
        <translation>Ce fichier n’est pas un PDF, ou il est endommagé.</translation>
    </message>
    <message>
        <source>This file is not a calendar, or it is damaged.</source>
        <translation>Ce fichier n’est pas un calendrier, ou il est endommagé.</translation>
    </message>
    <message>
        <source>This file is not a picture that can be read.</source>
        <translation>Ce fichier n’est pas une image lisible.</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop, or not a whole one.</source>
        <translation>Ce fichier n’est pas une demande d’un autre ordinateur, ou n’en est pas une entière.</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop.</source>
        <translation>Ce fichier n’est pas une demande d’un autre ordinateur.</translation>
    </message>
    <message>
        <source>This file is not a web page.</source>
        <translation>Ce fichier n’est pas une page web.</translation>
    </message>
    <message>
        <source>This file is not an identity card, or not a whole one.</source>
        <translation>Ce fichier n’est pas une carte d’identité, ou n’en est pas une entière.</translation>
    </message>
    <message>
        <source>This file is not an identity card.</source>
        <translation>Ce fichier n’est pas une carte d’identité.</translation>
    </message>
    <message>
        <source>This file is not in the vault.</source>
        <translation>Ce fichier n’est pas dans le coffre.</translation>
    </message>
    <message>
        <source>This file is not the answer to a request, or not a whole one.</source>
        <translation>Ce fichier n’est pas la réponse à une demande, ou n’en est pas une entière.</translation>
    </message>
    <message>
        <source>This file is not the answer to a request.</source>
        <translation>Ce fichier n’est pas la réponse à une demande.</translation>
    </message>
    <message>
        <source>This file is not written in UTF-8.</source>
        <translation>Ce fichier n’est pas écrit en UTF-8.</translation>
    </message>
    <message>
        <source>This file is too large to be an identity card.</source>
        <translation>Ce fichier est trop grand pour être une carte d’identité.</translation>
    </message>
    <message>
        <source>This file unpacks to more than any document holds. It was not read.</source>
        <translation>Ce fichier, une fois décompressé, est plus grand que n’importe quel document. Il n’a pas été lu.</translation>
    </message>
    <message>
        <source>This file was attached in another room and is sealed for its members.</source>
        <translation>Ce fichier a été joint dans une autre salle et est scellé pour ses membres.</translation>
    </message>
    <message>
        <source>This folder is copied elsewhere by a synchronising program.</source>
        <translation>Ce dossier est copié ailleurs par un programme de synchronisation.</translation>
    </message>
    <message>
        <source>This identity was replaced by another one of the same delegation.</source>
        <translation>Cette identité a été remplacée par une autre de la même délégation.</translation>
    </message>
    <message>
        <source>This incident is not here.</source>
        <translation>Cet incident n’est pas ici.</translation>
    </message>
    <message>
        <source>This internal note could not be kept.</source>
        <translation>Cette note interne n’a pas pu être conservée.</translation>
    </message>
    <message>
        <source>This is a real State, and this vault is for practice: it was refused.</source>
        <translation>C’est un État réel, et ce coffre sert à l’entraînement&#xa0;: cela a été refusé.</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>C’est un ordinateur de voyage, et il n’est pas prévu pour cette salle.</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: what it had said since is asked of the others.</source>
        <translation>Ceci est une copie plus ancienne du coffre de cet ordinateur&#xa0;: ce qu’il avait dit depuis est demandé aux autres.</translation>
    </message>
    <message>
        <source>This is for the delegations the incident was sent to.</source>
        <translation>Cela appartient aux délégations à qui l’incident a été envoyé.</translation>
    </message>
    <message>
        <source>This is longer than one change of a register can be.</source>
        <translation>C’est plus long que ne peut l’être une modification d’un registre.</translation>
    </message>
    <message>
        <source>This is no file of settings that can be read here.</source>
        <translation>Ce n’est pas un fichier de paramètres qui puisse être lu ici.</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>Ce n’est pas un pli de Valise.</translation>
    </message>
    <message>
        <source>This is not a card of your delegation.</source>
        <translation>Ce n’est pas une carte de votre délégation.</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation, or it was changed.</source>
        <translation>Ce n’est pas un fichier de clé d’une délégation, ou il a été modifié.</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation.</source>
        <translation>Ce n’est pas un fichier de clé d’une délégation.</translation>
    </message>
    <message>
        <source>This is not a release file of Valise, or it is damaged.</source>
        <translation>Ce n’est pas un fichier de version de Valise, ou il est endommagé.</translation>
    </message>
    <message>
        <source>This is not a valid answer for this laptop.</source>
        <translation>Ce n’est pas une réponse valable pour cet ordinateur.</translation>
    </message>
    <message>
        <source>This is not a valid identity card.</source>
        <translation>Ce n’est pas une carte d’identité valable.</translation>
    </message>
    <message>
        <source>This is not a valid key file of a delegation.</source>
        <translation>Ce n’est pas un fichier de clé valable d’une délégation.</translation>
    </message>
    <message>
        <source>This is not a valid request of another laptop.</source>
        <translation>Ce n’est pas une demande valable d’un autre ordinateur.</translation>
    </message>
    <message>
        <source>This is not an ordinary file.</source>
        <translation>Ce n’est pas un fichier ordinaire.</translation>
    </message>
    <message>
        <source>This is not the file of a relay, or it is torn.</source>
        <translation>Ce n’est pas le fichier d’un relais, ou il est incomplet.</translation>
    </message>
    <message>
        <source>This is the card of a delegation from a vault for practice: it was refused.</source>
        <translation>C’est la carte d’une délégation d’un coffre d’entraînement&#xa0;: elle a été refusée.</translation>
    </message>
    <message>
        <source>This is the card of a real delegation, and this vault is for practice: it was refused.</source>
        <translation>C’est la carte d’une délégation réelle, et ce coffre sert à l’entraînement&#xa0;: elle a été refusée.</translation>
    </message>
    <message>
        <source>This is too much for one act of the pen.</source>
        <translation>C’est trop pour un seul acte de la plume.</translation>
    </message>
    <message>
        <source>This is too much for one entry of the record.</source>
        <translation>C’est trop pour une seule entrée du dossier.</translation>
    </message>
    <message>
        <source>This is your own card.</source>
        <translation>C’est votre propre carte.</translation>
    </message>
    <message>
        <source>This is your own identity: there is nothing to compare.</source>
        <translation>C’est votre propre identité&#xa0;: il n’y a rien à comparer.</translation>
    </message>
    <message>
        <source>This is your own message.</source>
        <translation>C’est votre propre message.</translation>
    </message>
    <message>
        <source>This key file belongs to another delegation.</source>
        <translation>Ce fichier de clé appartient à une autre délégation.</translation>
    </message>
    <message>
        <source>This key file is protected less than it must be.</source>
        <translation>Ce fichier de clé est moins protégé qu’il ne doit l’être.</translation>
    </message>
    <message>
        <source>This key file was written by another version of Valise.</source>
        <translation>Ce fichier de clé a été écrit par une autre version de Valise.</translation>
    </message>
    <message>
        <source>This kind of document cannot be read.</source>
        <translation>Ce type de document ne peut pas être lu.</translation>
    </message>
    <message>
        <source>This laptop does not have the right to do this.</source>
        <translation>Cet ordinateur n’a pas le droit de le faire.</translation>
    </message>
    <message>
        <source>This laptop does not hold the same text under that revision.</source>
        <translation>Cet ordinateur ne détient pas le même texte sous cette révision.</translation>
    </message>
    <message>
        <source>This laptop does not wait to be admitted.</source>
        <translation>Cet ordinateur n’attend pas d’être admis.</translation>
    </message>
    <message>
        <source>This laptop has already been admitted.</source>
        <translation>Cet ordinateur a déjà été admis.</translation>
    </message>
    <message>
        <source>This laptop has been admitted already.</source>
        <translation>Cet ordinateur a déjà été admis.</translation>
    </message>
    <message>
        <source>This laptop has not been admitted to its delegation yet.</source>
        <translation>Cet ordinateur n’a pas encore été admis dans sa délégation.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup and waits to be admitted.</source>
        <translation>Cet ordinateur a été établi à partir d’une sauvegarde et attend d’être admis.</translation>
    </message>
    <message>
        <source>This laptop was made from a backup, and this cannot be done with it now.</source>
        <translation>Cet ordinateur a été établi à partir d’une sauvegarde, et cela ne peut pas être fait avec lui maintenant.</translation>
    </message>
    <message>
        <source>This laptop was revoked by its delegation.</source>
        <translation>Cet ordinateur a été révoqué par sa délégation.</translation>
    </message>
    <message>
        <source>This laptop was revoked; that cannot be taken back.</source>
        <translation>Cet ordinateur a été révoqué&#x202f;; on ne peut pas revenir en arrière.</translation>
    </message>
    <message>
        <source>This line changes a field that the program writes itself.</source>
        <translation>Cette ligne modifie un champ que le programme écrit lui-même.</translation>
    </message>
    <message>
        <source>This line has more or fewer cells than there are headings.</source>
        <translation>Cette ligne a plus ou moins de cellules qu’il n’y a d’en-têtes.</translation>
    </message>
    <message>
        <source>This line names no State, delegation or item of this register.</source>
        <translation>Cette ligne ne nomme aucun État, délégation ou élément de ce registre.</translation>
    </message>
    <message>
        <source>This list is closed already.</source>
        <translation>Cette liste est déjà close.</translation>
    </message>
    <message>
        <source>This list of members is not possible for such a room.</source>
        <translation>Cette liste de membres n’est pas possible pour une telle salle.</translation>
    </message>
    <message>
        <source>This marking is not possible.</source>
        <translation>Ce marquage n’est pas possible.</translation>
    </message>
    <message>
        <source>This message is not in the vault.</source>
        <translation>Ce message n’est pas dans le coffre.</translation>
    </message>
    <message>
        <source>This name is too long, or has signs in it that cannot be shown.</source>
        <translation>Ce nom est trop long, ou contient des signes qui ne peuvent pas être affichés.</translation>
    </message>
    <message>
        <source>This outcome or way is not one of those that are known.</source>
        <translation>Ce résultat ou cette voie ne fait pas partie de ceux qui sont connus.</translation>
    </message>
    <message>
        <source>This package does not belong to this release.</source>
        <translation>Ce paquet ne fait pas partie de cette version.</translation>
    </message>
    <message>
        <source>This package has the name of a released one and another content: it was changed on its way.</source>
        <translation>Ce paquet porte le nom d’un paquet publié mais a un autre contenu&#xa0;: il a été modifié en chemin.</translation>
    </message>
    <message>
        <source>This page has more parts than can be read at once.</source>
        <translation>Cette page a plus de parties qu’il n’en peut être lu à la fois.</translation>
    </message>
    <message>
        <source>This permission was taken back, or is not known here.</source>
        <translation>Cette autorisation a été retirée, ou n’est pas connue ici.</translation>
    </message>
    <message>
        <source>This picture is too large to be read.</source>
        <translation>Cette image est trop grande pour être lue.</translation>
    </message>
    <message>
        <source>This register does not have that side here. What you assess stays within your delegation.</source>
        <translation>Ce registre n’a pas ce côté ici. Ce que vous appréciez reste au sein de votre délégation.</translation>
    </message>
    <message>
        <source>This register has no such field.</source>
        <translation>Ce registre n’a pas un tel champ.</translation>
    </message>
    <message>
        <source>This register is kept within your delegation alone, not in a room with others.</source>
        <translation>Ce registre est tenu au sein de votre délégation seulement, et non dans une salle avec d’autres.</translation>
    </message>
    <message>
        <source>This register is not known here.</source>
        <translation>Ce registre n’est pas connu ici.</translation>
    </message>
    <message>
        <source>This register is not written in that kind of file.</source>
        <translation>Ce registre ne s’écrit pas dans ce type de fichier.</translation>
    </message>
    <message>
        <source>This release file has a form that only a newer version reads.</source>
        <translation>Ce fichier de version a une forme que seule une version plus récente sait lire.</translation>
    </message>
    <message>
        <source>This release file was signed by somebody else than the publisher of this program.</source>
        <translation>Ce fichier de version a été signé par quelqu’un d’autre que l’éditeur de ce programme.</translation>
    </message>
    <message>
        <source>This release file, or the package with it, is not what the publisher signed.</source>
        <translation>Ce fichier de version, ou le paquet qui l’accompagne, n’est pas ce que l’éditeur a signé.</translation>
    </message>
    <message>
        <source>This request was made by another version of Valise.</source>
        <translation>Cette demande a été établie par une autre version de Valise.</translation>
    </message>
    <message>
        <source>This revision has not arrived yet.</source>
        <translation>Cette révision n’est pas encore arrivée.</translation>
    </message>
    <message>
        <source>This revision is not here, or this laptop computes it differently.</source>
        <translation>Cette révision n’est pas ici, ou cet ordinateur la calcule différemment.</translation>
    </message>
    <message>
        <source>This room is not here.</source>
        <translation>Cette salle n’est pas ici.</translation>
    </message>
    <message>
        <source>This room is not in the vault.</source>
        <translation>Cette salle n’est pas dans le coffre.</translation>
    </message>
    <message>
        <source>This round is closed already.</source>
        <translation>Ce tour est déjà clos.</translation>
    </message>
    <message>
        <source>This round was an exercise: nothing of it is taken into an entry.</source>
        <translation>Ce tour était un exercice&#xa0;: rien n’en est repris dans une entrée.</translation>
    </message>
    <message>
        <source>This round, question or contact is not known here.</source>
        <translation>Ce tour, cette question ou ce contact n’est pas connu ici.</translation>
    </message>
    <message>
        <source>This row has more than 500 columns.</source>
        <translation>Cette ligne a plus de 500 colonnes.</translation>
    </message>
    <message>
        <source>This row is not in the register.</source>
        <translation>Cette ligne n’est pas dans le registre.</translation>
    </message>
    <message>
        <source>This row was taken out of the register.</source>
        <translation>Cette ligne a été enlevée du registre.</translation>
    </message>
    <message>
        <source>This setting is kept inside the vault only.</source>
        <translation>Ce paramètre est conservé uniquement à l’intérieur du coffre.</translation>
    </message>
    <message>
        <source>This silence procedure has not arrived here.</source>
        <translation>Cette procédure d’approbation tacite n’est pas arrivée ici.</translation>
    </message>
    <message>
        <source>This silence procedure is over.</source>
        <translation>Cette procédure d’approbation tacite est terminée.</translation>
    </message>
    <message>
        <source>This statement is not on this laptop.</source>
        <translation>Cette déclaration n’est pas sur cet ordinateur.</translation>
    </message>
    <message>
        <source>This table could not be read or written.</source>
        <translation>Ce tableau n’a pas pu être lu ou écrit.</translation>
    </message>
    <message>
        <source>This task or note is done, or no longer holds.</source>
        <translation>Cette tâche ou note est faite, ou ne vaut plus.</translation>
    </message>
    <message>
        <source>This text is no longer in the vault.</source>
        <translation>Ce texte n’est plus dans le coffre.</translation>
    </message>
    <message>
        <source>This text is not in the vault.</source>
        <translation>Ce texte n’est pas dans le coffre.</translation>
    </message>
    <message>
        <source>This time cannot be: an answer comes after the question, and not in the future.</source>
        <translation>Cette heure est impossible&#xa0;: une réponse vient après la question, et non dans le futur.</translation>
    </message>
    <message>
        <source>This value is not possible for this setting.</source>
        <translation>Cette valeur n’est pas possible pour ce paramètre.</translation>
    </message>
    <message>
        <source>This vault does not use a keyring.</source>
        <translation>Ce coffre n’utilise pas de trousseau.</translation>
    </message>
    <message>
        <source>This vault has no recovery shares.</source>
        <translation>Ce coffre n’a pas de parts de récupération.</translation>
    </message>
    <message>
        <source>This vault opens in a way that this version does not know.</source>
        <translation>Ce coffre s’ouvre d’une façon que cette version ne connaît pas.</translation>
    </message>
    <message>
        <source>This vault wants passphrase and keyring together, and the keyring&apos;s half is not here.</source>
        <translation>Ce coffre demande la phrase de passe et le trousseau ensemble, et la moitié du trousseau n’est pas ici.</translation>
    </message>
    <message>
        <source>This vault was made by a newer Valise.</source>
        <translation>Ce coffre a été créé par une version plus récente de Valise.</translation>
    </message>
    <message>
        <source>This vault was written by a newer Valise.</source>
        <translation>Ce coffre a été écrit par une version plus récente de Valise.</translation>
    </message>
    <message>
        <source>This way of exchange cannot be used now.</source>
        <translation>Cette voie d’échange ne peut pas être utilisée maintenant.</translation>
    </message>
    <message>
        <source>This way of exchange is not known to this version.</source>
        <translation>Cette voie d’échange n’est pas connue de cette version.</translation>
    </message>
    <message>
        <source>Tick at least one point of contact.</source>
        <translation>Cochez au moins un point de contact.</translation>
    </message>
    <message>
        <source>Tick the exercise box, or choose another type of message.</source>
        <translation>Cochez la case d’exercice, ou choisissez un autre type de message.</translation>
    </message>
    <message>
        <source>Too much of this bundle cannot be opened here, and nobody known vouches for it. The rest was left alone.</source>
        <translation>Une trop grande partie de ce pli ne peut pas être ouverte ici, et personne de connu ne s’en porte garant. Le reste a été laissé tel quel.</translation>
    </message>
    <message>
        <source>Try again, or use the command valise verify.</source>
        <translation>Réessayez, ou utilisez la commande valise verify.</translation>
    </message>
    <message>
        <source>Try again. If it happens again, run valise doctor.</source>
        <translation>Réessayez. Si cela se reproduit, exécutez valise doctor.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, run valise doctor.</source>
        <translation>Réessayez&#x202f;; si cela se reproduit, exécutez valise doctor.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, save the text as a Word document.</source>
        <translation>Réessayez&#x202f;; si cela se reproduit, enregistrez le texte comme document Word.</translation>
    </message>
    <message>
        <source>Try other words.</source>
        <translation>Essayez d’autres mots.</translation>
    </message>
    <message>
        <source>Two columns of the file have the same name.</source>
        <translation>Deux colonnes du fichier portent le même nom.</translation>
    </message>
    <message>
        <source>Two entries of the calendar have the same identifier.</source>
        <translation>Deux entrées du calendrier ont le même identifiant.</translation>
    </message>
    <message>
        <source>Two things in the bundle bear the same identifier.</source>
        <translation>Deux éléments du paquet portent le même identifiant.</translation>
    </message>
    <message>
        <source>Two to sixteen shares can be made, of which two or more are needed.</source>
        <translation>Il est possible d’établir de deux à seize parts, dont deux ou plus sont nécessaires.</translation>
    </message>
    <message>
        <source>Type a passphrase.</source>
        <translation>Saisissez une phrase de passe.</translation>
    </message>
    <message>
        <source>Type it.</source>
        <translation>Saisissez-la.</translation>
    </message>
    <message>
        <source>Type the code as it stands on your name plate.</source>
        <translation>Saisissez le code tel qu’il figure sur votre chevalet.</translation>
    </message>
    <message>
        <source>Type the passphrase the delegation was founded with.</source>
        <translation>Saisissez la phrase de passe avec laquelle la délégation a été fondée.</translation>
    </message>
    <message>
        <source>Undo the later change first, or write the value you want.</source>
        <translation>Annulez d’abord la modification ultérieure, ou écrivez la valeur souhaitée.</translation>
    </message>
    <message>
        <source>Unlock it and do it again.</source>
        <translation>Déverrouillez-le et recommencez.</translation>
    </message>
    <message>
        <source>Unlock it with its passphrase.</source>
        <translation>Déverrouillez-le avec sa phrase de passe.</translation>
    </message>
    <message>
        <source>Unlock it, or choose another folder.</source>
        <translation>Déverrouillez-le, ou choisissez un autre dossier.</translation>
    </message>
    <message>
        <source>Unlock the vault to change it.</source>
        <translation>Déverrouillez le coffre pour le modifier.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase.</source>
        <translation>Déverrouillez avec votre phrase de passe.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; everything works without a keyring.</source>
        <translation>Déverrouillez avec votre phrase de passe&#x202f;; tout fonctionne sans trousseau.</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; the keyring can be set up again under Security, Unlocking.</source>
        <translation>Déverrouillez avec votre phrase de passe&#x202f;; le trousseau peut être configuré de nouveau sous Sécurité, Déverrouillage.</translation>
    </message>
    <message>
        <source>Until it is settled, do not rely on who is at the other end.</source>
        <translation>Tant que ce n’est pas réglé, ne vous fiez pas à l’identité de qui se trouve à l’autre bout.</translation>
    </message>
    <message>
        <source>Use the key file or the recovery shares of your delegation.</source>
        <translation>Utilisez le fichier de clé ou les parts de récupération de votre délégation.</translation>
    </message>
    <message>
        <source>Use the newer contact.</source>
        <translation>Utilisez le contact le plus récent.</translation>
    </message>
    <message>
        <source>Use the version it was made with, or a newer one.</source>
        <translation>Utilisez la version avec laquelle il a été établi, ou une plus récente.</translation>
    </message>
    <message>
        <source>Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau. If you ask for nothing of the kind, say so in the words.</source>
        <translation>Adressez-vous à votre autorité centrale pour l’entraide judiciaire, au réseau 24/7 du traité applicable, ou à INTERPOL par votre bureau central national. Si vous ne demandez rien de tel, dites-le dans le texte.</translation>
    </message>
    <message>
        <source>Use your passphrase. If the keyring is locked, open it in the system&apos;s settings and try again.</source>
        <translation>Utilisez votre phrase de passe. Si le trousseau est verrouillé, ouvrez-le dans les paramètres du système et réessayez.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its chair.</source>
        <translation>Attendez le prochain échange, ou demandez à sa présidence.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its room.</source>
        <translation>Attendez le prochain échange, ou demandez à sa salle.</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or freeze a new revision.</source>
        <translation>Attendez le prochain échange, ou figez une nouvelle révision.</translation>
    </message>
    <message>
        <source>Wait for the next exchange.</source>
        <translation>Attendez le prochain échange.</translation>
    </message>
    <message>
        <source>Wait for the next exchange; everything before it is fetched by itself.</source>
        <translation>Attendez le prochain échange&#x202f;; tout ce qui précède est relevé de soi-même.</translation>
    </message>
    <message>
        <source>Wait for the next exchange; if it stays so, compare the hash with the opener.</source>
        <translation>Attendez le prochain échange&#x202f;; si rien ne change, comparez le condensat avec la délégation qui l’a ouverte.</translation>
    </message>
    <message>
        <source>Wait for their answers, or send an update.</source>
        <translation>Attendez leurs réponses, ou envoyez une mise à jour.</translation>
    </message>
    <message>
        <source>Wait until enough others have spoken.</source>
        <translation>Attendez qu’un nombre suffisant d’autres se soient exprimées.</translation>
    </message>
    <message>
        <source>Wait until then; or give the reason why it cannot wait, which is kept in your internal record.</source>
        <translation>Attendez jusque-là&#x202f;; ou donnez le motif pour lequel cela ne peut pas attendre, qui est conservé dans votre dossier interne.</translation>
    </message>
    <message>
        <source>What answers at the relay&apos;s address cannot prove that it is the relay.</source>
        <translation>Ce qui répond à l’adresse du relais ne peut pas prouver que c’est le relais.</translation>
    </message>
    <message>
        <source>What came from outside is not valid.</source>
        <translation>Ce qui est venu de l’extérieur n’est pas valable.</translation>
    </message>
    <message>
        <source>What is immediate says by when a reply is requested.</source>
        <translation>Ce qui est immédiat dit pour quand une réponse est demandée.</translation>
    </message>
    <message>
        <source>What this backup holds does not fit together.</source>
        <translation>Le contenu de cette sauvegarde n’est pas cohérent.</translation>
    </message>
    <message>
        <source>What this bundle says of itself cannot be read or is not valid.</source>
        <translation>Ce que ce pli dit de lui-même est illisible ou n’est pas valable.</translation>
    </message>
    <message>
        <source>What this file wants otherwise cannot be proposed now.</source>
        <translation>Ce que ce fichier souhaite autrement ne peut pas être proposé maintenant.</translation>
    </message>
    <message>
        <source>What this laptop said before it was put back is not all known yet.</source>
        <translation>Ce que cet ordinateur avait dit avant d’être remis en place n’est pas encore entièrement connu.</translation>
    </message>
    <message>
        <source>What this says about a relay cannot be right.</source>
        <translation>Ce que ceci dit d’un relais ne peut pas être exact.</translation>
    </message>
    <message>
        <source>What verifies in it came in all the same. Ask its sender for a new one.</source>
        <translation>Ce qui s’y vérifie est entré malgré tout. Demandez-en un nouveau à son expéditeur.</translation>
    </message>
    <message>
        <source>What waits is kept and sent at the next exchange.</source>
        <translation>Ce qui attend est conservé et envoyé au prochain échange.</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange.</source>
        <translation>Ce qui attend est conservé. Consultez Voies d’échange.</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange; a courier can take it.</source>
        <translation>Ce qui attend est conservé. Consultez Voies d’échange&#x202f;; un porteur peut l’acheminer.</translation>
    </message>
    <message>
        <source>What waits is kept. Try again, best with another stick.</source>
        <translation>Ce qui attend est conservé. Réessayez, de préférence avec une autre clé USB.</translation>
    </message>
    <message>
        <source>What was announced about the file is impossible.</source>
        <translation>Ce qui a été annoncé au sujet du fichier est impossible.</translation>
    </message>
    <message>
        <source>What was given is not the secret of a root key.</source>
        <translation>Ce qui a été donné n’est pas le secret d’une clé racine.</translation>
    </message>
    <message>
        <source>What was read back is not what was written, so this is no backup. It was taken away again.</source>
        <translation>Ce qui a été relu n’est pas ce qui a été écrit&#x202f;; ce n’est donc pas une sauvegarde. Elle a été enlevée.</translation>
    </message>
    <message>
        <source>What was received stays readable; write in another room.</source>
        <translation>Ce qui a été reçu reste lisible&#x202f;; écrivez dans une autre salle.</translation>
    </message>
    <message>
        <source>What was sent so far may not be protected as it should be.</source>
        <translation>Ce qui a été envoyé jusqu’ici n’est peut-être pas protégé comme il devrait l’être.</translation>
    </message>
    <message>
        <source>What was to be signed is not possible in the record.</source>
        <translation>Ce qui devait être signé n’est pas possible au dossier.</translation>
    </message>
    <message>
        <source>What was typed is not the code of your delegation. Nothing was destroyed.</source>
        <translation>Ce qui a été saisi n’est pas le code de votre délégation. Rien n’a été détruit.</translation>
    </message>
    <message>
        <source>What was written does not verify, so it was not kept.</source>
        <translation>Ce qui a été écrit ne se vérifie pas, et n’a donc pas été conservé.</translation>
    </message>
    <message>
        <source>What you wrote is longer than one message can be.</source>
        <translation>Ce que vous avez écrit est plus long que ne peut l’être un message.</translation>
    </message>
    <message>
        <source>Who does not act says why, or that the reason is not stated.</source>
        <translation>Qui n’agit pas dit pourquoi, ou que le motif n’est pas indiqué.</translation>
    </message>
    <message>
        <source>Write a sentence.</source>
        <translation>Écrivez une phrase.</translation>
    </message>
    <message>
        <source>Write both, then open it for sign-on.</source>
        <translation>Écrivez les deux, puis ouvrez-la aux délégations.</translation>
    </message>
    <message>
        <source>Write it in the register within your delegation, or ask the other delegation.</source>
        <translation>Écrivez-le dans le registre au sein de votre délégation, ou demandez à l’autre délégation.</translation>
    </message>
    <message>
        <source>Write it on a laptop at home, or in one of the rooms this one was made for.</source>
        <translation>Écrivez-le sur un ordinateur resté au bureau, ou dans l’une des salles pour lesquelles celui-ci a été établi.</translation>
    </message>
    <message>
        <source>Write it on the assessed side.</source>
        <translation>Écrivez-le du côté de l’appréciation.</translation>
    </message>
    <message>
        <source>Write or paste the words as plain text, then try again.</source>
        <translation>Écrivez ou collez le libellé comme texte brut, puis réessayez.</translation>
    </message>
    <message>
        <source>Write something or attach a file.</source>
        <translation>Écrivez quelque chose ou joignez un fichier.</translation>
    </message>
    <message>
        <source>Write to it.</source>
        <translation>Écrivez-lui.</translation>
    </message>
    <message>
        <source>You already have a newer card of that delegation.</source>
        <translation>Vous avez déjà une carte plus récente de cette délégation.</translation>
    </message>
    <message>
        <source>Your delegation cannot vouch for this one.</source>
        <translation>Votre délégation ne peut pas se porter garante de celle-ci.</translation>
    </message>
    <message>
        <source>Your delegation does not sponsor this amendment.</source>
        <translation>Votre délégation n’est pas auteur de cet amendement.</translation>
    </message>
    <message>
        <source>Your delegation does not stand on this list.</source>
        <translation>Votre délégation ne figure pas sur cette liste.</translation>
    </message>
    <message>
        <source>Your delegation has acknowledged this already.</source>
        <translation>Votre délégation en a déjà accusé réception.</translation>
    </message>
    <message>
        <source>Your delegation has broken this silence already.</source>
        <translation>Votre délégation a déjà rompu ce silence.</translation>
    </message>
    <message>
        <source>Your delegation has said that already.</source>
        <translation>Votre délégation l’a déjà dit.</translation>
    </message>
    <message>
        <source>Your delegation has signed on already.</source>
        <translation>Votre délégation s’est déjà associée.</translation>
    </message>
    <message>
        <source>Your delegation is no longer a member of this room.</source>
        <translation>Votre délégation n’est plus membre de cette salle.</translation>
    </message>
    <message>
        <source>Your delegation sponsors this amendment already.</source>
        <translation>Votre délégation est déjà auteur de cet amendement.</translation>
    </message>
    <message>
        <source>Your delegation uses no relay, or this laptop may not give permissions for it.</source>
        <translation>Votre délégation n’utilise pas de relais, ou cet ordinateur ne peut pas donner d’autorisations pour celui-ci.</translation>
    </message>
    <message>
        <source>Your own points of contact cannot be asked by yourself.</source>
        <translation>Vous ne pouvez pas interroger vous-même vos propres points de contact.</translation>
    </message>
    <message>
        <source>Your words are still in the field; change them and try again.</source>
        <translation>Vos mots sont encore dans le champ&#x202f;; modifiez-les et réessayez.</translation>
    </message>
</context>
<context>
    <name>evidence</name>
    <message numerus="yes">
        <source>%n entries: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).</source>
        <translation>
            <numerusform>%n entrée&#xa0;: textes {0}, déclarations communes {1}, messages pour le dossier {2}, fichiers joints {3} (nom, taille et condensat).</numerusform>
            <numerusform>%n entrées&#xa0;: textes {0}, déclarations communes {1}, messages pour le dossier {2}, fichiers joints {3} (nom, taille et condensat).</numerusform>
        </translation>
    </message>
    <message>
        <source>A delegation says that it computed other hashes for a revision.</source>
        <translation>Une délégation dit avoir calculé d’autres condensats pour une révision.</translation>
    </message>
    <message>
        <source>A delegation signed lists of its laptops that contradict each other.</source>
        <translation>Une délégation a signé des listes de ses ordinateurs qui se contredisent.</translation>
    </message>
    <message>
        <source>A laptop has a certificate and stands on no list of its delegation in this file.</source>
        <translation>Un ordinateur a un certificat et ne figure sur aucune liste de sa délégation dans ce fichier.</translation>
    </message>
    <message>
        <source>A laptop signed two entries for one place of its log. What it says from there on decides nothing.</source>
        <translation>Un ordinateur a signé deux entrées à un même rang de son journal. Ce qu’il dit à partir de là ne décide de rien.</translation>
    </message>
    <message>
        <source>A laptop that did not hold the pen wrote into a text; what it wrote does not count.</source>
        <translation>Un ordinateur qui ne tenait pas la plume a écrit dans un texte&#x202f;; ce qu’il a écrit ne compte pas.</translation>
    </message>
    <message>
        <source>Anything about the conversation: it is signed for nobody and is in no such file.</source>
        <translation>Quoi que ce soit de la conversation&#xa0;: elle n’est signée pour personne et ne figure dans aucun fichier de ce genre.</translation>
    </message>
    <message>
        <source>Changes of membership by somebody who had no authority; they count for nothing.</source>
        <translation>Des changements de composition faits par quelqu’un qui n’en avait pas le pouvoir&#x202f;; ils ne comptent pour rien.</translation>
    </message>
    <message>
        <source>Checking took longer than allowed.</source>
        <translation>Le contrôle a pris plus de temps que permis.</translation>
    </message>
    <message>
        <source>Checkpoints that do not say what their own place says; they prove nothing.</source>
        <translation>Des points de contrôle qui ne disent pas ce que dit leur propre place&#x202f;; ils ne prouvent rien.</translation>
    </message>
    <message>
        <source>Each entry verifies, but the file as a whole is not what was signed: its first line was changed.</source>
        <translation>Chaque entrée se vérifie, mais le fichier dans son ensemble n’est pas ce qui a été signé&#xa0;: sa première ligne a été modifiée.</translation>
    </message>
    <message>
        <source>Entries of a delegation that knew of its own removal; they count for nothing.</source>
        <translation>Des entrées d’une délégation qui savait qu’elle avait été enlevée&#x202f;; elles ne comptent pour rien.</translation>
    </message>
    <message>
        <source>Entries of kinds this version does not know: signed as they should be, not read.</source>
        <translation>Des entrées de types que cette version ne connaît pas&#xa0;: signées comme il se doit, non lues.</translation>
    </message>
    <message>
        <source>Entries that name something else as the one before them.</source>
        <translation>Des entrées qui nomment autre chose comme étant celle qui les précède.</translation>
    </message>
    <message>
        <source>Entries that others name and that are not in this file.</source>
        <translation>Des entrées que d’autres nomment et qui ne sont pas dans ce fichier.</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, lie outside the term of the laptop&apos;s certificate.</source>
        <translation>Des entrées qui, selon l’horloge de leur auteur, se situent hors de la durée du certificat de l’ordinateur.</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, were made after the laptop was revoked.</source>
        <translation>Des entrées qui, selon l’horloge de leur auteur, ont été faites après la révocation de l’ordinateur.</translation>
    </message>
    <message>
        <source>First in line {0}.</source>
        <translation>D’abord à la ligne {0}.</translation>
    </message>
    <message>
        <source>It belongs to another room.</source>
        <translation>Il appartient à une autre salle.</translation>
    </message>
    <message>
        <source>It does not stand where the one order of such a file puts it.</source>
        <translation>Il ne figure pas à la place que lui donne l’ordre unique d’un tel fichier.</translation>
    </message>
    <message>
        <source>It gives a laptop other keys than its earlier certificate.</source>
        <translation>Il donne à un ordinateur d’autres clés que son certificat antérieur.</translation>
    </message>
    <message>
        <source>It holds a key that must not be used.</source>
        <translation>Il contient une clé qui ne doit pas être utilisée.</translation>
    </message>
    <message>
        <source>It holds an internal room and is not marked as an own archive, or the other way round.</source>
        <translation>Il contient une salle interne et n’est pas marqué comme archive propre, ou l’inverse.</translation>
    </message>
    <message>
        <source>It is larger than an evidence file may be.</source>
        <translation>Il est plus grand que ne peut l’être un fichier de preuve.</translation>
    </message>
    <message>
        <source>It is not in the one form that is signed.</source>
        <translation>Ce n’est pas sous la seule forme qui est signée.</translation>
    </message>
    <message>
        <source>It names another delegation than the certificate of its laptop.</source>
        <translation>Il nomme une autre délégation que le certificat de son ordinateur.</translation>
    </message>
    <message>
        <source>It stands in the file twice.</source>
        <translation>Il figure deux fois dans le fichier.</translation>
    </message>
    <message>
        <source>It was written by a later version of Valise.</source>
        <translation>Il a été écrit par une version ultérieure de Valise.</translation>
    </message>
    <message>
        <source>Its author was never a member of the room.</source>
        <translation>Son auteur n’a jamais été membre de la salle.</translation>
    </message>
    <message>
        <source>Its content is not that of such an entry.</source>
        <translation>Son contenu n’est pas celui d’une telle entrée.</translation>
    </message>
    <message>
        <source>Its fields are not those of such an entry.</source>
        <translation>Ses champs ne sont pas ceux d’une telle entrée.</translation>
    </message>
    <message>
        <source>Its identifier is not the hash of its bytes.</source>
        <translation>Son identifiant n’est pas le condensat de ses octets.</translation>
    </message>
    <message>
        <source>Its line number does not fit: a line was removed, added, doubled or moved.</source>
        <translation>Son numéro de ligne ne convient pas&#xa0;: une ligne a été enlevée, ajoutée, doublée ou déplacée.</translation>
    </message>
    <message>
        <source>Its log is complete from 1 to {0}.</source>
        <translation>Son journal est complet de 1 à {0}.</translation>
    </message>
    <message>
        <source>Its log reaches {0} and has two histories.</source>
        <translation>Son journal va jusqu’à {0} et a deux historiques.</translation>
    </message>
    <message>
        <source>Its log reaches {0}; missing: {1}.</source>
        <translation>Son journal va jusqu’à {0}&#x202f;; manque&#xa0;: {1}.</translation>
    </message>
    <message>
        <source>Its signature does not verify.</source>
        <translation>Sa signature ne se vérifie pas.</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: NOT the same.</source>
        <translation>Son libellé a été recalculé à partir des entrées&#xa0;: PAS identique.</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: the same.</source>
        <translation>Son libellé a été recalculé à partir des entrées&#xa0;: identique.</translation>
    </message>
    <message>
        <source>Its words were not computed again.</source>
        <translation>Son libellé n’a pas été recalculé.</translation>
    </message>
    <message>
        <source>Line {0}, {1}. {2}</source>
        <translation>Ligne {0}, {1}. {2}</translation>
    </message>
    <message>
        <source>Line {0}. {1}</source>
        <translation>Ligne {0}. {1}</translation>
    </message>
    <message>
        <source>Number: {0}.</source>
        <translation>Nombre&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Place {0} of its log.</source>
        <translation>Rang {0} de son journal.</translation>
    </message>
    <message>
        <source>Said nothing in this room.</source>
        <translation>N’a rien dit dans cette salle.</translation>
    </message>
    <message>
        <source>Something follows the signed last line.</source>
        <translation>Quelque chose suit la dernière ligne signée.</translation>
    </message>
    <message>
        <source>That nobody withheld the newest entries. Up to a checkpoint nothing can be missing without showing above.</source>
        <translation>Que personne n’a retenu les entrées les plus récentes. Jusqu’à un point de contrôle, rien ne peut manquer sans que cela apparaisse ci-dessus.</translation>
    </message>
    <message>
        <source>The certificate of its laptop does not give the right to it.</source>
        <translation>Le certificat de son ordinateur n’en donne pas le droit.</translation>
    </message>
    <message>
        <source>The content of attached files: only their names, sizes and SHA-256 are here.</source>
        <translation>Le contenu des fichiers joints&#xa0;: seuls leurs noms, tailles et SHA-256 sont ici.</translation>
    </message>
    <message>
        <source>The file holds no card of its delegation.</source>
        <translation>Le fichier ne contient aucune carte de sa délégation.</translation>
    </message>
    <message>
        <source>The file holds no certificate of the laptop that is named as its author.</source>
        <translation>Le fichier ne contient aucun certificat de l’ordinateur nommé comme son auteur.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Le fichier est vide.</translation>
    </message>
    <message>
        <source>The first line counts other entries than there are.</source>
        <translation>La première ligne compte d’autres entrées que celles qui s’y trouvent.</translation>
    </message>
    <message>
        <source>The line is not ended: the file was cut or is still being written.</source>
        <translation>La ligne n’est pas terminée&#xa0;: le fichier a été coupé ou est encore en cours d’écriture.</translation>
    </message>
    <message>
        <source>The newest changes of membership do not know of each other; removal counts.</source>
        <translation>Les changements de composition les plus récents s’ignorent les uns les autres&#x202f;; l’enlèvement l’emporte.</translation>
    </message>
    <message>
        <source>The pen of a text was recovered or settled by votes: its words were not computed again.</source>
        <translation>La plume d’un texte a été récupérée ou attribuée par des votes&#xa0;: son libellé n’a pas été recalculé.</translation>
    </message>
    <message>
        <source>The signed last line is missing: the file was cut.</source>
        <translation>La dernière ligne signée manque&#xa0;: le fichier a été coupé.</translation>
    </message>
    <message>
        <source>The words of a joint statement do not have the hash that is signed on to.</source>
        <translation>Le libellé d’une déclaration commune n’a pas le condensat auquel on s’associe.</translation>
    </message>
    <message>
        <source>The words of a revision, computed again, do not have the hash that was signed.</source>
        <translation>Le libellé d’une révision, recalculé, n’a pas le condensat qui a été signé.</translation>
    </message>
    <message>
        <source>This is not an evidence file of Valise.</source>
        <translation>Ce n’est pas un fichier de preuve de Valise.</translation>
    </message>
    <message>
        <source>Two delegations certified one laptop.</source>
        <translation>Deux délégations ont certifié un même ordinateur.</translation>
    </message>
    <message>
        <source>Two versions of a text were written from one: its words were computed up to there only.</source>
        <translation>Deux versions d’un texte ont été écrites à partir d’une seule&#xa0;: son libellé n’a été calculé que jusque-là.</translation>
    </message>
    <message>
        <source>What founded the room had no authority to.</source>
        <translation>Ce qui a fondé la salle n’en avait pas le pouvoir.</translation>
    </message>
    <message>
        <source>What founded the room is not in the file.</source>
        <translation>Ce qui a fondé la salle n’est pas dans le fichier.</translation>
    </message>
    <message>
        <source>When anything was said: the times are what each author&apos;s own clock claimed.</source>
        <translation>Quand quoi que ce soit a été dit&#xa0;: les heures sont celles qu’affirmait l’horloge de chaque auteur.</translation>
    </message>
    <message>
        <source>Who stands behind a fingerprint: compare it with one you had from that delegation by another way.</source>
        <translation>Qui se trouve derrière une empreinte&#xa0;: comparez-la avec une empreinte que vous tenez de cette délégation par une autre voie.</translation>
    </message>
    <message>
        <source>a card</source>
        <translation>une carte</translation>
    </message>
    <message>
        <source>a certificate</source>
        <translation>un certificat</translation>
    </message>
    <message>
        <source>an entry of the record</source>
        <translation>une entrée du dossier</translation>
    </message>
    <message>
        <source>signed on</source>
        <translation>s’est associé</translation>
    </message>
    <message>
        <source>signed on late, admitted</source>
        <translation>s’est associé tardivement, admis</translation>
    </message>
    <message>
        <source>signed on late, not admitted</source>
        <translation>s’est associé tardivement, non admis</translation>
    </message>
    <message>
        <source>signed other words</source>
        <translation>a signé un autre libellé</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>le fichier</translation>
    </message>
    <message>
        <source>the first line</source>
        <translation>la première ligne</translation>
    </message>
    <message>
        <source>the last line</source>
        <translation>la dernière ligne</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>a repris son nom</translation>
    </message>
</context>
<context>
    <name>exchange</name>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come.</source>
        <translation>
            <numerusform>%n enveloppe est conservée scellée jusqu’à l’arrivée de sa clé.</numerusform>
            <numerusform>%n enveloppes sont conservées scellées jusqu’à l’arrivée de leurs clés.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n fichier</numerusform>
            <numerusform>%n fichiers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n élément</numerusform>
            <numerusform>%n éléments</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items wait</source>
        <translation>
            <numerusform>%n élément en attente</numerusform>
            <numerusform>%n éléments en attente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new things came.</source>
        <translation>
            <numerusform>%n élément nouveau est arrivé.</numerusform>
            <numerusform>%n éléments nouveaux sont arrivés.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things in it were new.</source>
        <translation>
            <numerusform>%n élément de ce pli était nouveau.</numerusform>
            <numerusform>%n éléments de ce pli étaient nouveaux.</numerusform>
        </translation>
    </message>
    <message>
        <source>A relay without an agent never confirms by itself: save the revocations for its operator.</source>
        <translation>Un relais sans agent logiciel ne confirme jamais de lui-même&#xa0;: enregistrez les révocations pour son exploitant.</translation>
    </message>
    <message>
        <source>A sealed file on a stick</source>
        <translation>Un fichier scellé sur une clé USB</translation>
    </message>
    <message numerus="yes">
        <source>All %Ln envelopes verified.</source>
        <translation>
            <numerusform>L’unique enveloppe est vérifiée.</numerusform>
            <numerusform>Les %Ln enveloppes sont toutes vérifiées.</numerusform>
        </translation>
    </message>
    <message>
        <source>Always possible</source>
        <translation>Toujours possible</translation>
    </message>
    <message>
        <source>Another way</source>
        <translation>Une autre voie</translation>
    </message>
    <message>
        <source>Ask for the bundle once more; what came in is kept.</source>
        <translation>Demandez le pli encore une fois&#x202f;; ce qui est entré est conservé.</translation>
    </message>
    <message>
        <source>Ask its operator for a new file and open it here. What waits is kept; a courier can take it.</source>
        <translation>Demandez un nouveau fichier à son exploitant et ouvrez-le ici. Ce qui attend est conservé&#x202f;; un porteur peut l’acheminer.</translation>
    </message>
    <message>
        <source>Bundles (*.valise);;All files (*)</source>
        <translation>Plis (*.valise);;Tous les fichiers (*)</translation>
    </message>
    <message numerus="yes">
        <source>Bundles {0} of {1} have not come.</source>
        <translation>
            <numerusform>Le pli {0} de {1} n’est pas arrivé.</numerusform>
            <numerusform>Les plis {0} de {1} ne sont pas arrivés.</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be reached</source>
        <translation>Injoignable</translation>
    </message>
    <message>
        <source>Connecting to the relay…</source>
        <translation>Connexion au relais…</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Connexion…</translation>
    </message>
    <message>
        <source>Courier</source>
        <translation>Porteur</translation>
    </message>
    <message numerus="yes">
        <source>Damaged or cut off: {0} of %n envelopes were whole and came in.</source>
        <translation>
            <numerusform>Endommagé ou tronqué&#x202f;; enveloppes entières, qui sont entrées&#xa0;: {0} sur %n.</numerusform>
            <numerusform>Endommagé ou tronqué&#x202f;; enveloppes entières, qui sont entrées&#xa0;: {0} sur %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drop them to open %n bundles</source>
        <translation>
            <numerusform>Déposez-le pour ouvrir le pli</numerusform>
            <numerusform>Déposez-les pour ouvrir %n plis</numerusform>
        </translation>
    </message>
    <message>
        <source>Ends soon</source>
        <translation>Prend fin bientôt</translation>
    </message>
    <message>
        <source>Exchange folder connected</source>
        <translation>Dossier d’échange connecté</translation>
    </message>
    <message>
        <source>Exchange folder not reachable</source>
        <translation>Dossier d’échange inaccessible</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Dossier</translation>
    </message>
    <message numerus="yes">
        <source>For %n delegations</source>
        <translation>
            <numerusform>Pour %n délégation</numerusform>
            <numerusform>Pour %n délégations</numerusform>
        </translation>
    </message>
    <message>
        <source>For laptops that share a drive.</source>
        <translation>Pour les ordinateurs qui partagent un lecteur.</translation>
    </message>
    <message>
        <source>For the next bundle</source>
        <translation>Pour le prochain pli</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>De {0}</translation>
    </message>
    <message>
        <source>Has ended</source>
        <translation>A pris fin</translation>
    </message>
    <message>
        <source>If that stick still comes, open it too; if not, take a bundle back: it asks for what was in it.</source>
        <translation>Si cette clé USB arrive encore, ouvrez-la aussi&#x202f;; sinon, rapportez un pli&#xa0;: il demande ce qu’elle contenait.</translation>
    </message>
    <message>
        <source>In trouble</source>
        <translation>En difficulté</translation>
    </message>
    <message>
        <source>It can lose, hold back or stop. Nothing is lost by that: what is not confirmed stays here and is sent again.</source>
        <translation>Il peut perdre, retenir ou s’arrêter. Rien n’est perdu pour autant&#xa0;: ce qui n’est pas confirmé reste ici et est envoyé de nouveau.</translation>
    </message>
    <message>
        <source>It does not see: any word, title or file, who signed what, or what a delegation is called here.</source>
        <translation>Il ne voit pas&#xa0;: le moindre mot, titre ou fichier, qui a signé quoi, ni le nom que porte ici une délégation.</translation>
    </message>
    <message>
        <source>It is tried again by itself. You can take it by courier meanwhile.</source>
        <translation>Un nouvel essai se fait de lui-même. Entre-temps, vous pouvez l’acheminer par porteur.</translation>
    </message>
    <message>
        <source>It sees: that your laptops and those of your correspondents connect, from where, when, and how much they send.</source>
        <translation>Il voit&#xa0;: que vos ordinateurs et ceux de vos correspondants se connectent, d’où, quand, et combien ils envoient.</translation>
    </message>
    <message>
        <source>It took {0} ms.</source>
        <translation>Cela a pris {0} ms.</translation>
    </message>
    <message>
        <source>It took {0} ms; the relay runs version {1}.</source>
        <translation>Cela a pris {0} ms&#x202f;; le relais utilise la version {1}.</translation>
    </message>
    <message>
        <source>Its relay cannot be reached</source>
        <translation>Son relais est injoignable</translation>
    </message>
    <message>
        <source>Its relay cannot be reached.</source>
        <translation>Son relais est injoignable.</translation>
    </message>
    <message>
        <source>Its relay is too old</source>
        <translation>Son relais est trop ancien</translation>
    </message>
    <message>
        <source>Last bundle {0}</source>
        <translation>Dernier pli&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Last exchange {0}</source>
        <translation>Dernier échange&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Look at it under Contacts.</source>
        <translation>Voyez-la dans Contacts.</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>Consultation du dossier…</translation>
    </message>
    <message>
        <source>Made before another one that came already: it filled a gap.</source>
        <translation>Préparé avant un autre déjà arrivé&#xa0;: il a comblé une lacune.</translation>
    </message>
    <message>
        <source>Make a bundle, or open one that was brought.</source>
        <translation>Préparez un pli, ou ouvrez-en un qui a été apporté.</translation>
    </message>
    <message>
        <source>Make a bundle; it stays listed here until {0} has confirmed it.</source>
        <translation>Préparez un pli&#x202f;; il reste indiqué ici jusqu’à ce que {0} l’ait confirmé.</translation>
    </message>
    <message>
        <source>May write</source>
        <translation>Peut écrire</translation>
    </message>
    <message>
        <source>New, and taken in.</source>
        <translation>Nouveau, et pris en charge.</translation>
    </message>
    <message>
        <source>Next try {0}</source>
        <translation>Prochain essai&#xa0;: {0}</translation>
    </message>
    <message>
        <source>No bundle made yet</source>
        <translation>Aucun pli préparé pour l’instant</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>Aucun échange pour l’instant</translation>
    </message>
    <message>
        <source>No folder is chosen</source>
        <translation>Aucun dossier n’est choisi</translation>
    </message>
    <message>
        <source>No relay is used</source>
        <translation>Aucun relais n’est utilisé</translation>
    </message>
    <message>
        <source>No room is left there</source>
        <translation>Il n’y a plus de place là-bas</translation>
    </message>
    <message>
        <source>No way leads to {0}: it gave no address of a relay, and no folder is shared with it.</source>
        <translation>Aucune voie ne mène à {0}&#xa0;: il n’y a ni adresse de relais reçue, ni dossier partagé.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aucun</translation>
    </message>
    <message>
        <source>Not proved to be its relay</source>
        <translation>Il n’est pas prouvé que c’est son relais</translation>
    </message>
    <message>
        <source>Not set up</source>
        <translation>Non configuré</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Rien</translation>
    </message>
    <message>
        <source>Nothing has to be reached for the courier: it takes a sealed file.</source>
        <translation>Rien n’est à joindre pour le porteur&#xa0;: il emporte un fichier scellé.</translation>
    </message>
    <message>
        <source>Nothing is lost if the stick is: everything in it stays listed as waiting here until it is confirmed.</source>
        <translation>Rien n’est perdu si la clé USB l’est&#xa0;: tout son contenu reste indiqué ici comme en attente jusqu’à confirmation.</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>Rien n’a quitté cet ordinateur sans être scellé.</translation>
    </message>
    <message>
        <source>Nothing reaches it</source>
        <translation>Rien ne l’atteint</translation>
    </message>
    <message>
        <source>Nothing to do: it confirms by itself when it is connected next.</source>
        <translation>Rien à faire&#xa0;: elle confirme d’elle-même à sa prochaine connexion.</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>Rien n’attend</translation>
    </message>
    <message>
        <source>On its way, not yet confirmed</source>
        <translation>En route, pas encore confirmé</translation>
    </message>
    <message>
        <source>Only relays of correspondents</source>
        <translation>Seulement les relais des correspondants</translation>
    </message>
    <message>
        <source>Put at {0} for {1}; it has not confirmed it yet.</source>
        <translation>Déposé ({0}) pour {1}&#x202f;; pas encore de confirmation.</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>Relais</translation>
    </message>
    <message>
        <source>Relay and exchange folder connected</source>
        <translation>Relais et dossier d’échange connectés</translation>
    </message>
    <message>
        <source>Relay and exchange folder not reachable</source>
        <translation>Relais et dossier d’échange inaccessibles</translation>
    </message>
    <message>
        <source>Relay connected</source>
        <translation>Relais connecté</translation>
    </message>
    <message>
        <source>Relay not reachable</source>
        <translation>Relais injoignable</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>Révoquée</translation>
    </message>
    <message>
        <source>Revoking</source>
        <translation>Révocation en cours</translation>
    </message>
    <message>
        <source>Sealed, only on this device: no relay and no folder is set</source>
        <translation>Scellé, sur cet ordinateur seulement&#xa0;: ni relais ni dossier n’est configuré</translation>
    </message>
    <message>
        <source>Stopped at the proxy</source>
        <translation>Arrêté au serveur mandataire</translation>
    </message>
    <message>
        <source>Stopped until you decide</source>
        <translation>Arrêté tant que vous n’avez pas décidé</translation>
    </message>
    <message>
        <source>Take what waits by courier, choose a shared folder, or ask it for a card with permission to write to its relay.</source>
        <translation>Acheminez par porteur ce qui attend, choisissez un dossier partagé, ou demandez-lui une carte avec autorisation d’écrire à son relais.</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Reprise</translation>
    </message>
    <message>
        <source>The exchange folder cannot be reached since {0}.</source>
        <translation>Le dossier d’échange est inaccessible (depuis&#xa0;: {0}).</translation>
    </message>
    <message>
        <source>The exchange folder could not be reached yet.</source>
        <translation>Le dossier d’échange n’a pas encore été accessible.</translation>
    </message>
    <message>
        <source>The exchange folder works.</source>
        <translation>Le dossier d’échange fonctionne.</translation>
    </message>
    <message>
        <source>The folder cannot be reached</source>
        <translation>Le dossier est inaccessible</translation>
    </message>
    <message>
        <source>The folder cannot be reached.</source>
        <translation>Le dossier est inaccessible.</translation>
    </message>
    <message>
        <source>The permission has ended</source>
        <translation>L’autorisation a pris fin</translation>
    </message>
    <message>
        <source>The relay cannot be reached since {0}.</source>
        <translation>Le relais est injoignable (depuis&#xa0;: {0}).</translation>
    </message>
    <message>
        <source>The relay could not be reached yet.</source>
        <translation>Le relais n’a pas encore pu être joint.</translation>
    </message>
    <message>
        <source>The relay has not confirmed what was revoked; it is asked again by itself.</source>
        <translation>Le relais n’a pas confirmé ce qui a été révoqué&#x202f;; il est interrogé de nouveau automatiquement.</translation>
    </message>
    <message>
        <source>The relay refuses it</source>
        <translation>Le relais la refuse</translation>
    </message>
    <message>
        <source>The relay works.</source>
        <translation>Le relais fonctionne.</translation>
    </message>
    <message>
        <source>This bundle came before; nothing in it is new.</source>
        <translation>Ce pli est déjà arrivé&#x202f;; il ne contient rien de nouveau.</translation>
    </message>
    <message>
        <source>This bundle is for somebody else. It cannot be opened here and was not changed.</source>
        <translation>Ce pli est destiné à quelqu’un d’autre. Il ne peut pas être ouvert ici et n’a pas été modifié.</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>Ce n’est pas un pli de Valise.</translation>
    </message>
    <message>
        <source>This laptop&apos;s delegation made this bundle: it is for those it was made for.</source>
        <translation>Ce pli a été préparé par la délégation de cet ordinateur&#xa0;: il est destiné à ceux pour qui il a été préparé.</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ended on {0}.</source>
        <translation>L’autorisation de cet ordinateur d’utiliser le relais a pris fin le {0}.</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ends on {0}.</source>
        <translation>L’autorisation de cet ordinateur d’utiliser le relais prend fin le {0}.</translation>
    </message>
    <message>
        <source>Tick at least one delegation.</source>
        <translation>Cochez au moins une délégation.</translation>
    </message>
    <message>
        <source>Tried just now: {0}.</source>
        <translation>Essai à l’instant&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Until it does, something may still be put there with that permission.</source>
        <translation>D’ici là, quelque chose peut encore y être déposé avec cette autorisation.</translation>
    </message>
    <message>
        <source>We may write</source>
        <translation>Nous pouvons écrire</translation>
    </message>
    <message>
        <source>What is for {0} waits since {1} for the next bundle.</source>
        <translation>Ce qui est destiné à {0} attend le prochain pli (depuis&#xa0;: {1}).</translation>
    </message>
    <message>
        <source>What you write to {0} waits since {1}: sending is stopped until you decide.</source>
        <translation>Ce que vous écrivez à {0} attend (depuis&#xa0;: {1})&#xa0;: l’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>Fonctionne</translation>
    </message>
    <message>
        <source>Written to the end, read back from there, and equal.</source>
        <translation>Écrit jusqu’au bout, relu sur place et identique.</translation>
    </message>
    <message>
        <source>You need the file of an operator.</source>
        <translation>Il vous faut le fichier d’un exploitant.</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>environ {0}</translation>
    </message>
    <message>
        <source>ask it for a new one</source>
        <translation>à lui redemander</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>automatique</translation>
    </message>
    <message>
        <source>bundle {0}</source>
        <translation>pli {0}</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>choisi par vous</translation>
    </message>
    <message>
        <source>connecting to the relay</source>
        <translation>connexion au relais</translation>
    </message>
    <message>
        <source>folder connected</source>
        <translation>dossier connecté</translation>
    </message>
    <message>
        <source>given {0}</source>
        <translation>donnée le {0}</translation>
    </message>
    <message>
        <source>in a card handed over</source>
        <translation>dans une carte remise</translation>
    </message>
    <message>
        <source>it answered</source>
        <translation>il a répondu</translation>
    </message>
    <message>
        <source>it proved that it is the relay</source>
        <translation>il a prouvé qu’il est bien le relais</translation>
    </message>
    <message>
        <source>it was read back and is equal</source>
        <translation>la relecture est identique</translation>
    </message>
    <message>
        <source>it was taken away again</source>
        <translation>cela a été enlevé de nouveau</translation>
    </message>
    <message>
        <source>known by its own key</source>
        <translation>reconnu à sa propre clé</translation>
    </message>
    <message>
        <source>known by the authorities of this computer</source>
        <translation>reconnu par les autorités de cet ordinateur</translation>
    </message>
    <message>
        <source>last bundle {0}</source>
        <translation>dernier pli {0}</translation>
    </message>
    <message>
        <source>last heard {0}</source>
        <translation>dernières nouvelles&#xa0;: {0}</translation>
    </message>
    <message>
        <source>looking at the folder</source>
        <translation>consultation du dossier</translation>
    </message>
    <message>
        <source>made {0}</source>
        <translation>préparé&#xa0;: {0}</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>pas encore envoyée</translation>
    </message>
    <message>
        <source>noted by you; no answer yet</source>
        <translation>notée par vous&#x202f;; pas encore de réponse</translation>
    </message>
    <message>
        <source>nothing more is taken with it</source>
        <translation>rien de plus n’est accepté avec elle</translation>
    </message>
    <message>
        <source>our mailbox is there</source>
        <translation>notre boîte s’y trouve</translation>
    </message>
    <message>
        <source>relay connected</source>
        <translation>relais connecté</translation>
    </message>
    <message>
        <source>sealed, over the exchange</source>
        <translation>scellée, par l’échange</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>depuis le {0}</translation>
    </message>
    <message>
        <source>something was written</source>
        <translation>quelque chose a été écrit</translation>
    </message>
    <message>
        <source>the relay has not confirmed yet</source>
        <translation>le relais n’a pas encore confirmé</translation>
    </message>
    <message>
        <source>through the proxy</source>
        <translation>par le serveur mandataire</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>jusqu’au {0}</translation>
    </message>
    <message>
        <source>waiting: {0}, since {1}</source>
        <translation>en attente&#xa0;: {0}, depuis&#xa0;: {1}</translation>
    </message>
    <message>
        <source>without an end</source>
        <translation>sans date de fin</translation>
    </message>
    <message>
        <source>{0} What is for {1} waits since {2} and is kept.</source>
        <translation>{0} Ce qui est destiné à {1} attend (depuis&#xa0;: {2}) et est conservé.</translation>
    </message>
    <message>
        <source>{0} has confirmed everything.</source>
        <translation>{0} a tout confirmé.</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n envelopes verified.</source>
        <translation>
            <numerusform>Enveloppes vérifiées&#xa0;: {0} sur %n.</numerusform>
            <numerusform>Enveloppes vérifiées&#xa0;: {0} sur %n.</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} of {1} confirmed</source>
        <translation>{0} sur {1} confirmés</translation>
    </message>
    <message>
        <source>{0}, everything stays sealed on this device</source>
        <translation>{0}, tout reste scellé sur cet ordinateur</translation>
    </message>
    <message>
        <source>{0}, with trouble</source>
        <translation>{0}, avec des difficultés</translation>
    </message>
    <message numerus="yes">
        <source>{0}, {1}, %Ln sealed envelopes</source>
        <translation>
            <numerusform>{0}, {1}, %Ln enveloppe scellée</numerusform>
            <numerusform>{0}, {1}, %Ln enveloppes scellées</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: nothing but the word of what came from there.</source>
        <translation>{0}&#xa0;: rien que l’indication de ce qui en est arrivé.</translation>
    </message>
    <message>
        <source>{0}: {1}, about {2}.</source>
        <translation>{0}&#xa0;: {1}, environ {2}.</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>A program that reads the file back does not find exactly: {0}.</source>
        <translation>Un programme qui relit le fichier ne retrouve pas exactement&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Another format</source>
        <translation>Autre format</translation>
    </message>
    <message>
        <source>As found in the file, by {0}.</source>
        <translation>Tel que trouvé dans le fichier, par {0}.</translation>
    </message>
    <message>
        <source>As found in the file.</source>
        <translation>Tel que trouvé dans le fichier.</translation>
    </message>
    <message>
        <source>By delegation</source>
        <translation>Par délégation</translation>
    </message>
    <message>
        <source>Cannot be proposed on the text as it stands now.</source>
        <translation>Ne peut pas être proposé sur le texte tel qu’il se présente maintenant.</translation>
    </message>
    <message>
        <source>Cannot be proposed: the pen has changed this paragraph since the file was made.</source>
        <translation>Ne peut pas être proposé&#xa0;: la plume a modifié ce paragraphe depuis que le fichier a été établi.</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is agreed or closed.</source>
        <translation>Ne peut pas être proposé&#xa0;: ce paragraphe est convenu ou clos.</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is no longer in the text.</source>
        <translation>Ne peut pas être proposé&#xa0;: ce paragraphe ne figure plus dans le texte.</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>Au propre</translation>
    </message>
    <message>
        <source>Compilation</source>
        <translation>Compilation</translation>
    </message>
    <message>
        <source>Every proposed change under its delegation; positions and remarks beside the text.</source>
        <translation>Chaque modification proposée sous le nom de sa délégation&#x202f;; positions et remarques à côté du texte.</translation>
    </message>
    <message>
        <source>Every proposed change written into the words, in brackets with its delegations.</source>
        <translation>Chaque modification proposée est inscrite dans le libellé, entre crochets avec ses délégations.</translation>
    </message>
    <message numerus="yes">
        <source>Make %n remarks</source>
        <translation>
            <numerusform>Faire %n remarque</numerusform>
            <numerusform>Faire %n remarques</numerusform>
        </translation>
    </message>
    <message>
        <source>No proposed change</source>
        <translation>Aucune modification proposée</translation>
    </message>
    <message>
        <source>Notation of negotiation, as text</source>
        <translation>Notation de négociation, sous forme de texte</translation>
    </message>
    <message>
        <source>PDF, to print and to read</source>
        <translation>PDF, à imprimer et à lire</translation>
    </message>
    <message>
        <source>Paragraphs: {0}</source>
        <translation>Paragraphes&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>Texte brut</translation>
    </message>
    <message>
        <source>Positions and remarks left out: {0}</source>
        <translation>Positions et remarques laissées de côté&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Positions and remarks: {0}</source>
        <translation>Positions et remarques&#xa0;: {0}</translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes</source>
        <translation>
            <numerusform>Proposer %n modification</numerusform>
            <numerusform>Proposer %n modifications</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes, {remarks}</source>
        <translation>
            <numerusform>Proposer %n modification, {remarks}</numerusform>
            <numerusform>Proposer %n modifications, {remarks}</numerusform>
        </translation>
    </message>
    <message>
        <source>Proposed changes left out: {0}</source>
        <translation>Modifications proposées laissées de côté&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Proposed changes: {0}, by delegations: {1}</source>
        <translation>Modifications proposées&#xa0;: {0}, par délégations&#xa0;: {1}</translation>
    </message>
    <message>
        <source>The words as they stand: no proposed change, no status, no remark.</source>
        <translation>Le libellé tel qu’il se présente&#xa0;: ni modification proposée, ni situation, ni remarque.</translation>
    </message>
    <message>
        <source>Tracked changes</source>
        <translation>Modifications suivies</translation>
    </message>
    <message>
        <source>UN XML (Akoma Ntoso)</source>
        <translation>XML des Nations Unies (Akoma Ntoso)</translation>
    </message>
    <message>
        <source>Under each delegation the paragraphs it wants otherwise, with its own changes.</source>
        <translation>Sous chaque délégation, les paragraphes qu’elle souhaite autres, avec ses propres modifications.</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>Page web</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Document Word</translation>
    </message>
    <message numerus="yes">
        <source>make %n remarks</source>
        <translation>
            <numerusform>faire %n remarque</numerusform>
            <numerusform>faire %n remarques</numerusform>
        </translation>
    </message>
    <message>
        <source>proposed changes</source>
        <translation>les modifications proposées</translation>
    </message>
    <message>
        <source>remarks</source>
        <translation>les remarques</translation>
    </message>
    <message>
        <source>the language</source>
        <translation>la langue</translation>
    </message>
    <message>
        <source>the numbers of paragraphs</source>
        <translation>les numéros des paragraphes</translation>
    </message>
    <message>
        <source>the title</source>
        <translation>le titre</translation>
    </message>
    <message>
        <source>what is agreed and what is open</source>
        <translation>ce qui est convenu et ce qui est ouvert</translation>
    </message>
    <message>
        <source>where some paragraphs begin and end</source>
        <translation>où commencent et finissent certains paragraphes</translation>
    </message>
</context>
<context>
    <name>fonts</name>
    <message>
        <source>Add the fonts of these languages in the settings of the system, then start Valise again.</source>
        <translation>Ajoutez les polices de ces langues dans les paramètres du système, puis redémarrez Valise.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Arabe</translation>
    </message>
    <message>
        <source>Armenian</source>
        <translation>Arménien</translation>
    </message>
    <message>
        <source>Ask who looks after this computer to install {0} (Debian, Ubuntu), then start Valise again. What is stored and sent is not touched by this.</source>
        <translation>Demandez à la personne qui s’occupe de cet ordinateur d’installer {0} (Debian, Ubuntu), puis redémarrez Valise. Ce qui est conservé et envoyé n’en est pas touché.</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>Bengali</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinois</translation>
    </message>
    <message>
        <source>Cyrillic</source>
        <translation>Cyrillique</translation>
    </message>
    <message>
        <source>Devanagari</source>
        <translation>Devanagari</translation>
    </message>
    <message>
        <source>Georgian</source>
        <translation>Géorgien</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>Grec</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>Hébreu</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>Japonais</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>Coréen</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>Thaï</translation>
    </message>
    <message>
        <source>This computer has no letters for: {0}. Such text is shown as boxes.</source>
        <translation>Cet ordinateur n’a pas de caractères pour&#xa0;: {0}. Un tel texte s’affiche sous forme de carrés.</translation>
    </message>
</context>
<context>
    <name>guide</name>
    <message>
        <source> or </source>
        <translation> ou </translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Partout</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>Guide</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}&#xa0;: {1}</translation>
    </message>
</context>
<context>
    <name>hygiene</name>
    <message>
        <source>A second laptop</source>
        <translation>Un second ordinateur</translation>
    </message>
    <message>
        <source>About Valise…</source>
        <translation>À propos de Valise…</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>Sauvegarder…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Sauvegarde</translation>
    </message>
    <message>
        <source>Change it…</source>
        <translation>Changer…</translation>
    </message>
    <message>
        <source>Check now…</source>
        <translation>Contrôler maintenant…</translation>
    </message>
    <message>
        <source>Check of this vault</source>
        <translation>Contrôle de ce coffre</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Comparer…</translation>
    </message>
    <message>
        <source>Contacts compared</source>
        <translation>Contacts comparés</translation>
    </message>
    <message>
        <source>Delegations nobody has compared yet: {n}.</source>
        <translation>Délégations que personne n’a encore comparées&#xa0;: {n}.</translation>
    </message>
    <message>
        <source>Does not pass</source>
        <translation>Non satisfait</translation>
    </message>
    <message>
        <source>Every delegation you exchange with was compared or is vouched for.</source>
        <translation>Chaque délégation avec laquelle vous échangez a été comparée ou est garantie.</translation>
    </message>
    <message>
        <source>Everything verified {when}.</source>
        <translation>Tout s’est vérifié&#xa0;: {when}.</translation>
    </message>
    <message>
        <source>In use since {when}, for more than two years.</source>
        <translation>Utilisée depuis plus de deux ans ({when}).</translation>
    </message>
    <message>
        <source>It does not lie beside the vault.</source>
        <translation>Il ne se trouve pas à côté du coffre.</translation>
    </message>
    <message>
        <source>It ended on {when}: ask its operator for a new file.</source>
        <translation>Elle a pris fin le {when}&#xa0;: demandez un nouveau fichier à son exploitant.</translation>
    </message>
    <message>
        <source>It ends on {when}: ask its operator for a new file.</source>
        <translation>Elle prend fin le {when}&#xa0;: demandez un nouveau fichier à son exploitant.</translation>
    </message>
    <message>
        <source>It holds until {when}.</source>
        <translation>Elle vaut jusqu’au {when}.</translation>
    </message>
    <message>
        <source>It is protected less than it should be: change it once, and it is sealed anew.</source>
        <translation>Elle est moins protégée qu’elle ne devrait l’être&#xa0;: changez-la une fois, et elle est scellée de nouveau.</translation>
    </message>
    <message>
        <source>It still lies beside the vault: whoever takes this laptop takes both.</source>
        <translation>Il se trouve encore à côté du coffre&#xa0;: quiconque prend cet ordinateur prend les deux.</translation>
    </message>
    <message>
        <source>Key file of the delegation</source>
        <translation>Fichier de clé de la délégation</translation>
    </message>
    <message>
        <source>Laptops of your delegation in use: {n}.</source>
        <translation>Ordinateurs de votre délégation utilisés&#xa0;: {n}.</translation>
    </message>
    <message>
        <source>Last checked {when}, more than a week ago.</source>
        <translation>Dernier contrôle&#xa0;: {when}, il y a plus d’une semaine.</translation>
    </message>
    <message>
        <source>Last rehearsed {when}, more than a year ago.</source>
        <translation>Dernier essai&#xa0;: {when}, il y a plus d’un an.</translation>
    </message>
    <message>
        <source>Locking by itself</source>
        <translation>Verrouillage automatique</translation>
    </message>
    <message>
        <source>Made, and last rehearsed {when}.</source>
        <translation>Établies&#x202f;; dernier essai&#xa0;: {when}.</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>Établies, et jamais essayées&#xa0;: seul un essai montre que le papier est exact.</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>Déplacer…</translation>
    </message>
    <message>
        <source>None was made: what is only here goes with this laptop.</source>
        <translation>Aucune n’a été faite&#xa0;: ce qui n’est qu’ici disparaît avec cet ordinateur.</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>Pas encore contrôlé.</translation>
    </message>
    <message>
        <source>Our laptops…</source>
        <translation>Nos ordinateurs…</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>Satisfait</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Phrase de passe</translation>
    </message>
    <message>
        <source>Permission to use the relay</source>
        <translation>Autorisation d’utiliser le relais</translation>
    </message>
    <message>
        <source>Protected as it should be; in use since {when}.</source>
        <translation>Protégée comme il se doit&#x202f;; utilisée depuis&#xa0;: {when}.</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>Parts de récupération</translation>
    </message>
    <message>
        <source>Shorten it…</source>
        <translation>Raccourcir…</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>Logiciel</translation>
    </message>
    <message>
        <source>The check found something wrong.</source>
        <translation>Le contrôle a révélé une anomalie.</translation>
    </message>
    <message>
        <source>The last one is of {when}, and there is news since.</source>
        <translation>La dernière&#xa0;: {when}&#x202f;; il y a du nouveau depuis.</translation>
    </message>
    <message>
        <source>The last one is of {when}.</source>
        <translation>La dernière&#xa0;: {when}.</translation>
    </message>
    <message numerus="yes">
        <source>The vault locks after %n minutes without a key or the mouse.</source>
        <translation>
            <numerusform>Le coffre se verrouille après %n minute sans touche ni souris.</numerusform>
            <numerusform>Le coffre se verrouille après %n minutes sans touche ni souris.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The vault stays open for %n minutes when nobody is there; ten are enough.</source>
        <translation>
            <numerusform>Le coffre reste ouvert %n minute quand personne n’est là&#x202f;; dix suffisent.</numerusform>
            <numerusform>Le coffre reste ouvert %n minutes quand personne n’est là&#x202f;; dix suffisent.</numerusform>
        </translation>
    </message>
    <message>
        <source>There are none: when the passphrase is forgotten, nobody can open this vault.</source>
        <translation>Il n’y en a pas&#xa0;: si la phrase de passe est oubliée, personne ne peut ouvrir ce coffre.</translation>
    </message>
    <message>
        <source>This does not pass.</source>
        <translation>Ce point n’est pas satisfait.</translation>
    </message>
    <message>
        <source>This is the only one: if it is lost, the delegation cannot write until another is admitted.</source>
        <translation>C’est le seul&#xa0;: s’il est perdu, la délégation ne peut plus écrire tant qu’un autre n’est pas admis.</translation>
    </message>
    <message>
        <source>To the shares…</source>
        <translation>Vers les parts…</translation>
    </message>
    <message>
        <source>Version {text} of {when} is more than half a year old: ask who installs it for a newer one.</source>
        <translation>La version {text} ({when}) a plus de six mois&#xa0;: demandez-en une plus récente à qui l’installe.</translation>
    </message>
    <message>
        <source>Version {text} of {when}.</source>
        <translation>Version {text} ({when}).</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>Voies d’échange…</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n pass. Each of the others has a button that leads to where it is put right.</source>
        <translation>
            <numerusform>Points satisfaits&#xa0;: {0} sur %n. Chacun des autres a un bouton qui mène au remède.</numerusform>
            <numerusform>Points satisfaits&#xa0;: {0} sur %n. Chacun des autres a un bouton qui mène au remède.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>incidents</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n fichier</numerusform>
            <numerusform>%n fichiers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n ordinateur</numerusform>
            <numerusform>%n ordinateurs</numerusform>
        </translation>
    </message>
    <message>
        <source>A reply is requested by {0}.</source>
        <translation>Une réponse est demandée avant&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Acknowledge receipt</source>
        <translation>Accuser réception</translation>
    </message>
    <message>
        <source>Acknowledgements</source>
        <translation>Accusés de réception</translation>
    </message>
    <message>
        <source>An acknowledgement says that it was received. It accepts no fact and agrees with nothing (norm 13 (c)).</source>
        <translation>Un accusé de réception dit que cela a été reçu. Il n’accepte aucun fait et ne vaut accord sur rien (norme 13 c)).</translation>
    </message>
    <message>
        <source>An answer is due in {left}, at {when}.</source>
        <translation>Une réponse est attendue dans {left} (échéance&#xa0;: {when}).</translation>
    </message>
    <message>
        <source>An offer is taken</source>
        <translation>Une offre est retenue</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Répondre</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>Répondu</translation>
    </message>
    <message>
        <source>Answered: no time runs.</source>
        <translation>Répondu&#xa0;: aucun délai ne court.</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Arabe</translation>
    </message>
    <message>
        <source>Before the embargo ended ({0}), because: {1}</source>
        <translation>Avant la fin de l’embargo ({0}), motif&#xa0;: {1}</translation>
    </message>
    <message>
        <source>Channel and time</source>
        <translation>Voie et délai</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinois</translation>
    </message>
    <message>
        <source>Choose among the offers</source>
        <translation>Choisissez parmi les offres</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Clos</translation>
    </message>
    <message>
        <source>Correction or addition</source>
        <translation>Correction ou ajout</translation>
    </message>
    <message>
        <source>Done…</source>
        <translation>Fait…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Anglais</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>From the directory</source>
        <translation>Dans le répertoire</translation>
    </message>
    <message>
        <source>Help is offered</source>
        <translation>Une aide est offerte</translation>
    </message>
    <message>
        <source>Inside our delegation</source>
        <translation>Au sein de notre délégation</translation>
    </message>
    <message>
        <source>It has ended: close it</source>
        <translation>C’est terminé&#xa0;: à clore</translation>
    </message>
    <message>
        <source>No longer holds</source>
        <translation>Ne vaut plus</translation>
    </message>
    <message>
        <source>No time runs at {tier}: it is as agreed in this case.</source>
        <translation>Aucun délai ne court à l’échelon {tier}&#xa0;: c’est comme convenu dans ce cas.</translation>
    </message>
    <message>
        <source>Nobody answered until {when}, and there is no higher channel. Speak to them.</source>
        <translation>Pas de réponse reçue dans le délai ({when}), et il n’y a pas de voie supérieure. Parlez-leur.</translation>
    </message>
    <message>
        <source>Nobody answered until {when}. {tier} is proposed: nothing happens unless you take it there.</source>
        <translation>Pas de réponse reçue dans le délai ({when}). Échelon proposé&#xa0;: {tier}&#x202f;; rien ne se passe si vous ne l’y portez pas.</translation>
    </message>
    <message>
        <source>Not seen when the incident was closed: it was under way, or said afterwards.</source>
        <translation>Non vu lors de la clôture de l’incident&#xa0;: c’était en route, ou dit ensuite.</translation>
    </message>
    <message>
        <source>Offer of assistance</source>
        <translation>Offre d’assistance</translation>
    </message>
    <message>
        <source>Offer taken back</source>
        <translation>Offre reprise</translation>
    </message>
    <message>
        <source>Offers of assistance</source>
        <translation>Offres d’assistance</translation>
    </message>
    <message>
        <source>Offers of assistance taken</source>
        <translation>Offres d’assistance retenues</translation>
    </message>
    <message>
        <source>Only your own delegation&apos;s laptops have this. It never leaves.</source>
        <translation>Seuls les ordinateurs de votre propre délégation ont ceci. Cela ne sort jamais.</translation>
    </message>
    <message>
        <source>Opened again</source>
        <translation>Rouvert</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>Points de contact</translation>
    </message>
    <message>
        <source>Receipt acknowledged</source>
        <translation>Réception accusée</translation>
    </message>
    <message>
        <source>Receipt acknowledged: it accepts no fact and agrees with nothing</source>
        <translation>Réception accusée&#xa0;: cela n’accepte aucun fait et ne vaut accord sur rien</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Rapport</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Russe</translation>
    </message>
    <message>
        <source>Save {0}…</source>
        <translation>Enregistrer {0}…</translation>
    </message>
    <message>
        <source>Sent on: {where}, {when}</source>
        <translation>Transmis&#xa0;: {where}, {when}</translation>
    </message>
    <message>
        <source>Sent, not acknowledged yet</source>
        <translation>Envoyé, pas encore d’accusé de réception</translation>
    </message>
    <message>
        <source>Something this version does not know</source>
        <translation>Un élément que cette version ne connaît pas</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Espagnol</translation>
    </message>
    <message numerus="yes">
        <source>Still required: {0} (and %n more)</source>
        <translation>
            <numerusform>Encore requis&#xa0;: {0} (et %n de plus)</numerusform>
            <numerusform>Encore requis&#xa0;: {0} (et %n de plus)</numerusform>
        </translation>
    </message>
    <message>
        <source>Take it back…</source>
        <translation>Reprendre…</translation>
    </message>
    <message>
        <source>Take it to {0}…</source>
        <translation>Porter à l’échelon {0}…</translation>
    </message>
    <message>
        <source>Taken to {tier}</source>
        <translation>Porté à l’échelon&#xa0;: {tier}</translation>
    </message>
    <message>
        <source>The delegation that reported it takes it higher.</source>
        <translation>La délégation qui l’a signalé le porte à l’échelon supérieur.</translation>
    </message>
    <message>
        <source>The same at every delegation in the room. Times are those of the laptop that said it.</source>
        <translation>Identique dans chaque délégation de la salle. Les heures sont celles de l’ordinateur qui s’est exprimé.</translation>
    </message>
    <message>
        <source>This does not count: it is not for that delegation to say. It stays in the record.</source>
        <translation>Ceci ne compte pas&#xa0;: il n’appartient pas à cette délégation de le dire. Cela reste au dossier.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Chronologie</translation>
    </message>
    <message>
        <source>Two laptops said different things, unseen by each other: {0}. The delegation that reported it settles it with an update.</source>
        <translation>Deux ordinateurs ont dit des choses différentes, sans se voir l’un l’autre&#xa0;: {0}. La délégation qui l’a signalé tranche par une mise à jour.</translation>
    </message>
    <message>
        <source>Unanswered in time: decide</source>
        <translation>Sans réponse dans le délai&#xa0;: décidez</translation>
    </message>
    <message>
        <source>We ({officer})</source>
        <translation>Nous ({officer})</translation>
    </message>
    <message>
        <source>What is reported</source>
        <translation>Ce qui est signalé</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>répondu</translation>
    </message>
    <message>
        <source>done {0}</source>
        <translation>fait&#xa0;: {0}</translation>
    </message>
    <message>
        <source>due {0}</source>
        <translation>échéance&#xa0;: {0}</translation>
    </message>
    <message>
        <source>now {0}</source>
        <translation>maintenant {0}</translation>
    </message>
    <message>
        <source>open</source>
        <translation>ouvert</translation>
    </message>
    <message>
        <source>or</source>
        <translation>ou</translation>
    </message>
    <message>
        <source>still under way</source>
        <translation>encore en route</translation>
    </message>
    <message>
        <source>taken</source>
        <translation>retenue</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>reprise</translation>
    </message>
    <message>
        <source>taken back, though it was taken</source>
        <translation>reprise, alors qu’elle était retenue</translation>
    </message>
    <message>
        <source>{0}, it stands here</source>
        <translation>{0}, se trouve ici</translation>
    </message>
    <message>
        <source>{0}: choose from the directory of points of contact</source>
        <translation>{0}&#xa0;: choisir dans le répertoire des points de contact</translation>
    </message>
    <message>
        <source>{name} ({code}), {officer}</source>
        <translation>{name} ({code}), {officer}</translation>
    </message>
    <message>
        <source>{sign} {who}: {state}</source>
        <translation>{sign} {who}&#xa0;: {state}</translation>
    </message>
    <message>
        <source>{utc} ({local} here)</source>
        <translation>{utc} ({local} ici)</translation>
    </message>
    <message>
        <source>{when} there</source>
        <translation>{when} là-bas</translation>
    </message>
    <message>
        <source>… {who}: not yet</source>
        <translation>… {who}&#xa0;: pas encore</translation>
    </message>
    <message>
        <source>✓ {who}: {role}, {when}</source>
        <translation>✓ {who}&#xa0;: {role}, {when}</translation>
    </message>
</context>
<context>
    <name>joint</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n délégation</numerusform>
            <numerusform>%n délégations</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>Admettre</translation>
    </message>
    <message>
        <source>Admit a late delegation</source>
        <translation>Admettre une délégation tardive</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Clore la liste</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>Coauteurs</translation>
    </message>
    <message>
        <source>Do not rely on them and do not sign. Ask {0} in person or by telephone for its words and its hash; it can open them anew.</source>
        <translation>Ne vous y fiez pas et ne signez pas. Demandez à {0}, en personne ou par téléphone, son libellé et son condensat&#x202f;; un nouveau texte peut y être ouvert.</translation>
    </message>
    <message>
        <source>Everybody in the room sees it. You cannot take it back; the delegation itself can.</source>
        <translation>Tous les membres de la salle le voient. Vous ne pouvez pas revenir dessus&#x202f;; la délégation elle-même le peut.</translation>
    </message>
    <message>
        <source>Everybody in {0} sees that your delegation no longer stands on the list.</source>
        <translation>Tous les membres de la salle {0} voient que votre délégation ne figure plus sur la liste.</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), so that names that are under way are here: who is not on the list now counts as late.</source>
        <translation>Échangez d’abord (Ctrl+R), pour que les noms en route soient ici&#xa0;: qui n’est pas sur la liste compte dès lors comme tardif.</translation>
    </message>
    <message>
        <source>It cannot be opened again. You can still admit each late delegation.</source>
        <translation>Elle ne peut pas être rouverte. Vous pouvez encore admettre chaque délégation tardive.</translation>
    </message>
    <message>
        <source>It signed the same words after you had closed the list. Admitted, it stands on the list as the others do.</source>
        <translation>Elle a signé le même libellé après que vous avez clos la liste. Une fois admise, elle figure sur la liste comme les autres.</translation>
    </message>
    <message>
        <source>It was to be open until {0}.</source>
        <translation>Elle devait être ouverte jusqu’au {0}.</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>Déclaration commune</translation>
    </message>
    <message>
        <source>On the list: {0}.</source>
        <translation>Sur la liste&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Open for sign-on for another {0}: until {1}.</source>
        <translation>Ouverte aux délégations encore {0}&#xa0;: jusqu’au {1}.</translation>
    </message>
    <message>
        <source>Open for sign-on, without a date.</source>
        <translation>Ouverte aux délégations, sans date.</translation>
    </message>
    <message>
        <source>Other words stand in the place of these.</source>
        <translation>Un autre libellé a pris la place de celui-ci.</translation>
    </message>
    <message>
        <source>Our delegation has not signed on.</source>
        <translation>Notre délégation ne s’est pas associée.</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>Notre délégation s’est associée.</translation>
    </message>
    <message>
        <source>Our delegation has taken its name back.</source>
        <translation>Notre délégation a repris son nom.</translation>
    </message>
    <message>
        <source>Our delegation signed other words: that does not count here.</source>
        <translation>Notre délégation a signé un autre libellé&#xa0;: cela ne compte pas ici.</translation>
    </message>
    <message>
        <source>Our name came later: it waits until {0} admits it.</source>
        <translation>Notre nom est arrivé plus tard&#xa0;: il attend d’être admis par {0}.</translation>
    </message>
    <message>
        <source>Sign on as a co-sponsor</source>
        <translation>Se porter coauteur</translation>
    </message>
    <message>
        <source>Sign on to the joint statement</source>
        <translation>S’associer à la déclaration commune</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>Reprendre notre nom</translation>
    </message>
    <message>
        <source>The list stays open until {0} closes it.</source>
        <translation>La liste reste ouverte jusqu’à sa clôture par {0}.</translation>
    </message>
    <message>
        <source>The list was closed {0}: {1}.</source>
        <translation>La liste a été close ({0})&#xa0;: {1}.</translation>
    </message>
    <message>
        <source>The text differs: this laptop does not compute that hash for the revision.</source>
        <translation>Le texte diffère&#xa0;: cet ordinateur ne calcule pas ce condensat pour la révision.</translation>
    </message>
    <message>
        <source>The words differ: they do not have the hash that would be signed.</source>
        <translation>Le libellé diffère&#xa0;: il n’a pas le condensat qui serait signé.</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>Trop long de %n caractère.</numerusform>
            <numerusform>Trop long de %n caractères.</numerusform>
        </translation>
    </message>
    <message>
        <source>Who signed on later waits for you: {0}. Admit each, or leave it as it is.</source>
        <translation>Se sont associés ensuite et vous attendent&#xa0;: {0}. Admettez-les un à un, ou laissez les choses en l’état.</translation>
    </message>
    <message>
        <source>Who signed these words has not signed the new ones.</source>
        <translation>Qui a signé ce libellé n’a pas signé le nouveau.</translation>
    </message>
    <message>
        <source>Who signs on now waits to be admitted.</source>
        <translation>Qui s’associe maintenant attend d’être admis.</translation>
    </message>
    <message>
        <source>You can sign on again. Once the list is closed, the name then waits to be admitted.</source>
        <translation>Vous pouvez vous associer de nouveau. Une fois la liste close, le nom attend alors d’être admis.</translation>
    </message>
    <message>
        <source>You cannot sign on. Exchange once more (Ctrl+R), since the revision may still be under way. If it stays so, compare the hash with {0} by telephone.</source>
        <translation>Vous ne pouvez pas vous associer. Échangez encore une fois (Ctrl+R), car la révision est peut-être encore en route. Si rien ne change, comparez le condensat avec {0} par téléphone.</translation>
    </message>
    <message>
        <source>You close the list.</source>
        <translation>C’est vous qui clôturez la liste.</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>clos</translation>
    </message>
    <message>
        <source>closed, {0} waiting</source>
        <translation>close, en attente&#xa0;: {0}</translation>
    </message>
    <message>
        <source>late, admitted</source>
        <translation>tardif, admis</translation>
    </message>
    <message>
        <source>late, waits to be admitted</source>
        <translation>tardif, attend d’être admis</translation>
    </message>
    <message>
        <source>nobody has signed on</source>
        <translation>personne ne s’est associé</translation>
    </message>
    <message>
        <source>open</source>
        <translation>ouverte</translation>
    </message>
    <message>
        <source>open until {0}</source>
        <translation>ouverte jusqu’au {0}</translation>
    </message>
    <message>
        <source>open, its date has passed</source>
        <translation>ouverte, sa date est passée</translation>
    </message>
    <message>
        <source>other words, does not count</source>
        <translation>autre libellé, ne compte pas</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>remplacée</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>signé</translation>
    </message>
    <message>
        <source>text differs</source>
        <translation>le texte diffère</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>a repris son nom</translation>
    </message>
    <message>
        <source>we have not signed</source>
        <translation>nous n’avons pas signé</translation>
    </message>
    <message>
        <source>we signed</source>
        <translation>nous avons signé</translation>
    </message>
    <message>
        <source>we took our name back</source>
        <translation>nous avons repris notre nom</translation>
    </message>
    <message>
        <source>we wait</source>
        <translation>nous attendons</translation>
    </message>
    <message>
        <source>words differ</source>
        <translation>le libellé diffère</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message numerus="yes">
        <source>By courier, or not heard lately: replaced keys are kept %n days.</source>
        <translation>
            <numerusform>Par porteur, ou sans nouvelles récentes&#xa0;: les clés remplacées sont conservées %n jour.</numerusform>
            <numerusform>Par porteur, ou sans nouvelles récentes&#xa0;: les clés remplacées sont conservées %n jours.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Connected: replaced keys are kept %n hours.</source>
        <translation>
            <numerusform>Connecté&#xa0;: les clés remplacées sont conservées %n heure.</numerusform>
            <numerusform>Connecté&#xa0;: les clés remplacées sont conservées %n heures.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>laptops</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n jour</numerusform>
            <numerusform>%n jours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n notes and red lines</source>
        <translation>
            <numerusform>%n note ou ligne rouge</numerusform>
            <numerusform>%n notes et lignes rouges</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Not rehearsed yet.</source>
        <translation>
            <numerusform>%n part de récupération depuis le {0}&#x202f;; il suffit de {1}, n’importe lesquelles. Pas encore essayée.</numerusform>
            <numerusform>%n parts de récupération depuis le {0}&#x202f;; il suffit de {1}, n’importe lesquelles. Pas encore essayées.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Rehearsed on {2}.</source>
        <translation>
            <numerusform>%n part de récupération depuis le {0}&#x202f;; il suffit de {1}, n’importe lesquelles. Dernier essai le {2}.</numerusform>
            <numerusform>%n parts de récupération depuis le {0}&#x202f;; il suffit de {1}, n’importe lesquelles. Dernier essai le {2}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit a laptop (check code {0}): {1}</source>
        <translation>Admettre un ordinateur (code de contrôle {0})&#xa0;: {1}</translation>
    </message>
    <message>
        <source>Adviser</source>
        <translation>Conseiller</translation>
    </message>
    <message>
        <source>Another laptop takes its place</source>
        <translation>Un autre ordinateur prend sa place</translation>
    </message>
    <message>
        <source>Expired on {0}: nothing is sealed for it. Renew it.</source>
        <translation>Expiré le {0}&#xa0;: rien n’est scellé pour lui. Renouvelez-le.</translation>
    </message>
    <message numerus="yes">
        <source>Expires in %n days, on {0}. Renew it.</source>
        <translation>
            <numerusform>Expire dans %n jour, le {0}. Renouvelez-le.</numerusform>
            <numerusform>Expire dans %n jours, le {0}. Renouvelez-le.</numerusform>
        </translation>
    </message>
    <message>
        <source>Head of delegation</source>
        <translation>Chef de délégation</translation>
    </message>
    <message numerus="yes">
        <source>It holds the record of {0} of %n rooms.</source>
        <translation>
            <numerusform>Salles dont il détient le dossier&#xa0;: {0} sur %n.</numerusform>
            <numerusform>Salles dont il détient le dossier&#xa0;: {0} sur %n.</numerusform>
        </translation>
    </message>
    <message>
        <source>It was lost or stolen</source>
        <translation>Il a été perdu ou volé</translation>
    </message>
    <message>
        <source>Its officer has left</source>
        <translation>Son agent est parti</translation>
    </message>
    <message numerus="yes">
        <source>Make %n recovery shares, of which any {0} give the root key back.</source>
        <translation>
            <numerusform>Établir %n part de récupération&#x202f;; il en suffit de {0}, n’importe lesquelles, pour redonner la clé racine.</numerusform>
            <numerusform>Établir %n parts de récupération&#x202f;; il en suffit de {0}, n’importe lesquelles, pour redonner la clé racine.</numerusform>
        </translation>
    </message>
    <message>
        <source>Negotiator</source>
        <translation>Négociateur</translation>
    </message>
    <message>
        <source>Observer</source>
        <translation>Observateur</translation>
    </message>
    <message>
        <source>Pen holder</source>
        <translation>Porte-plume</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>Point de contact</translation>
    </message>
    <message>
        <source>Renew the laptop of {0}: {1}</source>
        <translation>Renouveler l’ordinateur de {0}&#xa0;: {1}</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>Révoquer l’ordinateur de {0}&#xa0;: désormais, il ne reçoit rien.</translation>
    </message>
    <message>
        <source>Revoked on {0}: it gets nothing any more. What it signed stands.</source>
        <translation>Révoqué le {0}&#xa0;: il ne reçoit plus rien. Ce qu’il a signé demeure.</translation>
    </message>
    <message>
        <source>Since {0}, until {1}</source>
        <translation>Depuis le {0}, jusqu’au {1}</translation>
    </message>
    <message numerus="yes">
        <source>Stayed with the delegation: the record of %n rooms, of which the successor&apos;s laptop holds {0}; {1}. Conversations before it was admitted, and the library of this laptop, do not pass by themselves.</source>
        <translation>
            <numerusform>Restés à la délégation&#xa0;: le dossier de %n salle (l’ordinateur du successeur en détient {0})&#x202f;; {1}. Les conversations antérieures à son admission et la bibliothèque de cet ordinateur ne se transmettent pas d’elles-mêmes.</numerusform>
            <numerusform>Restés à la délégation&#xa0;: le dossier de %n salles (l’ordinateur du successeur en détient {0})&#x202f;; {1}. Les conversations antérieures à son admission et la bibliothèque de cet ordinateur ne se transmettent pas d’elles-mêmes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Travel laptop: only %n rooms</source>
        <translation>
            <numerusform>Ordinateur de voyage&#xa0;: %n salle seulement</numerusform>
            <numerusform>Ordinateur de voyage&#xa0;: %n salles seulement</numerusform>
        </translation>
    </message>
    <message>
        <source>one year</source>
        <translation>un an</translation>
    </message>
    <message>
        <source>three months</source>
        <translation>trois mois</translation>
    </message>
    <message>
        <source>three years</source>
        <translation>trois ans</translation>
    </message>
    <message>
        <source>two years</source>
        <translation>deux ans</translation>
    </message>
    <message>
        <source>{officer} may {rights}, for {term}.</source>
        <translation>{officer}&#xa0;: {rights}, pour {term}.</translation>
    </message>
</context>
<context>
    <name>library</name>
    <message numerus="yes">
        <source>%n more paragraphs after</source>
        <translation>
            <numerusform>%n paragraphe de plus après</numerusform>
            <numerusform>%n paragraphes de plus après</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more paragraphs before</source>
        <translation>
            <numerusform>%n paragraphe de plus avant</numerusform>
            <numerusform>%n paragraphes de plus avant</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paragraphs</source>
        <translation>
            <numerusform>%n paragraphe</numerusform>
            <numerusform>%n paragraphes</numerusform>
        </translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>Arabe</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>Chinois</translation>
    </message>
    <message>
        <source>Could not be read: {0}.</source>
        <translation>N’ont pas pu être lus&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Document without a symbol</source>
        <translation>Document sans cote</translation>
    </message>
    <message>
        <source>Documents added: {0}.</source>
        <translation>Documents ajoutés&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Anglais</translation>
    </message>
    <message>
        <source>French</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>Here already: {0}.</source>
        <translation>Déjà présents&#xa0;: {0}.</translation>
    </message>
    <message numerus="yes">
        <source>Importing: {0} of %n files</source>
        <translation>
            <numerusform>Importation&#xa0;: {0} sur %n fichier</numerusform>
            <numerusform>Importation&#xa0;: {0} sur %n fichiers</numerusform>
        </translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>Russe</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>Espagnol</translation>
    </message>
    <message>
        <source>Vote: {0}</source>
        <translation>Vote&#xa0;: {0}</translation>
    </message>
    <message>
        <source>You stopped the import. Import the same again to go on where it stopped.</source>
        <translation>Vous avez arrêté l’importation. Relancez la même importation pour reprendre où elle s’est arrêtée.</translation>
    </message>
    <message>
        <source>a document without a symbol</source>
        <translation>un document sans cote</translation>
    </message>
    <message>
        <source>{0} per cent alike</source>
        <translation>{0} pour cent de ressemblance</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n délégation</numerusform>
            <numerusform>%n délégations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n devices</source>
        <translation>
            <numerusform>%n ordinateur</numerusform>
            <numerusform>%n ordinateurs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items waiting in outbox</source>
        <translation>
            <numerusform>%n élément en attente dans la boîte d’envoi</numerusform>
            <numerusform>%n éléments en attente dans la boîte d’envoi</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n message</numerusform>
            <numerusform>%n messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n non lu</numerusform>
            <numerusform>%n non lus</numerusform>
        </translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation in this room. Sending is stopped until you decide.</source>
        <translation>Un dépositaire se porte garant d’une autre identité d’une délégation de cette salle. L’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>A delegation in this room added a laptop. What you write waits until you have looked at it.</source>
        <translation>Une délégation de cette salle a ajouté un ordinateur. Ce que vous écrivez attend que vous l’ayez examiné.</translation>
    </message>
    <message>
        <source>A delegation in this room showed two lists of its devices. Sending is stopped until you decide.</source>
        <translation>Une délégation de cette salle a présenté deux listes de ses ordinateurs. L’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>A drafting group of several delegations. You become its chair.</source>
        <translation>Un groupe de rédaction réunissant plusieurs délégations. Vous en assurez la présidence.</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation. What you write waits until you have looked at it.</source>
        <translation>Un ordinateur a été ajouté à votre propre délégation. Ce que vous écrivez attend que vous l’ayez examiné.</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Accuser réception</translation>
    </message>
    <message>
        <source>Between two delegations.</source>
        <translation>Entre deux délégations.</translation>
    </message>
    <message>
        <source>Bilateral</source>
        <translation>Bilatérale</translation>
    </message>
    <message>
        <source>For the eyes and ears of the individual recipients only</source>
        <translation>À l’intention personnelle des seuls destinataires</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>Groupes</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>Interne</translation>
    </message>
    <message>
        <source>May be shared with everybody</source>
        <translation>Peut être communiqué à tous</translation>
    </message>
    <message>
        <source>May be shared within the community, not publicly</source>
        <translation>Peut être communiqué au sein de la communauté, mais pas publiquement</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>Need to know, within the organization and its clients</source>
        <translation>Besoin d’en connaître, au sein de l’organisation et de ses clients</translation>
    </message>
    <message>
        <source>Need to know, within the organization only</source>
        <translation>Besoin d’en connaître, au sein de l’organisation seulement</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>Sans marquage</translation>
    </message>
    <message>
        <source>Not everybody sees the same members: another list is seen by {who}.</source>
        <translation>Tous ne voient pas les mêmes membres&#xa0;: une autre liste est vue par {who}.</translation>
    </message>
    <message>
        <source>Our delegation</source>
        <translation>Notre délégation</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Enregistrer sous…</translation>
    </message>
    <message>
        <source>Sending in this room is stopped until you decide.</source>
        <translation>L’envoi dans cette salle est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>The identity of a delegation in this room changed. Sending is stopped until you decide.</source>
        <translation>L’identité d’une délégation de cette salle a changé. L’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation in this room differ. Sending is stopped until you decide.</source>
        <translation>Les numéros comparés avec une délégation de cette salle diffèrent. L’envoi est arrêté tant que vous n’avez pas décidé.</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>C’est un ordinateur de voyage, et il n’est pas prévu pour cette salle.</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing any more.</source>
        <translation>Cet ordinateur a été révoqué par votre délégation&#xa0;: il n’envoie plus rien.</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Vous</translation>
    </message>
    <message>
        <source>Your delegation is no longer in this room: you can read, not write.</source>
        <translation>Votre délégation n’est plus dans cette salle&#xa0;: vous pouvez lire, non écrire.</translation>
    </message>
    <message>
        <source>Your own delegation only. Nothing in it can be sent to another.</source>
        <translation>Votre propre délégation seulement. Rien de ce qui s’y trouve ne peut être envoyé à une autre.</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>réception accusée</translation>
    </message>
    <message>
        <source>acknowledged by {count} of {all}</source>
        <translation>réception accusée&#xa0;: {count} sur {all}</translation>
    </message>
    <message>
        <source>acknowledged {time}</source>
        <translation>réception accusée&#xa0;: {time}</translation>
    </message>
    <message>
        <source>arriving</source>
        <translation>en cours d’arrivée</translation>
    </message>
    <message>
        <source>chair</source>
        <translation>présidence</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>remis</translation>
    </message>
    <message>
        <source>delivered to {count} of {all}</source>
        <translation>remis&#xa0;: {count} sur {all}</translation>
    </message>
    <message>
        <source>file {name}, {size}</source>
        <translation>fichier {name}, {size}</translation>
    </message>
    <message>
        <source>for the record</source>
        <translation>pour le dossier</translation>
    </message>
    <message>
        <source>never leaves your delegation</source>
        <translation>ne quitte jamais votre délégation</translation>
    </message>
    <message>
        <source>no longer a member</source>
        <translation>n’est plus membre</translation>
    </message>
    <message>
        <source>no subject</source>
        <translation>sans objet</translation>
    </message>
    <message>
        <source>not acknowledged yet</source>
        <translation>réception pas encore accusée</translation>
    </message>
    <message>
        <source>not everybody sees the same members</source>
        <translation>tous ne voient pas les mêmes membres</translation>
    </message>
    <message>
        <source>not received yet</source>
        <translation>pas encore reçu</translation>
    </message>
    <message>
        <source>received {time}</source>
        <translation>reçu&#xa0;: {time}</translation>
    </message>
    <message>
        <source>sending stopped</source>
        <translation>envoi arrêté</translation>
    </message>
    <message>
        <source>sent, not yet delivered</source>
        <translation>envoyé, pas encore remis</translation>
    </message>
    <message>
        <source>waiting in outbox</source>
        <translation>en attente dans la boîte d’envoi</translation>
    </message>
    <message>
        <source>waiting in outbox, next exchange {time}</source>
        <translation>en attente dans la boîte d’envoi, prochain échange&#xa0;: {time}</translation>
    </message>
    <message>
        <source>you acknowledged {time}</source>
        <translation>vous avez accusé réception&#xa0;: {time}</translation>
    </message>
    <message>
        <source>{members}, all verified</source>
        <translation>{members}, toutes vérifiées</translation>
    </message>
    <message>
        <source>{members}, not all verified</source>
        <translation>{members}, pas toutes vérifiées</translation>
    </message>
    <message>
        <source>{who}, revoked</source>
        <translation>{who}, révoqué</translation>
    </message>
    <message>
        <source>{who}, valid until {date}</source>
        <translation>{who}, valable jusqu’au {date}</translation>
    </message>
</context>
<context>
    <name>notice</name>
    <message numerus="yes">
        <source>Valise: %n items</source>
        <translation>
            <numerusform>Valise&#xa0;: %n élément</numerusform>
            <numerusform>Valise&#xa0;: %n éléments</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>overview</name>
    <message numerus="yes">
        <source>%n entries in {register} are due for review</source>
        <translation>
            <numerusform>%n entrée à réexaminer dans {register}</numerusform>
            <numerusform>%n entrées à réexaminer dans {register}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come; they have been asked for.</source>
        <translation>
            <numerusform>%n enveloppe est conservée scellée jusqu’à l’arrivée de sa clé, qui a été demandée.</numerusform>
            <numerusform>%n enveloppes sont conservées scellées jusqu’à l’arrivée de leurs clés, qui ont été demandées.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n internal dates were left out.</source>
        <translation>
            <numerusform>%n date interne a été laissée de côté.</numerusform>
            <numerusform>%n dates internes ont été laissées de côté.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items are waiting for their receipts.</source>
        <translation>
            <numerusform>%n élément attend d’être confirmé.</numerusform>
            <numerusform>%n éléments attendent d’être confirmés.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items not yet received by everybody</source>
        <translation>
            <numerusform>%n élément pas encore reçu par tous</numerusform>
            <numerusform>%n éléments pas encore reçus par tous</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new proposals in {title}</source>
        <translation>
            <numerusform>%n nouvelle proposition dans {title}</numerusform>
            <numerusform>%n nouvelles propositions dans {title}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things need you</source>
        <translation>
            <numerusform>%n élément demande votre intervention</numerusform>
            <numerusform>%n éléments demandent votre intervention</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread messages in {room}</source>
        <translation>
            <numerusform>%n message non lu dans {room}</numerusform>
            <numerusform>%n messages non lus dans {room}</numerusform>
        </translation>
    </message>
    <message>
        <source>A copy of the laptop of {officer} is in use too: what it signs in {room} no longer counts. Stop using it and tell your delegation</source>
        <translation>Une copie de l’ordinateur de {officer} est aussi utilisée&#xa0;: ce qu’il signe dans {room} ne compte plus. Cessez de l’utiliser et prévenez votre délégation</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}: sending is stopped until you decide</source>
        <translation>Un dépositaire se porte garant d’une autre identité de {who}&#xa0;: l’envoi est arrêté tant que vous n’avez pas décidé</translation>
    </message>
    <message>
        <source>A delegation signed on late to {title}: admit it or not</source>
        <translation>Une délégation s’est associée tardivement à {title}&#xa0;: admettez-la ou non</translation>
    </message>
    <message>
        <source>A draft of {officer} on {title} waits for your release</source>
        <translation>Un brouillon de {officer} sur {title} attend que vous en autorisiez l’envoi</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation: everything you send waits until you have looked at it</source>
        <translation>Un ordinateur a été ajouté à votre propre délégation&#xa0;: tout ce que vous envoyez attend que vous l’ayez examiné</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>Accuser réception</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Répondre</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>Choisir</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Fermer</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>Engagements</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Comparer</translation>
    </message>
    <message>
        <source>Compare the safety number with {who}</source>
        <translation>Comparer le numéro de sécurité avec {who}</translation>
    </message>
    <message>
        <source>Consultation: {title}, {when}</source>
        <translation>Consultation&#xa0;: {title}, {when}</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contacts</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>Décider</translation>
    </message>
    <message numerus="yes">
        <source>Different values stand in %n entries of {register}</source>
        <translation>
            <numerusform>Des valeurs différentes coexistent dans %n entrée de {register}</numerusform>
            <numerusform>Des valeurs différentes coexistent dans %n entrées de {register}</numerusform>
        </translation>
    </message>
    <message>
        <source>Further dates in {register} that are due: {count}</source>
        <translation>Autres dates échues dans {register}&#xa0;: {count}</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidents</translation>
    </message>
    <message>
        <source>Last exchange {time}</source>
        <translation>Dernier échange&#xa0;: {time}</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Voir</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>Aucun échange pour l’instant</translation>
    </message>
    <message>
        <source>No round of pings was made yet</source>
        <translation>Aucun tour de tests n’a encore eu lieu</translation>
    </message>
    <message>
        <source>No way of exchange is set up yet: nothing is sent or received but by courier</source>
        <translation>Aucune voie d’échange n’est encore configurée&#xa0;: rien n’est envoyé ni reçu, sinon par porteur</translation>
    </message>
    <message>
        <source>Not everybody in {room} sees the same members: look at {who}</source>
        <translation>Tous ne voient pas les mêmes membres dans {room}&#xa0;: examinez {who}</translation>
    </message>
    <message>
        <source>Nothing has been exchanged: no relay is used and no folder is chosen.</source>
        <translation>Rien n’a été échangé&#xa0;: aucun relais n’est utilisé et aucun dossier n’est choisi.</translation>
    </message>
    <message>
        <source>Open one</source>
        <translation>En ouvrir un</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>Lire</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Registres</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Réexamen</translation>
    </message>
    <message>
        <source>Set one up</source>
        <translation>En configurer une</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>Settle</source>
        <translation>Trancher</translation>
    </message>
    <message>
        <source>Silence on {title} until {when}: break it if your delegation does not agree</source>
        <translation>Procédure d’approbation tacite sur {title} (échéance&#xa0;: {when})&#xa0;: rompez le silence si votre délégation n’est pas d’accord</translation>
    </message>
    <message>
        <source>Something in {place} needs you</source>
        <translation>Quelque chose demande votre intervention&#xa0;: {place}</translation>
    </message>
    <message>
        <source>Something in {place} needs you: {what}</source>
        <translation>Quelque chose demande votre intervention ({place})&#xa0;: {what}</translation>
    </message>
    <message>
        <source>Task “{0}” of {1} is due</source>
        <translation>La tâche «&#xa0;{0}&#xa0;» ({1}) est à échéance</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textes</translation>
    </message>
    <message numerus="yes">
        <source>The certificate of {officer}&apos;s laptop expires in %n days</source>
        <translation>
            <numerusform>Le certificat de l’ordinateur de {officer} expire dans %n jour</numerusform>
            <numerusform>Le certificat de l’ordinateur de {officer} expire dans %n jours</numerusform>
        </translation>
    </message>
    <message>
        <source>The certificate of {officer}&apos;s laptop has expired: nothing is sealed for it</source>
        <translation>Le certificat de l’ordinateur de {officer} a expiré&#xa0;: rien n’est scellé pour lui</translation>
    </message>
    <message>
        <source>The check of this vault found something wrong</source>
        <translation>Le contrôle de ce coffre a révélé une anomalie</translation>
    </message>
    <message>
        <source>The identity of {who} changed: sending is stopped until you decide</source>
        <translation>L’identité de {who} a changé&#xa0;: l’envoi est arrêté tant que vous n’avez pas décidé</translation>
    </message>
    <message>
        <source>The key file of your delegation still lies beside the vault: move it to a stick</source>
        <translation>Le fichier de clé de votre délégation se trouve encore à côté du coffre&#xa0;: déplacez-le sur une clé USB</translation>
    </message>
    <message>
        <source>The laptop of {officer}, {who}, has signed two different things at one place in {room}: what it signs there no longer counts. Ask {who}</source>
        <translation>L’ordinateur de {officer}, {who}, a signé deux choses différentes à un même rang dans {room}&#xa0;: ce qu’il y signe ne compte plus. Interrogez {who}</translation>
    </message>
    <message>
        <source>The last round of pings was on {when}: it is time for another one</source>
        <translation>Dernier tour de tests&#xa0;: {when}&#x202f;; il est temps d’en faire un autre</translation>
    </message>
    <message>
        <source>The oldest since {when}</source>
        <translation>La plus ancienne depuis&#xa0;: {when}</translation>
    </message>
    <message numerus="yes">
        <source>The permission of {who} to write to you ends in %n days and cannot renew by itself</source>
        <translation>
            <numerusform>L’autorisation de {who} de vous écrire prend fin dans %n jour et ne peut pas se renouveler d’elle-même</numerusform>
            <numerusform>L’autorisation de {who} de vous écrire prend fin dans %n jours et ne peut pas se renouveler d’elle-même</numerusform>
        </translation>
    </message>
    <message>
        <source>The round {title} is over; not confirmed: {count}</source>
        <translation>Le tour {title} est terminé&#x202f;; non confirmés&#xa0;: {count}</translation>
    </message>
    <message>
        <source>The silence on {title} was broken</source>
        <translation>Le silence sur {title} a été rompu</translation>
    </message>
    <message>
        <source>The silence on {title} was broken in time by its own word, but heard of only after it ended: decide</source>
        <translation>Le silence sur {title} a été rompu à temps selon l’heure qu’indique la délégation, mais la nouvelle n’en est arrivée qu’après la fin&#xa0;: décidez</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: nothing is lost; connect, and it goes on by itself</source>
        <translation>Ceci est une copie plus ancienne du coffre de cet ordinateur&#xa0;: rien n’est perdu&#x202f;; connectez-vous, et il continue de lui-même</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing and gets nothing any more</source>
        <translation>Cet ordinateur a été révoqué par votre délégation&#xa0;: il n’envoie et ne reçoit plus rien</translation>
    </message>
    <message>
        <source>This vault has not been checked for more than a week</source>
        <translation>Ce coffre n’a pas été contrôlé depuis plus d’une semaine</translation>
    </message>
    <message>
        <source>Two copies of the vault of {officer}, {who}, are in use: ask {who}</source>
        <translation>Deux copies du coffre de {officer}, {who}, sont utilisées&#xa0;: interrogez {who}</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Your draft on {title} cannot leave: the paragraph has changed</source>
        <translation>Votre brouillon sur {title} ne peut pas partir&#xa0;: le paragraphe a changé</translation>
    </message>
    <message>
        <source>Your draft on {title} was returned</source>
        <translation>Votre brouillon sur {title} a été renvoyé</translation>
    </message>
    <message numerus="yes">
        <source>Your permission to use the relay {host} ends in %n days</source>
        <translation>
            <numerusform>Votre autorisation d’utiliser le relais {host} prend fin dans %n jour</numerusform>
            <numerusform>Votre autorisation d’utiliser le relais {host} prend fin dans %n jours</numerusform>
        </translation>
    </message>
    <message>
        <source>Your permission to use the relay {host} has ended: what waits goes another way</source>
        <translation>Votre autorisation d’utiliser le relais {host} a pris fin&#xa0;: ce qui attend part par une autre voie</translation>
    </message>
    <message>
        <source>again within a minute</source>
        <translation>de nouveau d’ici une minute</translation>
    </message>
    <message>
        <source>has received everything</source>
        <translation>a tout reçu</translation>
    </message>
    <message>
        <source>next {time}</source>
        <translation>prochain&#xa0;: {time}</translation>
    </message>
    <message>
        <source>{0} has ended: close it</source>
        <translation>{0}&#xa0;: c’est terminé, à clore</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}</source>
        <translation>{0} est sans réponse à l’échelon {1}</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}: {2} is proposed</source>
        <translation>{0} est sans réponse à l’échelon {1}&#x202f;; échelon proposé&#xa0;: {2}</translation>
    </message>
    <message>
        <source>{0}: offers of help to choose from: {1}</source>
        <translation>{0}&#xa0;: offres d’aide à choisir&#xa0;: {1}</translation>
    </message>
    <message>
        <source>{0}: {1} reports an incident; nobody has acknowledged it</source>
        <translation>{0}&#xa0;: {1} signale un incident&#x202f;; personne n’en a accusé réception</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer corrects the entry</source>
        <translation>{contact}, {state}&#xa0;: la réponse corrige l’entrée</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer says that this is the wrong contact</source>
        <translation>{contact}, {state}&#xa0;: la réponse dit que ce n’est pas le bon contact</translation>
    </message>
    <message>
        <source>{title} begins {when}</source>
        <translation>{title} commence&#xa0;: {when}</translation>
    </message>
    <message>
        <source>{title} goes on; it began {when}</source>
        <translation>{title} se poursuit&#x202f;; début&#xa0;: {when}</translation>
    </message>
    <message>
        <source>{title} is open for sign-on</source>
        <translation>{title}&#xa0;: les délégations peuvent s’associer</translation>
    </message>
    <message>
        <source>{title} is open for sign-on until {when}</source>
        <translation>{title}&#xa0;: les délégations peuvent s’associer (échéance&#xa0;: {when})</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer</source>
        <translation>{title}&#xa0;: {who} demande une réponse</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer by {when}</source>
        <translation>{title}&#xa0;: {who} demande une réponse avant&#xa0;: {when}</translation>
    </message>
    <message>
        <source>{title}: “{what}” is {when}</source>
        <translation>{title}&#xa0;: «&#xa0;{what}&#xa0;», date&#xa0;: {when}</translation>
    </message>
    <message>
        <source>{title}: “{what}” was {when}</source>
        <translation>{title}&#xa0;: «&#xa0;{what}&#xa0;», date passée&#xa0;: {when}</translation>
    </message>
    <message>
        <source>{who} added a laptop: what you send to it waits until you have looked at it</source>
        <translation>{who} a ajouté un ordinateur&#xa0;: ce que vous lui envoyez attend que vous l’ayez examiné</translation>
    </message>
    <message>
        <source>{who} asks you to confirm a point of contact by {when}</source>
        <translation>{who} vous demande de confirmer un point de contact avant&#xa0;: {when}</translation>
    </message>
    <message>
        <source>{who} cannot be reached: what waits is kept</source>
        <translation>{who}&#xa0;: injoignable&#x202f;; ce qui attend est conservé</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>{who} souhaite comparer des mots avec vous maintenant</translation>
    </message>
    <message>
        <source>{who}: {what} What waits is kept</source>
        <translation>{who}&#xa0;: {what} Ce qui attend est conservé</translation>
    </message>
</context>
<context>
    <name>practice</name>
    <message>
        <source>Acknowledge a message</source>
        <translation>Accuser réception d’un message</translation>
    </message>
    <message>
        <source>Answer a ping</source>
        <translation>Répondre à un test de communication</translation>
    </message>
    <message>
        <source>Borovia asks whether your point of contact is still right. Answer under Contacts. Reading it is no answer.</source>
        <translation>Borovia demande si votre point de contact est toujours exact. Répondez dans Contacts. Le lire n’est pas répondre.</translation>
    </message>
    <message>
        <source>Borovia has sent you a message. Read it and acknowledge it: delivery alone tells nobody that a person has read it.</source>
        <translation>Borovia vous a envoyé un message. Lisez-le et accusez-en réception&#xa0;: la remise seule ne dit à personne qu’une personne l’a lu.</translation>
    </message>
    <message>
        <source>Compare the safety number with Borovia</source>
        <translation>Comparer le numéro de sécurité avec Borovia</translation>
    </message>
    <message>
        <source>Done {when}.</source>
        <translation>Fait&#xa0;: {when}.</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>Pas encore fait.</translation>
    </message>
    <message>
        <source>Open Borovia under Contacts and compare the number by eye. In life somebody of Borovia reads the words to you; here they stand below, as Borovia&apos;s own laptop shows them. Say that they match only when every one does.</source>
        <translation>Ouvrez Borovia dans Contacts et comparez le numéro visuellement. Dans la réalité, quelqu’un de Borovia vous lit les mots&#x202f;; ici, ils figurent ci-dessous, tels que les montre l’ordinateur de Borovia. Ne dites qu’ils concordent que si chacun d’eux concorde.</translation>
    </message>
    <message>
        <source>Open a new incident, tick that it is an exercise, fill in what the form asks for and send it to Borovia.</source>
        <translation>Ouvrez un nouvel incident, cochez qu’il s’agit d’un exercice, remplissez ce que demande le formulaire et envoyez-le à Borovia.</translation>
    </message>
    <message>
        <source>Open the text of the practice group, choose a paragraph that is still open, change some words and propose them.</source>
        <translation>Ouvrez le texte du groupe d’entraînement, choisissez un paragraphe encore ouvert, changez quelques mots et proposez-les.</translation>
    </message>
    <message>
        <source>Propose an amendment</source>
        <translation>Proposer un amendement</translation>
    </message>
    <message>
        <source>Report an incident, as an exercise</source>
        <translation>Signaler un incident, à titre d’exercice</translation>
    </message>
    <message>
        <source>To Borovia</source>
        <translation>Vers Borovia</translation>
    </message>
    <message>
        <source>To the contacts</source>
        <translation>Vers les contacts</translation>
    </message>
    <message>
        <source>To the incidents</source>
        <translation>Vers les incidents</translation>
    </message>
    <message>
        <source>To the messages</source>
        <translation>Vers les messages</translation>
    </message>
    <message>
        <source>To the texts</source>
        <translation>Vers les textes</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n tasks done</source>
        <translation>
            <numerusform>Tâches faites&#xa0;: {0} sur %n</numerusform>
            <numerusform>Tâches faites&#xa0;: {0} sur %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>registers</name>
    <message>
        <source> and {0} more</source>
        <translation> et {0} de plus</translation>
    </message>
    <message numerus="yes">
        <source>%Ln States</source>
        <translation>
            <numerusform>%Ln État</numerusform>
            <numerusform>%Ln États</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln ligne</numerusform>
            <numerusform>%Ln lignes</numerusform>
        </translation>
    </message>
    <message>
        <source>All States</source>
        <translation>Tous les États</translation>
    </message>
    <message>
        <source>As stated</source>
        <translation>Tel que déclaré</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Non</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>Notre appréciation – interne</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>Réexamen prévu le</translation>
    </message>
    <message>
        <source>Taken in: {0}.</source>
        <translation>Repris&#xa0;: {0}.</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>Enlevées</translation>
    </message>
    <message>
        <source>That file is not protected any more.</source>
        <translation>Ce fichier n’est plus protégé.</translation>
    </message>
    <message>
        <source>The name is shown so from now on, in this vault alone.</source>
        <translation>Le nom s’affiche désormais ainsi, dans ce coffre seulement.</translation>
    </message>
    <message>
        <source>The register {0} is there.</source>
        <translation>Le registre {0} est là.</translation>
    </message>
    <message>
        <source>What a State says of itself, or a fact with its source.</source>
        <translation>Ce qu’un État dit de lui-même, ou un fait avec sa source.</translation>
    </message>
    <message>
        <source>What our delegation thinks. It stays on our own laptops and is in no message and no export of the other side.</source>
        <translation>Ce que pense notre délégation. Cela reste sur nos propres ordinateurs et n’est dans aucun message ni aucun export de l’autre côté.</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>Écrit&#xa0;: {0}, dans {1}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Oui</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>des valeurs différentes figurent</translation>
    </message>
    <message>
        <source>due</source>
        <translation>échu</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>vide</translation>
    </message>
    <message>
        <source>not what the field asks for</source>
        <translation>ne correspond pas à ce que demande le champ</translation>
    </message>
    <message>
        <source>taken out and changed at the same time</source>
        <translation>enlevée et modifiée en même temps</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} Différences</translation>
    </message>
    <message>
        <source>{0} Different values stand: {1}</source>
        <translation>{0} Des valeurs différentes figurent&#xa0;: {1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}&#xa0;: {1}</translation>
    </message>
</context>
<context>
    <name>rights</name>
    <message>
        <source>admit other laptops</source>
        <translation>admettre d’autres ordinateurs</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>saisir des engagements</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>tenir la plume</translation>
    </message>
    <message>
        <source>propose amendments and state positions</source>
        <translation>proposer des amendements et exprimer des positions</translation>
    </message>
    <message>
        <source>read</source>
        <translation>lire</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>écrire des messages</translation>
    </message>
</context>
<context>
    <name>screens</name>
    <message>
        <source>Commitments</source>
        <translation>Engagements</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>Contacts</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>Incidents</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothèque</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Messages</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>Registres</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>Sécurité</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Paramètres</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>Textes</translation>
    </message>
</context>
<context>
    <name>security</name>
    <message>
        <source>Backups and travel</source>
        <translation>Sauvegardes et voyages</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Contrôles</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>Éléments de preuve</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>Premiers pas</translation>
    </message>
    <message>
        <source>Hygiene</source>
        <translation>Hygiène</translation>
    </message>
    <message>
        <source>Keys that move on</source>
        <translation>Clés qui avancent</translation>
    </message>
    <message>
        <source>Our laptops</source>
        <translation>Nos ordinateurs</translation>
    </message>
    <message>
        <source>Unlocking</source>
        <translation>Déverrouillage</translation>
    </message>
</context>
<context>
    <name>seeing</name>
    <message>
        <source> (contested)</source>
        <translation> (contesté)</translation>
    </message>
    <message>
        <source> (too late, without effect)</source>
        <translation> (trop tard, sans effet)</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n jour</numerusform>
            <numerusform>%n jours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours</source>
        <translation>
            <numerusform>%n heure</numerusform>
            <numerusform>%n heures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours longer</source>
        <translation>
            <numerusform>%n heure de plus</numerusform>
            <numerusform>%n heures de plus</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n readings</source>
        <translation>
            <numerusform>%n version</numerusform>
            <numerusform>%n versions</numerusform>
        </translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its other half</source>
        <translation>Un crochet est ouvert ou fermé sans son pendant</translation>
    </message>
    <message>
        <source>A resolution is one sentence. Usually a preambular paragraph ends with a comma, an operative one with a semicolon, and the last with a full stop.</source>
        <translation>Une résolution est une seule phrase. D’ordinaire, un alinéa du préambule se termine par une virgule, un paragraphe du dispositif par un point-virgule, et le dernier par un point.</translation>
    </message>
    <message>
        <source>Agreed, but a bracket is still open in it</source>
        <translation>Convenu, mais un crochet y est encore ouvert</translation>
    </message>
    <message>
        <source>Another paragraph has the same number: {0}</source>
        <translation>Un autre paragraphe porte le même numéro&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Broken by {0}, {1}{2}: {3}</source>
        <translation>Rompu par {0}, {1}{2}&#xa0;: {3}</translation>
    </message>
    <message>
        <source>Delegations refer to paragraphs by number and would speak of different ones. Usually the later one becomes “bis”, or the next revision numbers anew.</source>
        <translation>Les délégations désignent les paragraphes par leur numéro et parleraient de paragraphes différents. D’ordinaire, le second devient «&#xa0;bis&#xa0;», ou la révision suivante renumérote.</translation>
    </message>
    <message>
        <source>Geneva</source>
        <translation>Genève</translation>
    </message>
    <message>
        <source>It seems to name a person: {0}</source>
        <translation>Une personne semble y être nommée&#xa0;: {0}</translation>
    </message>
    <message>
        <source>Nairobi</source>
        <translation>Nairobi</translation>
    </message>
    <message>
        <source>New York</source>
        <translation>New York</translation>
    </message>
    <message>
        <source>Nobody can tell which words are still open. Usually the missing bracket is put where the disputed words begin or end.</source>
        <translation>Personne ne peut dire quels mots sont encore ouverts. D’ordinaire, le crochet manquant est placé là où les mots contestés commencent ou finissent.</translation>
    </message>
    <message>
        <source>Paragraph without number</source>
        <translation>Paragraphe sans numéro</translation>
    </message>
    <message>
        <source>Repeating the bare verb reads as if the earlier paragraph had been forgotten. The second time “also” is usual, from the third “further”.</source>
        <translation>Répéter le verbe seul donne l’impression que le paragraphe antérieur a été oublié. La deuxième fois, «&#xa0;also&#xa0;» est l’usage&#x202f;; à partir de la troisième, «&#xa0;further&#xa0;».</translation>
    </message>
    <message numerus="yes">
        <source>Send %n paragraphs</source>
        <translation>
            <numerusform>Envoyer %n paragraphe</numerusform>
            <numerusform>Envoyer %n paragraphes</numerusform>
        </translation>
    </message>
    <message>
        <source>Singapore</source>
        <translation>Singapour</translation>
    </message>
    <message>
        <source>Texts speak of functions, which outlast those who hold them. Usual are “the Chair”, “the Special Rapporteur” or “the delegation of …”.</source>
        <translation>Les textes parlent de fonctions, qui survivent à leurs titulaires. L’usage est «&#xa0;the Chair&#xa0;», «&#xa0;the Special Rapporteur&#xa0;» ou «&#xa0;the delegation of …&#xa0;».</translation>
    </message>
    <message>
        <source>The adverb stands in the wrong place; usual would be “{0}”</source>
        <translation>L’adverbe n’est pas à sa place&#x202f;; l’usage serait «&#xa0;{0}&#xa0;»</translation>
    </message>
    <message>
        <source>The usual sign at its end is missing</source>
        <translation>Le signe d’usage à la fin manque</translation>
    </message>
    <message>
        <source>The verb has opened a paragraph before; usual would be “{0}”</source>
        <translation>Ce verbe a déjà introduit un paragraphe&#x202f;; l’usage serait «&#xa0;{0}&#xa0;»</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>Trop long de %n caractère.</numerusform>
            <numerusform>Trop long de %n caractères.</numerusform>
        </translation>
    </message>
    <message>
        <source>Usually the verb comes first in the preamble (“Recalling also”), and in the operative part the adverb does (“Also requests”). Editors change it anyway, and later than one would like.</source>
        <translation>D’ordinaire, le verbe vient en premier dans le préambule («&#xa0;Recalling also&#xa0;»), et l’adverbe dans le dispositif («&#xa0;Also requests&#xa0;»). Les éditeurs le changent de toute façon, et plus tard qu’on ne le voudrait.</translation>
    </message>
    <message>
        <source>Vienna</source>
        <translation>Vienne</translation>
    </message>
    <message>
        <source>What stands in brackets is not agreed, so the two contradict each other. Usually the brackets are decided first, or the paragraph is reopened.</source>
        <translation>Ce qui est entre crochets n’est pas convenu&#x202f;; les deux se contredisent donc. D’ordinaire, on tranche d’abord les crochets, ou l’on rouvre le paragraphe.</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>convenu ad ref.</translation>
    </message>
    <message>
        <source>also written by the pen itself</source>
        <translation>également écrit par la plume elle-même</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>et %n de plus</numerusform>
            <numerusform>et %n de plus</numerusform>
        </translation>
    </message>
    <message>
        <source>became a sponsor of an amendment</source>
        <translation>devient auteur d’un amendement</translation>
    </message>
    <message>
        <source>came into the text</source>
        <translation>est entré dans le texte</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>modifié</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>clos</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>écarté</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>de {0}</translation>
    </message>
    <message>
        <source>here</source>
        <translation>ici</translation>
    </message>
    <message>
        <source>its number became {0}</source>
        <translation>son numéro est devenu {0}</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>déplacé</translation>
    </message>
    <message>
        <source>new</source>
        <translation>nouveau</translation>
    </message>
    <message>
        <source>number: {0}, was {1}</source>
        <translation>numéro&#xa0;: {0}, auparavant {1}</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>mis de côté</translation>
    </message>
    <message>
        <source>proposed: {0}</source>
        <translation>proposé&#xa0;: {0}</translation>
    </message>
    <message>
        <source>remarked</source>
        <translation>remarque faite</translation>
    </message>
    <message>
        <source>reopened</source>
        <translation>rouvert</translation>
    </message>
    <message>
        <source>same words</source>
        <translation>même libellé</translation>
    </message>
    <message>
        <source>stands in revision {0}</source>
        <translation>figure dans la révision {0}</translation>
    </message>
    <message>
        <source>the pen admitted an amendment</source>
        <translation>la plume a admis un amendement</translation>
    </message>
    <message>
        <source>the pen moved it</source>
        <translation>la plume l’a déplacé</translation>
    </message>
    <message>
        <source>the pen on an amendment: {0}</source>
        <translation>la plume, sur un amendement&#xa0;: {0}</translation>
    </message>
    <message>
        <source>the pen set new words</source>
        <translation>la plume a fixé un nouveau libellé</translation>
    </message>
    <message>
        <source>the pen took it out</source>
        <translation>la plume l’a enlevé</translation>
    </message>
    <message>
        <source>withdrew from an amendment</source>
        <translation>se retire d’un amendement</translation>
    </message>
    <message>
        <source>written by the pen itself</source>
        <translation>écrit par la plume elle-même</translation>
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
            <numerusform>Amendements ayant leur réponse&#xa0;: {0} sur %n.</numerusform>
            <numerusform>Amendements ayant leur réponse&#xa0;: {0} sur %n.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n paragraphs differ. Struck words are gone, underlined ones are new.</source>
        <translation>
            <numerusform>Paragraphes différents&#xa0;: {0} sur %n. Les mots biffés ont disparu, les mots soulignés sont nouveaux.</numerusform>
            <numerusform>Paragraphes différents&#xa0;: {0} sur %n. Les mots biffés ont disparu, les mots soulignés sont nouveaux.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n words stand outside brackets: {1} %.</source>
        <translation>
            <numerusform>Mots hors crochets&#xa0;: {0} sur %n, soit {1}&#xa0;%.</numerusform>
            <numerusform>Mots hors crochets&#xa0;: {0} sur %n, soit {1}&#xa0;%.</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}, pour {1}</translation>
    </message>
    <message>
        <source>{0}, on an amendment</source>
        <translation>{0}, sur un amendement</translation>
    </message>
    <message>
        <source>{0}, on the paragraph</source>
        <translation>{0}, sur le paragraphe</translation>
    </message>
    <message>
        <source>{0}, was {1}</source>
        <translation>{0}, auparavant {1}</translation>
    </message>
    <message>
        <source>“Also” and “further” refer back to an earlier paragraph with the same verb. Usually the first such paragraph has the verb alone.</source>
        <translation>«&#xa0;Also&#xa0;» et «&#xa0;further&#xa0;» renvoient à un paragraphe antérieur introduit par le même verbe. D’ordinaire, le premier de ces paragraphes a le verbe seul.</translation>
    </message>
    <message>
        <source>“{0}” although the verb has not opened a paragraph before</source>
        <translation>«&#xa0;{0}&#xa0;» alors que ce verbe n’a encore introduit aucun paragraphe</translation>
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
            <numerusform>%n ligne n’a pas de sens ici et est laissée de côté&#xa0;: elle vient peut-être d’une autre version.</numerusform>
            <numerusform>%n lignes n’ont pas de sens ici et sont laissées de côté&#xa0;: elles viennent peut-être d’une autre version.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them would protect less than now; they stand first.</source>
        <translation>
            <numerusform>%n d’entre eux protégerait moins qu’actuellement&#x202f;; il figure en premier.</numerusform>
            <numerusform>%n d’entre eux protégeraient moins qu’actuellement&#x202f;; ils figurent en premier.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings were taken from the file.</source>
        <translation>
            <numerusform>%n paramètre a été repris du fichier.</numerusform>
            <numerusform>%n paramètres ont été repris du fichier.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings would change. Nothing has changed yet.</source>
        <translation>
            <numerusform>%n paramètre serait modifié. Rien n’a encore été modifié.</numerusform>
            <numerusform>%n paramètres seraient modifiés. Rien n’a encore été modifié.</numerusform>
        </translation>
    </message>
    <message>
        <source>A crash leaves no image of the memory behind.</source>
        <translation>Un plantage ne laisse aucune image de la mémoire.</translation>
    </message>
    <message>
        <source>A crash may leave an image of the memory on the disk: turn that off in the system.</source>
        <translation>Un plantage peut laisser une image de la mémoire sur le disque&#xa0;: désactivez cela dans le système.</translation>
    </message>
    <message>
        <source>A delegation that shares the exchange folder is then reached through it, until the relay answers again. Not for a delegation for which you chose a way yourself.</source>
        <translation>Une délégation qui partage le dossier d’échange est alors jointe par celui-ci, jusqu’à ce que le relais réponde de nouveau. Non pour une délégation dont vous avez choisi vous-même la voie.</translation>
    </message>
    <message>
        <source>A notification says how many items came, at most once a minute, and nothing else: no name, no word.</source>
        <translation>Une notification dit combien d’éléments sont arrivés, une fois par minute au plus, et rien d’autre&#xa0;: aucun nom, aucun mot.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Apparence</translation>
    </message>
    <message>
        <source>As on this computer</source>
        <translation>Comme sur cet ordinateur</translation>
    </message>
    <message>
        <source>Clocks of the talks</source>
        <translation>Horloges des pourparlers</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Sombre</translation>
    </message>
    <message>
        <source>Empty the clipboard after</source>
        <translation>Vider le presse-papiers après</translation>
    </message>
    <message>
        <source>English</source>
        <translation>Anglais</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>Échange</translation>
    </message>
    <message>
        <source>Exchange every</source>
        <translation>Échanger toutes les</translation>
    </message>
    <message>
        <source>Exchange folder</source>
        <translation>Dossier d’échange</translation>
    </message>
    <message>
        <source>Français</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Général</translation>
    </message>
    <message>
        <source>Hours after which you are reminded that nobody answered. 0 = as agreed in each case.</source>
        <translation>Heures après lesquelles il vous est rappelé que personne n’a répondu. 0 = comme convenu dans chaque cas.</translation>
    </message>
    <message>
        <source>Hours without an answer after which T2 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>Heures sans réponse après lesquelles T2 vous est proposé. Rien n’est envoyé de soi-même. 0 = rien n’est proposé.</translation>
    </message>
    <message>
        <source>Hours without an answer after which T3 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>Heures sans réponse après lesquelles T3 vous est proposé. Rien n’est envoyé de soi-même. 0 = rien n’est proposé.</translation>
    </message>
    <message>
        <source>How long a replaced key is kept for envelopes still under way. Somebody who takes this laptop and opens the vault within that time can also open what was sent to the replaced key.</source>
        <translation>Combien de temps une clé remplacée est gardée pour les enveloppes encore en route. Quelqu’un qui prend cet ordinateur et ouvre le coffre dans ce délai peut aussi ouvrir ce qui a été envoyé avec la clé remplacée.</translation>
    </message>
    <message>
        <source>How often the ways of exchange are looked at. A relay says by itself when something has come.</source>
        <translation>À quelle fréquence les voies d’échange sont consultées. Un relais dit de lui-même quand quelque chose est arrivé.</translation>
    </message>
    <message>
        <source>Incidents: wait at T0 (routine)</source>
        <translation>Incidents&#xa0;: attente à T0 (courant)</translation>
    </message>
    <message>
        <source>Incidents: wait at T1 (technical to technical)</source>
        <translation>Incidents&#xa0;: attente à T1 (de technicien à technicien)</translation>
    </message>
    <message>
        <source>Incidents: wait at T2 (diplomatic to diplomatic)</source>
        <translation>Incidents&#xa0;: attente à T2 (de diplomate à diplomate)</translation>
    </message>
    <message>
        <source>Incidents: wait at T3 (policy level)</source>
        <translation>Incidents&#xa0;: attente à T3 (niveau politique)</translation>
    </message>
    <message>
        <source>It is newer than the version that runs, {0}.</source>
        <translation>Elle est plus récente que la version en service, {0}.</translation>
    </message>
    <message>
        <source>It is older than the version that runs, {0}. Going back brings back faults that are mended since.</source>
        <translation>Elle est plus ancienne que la version en service, {0}. Y revenir ramène des défauts corrigés depuis.</translation>
    </message>
    <message>
        <source>It is the version that runs.</source>
        <translation>C’est la version en service.</translation>
    </message>
    <message>
        <source>Keep old keys, by courier</source>
        <translation>Garder les anciennes clés, par porteur</translation>
    </message>
    <message>
        <source>Keep old keys, connected</source>
        <translation>Garder les anciennes clés, connecté</translation>
    </message>
    <message>
        <source>Keep windows out of screenshots</source>
        <translation>Exclure les fenêtres des captures d’écran</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Clés</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Langue</translation>
    </message>
    <message>
        <source>Letters, signs and buttons grow together, up to twice their size; what no longer fits can be scrolled. It holds from the next time you unlock.</source>
        <translation>Les lettres, les signes et les boutons grandissent ensemble, jusqu’au double de leur taille&#x202f;; ce qui ne tient plus peut être fait défiler. Cela vaut à partir de votre prochain déverrouillage.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claire</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>Claire ou sombre</translation>
    </message>
    <message>
        <source>Lock after</source>
        <translation>Verrouiller après</translation>
    </message>
    <message>
        <source>Locking</source>
        <translation>Verrouillage</translation>
    </message>
    <message>
        <source>Movement</source>
        <translation>Mouvement</translation>
    </message>
    <message>
        <source>Nothing in the window moves by itself: menus open at once, and what takes long says so without moving.</source>
        <translation>Rien dans la fenêtre ne bouge de soi-même&#xa0;: les menus s’ouvrent aussitôt, et ce qui prend du temps le dit sans bouger.</translation>
    </message>
    <message>
        <source>Nothing moves</source>
        <translation>Rien ne bouge</translation>
    </message>
    <message>
        <source>Other programs of your account cannot read the memory of Valise.</source>
        <translation>Les autres programmes de votre compte ne peuvent pas lire la mémoire de Valise.</translation>
    </message>
    <message>
        <source>Other programs of your account could read the memory of Valise: install only what you trust.</source>
        <translation>D’autres programmes de votre compte pourraient lire la mémoire de Valise&#xa0;: n’installez que ce à quoi vous vous fiez.</translation>
    </message>
    <message>
        <source>Proxy to the relay</source>
        <translation>Serveur mandataire vers le relais</translation>
    </message>
    <message>
        <source>Release files of Valise ({0})</source>
        <translation>Fichiers de version de Valise ({0})</translation>
    </message>
    <message>
        <source>Send again after</source>
        <translation>Renvoyer après</translation>
    </message>
    <message>
        <source>Show the public name when locked</source>
        <translation>Montrer le nom public une fois verrouillé</translation>
    </message>
    <message>
        <source>Size of everything</source>
        <translation>Taille de l’ensemble</translation>
    </message>
    <message>
        <source>Stop until I decide</source>
        <translation>Arrêter tant que je n’ai pas décidé</translation>
    </message>
    <message>
        <source>Tell me and go on</source>
        <translation>Me prévenir et continuer</translation>
    </message>
    <message>
        <source>Tell the desktop when something came</source>
        <translation>Signaler au bureau l’arrivée d’éléments</translation>
    </message>
    <message>
        <source>The colours of the window. Both can be read by those who see contrasts poorly.</source>
        <translation>Les couleurs de la fenêtre. Les deux présentations sont lisibles pour qui perçoit mal les contrastes.</translation>
    </message>
    <message>
        <source>The language of the window. Texts and messages stay as they were written.</source>
        <translation>La langue de la fenêtre. Les textes et les messages restent tels qu’ils ont été écrits.</translation>
    </message>
    <message>
        <source>The same for delegations reached by courier: longer than the longest way of a stick.</source>
        <translation>De même pour les délégations jointes par porteur&#xa0;: plus longtemps que le plus long trajet d’une clé USB.</translation>
    </message>
    <message>
        <source>The shared folder through which sealed envelopes travel. Whoever can open it sees sizes and times, never a name or a word.</source>
        <translation>Le dossier partagé par lequel voyagent les enveloppes scellées. Quiconque peut l’ouvrir voit des tailles et des heures, jamais un nom ni un mot.</translation>
    </message>
    <message>
        <source>The system decides who may read what Valise writes: keep this account to yourself.</source>
        <translation>C’est le système qui décide qui peut lire ce que Valise écrit&#xa0;: gardez ce compte pour vous seul.</translation>
    </message>
    <message>
        <source>The unlock page shows the name you made public. Anybody who sees the screen can read it.</source>
        <translation>La page de déverrouillage montre le nom que vous avez rendu public. Quiconque voit l’écran peut le lire.</translation>
    </message>
    <message>
        <source>The vault locks after this long without a key or the mouse. It also locks when the computer sleeps.</source>
        <translation>Le coffre se verrouille après ce délai sans touche ni souris. Il se verrouille aussi quand l’ordinateur se met en veille.</translation>
    </message>
    <message>
        <source>Time zones in which a deadline is also shown, separated by commas, for example Asia/Singapore. UTC and the time of this computer are always there.</source>
        <translation>Fuseaux horaires dans lesquels une échéance est aussi indiquée, séparés par des virgules, par exemple Asia/Singapore. L’UTC et l’heure de cet ordinateur y figurent toujours.</translation>
    </message>
    <message>
        <source>Use the folder when the relay cannot be reached</source>
        <translation>Utiliser le dossier quand le relais est injoignable</translation>
    </message>
    <message>
        <source>What Valise writes can be read by your account only.</source>
        <translation>Ce que Valise écrit ne peut être lu que par votre compte.</translation>
    </message>
    <message>
        <source>What a recipient has not confirmed after this long is sent once more, and then less and less often.</source>
        <translation>Ce qu’un destinataire n’a pas confirmé après ce délai est envoyé une nouvelle fois, puis de moins en moins souvent.</translation>
    </message>
    <message>
        <source>What was copied from here is removed from the clipboard after this long, and when the vault locks.</source>
        <translation>Ce qui a été copié d’ici est enlevé du presse-papiers après ce délai, et quand le coffre se verrouille.</translation>
    </message>
    <message>
        <source>When a delegation adds a laptop</source>
        <translation>Quand une délégation ajoute un ordinateur</translation>
    </message>
    <message>
        <source>Where the system can leave windows out of screenshots and recordings, it is asked to. This device, below, says what holds here.</source>
        <translation>Là où le système peut exclure des fenêtres des captures et des enregistrements d’écran, cela lui est demandé. «&#xa0;Cet appareil&#xa0;», plus bas, dit ce qui vaut ici.</translation>
    </message>
    <message>
        <source>Where this network lets nothing out but a proxy: http://host:port, or http://name:password@host:port. It is kept in the vault only, and the password is not shown again. The proxy sees which relay is used, never what is sent.</source>
        <translation>Là où ce réseau ne laisse sortir qu’un serveur mandataire&#xa0;: http://host:port, ou http://name:password@host:port. Cela n’est conservé que dans le coffre, et le mot de passe n’est plus montré. Le serveur mandataire voit quel relais est utilisé, jamais ce qui est envoyé.</translation>
    </message>
    <message>
        <source>Whoever holds a delegation&apos;s key can admit a laptop that then reads what is sent to it. Nothing more is sent to that delegation, or from ours when the laptop is our own, until somebody here has looked at it.</source>
        <translation>Quiconque détient la clé d’une délégation peut admettre un ordinateur qui lit ensuite ce qui est envoyé à celle-ci. Rien n’est plus envoyé à cette délégation, ni par la nôtre quand l’ordinateur est le nôtre, tant que quelqu’un ici ne l’a pas examiné.</translation>
    </message>
    <message>
        <source>Working days without an answer after which the next channel is proposed to you. 0 = nothing is proposed.</source>
        <translation>Jours ouvrables sans réponse après lesquels la voie suivante vous est proposée. 0 = rien n’est proposé.</translation>
    </message>
    <message>
        <source>days</source>
        <translation>jours</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>heures</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>minutes</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>off</source>
        <translation>désactivé</translation>
    </message>
    <message>
        <source>on</source>
        <translation>activé</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>secondes</translation>
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
            <numerusform>La seule part est exacte</numerusform>
            <numerusform>Les %n parts sont toutes exactes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Share {0} of {1} is right. %n more.</source>
        <translation>
            <numerusform>La part {0} sur {1} est exacte. Encore %n.</numerusform>
            <numerusform>La part {0} sur {1} est exacte. Encore %n.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>steps</name>
    <message>
        <source>A laptop can be lost or break. A backup on a stick, kept apart from it, brings back what you wrote and received.</source>
        <translation>Un ordinateur peut se perdre ou tomber en panne. Une sauvegarde sur une clé USB, rangée à l’écart, ramène ce que vous avez écrit et reçu.</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>Sauvegarder…</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>Fait.</translation>
    </message>
    <message>
        <source>It says which laptops belong to your delegation. While it lies beside the vault, whoever takes this laptop takes both; only its passphrase is then in the way.</source>
        <translation>Il dit quels ordinateurs appartiennent à votre délégation. Tant qu’il se trouve à côté du coffre, quiconque prend cet ordinateur prend les deux&#x202f;; seule sa phrase de passe y fait alors obstacle.</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>Établies, et jamais essayées&#xa0;: seul un essai montre que le papier est exact.</translation>
    </message>
    <message>
        <source>Make a backup</source>
        <translation>Faire une sauvegarde</translation>
    </message>
    <message>
        <source>Make recovery shares of the delegation</source>
        <translation>Établir des parts de récupération de la délégation</translation>
    </message>
    <message>
        <source>Make recovery shares of this vault</source>
        <translation>Établir des parts de récupération de ce coffre</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>Établir des parts…</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>Déplacer…</translation>
    </message>
    <message>
        <source>Move the key file to a stick</source>
        <translation>Déplacer le fichier de clé sur une clé USB</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>Pas encore fait.</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>Essayer…</translation>
    </message>
    <message>
        <source>Words on paper for several people. Some of them together open this vault when the passphrase is forgotten. Without them nobody can.</source>
        <translation>Des mots sur papier pour plusieurs personnes. Quelques-unes réunies ouvrent ce coffre quand la phrase de passe est oubliée. Sans eux, personne ne le peut.</translation>
    </message>
    <message>
        <source>Words on paper that give the delegation&apos;s key back when the key file or its passphrase is lost. Without it no laptop can be admitted or revoked.</source>
        <translation>Des mots sur papier qui redonnent la clé de la délégation quand le fichier de clé ou sa phrase de passe est perdu. Sans elle, aucun ordinateur ne peut être admis ni révoqué.</translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message numerus="yes">
        <source>%n amendments</source>
        <translation>
            <numerusform>%n amendement</numerusform>
            <numerusform>%n amendements</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets</source>
        <translation>
            <numerusform>%n crochet</numerusform>
            <numerusform>%n crochets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets are still open in it.</source>
        <translation>
            <numerusform>%n crochet y est encore ouvert.</numerusform>
            <numerusform>%n crochets y sont encore ouverts.</numerusform>
        </translation>
    </message>
    <message>
        <source>A PDF does not keep the order of right-to-left words: read closely where Latin words or figures stand.</source>
        <translation>Un PDF ne garde pas l’ordre des mots écrits de droite à gauche&#xa0;: lisez attentivement là où figurent des mots latins ou des chiffres.</translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its partner.</source>
        <translation>Un crochet est ouvert ou fermé sans son pendant.</translation>
    </message>
    <message>
        <source>A field has no end; all its letters were kept.</source>
        <translation>Un champ n’a pas de fin&#x202f;; toutes ses lettres ont été conservées.</translation>
    </message>
    <message>
        <source>A marked change could not be placed at the words it is about.</source>
        <translation>Une modification marquée n’a pas pu être placée aux mots sur lesquels elle porte.</translation>
    </message>
    <message>
        <source>A number stands at two paragraphs.</source>
        <translation>Un numéro figure à deux paragraphes.</translation>
    </message>
    <message>
        <source>A paragraph cut in two is proposed as a deletion and a new paragraph.</source>
        <translation>Un paragraphe coupé en deux est proposé comme une suppression et un nouveau paragraphe.</translation>
    </message>
    <message>
        <source>A reference to a note was left out.</source>
        <translation>Un renvoi à une note a été laissé de côté.</translation>
    </message>
    <message>
        <source>Addresses behind words were left out, the words kept. None was followed.</source>
        <translation>Les adresses derrière des mots ont été laissées de côté, les mots conservés. Aucune n’a été suivie.</translation>
    </message>
    <message>
        <source>Agreed at the table, subject to confirmation by capitals; not reopened meanwhile.</source>
        <translation>Convenu à la table, sous réserve de confirmation par les capitales&#x202f;; non rouvert entre-temps.</translation>
    </message>
    <message>
        <source>Broken lines were joined into paragraphs.</source>
        <translation>Les lignes coupées ont été réunies en paragraphes.</translation>
    </message>
    <message>
        <source>Changes by others inside words that were moved or joined were left out.</source>
        <translation>Les modifications par d’autres dans des mots déplacés ou réunis ont été laissées de côté.</translation>
    </message>
    <message>
        <source>Characters that reverse the order of reading were found: read closely.</source>
        <translation>Des caractères qui inversent le sens de lecture ont été trouvés&#xa0;: lisez attentivement.</translation>
    </message>
    <message>
        <source>Elements that are not known were read as plain paragraphs.</source>
        <translation>Les éléments inconnus ont été lus comme de simples paragraphes.</translation>
    </message>
    <message>
        <source>Embedded objects were left out and not opened.</source>
        <translation>Les objets incorporés ont été laissés de côté et non ouverts.</translation>
    </message>
    <message>
        <source>Endnotes were kept as remarks.</source>
        <translation>Les notes de fin ont été conservées comme remarques.</translation>
    </message>
    <message>
        <source>Fallback</source>
        <translation>Position de repli</translation>
    </message>
    <message>
        <source>Fields were read as the result they show.</source>
        <translation>Les champs ont été lus comme le résultat qu’ils montrent.</translation>
    </message>
    <message>
        <source>Footnotes were kept as remarks.</source>
        <translation>Les notes de bas de page ont été conservées comme remarques.</translation>
    </message>
    <message>
        <source>Forms and their fields were left out.</source>
        <translation>Les formulaires et leurs champs ont été laissés de côté.</translation>
    </message>
    <message>
        <source>Formulas were left out.</source>
        <translation>Les formules ont été laissées de côté.</translation>
    </message>
    <message>
        <source>Formulas were read by their letters; their shape is lost.</source>
        <translation>Les formules ont été lues par leurs lettres&#x202f;; leur forme est perdue.</translation>
    </message>
    <message>
        <source>Go along</source>
        <translation>S’y rallier</translation>
    </message>
    <message>
        <source>Headers and footers were left out.</source>
        <translation>Les en-têtes et pieds de page ont été laissés de côté.</translation>
    </message>
    <message>
        <source>Hidden control characters were taken out.</source>
        <translation>Des caractères de commande cachés ont été enlevés.</translation>
    </message>
    <message>
        <source>Hidden words were left out.</source>
        <translation>Les mots cachés ont été laissés de côté.</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>Instruction</translation>
    </message>
    <message>
        <source>It belongs to a continuation that was not the one taken.</source>
        <translation>Il appartient à une suite qui n’est pas celle qui a été retenue.</translation>
    </message>
    <message>
        <source>It came after its computer was taken out of the talks.</source>
        <translation>Il est arrivé après que son ordinateur a été écarté des pourparlers.</translation>
    </message>
    <message>
        <source>It is without effect by the rules of the text.</source>
        <translation>Il est sans effet selon les règles du texte.</translation>
    </message>
    <message>
        <source>It refers to a paragraph that is not in the text.</source>
        <translation>Il se réfère à un paragraphe qui n’est pas dans le texte.</translation>
    </message>
    <message>
        <source>It refers to a version of the paragraph that never stood.</source>
        <translation>Il se réfère à une version du paragraphe qui n’a jamais figuré.</translation>
    </message>
    <message>
        <source>It refers to an amendment that is not in the text.</source>
        <translation>Il se réfère à un amendement qui n’est pas dans le texte.</translation>
    </message>
    <message>
        <source>It refers to something that is not in the text.</source>
        <translation>Il se réfère à quelque chose qui n’est pas dans le texte.</translation>
    </message>
    <message>
        <source>It would change nothing.</source>
        <translation>Il ne changerait rien.</translation>
    </message>
    <message>
        <source>Its computer did not hold the pen.</source>
        <translation>Son ordinateur ne tenait pas la plume.</translation>
    </message>
    <message>
        <source>Its computer signed two different histories.</source>
        <translation>Son ordinateur a signé deux historiques différents.</translation>
    </message>
    <message>
        <source>Its paragraph was agreed at that time.</source>
        <translation>Son paragraphe était alors convenu.</translation>
    </message>
    <message>
        <source>Its place in the new words could not be found.</source>
        <translation>Sa place dans le nouveau libellé n’a pas pu être trouvée.</translation>
    </message>
    <message>
        <source>Lines were joined into paragraphs: look where one begins.</source>
        <translation>Les lignes ont été réunies en paragraphes&#xa0;: regardez où chacun commence.</translation>
    </message>
    <message>
        <source>Marks for right-to-left words were kept.</source>
        <translation>Les marques des mots écrits de droite à gauche ont été conservées.</translation>
    </message>
    <message>
        <source>Menus of the page were left out.</source>
        <translation>Les menus de la page ont été laissés de côté.</translation>
    </message>
    <message>
        <source>No numbered paragraphs were recognised.</source>
        <translation>Aucun paragraphe numéroté n’a été reconnu.</translation>
    </message>
    <message>
        <source>No title was found: give one.</source>
        <translation>Aucun titre n’a été trouvé&#xa0;: donnez-en un.</translation>
    </message>
    <message>
        <source>Not reopened without the chair&apos;s consent.</source>
        <translation>Non rouvert sans l’accord de la présidence.</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Numbers were given to paragraphs that had none.</source>
        <translation>Des numéros ont été donnés aux paragraphes qui n’en avaient pas.</translation>
    </message>
    <message>
        <source>Of the page the words were read; its look, tables and marks are lost.</source>
        <translation>De la page, les mots ont été lus&#x202f;; sa présentation, ses tableaux et ses marques sont perdus.</translation>
    </message>
    <message>
        <source>Of the pages the words were read; their look, tables and strokes are lost.</source>
        <translation>Des pages, les mots ont été lus&#x202f;; leur présentation, leurs tableaux et leurs traits sont perdus.</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>S’opposer</translation>
    </message>
    <message>
        <source>Page breaks were left out.</source>
        <translation>Les sauts de page ont été laissés de côté.</translation>
    </message>
    <message>
        <source>Page numbers and lines repeated on the pages were left out.</source>
        <translation>Les numéros de page et les lignes répétées sur les pages ont été laissés de côté.</translation>
    </message>
    <message>
        <source>Parts that come from other documents were left out.</source>
        <translation>Les parties provenant d’autres documents ont été laissées de côté.</translation>
    </message>
    <message>
        <source>Pictures were left out, with any words in them.</source>
        <translation>Les images ont été laissées de côté, avec les mots qu’elles pouvaient contenir.</translation>
    </message>
    <message>
        <source>Pictures were left out.</source>
        <translation>Les images ont été laissées de côté.</translation>
    </message>
    <message numerus="yes">
        <source>Proposes %n changes:</source>
        <translation>
            <numerusform>Propose %n modification&#xa0;:</numerusform>
            <numerusform>Propose %n modifications&#xa0;:</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading guides above characters were left out.</source>
        <translation>Les guides de lecture au-dessus des caractères ont été laissés de côté.</translation>
    </message>
    <message>
        <source>Red line</source>
        <translation>Ligne rouge</translation>
    </message>
    <message numerus="yes">
        <source>Released: %n proposals leave with the next exchange.</source>
        <translation>
            <numerusform>Envoi autorisé&#xa0;: la proposition part au prochain échange.</numerusform>
            <numerusform>Envoi autorisé&#xa0;: %n propositions partent au prochain échange.</numerusform>
        </translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>Réserver</translation>
    </message>
    <message>
        <source>Set aside until later.</source>
        <translation>Mis de côté pour plus tard.</translation>
    </message>
    <message>
        <source>Signs of a symbol font that have no letter were left out.</source>
        <translation>Les signes d’une police de symboles qui n’ont pas de lettre ont été laissés de côté.</translation>
    </message>
    <message numerus="yes">
        <source>Since you last looked: %n paragraphs changed or spoken to, by {0}.</source>
        <translation>
            <numerusform>Depuis votre dernière visite&#xa0;: %n paragraphe modifié ou commenté, par {0}.</numerusform>
            <numerusform>Depuis votre dernière visite&#xa0;: %n paragraphes modifiés ou commentés, par {0}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Some comments stand at no words.</source>
        <translation>Certains commentaires ne portent sur aucun mot.</translation>
    </message>
    <message>
        <source>Some pages are pictures: nothing of them was read.</source>
        <translation>Certaines pages sont des images&#xa0;: rien n’en a été lu.</translation>
    </message>
    <message>
        <source>Some paragraphs carry no number.</source>
        <translation>Certains paragraphes ne portent pas de numéro.</translation>
    </message>
    <message>
        <source>Something in the document was read differently than it was written: read closely.</source>
        <translation>Quelque chose dans le document a été lu autrement qu’il n’était écrit&#xa0;: lisez attentivement.</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>Appuyer</translation>
    </message>
    <message>
        <source>Tables were read cell by cell as paragraphs.</source>
        <translation>Les tableaux ont été lus cellule par cellule comme des paragraphes.</translation>
    </message>
    <message>
        <source>Tables were read row by row as paragraphs.</source>
        <translation>Les tableaux ont été lus ligne par ligne comme des paragraphes.</translation>
    </message>
    <message>
        <source>Text boxes were read as paragraphs.</source>
        <translation>Les zones de texte ont été lues comme des paragraphes.</translation>
    </message>
    <message>
        <source>The document holds macros. They were not read.</source>
        <translation>Le document contient des macros. Elles n’ont pas été lues.</translation>
    </message>
    <message>
        <source>The document refers to files or addresses elsewhere. None was followed.</source>
        <translation>Le document renvoie à des fichiers ou à des adresses extérieurs. Aucun n’a été suivi.</translation>
    </message>
    <message>
        <source>The file names another language than its words are in.</source>
        <translation>Le fichier indique une autre langue que celle de son libellé.</translation>
    </message>
    <message>
        <source>The language was not recognised: choose it.</source>
        <translation>La langue n’a pas été reconnue&#xa0;: choisissez-la.</translation>
    </message>
    <message>
        <source>The numbering of its computer&apos;s entries is broken.</source>
        <translation>La numérotation des entrées de son ordinateur est rompue.</translation>
    </message>
    <message>
        <source>The page holds scripts. They were not read and did not run.</source>
        <translation>La page contient des scripts. Ils n’ont pas été lus ni exécutés.</translation>
    </message>
    <message>
        <source>The page refers to pages or files elsewhere. None was fetched.</source>
        <translation>La page renvoie à des pages ou à des fichiers extérieurs. Aucun n’a été récupéré.</translation>
    </message>
    <message>
        <source>The pen carried this over to another place than this computer would have. Read both again.</source>
        <translation>La plume a reporté ceci à un autre endroit que ne l’aurait fait cet ordinateur. Relisez les deux.</translation>
    </message>
    <message>
        <source>The words it quotes are not those of the text.</source>
        <translation>Les mots qu’il cite ne sont pas ceux du texte.</translation>
    </message>
    <message>
        <source>This paragraph</source>
        <translation>Ce paragraphe</translation>
    </message>
    <message>
        <source>This text is frozen: nobody can write on.</source>
        <translation>Ce texte est figé&#xa0;: personne ne peut continuer à écrire.</translation>
    </message>
    <message>
        <source>This text is frozen: the computer that holds the pen signed two different histories.</source>
        <translation>Ce texte est figé&#xa0;: l’ordinateur qui tient la plume a signé deux historiques différents.</translation>
    </message>
    <message>
        <source>This text is frozen: the delegations recovered the pen in two different ways.</source>
        <translation>Ce texte est figé&#xa0;: les délégations ont récupéré la plume de deux façons différentes.</translation>
    </message>
    <message>
        <source>This text is frozen: the pen wrote two different continuations.</source>
        <translation>Ce texte est figé&#xa0;: la plume a écrit deux suites différentes.</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titre</translation>
    </message>
    <message>
        <source>Tracked changes inside notes, headers or comments were left out.</source>
        <translation>Les modifications suivies à l’intérieur des notes, des en-têtes ou des commentaires ont été laissées de côté.</translation>
    </message>
    <message>
        <source>Tracked changes of look alone were left out.</source>
        <translation>Les modifications suivies de pure présentation ont été laissées de côté.</translation>
    </message>
    <message>
        <source>Tracked changes of numbers or statuses were left out.</source>
        <translation>Les modifications suivies de numéros ou de situations ont été laissées de côté.</translation>
    </message>
    <message>
        <source>Tracked rows or cells of tables were read as changes of their words.</source>
        <translation>Les modifications suivies de lignes ou de cellules de tableaux ont été lues comme des modifications de leur libellé.</translation>
    </message>
    <message>
        <source>Two paragraphs made one are proposed as new words and a deletion.</source>
        <translation>Deux paragraphes réunis en un sont proposés comme un nouveau libellé et une suppression.</translation>
    </message>
    <message>
        <source>Under negotiation.</source>
        <translation>En cours de négociation.</translation>
    </message>
    <message>
        <source>Words divided at the end of a line were joined: look at their hyphens.</source>
        <translation>Les mots coupés en fin de ligne ont été réunis&#xa0;: regardez leurs traits d’union.</translation>
    </message>
    <message>
        <source>Words in parts that are not known here were left out or read plainly.</source>
        <translation>Les mots figurant dans des parties inconnues ici ont été laissés de côté ou lus simplement.</translation>
    </message>
    <message>
        <source>Words inserted and struck by the same author were left out.</source>
        <translation>Les mots ajoutés et biffés par le même auteur ont été laissés de côté.</translation>
    </message>
    <message>
        <source>Words marked as inserted or struck were kept in the text, without who marked them.</source>
        <translation>Les mots marqués comme ajoutés ou biffés ont été conservés dans le texte, sans indication de qui les a marqués.</translation>
    </message>
    <message>
        <source>Words moved inside paragraphs are proposed as deletions and insertions.</source>
        <translation>Les mots déplacés à l’intérieur de paragraphes sont proposés comme des suppressions et des ajouts.</translation>
    </message>
    <message>
        <source>Words that one inserted and another struck were kept as remarks.</source>
        <translation>Les mots que l’un a ajoutés et qu’un autre a biffés ont été conservés comme remarques.</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>convenu ad ref.</translation>
    </message>
    <message>
        <source>alternative to the paragraph</source>
        <translation>variante du paragraphe</translation>
    </message>
    <message>
        <source>came after the paragraph was agreed; the pen decides whether to admit it</source>
        <translation>arrivé après que le paragraphe a été convenu&#x202f;; la plume décide s’il est admis</translation>
    </message>
    <message>
        <source>can go along</source>
        <translation>peut s’y rallier</translation>
    </message>
    <message>
        <source>cannot leave: the paragraph has changed since it was written</source>
        <translation>ne peut pas partir&#xa0;: le paragraphe a changé depuis qu’il a été écrit</translation>
    </message>
    <message>
        <source>change of title</source>
        <translation>changement de titre</translation>
    </message>
    <message>
        <source>change of words</source>
        <translation>changement de libellé</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>clos</translation>
    </message>
    <message>
        <source>contested: the pen decides whether the silence was broken in time</source>
        <translation>contesté&#xa0;: la plume décide si le silence a été rompu à temps</translation>
    </message>
    <message>
        <source>delete the paragraph</source>
        <translation>supprimer le paragraphe</translation>
    </message>
    <message>
        <source>its paragraph is no longer in the text</source>
        <translation>son paragraphe ne figure plus dans le texte</translation>
    </message>
    <message>
        <source>kept as an alternative</source>
        <translation>gardé comme variante</translation>
    </message>
    <message>
        <source>move the paragraph</source>
        <translation>déplacer le paragraphe</translation>
    </message>
    <message>
        <source>new paragraph</source>
        <translation>nouveau paragraphe</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>aucune position</translation>
    </message>
    <message>
        <source>not taken</source>
        <translation>non retenu</translation>
    </message>
    <message>
        <source>open</source>
        <translation>ouvert</translation>
    </message>
    <message>
        <source>open, carried over to the new words by the pen</source>
        <translation>ouvert, reporté par la plume sur le nouveau libellé</translation>
    </message>
    <message>
        <source>opposes</source>
        <translation>s’oppose</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>mis de côté</translation>
    </message>
    <message>
        <source>proposes</source>
        <translation>propose</translation>
    </message>
    <message>
        <source>released</source>
        <translation>envoi autorisé</translation>
    </message>
    <message>
        <source>replaced by a later proposal</source>
        <translation>remplacé par une proposition ultérieure</translation>
    </message>
    <message>
        <source>reserves</source>
        <translation>réserve</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>renvoyé</translation>
    </message>
    <message>
        <source>scrutiny reservation</source>
        <translation>réserve d’examen</translation>
    </message>
    <message>
        <source>silence broken: it is not agreed</source>
        <translation>silence rompu&#xa0;: la révision n’est pas convenue</translation>
    </message>
    <message>
        <source>silence kept: it stands as agreed</source>
        <translation>silence gardé&#xa0;: la révision figure comme convenue</translation>
    </message>
    <message>
        <source>supports</source>
        <translation>appuie</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>reprise</translation>
    </message>
    <message>
        <source>taken into the text</source>
        <translation>retenu dans le texte</translation>
    </message>
    <message>
        <source>taken with changes</source>
        <translation>retenu avec des changements</translation>
    </message>
    <message>
        <source>under silence</source>
        <translation>soumis à l’approbation tacite</translation>
    </message>
    <message>
        <source>waits for release by a second officer</source>
        <translation>attend qu’un second agent en autorise l’envoi</translation>
    </message>
    <message>
        <source>withdrawn by its sponsor</source>
        <translation>retiré par son auteur</translation>
    </message>
    <message>
        <source>without effect</source>
        <translation>sans effet</translation>
    </message>
    <message>
        <source>written for earlier words; the pen decides whether to admit it</source>
        <translation>écrit pour un libellé antérieur&#x202f;; la plume décide s’il est admis</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n delegations decide; no clock does. What you say here is signed and stays.</source>
        <translation>
            <numerusform>Les délégations décident ({0} sur %n)&#x202f;; aucune horloge ne le fait. Ce que vous dites ici est signé et reste.</numerusform>
            <numerusform>Les délégations décident ({0} sur %n)&#x202f;; aucune horloge ne le fait. Ce que vous dites ici est signé et reste.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more paragraphs</source>
        <translation>
            <numerusform>… et %n paragraphe de plus</numerusform>
            <numerusform>… et %n paragraphes de plus</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>times</name>
    <message>
        <source>Today</source>
        <translation>Aujourd’hui</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Hier</translation>
    </message>
    <message>
        <source>never</source>
        <translation>jamais</translation>
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
        <translation>identité modifiée</translation>
    </message>
    <message>
        <source>not verified yet</source>
        <translation>pas encore vérifiée</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>la nôtre</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>inconnue</translation>
    </message>
    <message>
        <source>verified in person</source>
        <translation>vérifiée en personne</translation>
    </message>
    <message>
        <source>vouched for</source>
        <translation>garantie</translation>
    </message>
</context>
<context>
    <name>unlock</name>
    <message numerus="yes">
        <source>%n rows were rescued, {lost} lost.</source>
        <translation>
            <numerusform>%n ligne a été sauvée&#x202f;; lignes perdues&#xa0;: {lost}.</numerusform>
            <numerusform>%n lignes ont été sauvées&#x202f;; lignes perdues&#xa0;: {lost}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows were rescued; how many were lost cannot be told.</source>
        <translation>
            <numerusform>%n ligne a été sauvée&#x202f;; on ne peut pas dire combien ont été perdues.</numerusform>
            <numerusform>%n lignes ont été sauvées&#x202f;; on ne peut pas dire combien ont été perdues.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything that was there verifies: %n rows were rescued.</source>
        <translation>
            <numerusform>Tout ce qui était là se vérifie&#xa0;: %n ligne a été sauvée.</numerusform>
            <numerusform>Tout ce qui était là se vérifie&#xa0;: %n lignes ont été sauvées.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets</name>
    <message numerus="yes">
        <source>{0}, %n need you</source>
        <translation>
            <numerusform>{0}, %n en attente de votre intervention</numerusform>
            <numerusform>{0}, %n en attente de votre intervention</numerusform>
        </translation>
    </message>
</context>
</TS>
