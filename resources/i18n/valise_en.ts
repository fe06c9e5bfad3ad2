<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>QShortcut</name>
    <message>
        <source>Return</source>
        <translation>Enter</translation>
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
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items have not left yet: they are kept in the backup as part of the record and the conversation.</source>
        <translation>
            <numerusform>%n item has not left yet: it is kept in the backup as part of the record and the conversation.</numerusform>
            <numerusform>%n items have not left yet: they are kept in the backup as part of the record and the conversation.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Backed up %n days ago.</source>
        <translation>
            <numerusform>Backed up %n day ago.</numerusform>
            <numerusform>Backed up %n days ago.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>contacts</name>
    <message numerus="yes">
        <source>%n are enough.</source>
        <translation>
            <numerusform>%n is enough.</numerusform>
            <numerusform>%n are enough.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are needed.</source>
        <translation>
            <numerusform>%n is needed.</numerusform>
            <numerusform>%n are needed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n laptop</numerusform>
            <numerusform>%n laptops</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Vouched for by {count} of %n custodians: {who}. {enough}</source>
        <translation>
            <numerusform>Vouched for by {count} of %n custodian: {who}. {enough}</numerusform>
            <numerusform>Vouched for by {count} of %n custodians: {who}. {enough}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>of %n custodians</source>
        <translation>
            <numerusform>of %n custodian</numerusform>
            <numerusform>of %n custodians</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>directory</name>
    <message numerus="yes">
        <source>%n are asked now; {outside} an officer calls or writes to.</source>
        <translation>
            <numerusform>%n is asked now; {outside} an officer calls or writes to.</numerusform>
            <numerusform>%n are asked now; {outside} an officer calls or writes to.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n asked: {counts}</source>
        <translation>
            <numerusform>%n asked: {counts}</numerusform>
            <numerusform>%n asked: {counts}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards saved as {file}.</source>
        <translation>
            <numerusform>%n card saved as {file}.</numerusform>
            <numerusform>%n cards saved as {file}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards were taken.</source>
        <translation>
            <numerusform>%n card was taken.</numerusform>
            <numerusform>%n cards were taken.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were left out because of their marking.</source>
        <translation>
            <numerusform>%n was left out because of its marking.</numerusform>
            <numerusform>%n were left out because of their marking.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Save %n entries as contact cards?</source>
        <translation>
            <numerusform>Save %n entry as a contact card?</numerusform>
            <numerusform>Save %n entries as contact cards?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Saved as {file}: %Ln contacts.</source>
        <translation>
            <numerusform>Saved as {file}: %Ln contact.</numerusform>
            <numerusform>Saved as {file}: %Ln contacts.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>evidence</name>
    <message numerus="yes">
        <source>%n entries: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).</source>
        <translation>
            <numerusform>%n entry: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).</numerusform>
            <numerusform>%n entries: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>exchange</name>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come.</source>
        <translation>
            <numerusform>%n envelope is kept sealed until its key comes.</numerusform>
            <numerusform>%n envelopes are kept sealed until their keys come.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items wait</source>
        <translation>
            <numerusform>%n item waits</numerusform>
            <numerusform>%n items wait</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new things came.</source>
        <translation>
            <numerusform>%n new thing came.</numerusform>
            <numerusform>%n new things came.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things in it were new.</source>
        <translation>
            <numerusform>%n thing in it was new.</numerusform>
            <numerusform>%n things in it were new.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln envelopes verified.</source>
        <translation>
            <numerusform>The one envelope verified.</numerusform>
            <numerusform>All %Ln envelopes verified.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Bundles {0} of {1} have not come.</source>
        <translation>
            <numerusform>Bundle {0} of {1} has not come.</numerusform>
            <numerusform>Bundles {0} of {1} have not come.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Damaged or cut off: {0} of %n envelopes were whole and came in.</source>
        <translation>
            <numerusform>Damaged or cut off: {0} of %n envelope was whole and came in.</numerusform>
            <numerusform>Damaged or cut off: {0} of %n envelopes were whole and came in.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drop them to open %n bundles</source>
        <translation>
            <numerusform>Drop it to open the bundle</numerusform>
            <numerusform>Drop them to open %n bundles</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %n delegations</source>
        <translation>
            <numerusform>For %n delegation</numerusform>
            <numerusform>For %n delegations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n envelopes verified.</source>
        <translation>
            <numerusform>{0} of %n envelope verified.</numerusform>
            <numerusform>{0} of %n envelopes verified.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0}, {1}, %Ln sealed envelopes</source>
        <translation>
            <numerusform>{0}, {1}, %Ln sealed envelope</numerusform>
            <numerusform>{0}, {1}, %Ln sealed envelopes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>files</name>
    <message numerus="yes">
        <source>Make %n remarks</source>
        <translation>
            <numerusform>Make %n remark</numerusform>
            <numerusform>Make %n remarks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes</source>
        <translation>
            <numerusform>Propose %n change</numerusform>
            <numerusform>Propose %n changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes, {remarks}</source>
        <translation>
            <numerusform>Propose %n change, {remarks}</numerusform>
            <numerusform>Propose %n changes, {remarks}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>make %n remarks</source>
        <translation>
            <numerusform>make %n remark</numerusform>
            <numerusform>make %n remarks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hygiene</name>
    <message numerus="yes">
        <source>The vault locks after %n minutes without a key or the mouse.</source>
        <translation>
            <numerusform>The vault locks after %n minute without a key or the mouse.</numerusform>
            <numerusform>The vault locks after %n minutes without a key or the mouse.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The vault stays open for %n minutes when nobody is there; ten are enough.</source>
        <translation>
            <numerusform>The vault stays open for %n minute when nobody is there; ten are enough.</numerusform>
            <numerusform>The vault stays open for %n minutes when nobody is there; ten are enough.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n pass. Each of the others has a button that leads to where it is put right.</source>
        <translation>
            <numerusform>{0} of %n passes. Each of the others has a button that leads to where it is put right.</numerusform>
            <numerusform>{0} of %n pass. Each of the others has a button that leads to where it is put right.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>incidents</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n laptop</numerusform>
            <numerusform>%n laptops</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Still required: {0} (and %n more)</source>
        <translation>
            <numerusform>Still required: {0} (and %n more)</numerusform>
            <numerusform>Still required: {0} (and %n more)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>joint</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n delegation</numerusform>
            <numerusform>%n delegations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>Too long by %n character.</numerusform>
            <numerusform>Too long by %n characters.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message numerus="yes">
        <source>By courier, or not heard lately: replaced keys are kept %n days.</source>
        <translation>
            <numerusform>By courier, or not heard lately: replaced keys are kept %n day.</numerusform>
            <numerusform>By courier, or not heard lately: replaced keys are kept %n days.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Connected: replaced keys are kept %n hours.</source>
        <translation>
            <numerusform>Connected: replaced keys are kept %n hour.</numerusform>
            <numerusform>Connected: replaced keys are kept %n hours.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>laptops</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n notes and red lines</source>
        <translation>
            <numerusform>%n note or red line</numerusform>
            <numerusform>%n notes and red lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Not rehearsed yet.</source>
        <translation>
            <numerusform>%n recovery share since {0}, any {1} are enough. Not rehearsed yet.</numerusform>
            <numerusform>%n recovery shares since {0}, any {1} are enough. Not rehearsed yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Rehearsed on {2}.</source>
        <translation>
            <numerusform>%n recovery share since {0}, any {1} are enough. Rehearsed on {2}.</numerusform>
            <numerusform>%n recovery shares since {0}, any {1} are enough. Rehearsed on {2}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Expires in %n days, on {0}. Renew it.</source>
        <translation>
            <numerusform>Expires in %n day, on {0}. Renew it.</numerusform>
            <numerusform>Expires in %n days, on {0}. Renew it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It holds the record of {0} of %n rooms.</source>
        <translation>
            <numerusform>It holds the record of {0} of %n room.</numerusform>
            <numerusform>It holds the record of {0} of %n rooms.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Make %n recovery shares, of which any {0} give the root key back.</source>
        <translation>
            <numerusform>Make %n recovery share, of which any {0} give the root key back.</numerusform>
            <numerusform>Make %n recovery shares, of which any {0} give the root key back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Stayed with the delegation: the record of %n rooms, of which the successor&apos;s laptop holds {0}; {1}. Conversations before it was admitted, and the library of this laptop, do not pass by themselves.</source>
        <translation>
            <numerusform>Stayed with the delegation: the record of %n room, of which the successor&apos;s laptop holds {0}; {1}. Conversations before it was admitted, and the library of this laptop, do not pass by themselves.</numerusform>
            <numerusform>Stayed with the delegation: the record of %n rooms, of which the successor&apos;s laptop holds {0}; {1}. Conversations before it was admitted, and the library of this laptop, do not pass by themselves.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Travel laptop: only %n rooms</source>
        <translation>
            <numerusform>Travel laptop: only one room</numerusform>
            <numerusform>Travel laptop: only %n rooms</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>library</name>
    <message numerus="yes">
        <source>%n more paragraphs after</source>
        <translation>
            <numerusform>%n more paragraph after</numerusform>
            <numerusform>%n more paragraphs after</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more paragraphs before</source>
        <translation>
            <numerusform>%n more paragraph before</numerusform>
            <numerusform>%n more paragraphs before</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paragraphs</source>
        <translation>
            <numerusform>%n paragraph</numerusform>
            <numerusform>%n paragraphs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Importing: {0} of %n files</source>
        <translation>
            <numerusform>Importing: {0} of %n file</numerusform>
            <numerusform>Importing: {0} of %n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n delegation</numerusform>
            <numerusform>%n delegations</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n devices</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items waiting in outbox</source>
        <translation>
            <numerusform>%n item waiting in outbox</numerusform>
            <numerusform>%n items waiting in outbox</numerusform>
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
            <numerusform>%n unread</numerusform>
            <numerusform>%n unread</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>notice</name>
    <message numerus="yes">
        <source>Valise: %n items</source>
        <translation>
            <numerusform>Valise: %n item</numerusform>
            <numerusform>Valise: %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>overview</name>
    <message numerus="yes">
        <source>%n entries in {register} are due for review</source>
        <translation>
            <numerusform>%n entry in {register} is due for review</numerusform>
            <numerusform>%n entries in {register} are due for review</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come; they have been asked for.</source>
        <translation>
            <numerusform>%n envelope is kept sealed until its key comes; it has been asked for.</numerusform>
            <numerusform>%n envelopes are kept sealed until their keys come; they have been asked for.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n internal dates were left out.</source>
        <translation>
            <numerusform>%n internal date was left out.</numerusform>
            <numerusform>%n internal dates were left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items are waiting for their receipts.</source>
        <translation>
            <numerusform>%n item is waiting for its receipt.</numerusform>
            <numerusform>%n items are waiting for their receipts.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items not yet received by everybody</source>
        <translation>
            <numerusform>%n item not yet received by everybody</numerusform>
            <numerusform>%n items not yet received by everybody</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new proposals in {title}</source>
        <translation>
            <numerusform>%n new proposal in {title}</numerusform>
            <numerusform>%n new proposals in {title}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things need you</source>
        <translation>
            <numerusform>%n thing needs you</numerusform>
            <numerusform>%n things need you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread messages in {room}</source>
        <translation>
            <numerusform>%n unread message in {room}</numerusform>
            <numerusform>%n unread messages in {room}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Different values stand in %n entries of {register}</source>
        <translation>
            <numerusform>Different values stand in %n entry of {register}</numerusform>
            <numerusform>Different values stand in %n entries of {register}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The certificate of {officer}&apos;s laptop expires in %n days</source>
        <translation>
            <numerusform>The certificate of {officer}&apos;s laptop expires in %n day</numerusform>
            <numerusform>The certificate of {officer}&apos;s laptop expires in %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The permission of {who} to write to you ends in %n days and cannot renew by itself</source>
        <translation>
            <numerusform>The permission of {who} to write to you ends in %n day and cannot renew by itself</numerusform>
            <numerusform>The permission of {who} to write to you ends in %n days and cannot renew by itself</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Your permission to use the relay {host} ends in %n days</source>
        <translation>
            <numerusform>Your permission to use the relay {host} ends in %n day</numerusform>
            <numerusform>Your permission to use the relay {host} ends in %n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>practice</name>
    <message numerus="yes">
        <source>{0} of %n tasks done</source>
        <translation>
            <numerusform>{0} of %n task done</numerusform>
            <numerusform>{0} of %n tasks done</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>registers</name>
    <message numerus="yes">
        <source>%Ln States</source>
        <translation>
            <numerusform>%Ln State</numerusform>
            <numerusform>%Ln States</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>seeing</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours longer</source>
        <translation>
            <numerusform>%n hour longer</numerusform>
            <numerusform>%n hours longer</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n readings</source>
        <translation>
            <numerusform>%n reading</numerusform>
            <numerusform>%n readings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send %n paragraphs</source>
        <translation>
            <numerusform>Send %n paragraph</numerusform>
            <numerusform>Send %n paragraphs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>Too long by %n character.</numerusform>
            <numerusform>Too long by %n characters.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n amendments have their answer.</source>
        <translation>
            <numerusform>{0} of %n amendment has its answer.</numerusform>
            <numerusform>{0} of %n amendments have their answer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n paragraphs differ. Struck words are gone, underlined ones are new.</source>
        <translation>
            <numerusform>{0} of %n paragraph differs. Struck words are gone, underlined ones are new.</numerusform>
            <numerusform>{0} of %n paragraphs differ. Struck words are gone, underlined ones are new.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n words stand outside brackets: {1} %.</source>
        <translation>
            <numerusform>{0} of %n word stands outside brackets: {1} %.</numerusform>
            <numerusform>{0} of %n words stand outside brackets: {1} %.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message numerus="yes">
        <source>%n lines mean nothing here and are left out: perhaps of another version.</source>
        <translation>
            <numerusform>%n line means nothing here and is left out: perhaps of another version.</numerusform>
            <numerusform>%n lines mean nothing here and are left out: perhaps of another version.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them would protect less than now; they stand first.</source>
        <translation>
            <numerusform>%n of them would protect less than now; it stands first.</numerusform>
            <numerusform>%n of them would protect less than now; they stand first.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings were taken from the file.</source>
        <translation>
            <numerusform>%n setting was taken from the file.</numerusform>
            <numerusform>%n settings were taken from the file.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings would change. Nothing has changed yet.</source>
        <translation>
            <numerusform>%n setting would change. Nothing has changed yet.</numerusform>
            <numerusform>%n settings would change. Nothing has changed yet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>shares</name>
    <message numerus="yes">
        <source>All %n shares are right</source>
        <translation>
            <numerusform>The one share is right</numerusform>
            <numerusform>All %n shares are right</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Share {0} of {1} is right. %n more.</source>
        <translation>
            <numerusform>Share {0} of {1} is right. %n more.</numerusform>
            <numerusform>Share {0} of {1} is right. %n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message numerus="yes">
        <source>%n amendments</source>
        <translation>
            <numerusform>%n amendment</numerusform>
            <numerusform>%n amendments</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets</source>
        <translation>
            <numerusform>%n bracket</numerusform>
            <numerusform>%n brackets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets are still open in it.</source>
        <translation>
            <numerusform>One bracket is still open in it.</numerusform>
            <numerusform>%n brackets are still open in it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Proposes %n changes:</source>
        <translation>
            <numerusform>Proposes %n change:</numerusform>
            <numerusform>Proposes %n changes:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Released: %n proposals leave with the next exchange.</source>
        <translation>
            <numerusform>Released: the proposal leaves with the next exchange.</numerusform>
            <numerusform>Released: %n proposals leave with the next exchange.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Since you last looked: %n paragraphs changed or spoken to, by {0}.</source>
        <translation>
            <numerusform>Since you last looked: %n paragraph changed or spoken to, by {0}.</numerusform>
            <numerusform>Since you last looked: %n paragraphs changed or spoken to, by {0}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n delegations decide; no clock does. What you say here is signed and stays.</source>
        <translation>
            <numerusform>{0} of %n delegation decides; no clock does. What you say here is signed and stays.</numerusform>
            <numerusform>{0} of %n delegations decide; no clock does. What you say here is signed and stays.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more paragraphs</source>
        <translation>
            <numerusform>… and %n more paragraph</numerusform>
            <numerusform>… and %n more paragraphs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>unlock</name>
    <message numerus="yes">
        <source>%n rows were rescued, {lost} lost.</source>
        <translation>
            <numerusform>%n row was rescued, {lost} lost.</numerusform>
            <numerusform>%n rows were rescued, {lost} lost.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows were rescued; how many were lost cannot be told.</source>
        <translation>
            <numerusform>%n row was rescued; how many were lost cannot be told.</numerusform>
            <numerusform>%n rows were rescued; how many were lost cannot be told.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything that was there verifies: %n rows were rescued.</source>
        <translation>
            <numerusform>Everything that was there verifies: %n row was rescued.</numerusform>
            <numerusform>Everything that was there verifies: %n rows were rescued.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets</name>
    <message numerus="yes">
        <source>{0}, %n need you</source>
        <translation>
            <numerusform>{0}, %n needs you</numerusform>
            <numerusform>{0}, %n need you</numerusform>
        </translation>
    </message>
</context>
</TS>
