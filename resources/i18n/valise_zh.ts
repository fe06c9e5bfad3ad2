<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Acting</name>
    <message>
        <source>Contact cards (*.vcf);;All files (*)</source>
        <translation>联系人名片 (*.vcf);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>导入联系人名片</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>普通照会</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>保存联系人名片</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>保存普通照会</translation>
    </message>
    <message>
        <source>Written as {file} and entered as sent under number {number}.</source>
        <translation>已写成{file}，并以编号{number}登记为已发出。</translation>
    </message>
    <message>
        <source>{what} copied. The clipboard forgets it after a few seconds.</source>
        <translation>已复制{what}。剪贴板将在数秒后清除。</translation>
    </message>
</context>
<context>
    <name>Acts</name>
    <message>
        <source>Acknowledge receipt</source>
        <translation>确认收悉</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>答复</translation>
    </message>
    <message>
        <source>Change what has changed. What stood before stays in the record, and everybody sees both.</source>
        <translation>请更改有变动之处。原有内容保留在记录中，所有人都能看到两者。</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Choose offers</source>
        <translation>选择提议</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>Close the incident</source>
        <translation>结束事件</translation>
    </message>
    <message>
        <source>Everybody in the room sees that you now use that channel. Speak to your counterparts there as well.</source>
        <translation>会议室全体成员都会看到您现在使用该渠道。也请在那里与对应方面谈。</translation>
    </message>
    <message>
        <source>Everybody in the room sees which offers your delegation takes.</source>
        <translation>会议室全体成员都会看到本代表团接受哪些提议。</translation>
    </message>
    <message>
        <source>Everybody in the room that you choose reads it.</source>
        <translation>您所选会议室的全体成员都会读到。</translation>
    </message>
    <message>
        <source>Everybody reads how it ended. Exchange first (Ctrl+R), so that what is under way is here.</source>
        <translation>所有人都会读到事件如何了结。请先交换 (Ctrl+R)，使尚在途中的内容到达此处。</translation>
    </message>
    <message>
        <source>It is closed.</source>
        <translation>已结束。</translation>
    </message>
    <message>
        <source>It is done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>It is open again.</source>
        <translation>已重新开启。</translation>
    </message>
    <message>
        <source>It is reported there in the name of your delegation, with its markings word for word, and what its source allows. Internal notes do not go along.</source>
        <translation>将以本代表团名义在那里通报，逐字保留其标识，且以其来源方允许的内容为限。内部备注不随同发出。</translation>
    </message>
    <message>
        <source>It is said which offers you take.</source>
        <translation>已说明您接受哪些提议。</translation>
    </message>
    <message>
        <source>It is sent on.</source>
        <translation>已转发。</translation>
    </message>
    <message>
        <source>It is taken higher.</source>
        <translation>已升级。</translation>
    </message>
    <message>
        <source>Keep the note</source>
        <translation>保存备注</translation>
    </message>
    <message>
        <source>Keep the task</source>
        <translation>保存任务</translation>
    </message>
    <message>
        <source>New internal note</source>
        <translation>新建内部备注</translation>
    </message>
    <message>
        <source>New task</source>
        <translation>新建任务</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Offer assistance</source>
        <translation>提议提供援助</translation>
    </message>
    <message>
        <source>Offers</source>
        <translation>提议</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>重新开启</translation>
    </message>
    <message>
        <source>Read a STIX bundle</source>
        <translation>读取STIX包</translation>
    </message>
    <message>
        <source>Receipt is acknowledged.</source>
        <translation>已确认收悉。</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>会议室</translation>
    </message>
    <message>
        <source>STIX bundles (*.json)</source>
        <translation>STIX包 (*.json)</translation>
    </message>
    <message>
        <source>Save as STIX 2.1</source>
        <translation>另存为STIX 2.1</translation>
    </message>
    <message>
        <source>Save it all the same</source>
        <translation>仍要保存</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>保存文件</translation>
    </message>
    <message>
        <source>Send it on</source>
        <translation>转发</translation>
    </message>
    <message>
        <source>Send on to others</source>
        <translation>转发给他方</translation>
    </message>
    <message>
        <source>Send the answer</source>
        <translation>发送答复</translation>
    </message>
    <message>
        <source>Send the offer</source>
        <translation>发送提议</translation>
    </message>
    <message>
        <source>Send the update</source>
        <translation>发送更新</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Take it higher</source>
        <translation>升级</translation>
    </message>
    <message>
        <source>Take it there</source>
        <translation>升级至该渠道</translation>
    </message>
    <message>
        <source>Take the offer back</source>
        <translation>撤回提议</translation>
    </message>
    <message>
        <source>Take these offers</source>
        <translation>接受这些提议</translation>
    </message>
    <message>
        <source>Task done</source>
        <translation>任务完成</translation>
    </message>
    <message>
        <source>The answer is on its way.</source>
        <translation>答复已在途中。</translation>
    </message>
    <message>
        <source>The file is saved.</source>
        <translation>文件已保存。</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed.</source>
        <translation>该文件位于保险库之外，未经密封。</translation>
    </message>
    <message>
        <source>The note is kept.</source>
        <translation>备注已保存。</translation>
    </message>
    <message>
        <source>The offer is on its way.</source>
        <translation>提议已在途中。</translation>
    </message>
    <message>
        <source>The offer is taken back.</source>
        <translation>提议已撤回。</translation>
    </message>
    <message>
        <source>The task is done.</source>
        <translation>任务已完成。</translation>
    </message>
    <message>
        <source>The task is kept.</source>
        <translation>任务已保存。</translation>
    </message>
    <message>
        <source>The update is on its way.</source>
        <translation>更新已在途中。</translation>
    </message>
    <message>
        <source>There is an embargo until {0}.</source>
        <translation>在{0}之前禁止披露。</translation>
    </message>
    <message>
        <source>There is no other room with another delegation.</source>
        <translation>没有其他与另一代表团共有的会议室。</translation>
    </message>
    <message>
        <source>Until when (optional)</source>
        <translation>期限（可选）</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>What came of it (optional)</source>
        <translation>办理结果（可选）</translation>
    </message>
    <message>
        <source>What is to be done</source>
        <translation>应办事项</translation>
    </message>
    <message>
        <source>Who (optional)</source>
        <translation>由谁（可选）</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Why (optional)</source>
        <translation>原因（可选）</translation>
    </message>
    <message>
        <source>Why it cannot wait (kept in your internal record)</source>
        <translation>为何不能等待（保存在您的内部记录中）</translation>
    </message>
    <message>
        <source>Words with it (optional)</source>
        <translation>附言（可选）</translation>
    </message>
    <message>
        <source>You say that your delegation received it, and nothing else: this accepts no fact, admits nothing and agrees with nothing (norm 13 (c)).</source>
        <translation>您表明本代表团已收到，仅此而已：这不接受任何事实，不承认任何事项，也不同意任何内容（规范13 (c)）。</translation>
    </message>
</context>
<context>
    <name>AddressesPane</name>
    <message>
        <source>A delegation with a relay sends you one sealed, or hands you a card with permission: open it under Contacts.</source>
        <translation>拥有中继站的代表团会向您发送密封的地址，或交给您一张附许可的身份卡：请在“通讯录”中打开。</translation>
    </message>
    <message>
        <source>Addresses others gave us</source>
        <translation>他方给我方的地址</translation>
    </message>
    <message>
        <source>Its relay</source>
        <translation>其中继站</translation>
    </message>
    <message>
        <source>Nobody has given you an address yet</source>
        <translation>尚无任何一方给您地址</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>我方可向何处写信</translation>
    </message>
</context>
<context>
    <name>AdmitDialog</name>
    <message>
        <source>Admit another laptop</source>
        <translation>接纳另一台笔记本电脑</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>继续前往根密钥…</translation>
    </message>
    <message>
        <source>The other laptop makes a request: first start, “Join our delegation”.</source>
        <translation>由另一台笔记本电脑提出请求：首次启动时选择“加入本代表团”。</translation>
    </message>
</context>
<context>
    <name>AdmitHereDialog</name>
    <message>
        <source>A newer identity card of ours…</source>
        <translation>我方较新的身份卡…</translation>
    </message>
    <message>
        <source>Admit this laptop</source>
        <translation>接纳本机</translation>
    </message>
    <message>
        <source>Admit this laptop with the key file</source>
        <translation>用密钥文件接纳本机</translation>
    </message>
    <message>
        <source>Do this only when no other laptop of your delegation is in use: two laptops that each sign a list of laptops make two lists, and then nobody can tell which is yours.</source>
        <translation>只有在本代表团没有其他笔记本电脑在使用时才可这样做：两台笔记本电脑各自签署一份笔记本电脑清单，就会有两份清单，那时谁也无法辨别哪一份属于您。</translation>
    </message>
    <message>
        <source>Laptops that are lost or given up, revoked in the same step</source>
        <translation>丢失或弃用的笔记本电脑，在同一步骤中吊销</translation>
    </message>
    <message>
        <source>Needed when laptops were admitted or revoked since the backup: any delegation can give it to you.</source>
        <translation>如在备份之后接纳或吊销过笔记本电脑，则需要此卡：任何代表团都可提供给您。</translation>
    </message>
    <message>
        <source>Nothing is sent to it any more, and nothing it signs is sent on.</source>
        <translation>不再向其发送任何内容，也不再转发其签署的任何内容。</translation>
    </message>
    <message>
        <source>Open our identity card</source>
        <translation>打开我方身份卡</translation>
    </message>
    <message>
        <source>{0} (the backup was made on it)</source>
        <translation>{0}（备份在其上制作）</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}，{1}</translation>
    </message>
</context>
<context>
    <name>Agenda</name>
    <message>
        <source>Dates</source>
        <translation>日期</translation>
    </message>
</context>
<context>
    <name>Agreed</name>
    <message>
        <source>Agreed language: {0}</source>
        <translation>商定措辞：{0}</translation>
    </message>
    <message>
        <source>Agreed language: {0}. No difference.</source>
        <translation>商定措辞：{0}。没有差异。</translation>
    </message>
    <message>
        <source>Dotted: agreed language, {0}. F3 goes to the next place.</source>
        <translation>点线：商定措辞，{0}。F3前往下一处。</translation>
    </message>
</context>
<context>
    <name>AmendmentsPane</name>
    <message>
        <source>Amendments to the paragraph</source>
        <translation>对该段的修正案</translation>
    </message>
    <message>
        <source>Go on with your unsent words</source>
        <translation>继续撰写您未发送的文字</translation>
    </message>
    <message>
        <source>No amendments are open.</source>
        <translation>没有未决的修正案。</translation>
    </message>
    <message>
        <source>No amendments. Enter edits the words and makes a proposal.</source>
        <translation>没有修正案。按Enter修改文字并形成提案。</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>评论</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>就{0}向会议室提出的评论</translation>
    </message>
    <message>
        <source>Settled</source>
        <translation>已了结</translation>
    </message>
    <message>
        <source>Speaking for: your delegation, or the name of a group</source>
        <translation>代表何方发言：本代表团，或集团名称</translation>
    </message>
    <message>
        <source>The keys S, G, R, O and N speak to {0}</source>
        <translation>S、G、R、O和N键对{0}表态</translation>
    </message>
    <message>
        <source>for ourselves</source>
        <translation>代表本方</translation>
    </message>
</context>
<context>
    <name>AskedView</name>
    <message>
        <source>Answer only what you know: that this entry of your delegation is right, has changed, or is not the right contact. The answer is signed and goes to the delegation that asks, to nobody else.</source>
        <translation>请只就您所知作答：本代表团的这一条目正确、已变更，或联络人有误。答复经过签名，只发给提问的代表团，不发给其他任何人。</translation>
    </message>
    <message>
        <source>Answered. It leaves with the next exchange.</source>
        <translation>已答复，将随下次交换发出。</translation>
    </message>
    <message>
        <source>Nobody asks</source>
        <translation>无人提问</translation>
    </message>
    <message>
        <source>When another delegation tests how it reaches you, its question stands here.</source>
        <translation>其他代表团测试如何与您联络时，其问题显示在此。</translation>
    </message>
</context>
<context>
    <name>AuthorsTable</name>
    <message>
        <source>Authors named in the file</source>
        <translation>文件中所列作者</translation>
    </message>
    <message>
        <source>Everybody in the room reads what stands beside each choice. Choices are remembered on this laptop.</source>
        <translation>会议室全体成员都会看到每个选项旁所示的内容。所作选择保存在本机。</translation>
    </message>
    <message>
        <source>Further authors, not named to others: {0}.</source>
        <translation>其他作者，不向他方列名：{0}。</translation>
    </message>
    <message>
        <source>Named as found in the file</source>
        <translation>按文件中所示列名</translation>
    </message>
    <message>
        <source>Not named to others</source>
        <translation>不向他方列名</translation>
    </message>
    <message>
        <source>Who the authors in the file are</source>
        <translation>文件中的作者为何方</translation>
    </message>
    <message>
        <source>Who {0} is</source>
        <translation>{0}为何方</translation>
    </message>
</context>
<context>
    <name>BackupDialog</name>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Back up this vault</source>
        <translation>备份此保险库</translation>
    </message>
    <message>
        <source>Passphrase of this vault</source>
        <translation>此保险库的密码短语</translation>
    </message>
    <message>
        <source>The backup is one file, sealed under your passphrase. It holds everything you can read here, and none of the keys of this laptop: whoever restores it gets a new laptop that has to be admitted.</source>
        <translation>备份为一个文件，以您的密码短语密封。其中包含您在此可读的一切，但不含本机的任何密钥：恢复备份者得到的是一台须经接纳的新笔记本电脑。</translation>
    </message>
</context>
<context>
    <name>BackupsSection</name>
    <message>
        <source>Back up now…</source>
        <translation>立即备份…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Before a laptop is given away, or when it must not be found with what is in it.</source>
        <translation>在转让笔记本电脑之前，或在不得让人发现其中内容时使用。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancelled. What was begun was taken away again; earlier backups are as they were.</source>
        <translation>已取消。已开始写入的内容已清除；先前的备份保持原样。</translation>
    </message>
    <message>
        <source>Carry it and its passphrase apart from each other.</source>
        <translation>请将其与密码短语分开携带。</translation>
    </message>
    <message>
        <source>Check a backup…</source>
        <translation>检查备份…</translation>
    </message>
    <message>
        <source>Close Valise</source>
        <translation>关闭Valise</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>销毁此保险库</translation>
    </message>
    <message>
        <source>Destroy this vault…</source>
        <translation>销毁此保险库…</translation>
    </message>
    <message>
        <source>For a journey</source>
        <translation>供出行使用</translation>
    </message>
    <message>
        <source>It opens nothing any more.</source>
        <translation>它已不能打开任何内容。</translation>
    </message>
    <message>
        <source>Keep a stick for it, apart from this laptop, and make one at the end of every day of talks.</source>
        <translation>请为此专备一个U盘，与本机分开保管，并在每个会谈日结束时制作一份备份。</translation>
    </message>
    <message>
        <source>Keep it apart from this laptop.</source>
        <translation>请与本机分开保管。</translation>
    </message>
    <message>
        <source>Make a vault for a journey…</source>
        <translation>制作出行保险库…</translation>
    </message>
    <message>
        <source>On the travel laptop start Valise and choose “I have a backup”.</source>
        <translation>在出行用笔记本电脑上启动Valise，选择“我有备份…”。</translation>
    </message>
    <message>
        <source>Save its new identity card and hand it to every delegation.</source>
        <translation>请保存其新身份卡，并交给每个代表团。</translation>
    </message>
    <message>
        <source>The backup is written, was read again and verifies: {0}.</source>
        <translation>备份已写出，经重新读取并通过验证：{0}。</translation>
    </message>
    <message>
        <source>The vault for the journey is written and verified: {0}.</source>
        <translation>出行保险库已写出并通过验证：{0}。</translation>
    </message>
    <message>
        <source>The vault is destroyed. An entry of it in the keyring of this computer could not be removed.</source>
        <translation>保险库已销毁。其在本计算机密钥环中的一个条目未能移除。</translation>
    </message>
    <message>
        <source>This laptop is admitted and exchanges from now on.</source>
        <translation>本机已获接纳，即日起进行交换。</translation>
    </message>
    <message>
        <source>What is not on a laptop cannot be taken from it at a border. A vault for a journey holds only the rooms you choose, under a passphrase of its own, on a laptop that is admitted for these rooms alone.</source>
        <translation>不在笔记本电脑上的内容，在边境就无法从中取走。出行保险库只含您所选的会议室，使用自己的密码短语，存于仅就这些会议室获得接纳的笔记本电脑上。</translation>
    </message>
</context>
<context>
    <name>BeginDialog</name>
    <message>
        <source>A further row</source>
        <translation>增加一行</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>BeginPage</name>
    <message>
        <source>Begin with an empty vault</source>
        <translation>从空的保险库开始</translation>
    </message>
    <message>
        <source>Both can be changed later.</source>
        <translation>两者以后均可更改。</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>选择交换文件夹</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>中继站文件 (*.valise-relay);;所有文件 (*)</translation>
    </message>
    <message>
        <source>How sealed envelopes travel</source>
        <translation>密封信封如何传送</translation>
    </message>
    <message>
        <source>How to begin</source>
        <translation>如何开始</translation>
    </message>
    <message>
        <source>If the passphrase is ever lost</source>
        <translation>如果密码短语丢失</translation>
    </message>
    <message>
        <source>Later, or by courier</source>
        <translation>以后再定，或使用信使</translation>
    </message>
    <message>
        <source>Look around first, with invented talks of invented delegations</source>
        <translation>先看一看，使用虚构代表团的虚构会谈</translation>
    </message>
    <message>
        <source>Make recovery shares soon: words on paper for several people, of whom some together can open the vault. You find them under Security, Unlocking. Without them nobody can help, and neither can we.</source>
        <translation>请尽早制作恢复份额：写在纸上、交由数人保管的词语，其中若干人合在一起可以打开保险库。位置在“安全”的“解锁”中。没有恢复份额，任何人都无法提供帮助，我们也不能。</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>打开中继站文件</translation>
    </message>
    <message>
        <source>Open the file…</source>
        <translation>打开文件…</translation>
    </message>
    <message>
        <source>Through a relay, with its operator&apos;s file</source>
        <translation>通过中继站，使用其运营方的文件</translation>
    </message>
    <message>
        <source>Through a shared folder</source>
        <translation>通过共享文件夹</translation>
    </message>
    <message>
        <source>Whoever looks after the folder or the relay sees only sealed envelopes, their sizes and times. With none of them everything stays on this laptop, and a courier can take it on a stick.</source>
        <translation>文件夹或中继站的管理者只能看到密封信封及其大小和时间。两者都不使用时，所有内容留在本机，可由信使用U盘携带。</translation>
    </message>
    <message>
        <source>{0}, called “{1}” by its operator</source>
        <translation>{0}，其运营方称之为“{1}”</translation>
    </message>
</context>
<context>
    <name>BoardLook</name>
    <message>
        <source>Arrow keys go from card to card, Enter opens one. Ctrl with an arrow moves it.</source>
        <translation>方向键移动，Enter打开。Ctrl加方向键移动卡片。</translation>
    </message>
    <message>
        <source>Asked for then: {0}.</source>
        <translation>届时要求填写：{0}。</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>未填写</translation>
    </message>
</context>
<context>
    <name>BreakSilence</name>
    <message>
        <source>A sentence is enough. A reason is needed.</source>
        <translation>一句话即可。须说明理由。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>打破默许</translation>
    </message>
    <message>
        <source>Break the silence on {0}</source>
        <translation>打破{0}的默许</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>Keep silent</source>
        <translation>保持默许</translation>
    </message>
    <message>
        <source>Reason, read by all delegations</source>
        <translation>理由，所有代表团均可读到</translation>
    </message>
    <message>
        <source>This cannot be taken back. The revision is then not agreed by silence.</source>
        <translation>此操作无法收回。该修订稿即不能以默许方式商定。</translation>
    </message>
    <message>
        <source>You say for your delegation that it does not agree. All delegations in the room read the reason.</source>
        <translation>您代表本代表团表示不同意。会议室内所有代表团都会读到理由。</translation>
    </message>
</context>
<context>
    <name>Bundle</name>
    <message>
        <source>Being opened…</source>
        <translation>正在打开…</translation>
    </message>
    <message>
        <source>Delete from the stick…</source>
        <translation>从U盘删除…</translation>
    </message>
    <message>
        <source>Delete {0} from the stick</source>
        <translation>从U盘删除{0}</translation>
    </message>
    <message>
        <source>Stopped. What came in by then is kept; open it again for the rest.</source>
        <translation>已停止。此前收入的内容予以保留；再次打开即可收入其余内容。</translation>
    </message>
    <message>
        <source>Take a bundle back, so that {0} knows it arrived.</source>
        <translation>请带回一个封包，让{0}知道封包已到达。</translation>
    </message>
    <message>
        <source>Take a bundle back…</source>
        <translation>带回一个封包…</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Waits its turn</source>
        <translation>等待处理</translation>
    </message>
    <message>
        <source>{0}, deleted from the stick</source>
        <translation>{0}，已从U盘删除</translation>
    </message>
</context>
<context>
    <name>CalendarPage</name>
    <message>
        <source>Dates written: {0}.</source>
        <translation>已写入日期：{0}。</translation>
    </message>
    <message>
        <source>Days and times are those of UTC.</source>
        <translation>日期和时间均为UTC。</translation>
    </message>
    <message>
        <source>Entries taken in: {0}.</source>
        <translation>已收入条目：{0}。</translation>
    </message>
    <message>
        <source>Events, consultations, deadlines and reviews stand here by themselves once they have a date.</source>
        <translation>活动、磋商、截止日期和审查一经定有日期，即自动列于此处。</translation>
    </message>
    <message>
        <source>Every date</source>
        <translation>所有日期</translation>
    </message>
    <message>
        <source>Every date of this month is internal: what your delegation assessed is not exported.</source>
        <translation>本月所有日期均为内部日期：贵代表团的评估不予导出。</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>导出日历</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Month after</source>
        <translation>下个月</translation>
    </message>
    <message>
        <source>Month before</source>
        <translation>上个月</translation>
    </message>
    <message>
        <source>No date of this sort in this month</source>
        <translation>本月没有此类日期</translation>
    </message>
    <message>
        <source>No dates in this month</source>
        <translation>本月没有日期</translation>
    </message>
    <message>
        <source>Note an event</source>
        <translation>记录活动</translation>
    </message>
    <message>
        <source>Read a calendar…</source>
        <translation>读取日历…</translation>
    </message>
    <message>
        <source>Show every date</source>
        <translation>显示所有日期</translation>
    </message>
    <message>
        <source>There is nothing to export in this month.</source>
        <translation>本月没有可导出的内容。</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Which dates</source>
        <translation>哪些日期</translation>
    </message>
</context>
<context>
    <name>CardDelegate</name>
    <message>
        <source>Annex</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Operative paragraphs</source>
        <translation>执行部分</translation>
    </message>
    <message>
        <source>Preamble</source>
        <translation>序言部分</translation>
    </message>
    <message>
        <source>ad ref</source>
        <translation>待核准</translation>
    </message>
</context>
<context>
    <name>CardDialog</name>
    <message>
        <source>Card with permission to write</source>
        <translation>附写信许可的身份卡</translation>
    </message>
    <message>
        <source>For whom? Kept here only, for example the code of the delegation</source>
        <translation>给谁？仅保存于此，例如该代表团的代码</translation>
    </message>
    <message>
        <source>Give it from hand to hand. If it goes astray, revoke it here.</source>
        <translation>请当面亲手交付。如有遗失，请在此吊销。</translation>
    </message>
    <message>
        <source>Make the card…</source>
        <translation>制作身份卡…</translation>
    </message>
    <message>
        <source>This file is handed over like a key.</source>
        <translation>此文件须像钥匙一样交付。</translation>
    </message>
    <message>
        <source>Whoever has it can write to you there in that correspondent&apos;s name; it opens nothing you send or receive.</source>
        <translation>持有此文件者可在那里以该通信方的名义向您写信；但不能凭此打开您收发的任何内容。</translation>
    </message>
    <message>
        <source>Your identity card, and in it a permission to write to you through the relay: for one correspondent alone, with whom you do not exchange yet.</source>
        <translation>您的身份卡，内附通过中继站向您写信的许可：仅供一个您尚未与之交换的通信方使用。</translation>
    </message>
</context>
<context>
    <name>CardEditor</name>
    <message>
        <source>A remark on {0} that everybody in the room reads. It changes no word of the text.</source>
        <translation>就{0}提出的评论，会议室全体成员均可读到。不改动案文的任何文字。</translation>
    </message>
    <message>
        <source>Annex</source>
        <translation>附件</translation>
    </message>
    <message>
        <source>Becomes a proposal for a new paragraph after this one.</source>
        <translation>成为在该段之后新增一段的提案。</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>It differs from the paragraph here:</source>
        <translation>与该段的不同之处：</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>离开</translation>
    </message>
    <message>
        <source>Leave without sending, Escape</source>
        <translation>不发送即离开，Escape</translation>
    </message>
    <message>
        <source>No words are left. To delete the paragraph, leave and press D.</source>
        <translation>已没有文字。如要删除该段，请离开后按D。</translation>
    </message>
    <message>
        <source>Operative paragraph</source>
        <translation>执行部分段落</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Other words for the whole paragraph</source>
        <translation>整段的其他文字</translation>
    </message>
    <message>
        <source>Preambular paragraph</source>
        <translation>序言部分段落</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>提出</translation>
    </message>
    <message>
        <source>Propose alternative</source>
        <translation>提出备选案文</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>提出删除</translation>
    </message>
    <message>
        <source>Propose move</source>
        <translation>提出移动</translation>
    </message>
    <message>
        <source>Propose paragraph</source>
        <translation>提出段落</translation>
    </message>
    <message>
        <source>Proposes to delete the paragraph:</source>
        <translation>提出删除该段：</translation>
    </message>
    <message>
        <source>Proposes to move the paragraph after:</source>
        <translation>提出将该段移至以下段落之后：</translation>
    </message>
    <message>
        <source>Proposes:</source>
        <translation>提出：</translation>
    </message>
    <message>
        <source>Reason (optional, read by everybody in the room)</source>
        <translation>理由（可选，会议室全体成员均可读到）</translation>
    </message>
    <message>
        <source>Reason, read by everybody in the room</source>
        <translation>理由，会议室全体成员均可读到</translation>
    </message>
    <message>
        <source>Remark, read by everybody in the room</source>
        <translation>评论，会议室全体成员均可读到</translation>
    </message>
    <message>
        <source>Say it to the room</source>
        <translation>向会议室表述</translation>
    </message>
    <message>
        <source>Section of the new paragraph</source>
        <translation>新段落所属部分</translation>
    </message>
    <message>
        <source>Set the words</source>
        <translation>写定文字</translation>
    </message>
    <message>
        <source>The paragraph after which it should stand</source>
        <translation>列于哪一段之后</translation>
    </message>
    <message>
        <source>The paragraph as it should read</source>
        <translation>该段应有的行文</translation>
    </message>
    <message>
        <source>The paragraph as the pen will set it</source>
        <translation>执笔方将写定的该段</translation>
    </message>
    <message>
        <source>The pen changed this paragraph while you were writing. Your words are kept; look at the difference again.</source>
        <translation>您撰写期间，执笔方更改了该段。您的文字已保存；请重新查看差异。</translation>
    </message>
    <message>
        <source>The text will change here:</source>
        <translation>案文将在此处改动：</translation>
    </message>
    <message>
        <source>The words hold a hidden control character. Write that place again.</source>
        <translation>文字中含有隐藏的控制字符。请重写该处。</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Words of the new paragraph</source>
        <translation>新段落的文字</translation>
    </message>
    <message>
        <source>Write other words for the whole paragraph; they will stand beside it.</source>
        <translation>请为整段写出其他文字；将与该段并列。</translation>
    </message>
    <message>
        <source>Write the paragraph as it should read. The difference becomes the proposal.</source>
        <translation>请按应有的行文写出该段。差异之处即成为提案。</translation>
    </message>
</context>
<context>
    <name>CardPage</name>
    <message>
        <source>Beside the vault, in {0}, stands the key file of your delegation. Move it to a stick and keep that locked away: it is needed to admit another laptop, and whoever has it and the passphrase can do so.</source>
        <translation>保险库旁的{0}中有本代表团的密钥文件。请将其移到U盘，锁好保管：接纳另一台笔记本电脑时需要它；凡持有该文件和密码短语者，均可进行接纳。</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>Other delegations need this card to seal anything for you. It holds no secret: hand the file over on a stick or send it by any way, and let them compare the code below with you in person.</source>
        <translation>其他代表团需要这张身份卡才能为您密封内容。卡上没有秘密：可用U盘移交该文件，或以任何方式发送，并请对方当面与您比对下方的二维码。</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>您的指纹的二维码</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>保存身份卡…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>保存身份卡</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为{0}</translation>
    </message>
    <message>
        <source>Your identity card</source>
        <translation>您的身份卡</translation>
    </message>
</context>
<context>
    <name>CellDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>For example: Ministry of Foreign Affairs, statement in the working group</source>
        <translation>例如：外交部在工作组的发言</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Nothing has been said here yet.</source>
        <translation>此处尚无表述。</translation>
    </message>
    <message>
        <source>Said by, or seen where</source>
        <translation>由何方表述，或见于何处</translation>
    </message>
    <message>
        <source>Stands: {0} — {1}</source>
        <translation>现有内容：{0} — {1}</translation>
    </message>
    <message>
        <source>Still needed: {0}</source>
        <translation>仍须填写：{0}</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Why (may stay empty)</source>
        <translation>原因（可留空）</translation>
    </message>
    <message>
        <source>one of the choices</source>
        <translation>选项之一</translation>
    </message>
    <message>
        <source>who says it, or where it was seen</source>
        <translation>由何方表述，或见于何处</translation>
    </message>
</context>
<context>
    <name>CeremonyDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close it without signing</source>
        <translation>不签名，关闭</translation>
    </message>
    <message>
        <source>Close it, do nothing</source>
        <translation>关闭，不作任何操作</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Every counterpart sees the change with the next exchange.</source>
        <translation>每个对应方在下次交换时都会看到这一变动。</translation>
    </message>
    <message>
        <source>From its key file and passphrase</source>
        <translation>使用其密钥文件和密码短语</translation>
    </message>
    <message>
        <source>From recovery shares on paper</source>
        <translation>使用纸上的恢复份额</translation>
    </message>
    <message>
        <source>It is used for this, and nothing else:</source>
        <translation>它用于以下用途，别无其他：</translation>
    </message>
    <message>
        <source>It will sign this, and nothing else:</source>
        <translation>它将签署以下内容，别无其他：</translation>
    </message>
    <message>
        <source>Only the root key can say which laptops are yours. It is needed for a minute; then it goes back to where it is locked away.</source>
        <translation>只有根密钥才能说明哪些笔记本电脑属于您。需要使用一分钟；随后放回锁存之处。</translation>
    </message>
    <message>
        <source>Open the root key</source>
        <translation>打开根密钥</translation>
    </message>
    <message>
        <source>Sign and close the root key</source>
        <translation>签名并关闭根密钥</translation>
    </message>
    <message>
        <source>Take the stick with the key file out now and lock it away. What this program held of the key has been overwritten; copies the system made go when Valise is locked or closed.</source>
        <translation>请立即取出存有密钥文件的U盘并锁好保管。本程序所持的密钥内容已被覆写；系统所作的副本在Valise锁定或关闭时消失。</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>代表团的根密钥</translation>
    </message>
    <message>
        <source>The root key is closed again.</source>
        <translation>根密钥已重新关闭。</translation>
    </message>
    <message>
        <source>The root key is open.</source>
        <translation>根密钥已打开。</translation>
    </message>
    <message>
        <source>What will be signed</source>
        <translation>将签署的内容</translation>
    </message>
</context>
<context>
    <name>ChangeDialog</name>
    <message>
        <source>Change it</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Change the passphrase</source>
        <translation>更改密码短语</translation>
    </message>
    <message>
        <source>Current passphrase</source>
        <translation>现用密码短语</translation>
    </message>
    <message>
        <source>From then on only the new one opens this vault. Copies of the vault made before, backups among them, keep what opened them then.</source>
        <translation>此后只有新密码短语能打开此保险库。先前制作的保险库副本（包括备份）仍用当时的方式打开。</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>新密码短语</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>再次输入新密码短语</translation>
    </message>
</context>
<context>
    <name>Changed</name>
    <message>
        <source>It has changed</source>
        <translation>已变更</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Note (optional)</source>
        <translation>备注（可选）</translation>
    </message>
    <message>
        <source>Only what differs is sent. Several values stand between semicolons.</source>
        <translation>只发送不同之处。多个值之间用分号隔开。</translation>
    </message>
    <message>
        <source>Sign and answer</source>
        <translation>签名并答复</translation>
    </message>
    <message>
        <source>Tell {who} that this is the wrong contact</source>
        <translation>告知{who}此联络人有误</translation>
    </message>
    <message>
        <source>What should {who} write into its entry?</source>
        <translation>{who}应在其条目中写入什么？</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>联络人有误</translation>
    </message>
    <message>
        <source>You may say whom to ask instead.</source>
        <translation>您可以说明应改问何人。</translation>
    </message>
</context>
<context>
    <name>Changing</name>
    <message>
        <source>Kept. Ctrl+Z takes it back.</source>
        <translation>已保存。Ctrl+Z可撤销。</translation>
    </message>
    <message>
        <source>No different values stand in this row.</source>
        <translation>此行没有并存的不同值。</translation>
    </message>
    <message>
        <source>Nothing to take back here. A new row is taken out, and every change of a row can be undone in its history.</source>
        <translation>此处没有可收回的内容。新行可以移出，对行的每项更改都可在其历史记录中撤销。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>放回</translation>
    </message>
    <message>
        <source>Settle the difference…</source>
        <translation>解决差异…</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>移出…</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>已撤销；两者均保留在历史记录中。</translation>
    </message>
    <message>
        <source>What can be done with the row</source>
        <translation>对此行可进行的操作</translation>
    </message>
    <message>
        <source>{0}: what was begun is taken back.</source>
        <translation>{0}：已撤销尚未保存的改动。</translation>
    </message>
</context>
<context>
    <name>CheckCode</name>
    <message>
        <source>Check code</source>
        <translation>核对码</translation>
    </message>
    <message>
        <source>Check code: {0}</source>
        <translation>核对码：{0}</translation>
    </message>
    <message>
        <source>QR code of the request</source>
        <translation>请求的二维码</translation>
    </message>
    <message>
        <source>The first laptop shows a code too, when it opens the request. Admit only when they are the same.</source>
        <translation>第一台笔记本电脑打开请求时也会显示一个核对码。只有两者相同时才可接纳。</translation>
    </message>
</context>
<context>
    <name>CheckDialog</name>
    <message>
        <source>Check a backup</source>
        <translation>检查备份</translation>
    </message>
    <message>
        <source>Check it</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>It is read to its end and proved; nothing of it enters this vault.</source>
        <translation>将其读取到底并加以验证；其内容不进入此保险库。</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>备份的密码短语</translation>
    </message>
</context>
<context>
    <name>ChecksSection</name>
    <message>
        <source>A copy of {0}, every page verified, is kept beside the vault, sealed as the vault is.</source>
        <translation>{0}的一份副本保存在保险库旁，每页均已验证，并与保险库同样密封。</translation>
    </message>
    <message>
        <source>A verified copy is kept beside the vault after the first check.</source>
        <translation>首次检查后，在保险库旁保存一份经过验证的副本。</translation>
    </message>
    <message>
        <source>An older copy was put back; noticed on {0} and healed.</source>
        <translation>一个较旧副本被重新启用；于{0}发现，已修复。</translation>
    </message>
    <message>
        <source>As far as anybody here knows, yes.</source>
        <translation>据此处所知，是的。</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>立即检查</translation>
    </message>
    <message>
        <source>Checked {0}: everything verifies.</source>
        <translation>{0}检查：全部通过验证。</translation>
    </message>
    <message>
        <source>Checked {0}: something is wrong.</source>
        <translation>{0}检查：发现问题。</translation>
    </message>
    <message>
        <source>Copies of other laptops</source>
        <translation>其他笔记本电脑的副本</translation>
    </message>
    <message>
        <source>Go on without waiting</source>
        <translation>不等待，继续</translation>
    </message>
    <message>
        <source>I have read this: go on</source>
        <translation>我已阅读：继续</translation>
    </message>
    <message>
        <source>If this laptop has signed something that only somebody has who has not answered, it would sign a second thing at the same place. Everybody would see both, and what it signs in that room would never count again: it would have to be admitted anew.</source>
        <translation>如果本机曾签署某项内容，而只有尚未应答的一方持有该内容，则本机会在同一位置签署第二项内容。所有人都会看到两者，本机在该会议室的签名从此不再作数：须重新获得接纳。</translation>
    </message>
    <message>
        <source>Is this the newest state of this vault?</source>
        <translation>这是此保险库的最新状态吗？</translation>
    </message>
    <message>
        <source>Make a backup now, close Valise, and run valise doctor --salvage.</source>
        <translation>请立即制作备份，关闭Valise，然后运行valise doctor --salvage。</translation>
    </message>
    <message>
        <source>No keyring answers on this computer; other laptops repeat what they last heard from this one.</source>
        <translation>本计算机上没有密钥环应答；其他笔记本电脑会复述其上次从本机获知的内容。</translation>
    </message>
    <message>
        <source>Not checked yet. It is checked a little after each exchange, and once a day as a whole.</source>
        <translation>尚未检查。每次交换后检查一小部分，每天整体检查一次。</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>检查进度</translation>
    </message>
    <message>
        <source>Signed here too early, and not sent: {0}. Look for it in your rooms, and say it again.</source>
        <translation>在此签署过早且未发送：{0}。请在您的会议室中查找，并重新表述。</translation>
    </message>
    <message>
        <source>The keyring of this computer keeps its count beside the vault, and other laptops repeat what they heard.</source>
        <translation>本计算机的密钥环在保险库之外另行计数，其他笔记本电脑也会复述其所获知的内容。</translation>
    </message>
    <message>
        <source>There is no sign that a copy of another laptop&apos;s vault is in use.</source>
        <translation>没有迹象表明另一台笔记本电脑的保险库有副本在使用。</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault, noticed on {0}. Nothing is lost: what it had said since is asked of the others. Connect; it goes on by itself.</source>
        <translation>这是本机保险库的较旧副本，于{0}发现。没有任何损失：此后所表述的内容正向他方索取。请连接；随后会自行继续。</translation>
    </message>
    <message>
        <source>This vault was rescued from a damaged one; kinds of entries of which some were lost: {0}.</source>
        <translation>此保险库是从损坏的保险库中抢救出来的；有部分丢失的条目种类：{0}。</translation>
    </message>
    <message>
        <source>What stands on the disk</source>
        <translation>磁盘上的内容</translation>
    </message>
</context>
<context>
    <name>Chips</name>
    <message>
        <source>Take out: {0}</source>
        <translation>移出：{0}</translation>
    </message>
</context>
<context>
    <name>ChoiceEditor</name>
    <message>
        <source>Nothing entered</source>
        <translation>未填写</translation>
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
        <translation>取消</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>结束默许程序</translation>
    </message>
    <message>
        <source>Close the silence procedure</source>
        <translation>结束默许程序</translation>
    </message>
    <message>
        <source>Nobody broke the silence: {0} then stands as agreed. Exchange first, so that a break that is under way is known here.</source>
        <translation>无人打破默许：{0}即视为商定。请先交换，以便在此获知尚在途中的打破默许的表示。</translation>
    </message>
    <message>
        <source>{0} was not agreed: the silence was broken. Closing says so and makes room for another procedure.</source>
        <translation>{0}未商定：默许已被打破。结束该程序即表明这一点，并可另行启动默许程序。</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Choose an amendment first (Alt+Down).</source>
        <translation>请先选择一项修正案 (Alt+向下键)。</translation>
    </message>
    <message>
        <source>Choose an amendment of another delegation first (Alt+Down).</source>
        <translation>请先选择另一代表团的修正案 (Alt+向下键)。</translation>
    </message>
    <message>
        <source>Choose one of your own amendments first.</source>
        <translation>请先选择您自己的一项修正案。</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions.</source>
        <translation>已连同方括号和提案方标注复制。</translation>
    </message>
    <message>
        <source>Letters are acts here, so these were not taken.</source>
        <translation>在此处字母键即为操作，因此未予录入。</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>重新开放</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>That is your position already.</source>
        <translation>这已是您的立场。</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>剪贴板将在十秒后清空。</translation>
    </message>
    <message>
        <source>To write, press Enter on an open paragraph.</source>
        <translation>如要撰写，请在开放的段落上按Enter。</translation>
    </message>
    <message>
        <source>Your delegation sponsors {0} too.</source>
        <translation>本代表团也成为{0}的提案国。</translation>
    </message>
    <message>
        <source>Your position on {0} for {2}: {1}.</source>
        <translation>您代表{2}对{0}的立场：{1}。</translation>
    </message>
    <message>
        <source>Your position on {0}: {1}.</source>
        <translation>您对{0}的立场：{1}。</translation>
    </message>
    <message>
        <source>{0} is agreed ad ref.</source>
        <translation>{0}已商定（待核准）。</translation>
    </message>
    <message>
        <source>{0} is {1}: nothing can be proposed until the pen reopens it.</source>
        <translation>{0}的状态为{1}：在执笔方重新开放之前，不能提出任何内容。</translation>
    </message>
</context>
<context>
    <name>CommitmentList</name>
    <message>
        <source>Commitments</source>
        <translation>承诺</translation>
    </message>
    <message>
        <source>Enter goes to the page</source>
        <translation>按Enter前往该页</translation>
    </message>
    <message>
        <source>Norms and measures</source>
        <translation>规范和措施</translation>
    </message>
    <message>
        <source>Word, letter or symbol</source>
        <translation>字词、字母或文号</translation>
    </message>
</context>
<context>
    <name>CommitmentsScreen</name>
    <message>
        <source>No norms or measures are here</source>
        <translation>此处没有规范或措施</translation>
    </message>
    <message>
        <source>Their registers come with the program.</source>
        <translation>相关登记册随程序提供。</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>By everybody</source>
        <translation>由所有各方</translation>
    </message>
    <message>
        <source>By {0}</source>
        <translation>由{0}</translation>
    </message>
    <message>
        <source>Choose other revisions, another delegation, or look at every paragraph.</source>
        <translation>请选择其他修订稿或另一代表团，或查看所有段落。</translation>
    </message>
    <message>
        <source>Compare from</source>
        <translation>比较起点</translation>
    </message>
    <message>
        <source>Compare with</source>
        <translation>比较对象</translation>
    </message>
    <message>
        <source>Copied. The clipboard is emptied in ten seconds.</source>
        <translation>已复制。剪贴板将在十秒后清空。</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>复制为文本</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>No revision to compare with yet</source>
        <translation>尚无可供比较的修订稿</translation>
    </message>
    <message>
        <source>Nothing differs</source>
        <translation>没有不同</translation>
    </message>
    <message>
        <source>Only what changed</source>
        <translation>仅有改动之处</translation>
    </message>
    <message>
        <source>Only what this delegation brought about</source>
        <translation>仅由该代表团促成的改动</translation>
    </message>
    <message>
        <source>Paragraphs compared</source>
        <translation>所比较的段落</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision; from then on you see here what changed since.</source>
        <translation>执笔方将案文冻结为修订稿；此后您可在此看到后来的改动。</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Attach files (or drop them here)</source>
        <translation>附加文件（或拖放到此处）</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>Decide in Contacts</source>
        <translation>在通讯录中决定</translation>
    </message>
    <message>
        <source>Draft not saved</source>
        <translation>草稿未保存</translation>
    </message>
    <message>
        <source>Draft saved {time}</source>
        <translation>草稿已于{time}保存</translation>
    </message>
    <message>
        <source>For the record (signed)</source>
        <translation>载入记录（经签名）</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>随输入随保存在保险库中</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Not signed: members know it is from you, but cannot prove it to others.</source>
        <translation>未签名：成员知道内容出自您，但无法向他人证明。</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>密封并发送</translation>
    </message>
    <message>
        <source>Sealing…</source>
        <translation>正在密封…</translation>
    </message>
    <message>
        <source>Signed: every member can prove later, to anybody, that your delegation wrote this.</source>
        <translation>经签名：任何成员以后都可向任何人证明此内容由本代表团所写。</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Subject of the new thread</source>
        <translation>新话题的主题</translation>
    </message>
    <message>
        <source>Write to your own delegation. Nothing here can be sent to another.</source>
        <translation>写给本代表团。此处的任何内容都不能发给其他代表团。</translation>
    </message>
    <message>
        <source>Write to {room}. Drafts are kept in the vault.</source>
        <translation>写给{room}。草稿保存在保险库中。</translation>
    </message>
</context>
<context>
    <name>Confirm</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Please confirm</source>
        <translation>请确认</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
</context>
<context>
    <name>ContactsScreen</name>
    <message>
        <source>Ask a delegation for its card, then import the file or drop it here.</source>
        <translation>请向代表团索取其身份卡，然后导入文件或拖放到此处。</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比对</translation>
    </message>
    <message>
        <source>Compare with it, in person or by telephone.</source>
        <translation>请当面或通过电话与其比对。</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>通讯录</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>代表团</translation>
    </message>
    <message>
        <source>Delegations or points of contact</source>
        <translation>代表团或联络人</translation>
    </message>
    <message>
        <source>Do it only while you stand together or speak on a line where you know the voice.</source>
        <translation>仅在双方当面相聚，或在您能辨认对方声音的线路上通话时进行。</translation>
    </message>
    <message>
        <source>Find a delegation or an officer</source>
        <translation>查找代表团或官员</translation>
    </message>
    <message>
        <source>Import a card…</source>
        <translation>导入身份卡…</translation>
    </message>
    <message>
        <source>Import an identity card</source>
        <translation>导入身份卡</translation>
    </message>
    <message>
        <source>It is not verified yet: anybody could have made a card with this name.</source>
        <translation>尚未核验：任何人都可能以此名称制作身份卡。</translation>
    </message>
    <message>
        <source>No other delegation yet</source>
        <translation>尚无其他代表团</translation>
    </message>
    <message>
        <source>Nothing more is sent to it until you decide below.</source>
        <translation>在您于下方作出决定之前，不再向其发送任何内容。</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>联络人</translation>
    </message>
    <message>
        <source>Save our identity card</source>
        <translation>保存我方身份卡</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>已保存为{file}。</translation>
    </message>
    <message>
        <source>The card of {who} is the one you know.</source>
        <translation>{who}的这张身份卡就是您所知的那张。</translation>
    </message>
    <message>
        <source>The card of {who} was received.</source>
        <translation>已收到{who}的身份卡。</translation>
    </message>
    <message>
        <source>The numbers differ: nothing more is sent to {who} until you decide.</source>
        <translation>号码不一致：在您作出决定之前，不再向{who}发送任何内容。</translation>
    </message>
    <message>
        <source>This card of {who} holds another identity than the one you know.</source>
        <translation>{who}的这张身份卡载有的身份与您所知的不同。</translation>
    </message>
    <message>
        <source>Verify now</source>
        <translation>立即核验</translation>
    </message>
    <message>
        <source>{name} ({n})</source>
        <translation>{name} ({n})</translation>
    </message>
    <message>
        <source>{who} is verified in person.</source>
        <translation>{who}已当面核验。</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now.</source>
        <translation>{who}现在希望与您比对词语。</translation>
    </message>
</context>
<context>
    <name>ConvergenceView</name>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>表格角</translation>
    </message>
    <message>
        <source>Nothing to measure yet</source>
        <translation>暂无可衡量的内容</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>修订稿</translation>
    </message>
    <message>
        <source>The text has no words. Once it has some, you see here how many stand outside brackets.</source>
        <translation>案文尚无文字。有文字之后，您可在此看到方括号之外的字数。</translation>
    </message>
    <message>
        <source>With each revision the pen-holder freezes, another bar is added.</source>
        <translation>执笔方每冻结一份修订稿，即增加一个横条。</translation>
    </message>
    <message>
        <source>Words outside brackets by revision</source>
        <translation>各修订稿方括号之外的字数</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>A new thread</source>
        <translation>新话题</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认收悉</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>送达情况</translation>
    </message>
    <message>
        <source>Give it a subject below. Everybody in the room will see it.</source>
        <translation>请在下方填写主题。会议室全体成员都会看到。</translation>
    </message>
    <message>
        <source>Messages {first} to {last} of {all}</source>
        <translation>第{first}至{last}条消息，共{all}条</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>新建话题</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>最新</translation>
    </message>
    <message>
        <source>No subject</source>
        <translation>无主题</translation>
    </message>
    <message>
        <source>Oldest</source>
        <translation>最早</translation>
    </message>
    <message>
        <source>Save file as</source>
        <translation>文件另存为</translation>
    </message>
    <message>
        <source>Save {file} as…</source>
        <translation>将{file}另存为…</translation>
    </message>
    <message>
        <source>Saved as {file}. Outside the vault it is no longer protected by it.</source>
        <translation>已保存为{file}。在保险库之外，不再受其保护。</translation>
    </message>
    <message>
        <source>Show members</source>
        <translation>显示成员</translation>
    </message>
</context>
<context>
    <name>DateEditor</name>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>日期，格式如2026-11-22</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Up and Down change the day, with Ctrl the month; T is today</source>
        <translation>上下键更改日，加Ctrl更改月；T为今天</translation>
    </message>
    <message>
        <source>YYYY-MM-DD</source>
        <translation>YYYY-MM-DD</translation>
    </message>
    <message>
        <source>{0}: today</source>
        <translation>{0}：今天</translation>
    </message>
</context>
<context>
    <name>DeadlineField</name>
    <message>
        <source>Exact deadline in UTC, for example 2026-12-10 18:00</source>
        <translation>准确截止时间，UTC，例如2026-12-10 18:00</translation>
    </message>
    <message>
        <source>Exactly</source>
        <translation>准确时间</translation>
    </message>
    <message>
        <source>In {0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
    <message>
        <source>The deadline has to lie between one hour and one year ahead.</source>
        <translation>截止时间须在今后一小时至一年之间。</translation>
    </message>
    <message>
        <source>The new deadline has to be later than the one in force.</source>
        <translation>新的截止时间须晚于现行截止时间。</translation>
    </message>
    <message>
        <source>Write the time as year-month-day hour:minute in UTC, for example 2026-12-10 18:00.</source>
        <translation>请按“年-月-日 时:分”填写UTC时间，例如2026-12-10 18:00。</translation>
    </message>
</context>
<context>
    <name>DecideDialog</name>
    <message>
        <source>A computer of a delegation has signed two different histories.</source>
        <translation>一个代表团的一台计算机签署了两份不同的历史记录。</translation>
    </message>
    <message>
        <source>A laptop of {0} has two histories; its own delegation may say alone which one stands.</source>
        <translation>{0}的一台笔记本电脑有两份历史记录；可由其代表团自行说明以哪一份为准。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Continuation {0}</source>
        <translation>后续文字{0}</translation>
    </message>
    <message>
        <source>Delegation that holds the pen from here on</source>
        <translation>此后持有执笔权的代表团</translation>
    </message>
    <message>
        <source>Give it the pen</source>
        <translation>授予执笔权</translation>
    </message>
    <message>
        <source>History {0}</source>
        <translation>历史记录{0}</translation>
    </message>
    <message>
        <source>How this text goes on</source>
        <translation>此案文如何继续</translation>
    </message>
    <message>
        <source>It changes no words.</source>
        <translation>不改动任何文字。</translation>
    </message>
    <message>
        <source>Or the pen goes to</source>
        <translation>或将执笔权交给</translation>
    </message>
    <message>
        <source>Reason, which everybody in the room reads</source>
        <translation>理由，会议室全体成员均可读到</translation>
    </message>
    <message>
        <source>Said by nobody yet, {1} are needed.</source>
        <translation>尚无人表态，需要{1}方。</translation>
    </message>
    <message>
        <source>Said by {0}, {1} are needed.</source>
        <translation>{0}已表态，需要{1}方。</translation>
    </message>
    <message>
        <source>The pen to {0}: said by {1}, {2} are needed.</source>
        <translation>执笔权交给{0}：{1}已表态，需要{2}方。</translation>
    </message>
    <message>
        <source>This one stands</source>
        <translation>以此为准</translation>
    </message>
    <message>
        <source>This text is not frozen.</source>
        <translation>此案文未冻结。</translation>
    </message>
    <message>
        <source>{0} stands</source>
        <translation>以{0}为准</translation>
    </message>
</context>
<context>
    <name>Deciding</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Your delegation has said so; it leaves with the next exchange.</source>
        <translation>本代表团已表态；随下次交换发出。</translation>
    </message>
</context>
<context>
    <name>DefineDialog</name>
    <message>
        <source>A register is a text file (TOML): its fields, their choices, its views. Every laptop of your delegation gets it. A file with the name of one you added before renews it; its rows stay.</source>
        <translation>登记册是一个文本文件 (TOML)：含其字段、选项和视图。本代表团的每台笔记本电脑都会获得。与您先前所添加者同名的文件会予以更新；其各行保留。</translation>
    </message>
    <message>
        <source>Add a register</source>
        <translation>添加登记册</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>从文件添加登记册</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Definitions (*.toml)</source>
        <translation>定义文件 (*.toml)</translation>
    </message>
    <message>
        <source>the file is not text in UTF-8</source>
        <translation>该文件不是UTF-8文本</translation>
    </message>
</context>
<context>
    <name>DelegationPage</name>
    <message>
        <source>A code is two or three Latin letters, such as XA.</source>
        <translation>代码为两三个拉丁字母，例如XA。</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Join our delegation: another laptop of ours already has Valise</source>
        <translation>加入本代表团：我方另一台笔记本电脑已有Valise</translation>
    </message>
    <message>
        <source>Name of the delegation</source>
        <translation>代表团名称</translation>
    </message>
    <message>
        <source>Off: the unlock page shows nothing about whose vault this is.</source>
        <translation>关闭：解锁页不显示保险库属于何方。</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>官员</translation>
    </message>
    <message>
        <source>Our delegation is new to Valise</source>
        <translation>本代表团首次使用Valise</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>职务</translation>
    </message>
    <message>
        <source>Show the delegation&apos;s name on the unlock page</source>
        <translation>在解锁页显示代表团名称</translation>
    </message>
    <message>
        <source>This makes a vault on this laptop. Nothing is registered anywhere and nothing is sent.</source>
        <translation>这将在本机上建立一个保险库。不在任何地方注册，也不发送任何内容。</translation>
    </message>
    <message>
        <source>Your delegation</source>
        <translation>您的代表团</translation>
    </message>
    <message>
        <source>as others should see it</source>
        <translation>他方所见的名称</translation>
    </message>
    <message>
        <source>for example: Delegate, Legal adviser</source>
        <translation>例如：代表、法律顾问</translation>
    </message>
    <message>
        <source>two or three letters, as on the name plate</source>
        <translation>两三个字母，与席位名牌一致</translation>
    </message>
    <message>
        <source>who works on this laptop</source>
        <translation>在本机上工作的人员</translation>
    </message>
</context>
<context>
    <name>DelegationRow</name>
    <message>
        <source>Somebody who takes this laptop and its passphrase can also open what this laptop was sent from there since {0}.</source>
        <translation>取得本机及其密码短语者，还能打开自{0}以来从那里发到本机的内容。</translation>
    </message>
    <message>
        <source>What is replaced by now is destroyed by {0}.</source>
        <translation>迄今已更换的密钥将于{0}前销毁。</translation>
    </message>
    <message>
        <source>{0}: nothing exchanged yet.</source>
        <translation>{0}：尚未交换任何内容。</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; last moved on {2}.</source>
        <translation>{0}：自{1}起使用两种体系；最近更换：{2}。</translation>
    </message>
    <message>
        <source>{0}: under both systems since {1}; no answer to a newer key yet.</source>
        <translation>{0}：自{1}起使用两种体系；尚未以更新的密钥应答。</translation>
    </message>
</context>
<context>
    <name>DelegationsPane</name>
    <message>
        <source>Arrows move; Enter or the menu key chooses the way; A, R, F and C choose it at once</source>
        <translation>方向键移动；Enter键或菜单键选择方式；A、R、F和C键直接选定</translation>
    </message>
    <message>
        <source>Choose the way for this delegation</source>
        <translation>为该代表团选择方式</translation>
    </message>
    <message>
        <source>Choose the way…</source>
        <translation>选择方式…</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>代表团</translation>
    </message>
    <message>
        <source>Go to Contacts</source>
        <translation>前往通讯录</translation>
    </message>
    <message>
        <source>How each delegation is reached</source>
        <translation>各代表团的联络方式</translation>
    </message>
    <message>
        <source>Last heard</source>
        <translation>上次收到消息</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>制作封包…</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Open an identity card under Contacts; then it stands here how that delegation is reached.</source>
        <translation>请在“通讯录”中打开一张身份卡；随后此处会显示如何与该代表团联络。</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待发</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>Way for {0}</source>
        <translation>{0}的方式</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>You know no delegation yet</source>
        <translation>您尚不知任何代表团</translation>
    </message>
    <message>
        <source>our other laptops</source>
        <translation>我方其他笔记本电脑</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>自{0}起</translation>
    </message>
</context>
<context>
    <name>DeliveryPane</name>
    <message>
        <source>Acknowledged by you {time}</source>
        <translation>您于{time}确认收悉</translation>
    </message>
    <message>
        <source>Choose a message to see what became of it.</source>
        <translation>请选择一条消息以查看其传送情况。</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>送达情况</translation>
    </message>
    <message>
        <source>Delivery to each device</source>
        <translation>送达各设备的情况</translation>
    </message>
    <message>
        <source>Received here {time}</source>
        <translation>{time}在此收到</translation>
    </message>
    <message>
        <source>Sent {time}</source>
        <translation>{time}发送</translation>
    </message>
</context>
<context>
    <name>DestroyDialog</name>
    <message>
        <source>Also destroy the delegation&apos;s key file, which still lies beside the vault</source>
        <translation>同时销毁仍在保险库旁的代表团密钥文件</translation>
    </message>
    <message>
        <source>Destroy it</source>
        <translation>销毁</translation>
    </message>
    <message>
        <source>Destroy this vault</source>
        <translation>销毁此保险库</translation>
    </message>
    <message>
        <source>Everything in this vault on this laptop is gone for good. No passphrase and no recovery share opens it any more.</source>
        <translation>本机上此保险库中的一切将永久消失。任何密码短语或恢复份额都不能再打开它。</translation>
    </message>
    <message>
        <source>The keys are overwritten before the files are removed. The storage of a laptop or stick may keep old blocks for a while; what is in them is sealed under the keys that are gone.</source>
        <translation>先覆写密钥，再移除文件。笔记本电脑或U盘的存储介质可能在一段时间内保留旧的数据块；其中内容以已不存在的密钥密封。</translation>
    </message>
    <message>
        <source>There is no backup of this vault.</source>
        <translation>此保险库没有备份。</translation>
    </message>
    <message>
        <source>Type the code of your delegation, {0}, to confirm</source>
        <translation>请输入本代表团代码{0}以确认</translation>
    </message>
    <message>
        <source>What remains: your backups, your other laptops, the key file and its shares where they are kept, and what the other delegations hold. They are not told; have this laptop revoked.</source>
        <translation>仍会留存的：您的备份、您的其他笔记本电脑、存放于别处的密钥文件及其份额，以及其他代表团持有的内容。不会告知它们；请将本机吊销。</translation>
    </message>
    <message>
        <source>Without it and without its shares no laptop can ever be admitted again.</source>
        <translation>没有该文件，也没有其份额，就再也不能接纳任何笔记本电脑。</translation>
    </message>
</context>
<context>
    <name>Detail</name>
    <message>
        <source>Accept the new</source>
        <translation>接受新身份</translation>
    </message>
    <message>
        <source>Accept the new identity of {who}?</source>
        <translation>接受{who}的新身份吗？</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>Held here:</source>
        <translation>此处所存：</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>继续停止发送</translation>
    </message>
    <message>
        <source>Keep the identity of {who} that you have?</source>
        <translation>保留您现有的{who}的身份吗？</translation>
    </message>
    <message>
        <source>Keep the old</source>
        <translation>保留旧身份</translation>
    </message>
    <message>
        <source>Keep the old identity of {who}?</source>
        <translation>保留{who}的旧身份吗？</translation>
    </message>
    <message>
        <source>Keep the one we have…</source>
        <translation>保留我方现有的…</translation>
    </message>
    <message>
        <source>Laptops</source>
        <translation>笔记本电脑</translation>
    </message>
    <message>
        <source>No laptop is known yet.</source>
        <translation>尚未获知任何笔记本电脑。</translation>
    </message>
    <message>
        <source>Send again</source>
        <translation>恢复发送</translation>
    </message>
    <message>
        <source>Send again…</source>
        <translation>恢复发送…</translation>
    </message>
    <message>
        <source>Send to {who} again?</source>
        <translation>恢复向{who}发送吗？</translation>
    </message>
    <message>
        <source>Sending goes on, sealed to the new keys. Trust falls to “not verified yet”: compare the safety number next.</source>
        <translation>发送将继续，并以新密钥密封。信任程度降为“尚未核验”：接下来请比对安全号码。</translation>
    </message>
    <message>
        <source>Sending goes on. The custodian&apos;s word is kept in the history and asked about no more.</source>
        <translation>发送将继续。受托方的说法保留在历史记录中，不再询问。</translation>
    </message>
    <message>
        <source>The new card is set aside and sending goes on, sealed to the keys you know.</source>
        <translation>新身份卡已搁置，发送将继续，并以您已知的密钥密封。</translation>
    </message>
    <message>
        <source>The whole fingerprint of the delegation&apos;s root key, for comparing in writing.</source>
        <translation>代表团根密钥的完整指纹，供书面比对。</translation>
    </message>
    <message>
        <source>Trust falls to “not verified yet”. If somebody stands between you, they read what you send.</source>
        <translation>信任程度降为“尚未核验”。如有人介于你们之间，您发送的内容会被其读到。</translation>
    </message>
    <message>
        <source>Verify again…</source>
        <translation>重新核验…</translation>
    </message>
    <message>
        <source>Verify {who}</source>
        <translation>核验{who}</translation>
    </message>
    <message>
        <source>Verify…</source>
        <translation>核验…</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>为{who}担保</translation>
    </message>
    <message>
        <source>Vouch…</source>
        <translation>担保…</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>变更内容及时间</translation>
    </message>
    <message>
        <source>{said} Since {date}.</source>
        <translation>{said}自{date}起。</translation>
    </message>
    <message>
        <source>{who} vouches for this one, since {date}:</source>
        <translation>{who}自{date}起为其担保：</translation>
    </message>
</context>
<context>
    <name>DirectoryPage</name>
    <message>
        <source>All categories</source>
        <translation>所有类别</translation>
    </message>
    <message>
        <source>All entries</source>
        <translation>所有条目</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>向我方提出的询问</translation>
    </message>
    <message>
        <source>Asked of us ({n})</source>
        <translation>向我方提出的询问 ({n})</translation>
    </message>
    <message>
        <source>Enter a point of contact…</source>
        <translation>录入联络人…</translation>
    </message>
    <message>
        <source>Enter one, or import contact cards. A role before a person: it stays when people move on.</source>
        <translation>请录入联络人，或导入联系人名片。职务优先于个人：人员调离后职务仍在。</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>条目</translation>
    </message>
    <message>
        <source>Find a State, a role, an office, a language</source>
        <translation>查找国家、职务、机关或语言</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>需要处理</translation>
    </message>
    <message>
        <source>New point of contact</source>
        <translation>新建联络人</translation>
    </message>
    <message>
        <source>New point of contact (Ctrl+N)</source>
        <translation>新建联络人 (Ctrl+N)</translation>
    </message>
    <message>
        <source>No point of contact yet</source>
        <translation>尚无联络人</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>联络测试轮次</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>联络人</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>联络畅通情况</translation>
    </message>
    <message>
        <source>What is shown beside</source>
        <translation>旁边显示的内容</translation>
    </message>
</context>
<context>
    <name>DispositionList</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Kept as alternative</source>
        <translation>保留为备选</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are lost: say what becomes of each amendment.</source>
        <translation>任何一方的文字都不会丢失：请说明每项修正案的处理结果。</translation>
    </message>
    <message>
        <source>Not taken</source>
        <translation>未采纳</translation>
    </message>
    <message>
        <source>Replaced by these words</source>
        <translation>由这些文字取代</translation>
    </message>
    <message>
        <source>Stays open, carried over</source>
        <translation>仍然开放，予以转入</translation>
    </message>
    <message>
        <source>Taken as it stands</source>
        <translation>原样采纳</translation>
    </message>
    <message>
        <source>Taken with changes</source>
        <translation>修改后采纳</translation>
    </message>
    <message>
        <source>What becomes of {0} by {1}</source>
        <translation>{1}所提{0}的处理结果</translation>
    </message>
</context>
<context>
    <name>DocumentsPane</name>
    <message>
        <source>By language</source>
        <translation>按语言</translation>
    </message>
    <message>
        <source>By symbol</source>
        <translation>按文号</translation>
    </message>
    <message>
        <source>By title</source>
        <translation>按标题</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Enter shows the document</source>
        <translation>按Enter显示文件</translation>
    </message>
    <message>
        <source>Imported last</source>
        <translation>最近导入</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新在前</translation>
    </message>
    <message>
        <source>Order of the documents</source>
        <translation>文件排序</translation>
    </message>
    <message>
        <source>Symbol, title or language</source>
        <translation>文号、标题或语言</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
</context>
<context>
    <name>Doing</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>大写锁定键似已开启。</translation>
    </message>
</context>
<context>
    <name>DropDialog</name>
    <message>
        <source>Stop using it</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Stop using the folder</source>
        <translation>停用文件夹</translation>
    </message>
    <message>
        <source>What waits here is kept and goes another way. The sealed envelopes in the folder stay there.</source>
        <translation>在此等待的内容予以保留，并改用其他方式传送。文件夹中的密封信封仍留在那里。</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Choose a document</source>
        <translation>选择文档</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Drop a document here (Word, UN XML, text), or choose one</source>
        <translation>将文档（Word、联合国XML、文本）拖放到此处，或选择文档</translation>
    </message>
    <message>
        <source>Texts (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;All files (*)</source>
        <translation>案文 (*.docx *.xml *.akn *.md *.txt *.text *.html *.htm *.pdf);;所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>Editor</name>
    <message>
        <source>{0}, required</source>
        <translation>{0}，必填</translation>
    </message>
</context>
<context>
    <name>EnrolPage</name>
    <message>
        <source>Carry its request to your delegation&apos;s first laptop, and open the answer here.</source>
        <translation>请将其请求带到本代表团的第一台笔记本电脑，并在此打开答复。</translation>
    </message>
    <message>
        <source>Choose the answer…</source>
        <translation>选择答复…</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>打开答复</translation>
    </message>
    <message>
        <source>Passphrase of this laptop</source>
        <translation>本机的密码短语</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>保存请求</translation>
    </message>
    <message>
        <source>Save the request again…</source>
        <translation>重新保存请求…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为{0}</translation>
    </message>
    <message>
        <source>Show the check code</source>
        <translation>显示核对码</translation>
    </message>
    <message>
        <source>This laptop waits to be admitted</source>
        <translation>本机正在等待接纳</translation>
    </message>
    <message>
        <source>Type the passphrase of this laptop first; the request is kept in its vault.</source>
        <translation>请先输入本机的密码短语；请求保存在本机的保险库中。</translation>
    </message>
    <message>
        <source>Waiting to be admitted</source>
        <translation>等待接纳</translation>
    </message>
</context>
<context>
    <name>EntryDetail</name>
    <message>
        <source>Card…</source>
        <translation>名片…</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Copy: {what}</source>
        <translation>复制：{what}</translation>
    </message>
    <message>
        <source>Entered or changed {when} by {who}</source>
        <translation>{who}于{when}录入或更改</translation>
    </message>
    <message>
        <source>How to reach it</source>
        <translation>联络方法</translation>
    </message>
    <message>
        <source>Its review was due {when}.</source>
        <translation>应于{when}审查，现已到期。</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>最近确认：{when}</translation>
    </message>
    <message>
        <source>Memberships of the State</source>
        <translation>该国的成员资格</translation>
    </message>
    <message>
        <source>No round has asked this contact yet.</source>
        <translation>尚无任何轮次询问过此联络人。</translation>
    </message>
    <message>
        <source>Note verbale…</source>
        <translation>普通照会…</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>联络测试轮次</translation>
    </message>
    <message>
        <source>Show the round {title}</source>
        <translation>显示轮次“{title}”</translation>
    </message>
    <message>
        <source>This entry names a person only: it ends when the person moves on. Prefer a role.</source>
        <translation>此条目仅列个人：此人调离后即失效。宜优先采用职务。</translation>
    </message>
    <message>
        <source>Two laptops of your delegation say different things in this entry. Change it to settle that.</source>
        <translation>本代表团的两台笔记本电脑对此条目所记不同。请更改条目以确定内容。</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>内容说明</translation>
    </message>
    <message>
        <source>Where this comes from</source>
        <translation>出处</translation>
    </message>
    <message>
        <source>asked at {clock} there</source>
        <translation>当地时间{clock}提问</translation>
    </message>
</context>
<context>
    <name>EventCard</name>
    <message>
        <source>Put back</source>
        <translation>放回</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>已移出</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>撤销：{0}</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{0} (undone)</source>
        <translation>{0}（已撤销）</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>A file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>A file that is not here yet</source>
        <translation>此处尚无的文件</translation>
    </message>
    <message>
        <source>Add a file as evidence</source>
        <translation>添加文件作为佐证材料</translation>
    </message>
    <message>
        <source>Save a copy; outside the vault it is not protected</source>
        <translation>保存副本；在保险库之外不受保护</translation>
    </message>
</context>
<context>
    <name>EvidenceEditor</name>
    <message>
        <source>A file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Add a file…</source>
        <translation>添加文件…</translation>
    </message>
    <message>
        <source>Save a copy of {0}</source>
        <translation>保存{0}的副本</translation>
    </message>
    <message>
        <source>{0}: add a file</source>
        <translation>{0}：添加文件</translation>
    </message>
</context>
<context>
    <name>EvidenceSection</name>
    <message>
        <source>A file that proves to anybody who said what: texts, amendments, positions, revisions, joint statements, and messages sent for the record. The conversation is signed for nobody and is never in it; neither are your internal notes.</source>
        <translation>可向任何人证明何方说了什么的文件：案文、修正案、立场、修订稿、联合声明，以及载入记录的消息。会话未向任何人签名，绝不列入其中；您的内部备注也不列入。</translation>
    </message>
    <message>
        <source>Any evidence file, also of talks you took no part in. It is read by a process that holds no keys. Outside Valise the command valise verify does the same.</source>
        <translation>任何证据文件，包括您未参加的会谈的证据文件。由一个不持有任何密钥的进程读取。在Valise之外，valise verify命令可作同样检查。</translation>
    </message>
    <message>
        <source>Check a file</source>
        <translation>检查文件</translation>
    </message>
    <message>
        <source>Check a file…</source>
        <translation>检查文件…</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>检查证据文件</translation>
    </message>
    <message>
        <source>Evidence (*{0});;All files (*)</source>
        <translation>证据 (*{0});;所有文件 (*)</translation>
    </message>
    <message>
        <source>I want an archive of our own internal notes. I will hand it to nobody.</source>
        <translation>我要为本代表团内部备注存档。我不会将其交给任何人。</translation>
    </message>
    <message>
        <source>Internal room</source>
        <translation>内部会议室</translation>
    </message>
    <message>
        <source>It holds messages with a marking ({0}): see that you may pass them on.</source>
        <translation>其中有带标识的消息 ({0})：请确认您可以转交。</translation>
    </message>
    <message>
        <source>It holds what was said of other delegations&apos; identities ({0}).</source>
        <translation>其中有关于其他代表团身份的表述 ({0})。</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>会议室</translation>
    </message>
    <message>
        <source>Save as evidence…</source>
        <translation>保存为证据…</translation>
    </message>
    <message>
        <source>Save the record as evidence</source>
        <translation>将记录保存为证据</translation>
    </message>
    <message>
        <source>Saved as {0}, read back and sound: {1} entries. SHA-256 of the file: {2}</source>
        <translation>已保存为{0}，经读回确认无误：{1}个条目。文件的SHA-256：{2}</translation>
    </message>
    <message>
        <source>The record of a room, for others</source>
        <translation>供他人使用的会议室记录</translation>
    </message>
    <message>
        <source>There is no room yet. Open one in Messages; its record can be written here.</source>
        <translation>尚无会议室。请在“消息”中开设；其记录可在此写出。</translation>
    </message>
    <message>
        <source>These are your delegation&apos;s own notes and red lines. The file says so in its first line.</source>
        <translation>这些是本代表团自己的备注和底线。文件首行即注明此点。</translation>
    </message>
    <message>
        <source>Whoever gets the file can read all of it, with the names of these delegations and officers, and pass it on.</source>
        <translation>获得该文件者可以阅读其全部内容，包括这些代表团和官员的名称，并可转交他人。</translation>
    </message>
    <message>
        <source>own archive only</source>
        <translation>仅供自己存档</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>ExchangeCard</name>
    <message>
        <source>Exchange</source>
        <translation>交换</translation>
    </message>
    <message>
        <source>Sealed envelopes travel through a relay, a shared folder, or by courier on a stick. Whoever looks after one of these sees only sealed envelopes, their sizes and times.</source>
        <translation>密封信封经由中继站、共享文件夹，或由信使用U盘传送。其中任何一种的管理者都只能看到密封信封及其大小和时间。</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>交换方式…</translation>
    </message>
</context>
<context>
    <name>ExchangePage</name>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Choose the exchange folder</source>
        <translation>选择交换文件夹</translation>
    </message>
    <message>
        <source>Correspondents with whom you share a bilateral room are sent permission to write, sealed.</source>
        <translation>与您共有双边会议室的通信方会收到密封的写信许可。</translation>
    </message>
    <message>
        <source>Delegations and permissions</source>
        <translation>代表团和许可</translation>
    </message>
    <message>
        <source>Hand your card with permission to those with whom you do not exchange yet.</source>
        <translation>请将附许可的身份卡交给您尚未与之交换的通信方。</translation>
    </message>
    <message>
        <source>How each is reached</source>
        <translation>各代表团的联络方式</translation>
    </message>
    <message>
        <source>Leave…</source>
        <translation>停用…</translation>
    </message>
    <message>
        <source>Make a bundle…</source>
        <translation>制作封包…</translation>
    </message>
    <message>
        <source>Open bundles…</source>
        <translation>打开封包…</translation>
    </message>
    <message>
        <source>Open the new file…</source>
        <translation>打开新文件…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>保存吊销记录…</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Stop…</source>
        <translation>停用…</translation>
    </message>
    <message>
        <source>Take it by courier…</source>
        <translation>交由信使携带…</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>The folder is in use from now on.</source>
        <translation>即日起使用该文件夹。</translation>
    </message>
    <message>
        <source>The folder is no longer used.</source>
        <translation>已不再使用该文件夹。</translation>
    </message>
    <message>
        <source>The relay is no longer used.</source>
        <translation>已不再使用该中继站。</translation>
    </message>
    <message>
        <source>This laptop uses the relay {0} from now on.</source>
        <translation>本机即日起使用中继站{0}。</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>交换方式</translation>
    </message>
    <message>
        <source>What waits here is kept.</source>
        <translation>在此等待的内容予以保留。</translation>
    </message>
    <message>
        <source>What waits is kept. You can take it by courier.</source>
        <translation>待发内容予以保留。您可以交由信使携带。</translation>
    </message>
    <message>
        <source>Where we may write</source>
        <translation>我方可向何处写信</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>谁可向我方写信</translation>
    </message>
</context>
<context>
    <name>ExerciseBanner</name>
    <message>
        <source>This is an exercise. Nothing of it is real.</source>
        <translation>这是演习。其中内容均非真实。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>A file of this name is there already. What it holds now is lost.</source>
        <translation>同名文件已存在。其现有内容将丢失。</translation>
    </message>
    <message>
        <source>A note verbale nominates one entry: choose its row first.</source>
        <translation>一份普通照会提名一个条目：请先选择其行。</translation>
    </message>
    <message>
        <source>A note verbale nominates the entry one is at. To whom it goes is asked next; it gets the next running number and is entered as sent in the correspondence.</source>
        <translation>普通照会提名当前所在的条目。接下来会询问致送对象；照会将获得下一个流水号，并在往来公文中登记为已发出。</translation>
    </message>
    <message>
        <source>All rows of this side</source>
        <translation>本侧所有行</translation>
    </message>
    <message>
        <source>Arrows move; Space ticks</source>
        <translation>方向键移动；空格键勾选</translation>
    </message>
    <message>
        <source>As it stands now</source>
        <translation>现有案文</translation>
    </message>
    <message>
        <source>Built from the room&apos;s record alone: no internal note, no draft, nothing that has not left. Authors are delegations; no officer is named.</source>
        <translation>仅依据会议室的记录生成：不含内部备注、草稿和任何尚未发出的内容。作者为代表团；不列官员姓名。</translation>
    </message>
    <message>
        <source>Bundle {0} is ready</source>
        <translation>封包{0}已就绪</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>选择U盘或文件夹</translation>
    </message>
    <message>
        <source>Choose the stick or folder…</source>
        <translation>选择U盘或文件夹…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Delegation</source>
        <translation>代表团</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Eject the stick before you take it out. When they have opened it, have a bundle brought back: it confirms what came.</source>
        <translation>取出U盘前请先弹出。对方打开后，请让其带回一个封包：用以确认已收到的内容。</translation>
    </message>
    <message>
        <source>Everything still waits here.</source>
        <translation>所有内容仍在此等待。</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>导出行</translation>
    </message>
    <message>
        <source>Export the text</source>
        <translation>导出案文</translation>
    </message>
    <message>
        <source>Export the text as a file</source>
        <translation>将案文导出为文件</translation>
    </message>
    <message>
        <source>Export: {0}</source>
        <translation>导出：{0}</translation>
    </message>
    <message>
        <source>For whom</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>It is for: {0}</source>
        <translation>接收方：{0}</translation>
    </message>
    <message>
        <source>Language of the headings</source>
        <translation>标题的语言</translation>
    </message>
    <message>
        <source>Last bundle</source>
        <translation>上一封包</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>为信使制作封包</translation>
    </message>
    <message>
        <source>Make the bundle</source>
        <translation>制作封包</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>未选择</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>没有任何未密封的内容离开本设备。</translation>
    </message>
    <message>
        <source>One sealed file with what the ticked delegations have not confirmed. Nobody else can open it, and no name stands on it.</source>
        <translation>一个密封文件，内含所勾选代表团尚未确认的内容。其他任何人都无法打开，文件上也没有任何名称。</translation>
    </message>
    <message>
        <source>Open the identity card of a delegation under Contacts first.</source>
        <translation>请先在“通讯录”中打开一个代表团的身份卡。</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Replace {0}?</source>
        <translation>替换{0}吗？</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Save the file</source>
        <translation>保存文件</translation>
    </message>
    <message>
        <source>Save the note verbale</source>
        <translation>保存普通照会</translation>
    </message>
    <message>
        <source>Save the rows</source>
        <translation>保存行</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stopped. No bundle was made.</source>
        <translation>已停止。未制作封包。</translation>
    </message>
    <message>
        <source>Stopped. No file was written.</source>
        <translation>已停止。未写入文件。</translation>
    </message>
    <message>
        <source>Table (CSV), as it is on the screen</source>
        <translation>表格 (CSV)，与屏幕所示相同</translation>
    </message>
    <message>
        <source>The file is not encrypted: whoever has it can read it.</source>
        <translation>文件未加密：持有该文件者均可阅读。</translation>
    </message>
    <message>
        <source>The rows shown: {0}</source>
        <translation>所显示的行：{0}</translation>
    </message>
    <message>
        <source>There is nobody to make a bundle for</source>
        <translation>没有可为其制作封包的对象</translation>
    </message>
    <message>
        <source>These are our own assessments. The file says “internal” in its name; nothing keeps it from being passed on.</source>
        <translation>这是我方自己的评估。文件名中注明“internal”；但无法防止其被转交他人。</translation>
    </message>
    <message>
        <source>This format has no changes of its own: brackets show them. To bring a file back, take Word.</source>
        <translation>此格式本身没有修订标记：以方括号表示。如要重新读入文件，请使用Word。</translation>
    </message>
    <message>
        <source>This format keeps changes and remarks as such: it can be brought back without loss.</source>
        <translation>此格式原样保留修改和评论：可以无损地重新读入。</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待发</translation>
    </message>
    <message>
        <source>What is in it</source>
        <translation>所含内容</translation>
    </message>
    <message>
        <source>What is in that file now is lost.</source>
        <translation>该文件的现有内容将丢失。</translation>
    </message>
    <message>
        <source>What is in the file</source>
        <translation>文件内容</translation>
    </message>
    <message>
        <source>What leaves: a card for each entry, without authority, escalation, review, source and status.</source>
        <translation>将导出的内容：每个条目一张名片，不含权限、升级、审查、来源和状况。</translation>
    </message>
    <message>
        <source>What leaves: {0}</source>
        <translation>将导出的内容：{0}</translation>
    </message>
    <message>
        <source>Which state of the text</source>
        <translation>案文的哪一状态</translation>
    </message>
    <message>
        <source>Which text</source>
        <translation>哪一案文</translation>
    </message>
    <message>
        <source>Written as {0} and entered as sent under number {1}.</source>
        <translation>已写成{0}，并以编号{1}登记为已发出。</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>已写入：{0}，位置：{1}</translation>
    </message>
    <message>
        <source>as it stands</source>
        <translation>按现有案文</translation>
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
        <translation>取消</translation>
    </message>
    <message>
        <source>Everybody is told. Who has broken the silence already need not do so again.</source>
        <translation>将告知所有各方。已打破默许者无须再次打破。</translation>
    </message>
    <message>
        <source>Extend</source>
        <translation>延长</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>延长期限</translation>
    </message>
    <message>
        <source>In force on {0}: {1}</source>
        <translation>{0}的现行截止时间：{1}</translation>
    </message>
</context>
<context>
    <name>EyePane</name>
    <message>
        <source>Digits: {digits}</source>
        <translation>数字：{digits}</translation>
    </message>
    <message>
        <source>Read the words or the digits to each other, face to face or over a line where you know the voice. Both sides see the same. Valise never sends them.</source>
        <translation>请当面或在您能辨认对方声音的线路上，相互朗读这些词语或数字。双方所见相同。Valise绝不发送这些内容。</translation>
    </message>
    <message>
        <source>They differ</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>They match</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>词语：{words}</translation>
    </message>
</context>
<context>
    <name>FieldLine</name>
    <message>
        <source>Settle…</source>
        <translation>解决…</translation>
    </message>
    <message>
        <source>{0} Different values stand</source>
        <translation>{0} 有不同值并存</translation>
    </message>
    <message>
        <source>{0} This is not what the field asks for</source>
        <translation>{0} 不符合字段要求</translation>
    </message>
    <message>
        <source>{0}: settle which value stands</source>
        <translation>{0}：确定以哪个值为准</translation>
    </message>
</context>
<context>
    <name>FileChoice</name>
    <message>
        <source>None chosen</source>
        <translation>未选择</translation>
    </message>
</context>
<context>
    <name>FileTray</name>
    <message>
        <source>file attached earlier</source>
        <translation>先前附加的文件</translation>
    </message>
    <message>
        <source>sealing</source>
        <translation>正在密封</translation>
    </message>
</context>
<context>
    <name>FilesBench</name>
    <message>
        <source>A second officer of your delegation releases them, paragraph by paragraph.</source>
        <translation>由本代表团的另一名官员逐段放行。</translation>
    </message>
    <message>
        <source>Copied with brackets and attributions: {0}.</source>
        <translation>已连同方括号和提案方标注复制：{0}。</translation>
    </message>
    <message>
        <source>It is not encrypted: whoever has the file can read it.</source>
        <translation>文件未加密：持有该文件者均可阅读。</translation>
    </message>
    <message>
        <source>Proposals from the file that wait: {0}.</source>
        <translation>来自文件、待处理的提案：{0}。</translation>
    </message>
    <message>
        <source>Proposed from the file: {0}.</source>
        <translation>已根据文件提出：{0}。</translation>
    </message>
    <message>
        <source>Remarks stay: they cannot be taken back.</source>
        <translation>评论将保留：无法撤回。</translation>
    </message>
    <message>
        <source>Remarks to the room: {0}.</source>
        <translation>向会议室提出的评论：{0}。</translation>
    </message>
    <message>
        <source>Saved: {0}.</source>
        <translation>已保存：{0}。</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Taken back.</source>
        <translation>已撤回。</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>剪贴板将在十秒后清空。</translation>
    </message>
    <message>
        <source>They leave with the next exchange.</source>
        <translation>将随下次交换发出。</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Filter by what fields say (Ctrl+Shift+F)</source>
        <translation>按字段内容筛选 (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>Filters under a name</source>
        <translation>以名称保存的筛选</translation>
    </message>
    <message>
        <source>Keep this filter…</source>
        <translation>保存此筛选…</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>已保存的筛选</translation>
    </message>
    <message>
        <source>Only rows where different values stand</source>
        <translation>仅有不同值并存的行</translation>
    </message>
    <message>
        <source>Only rows whose review is due</source>
        <translation>仅应予审查的行</translation>
    </message>
    <message>
        <source>Rows that were taken out, instead of those that stand</source>
        <translation>显示已移出的行，而非现有的行</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Take this filter away</source>
        <translation>移除此筛选</translation>
    </message>
    <message>
        <source>Take this filter away: {0}</source>
        <translation>移除此筛选：{0}</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>已移出</translation>
    </message>
    <message>
        <source>Words in any field</source>
        <translation>任一字段中的字词</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} 差异</translation>
    </message>
    <message>
        <source>{0} Review due</source>
        <translation>{0} 应予审查</translation>
    </message>
</context>
<context>
    <name>FilterDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Filter by</source>
        <translation>筛选依据</translation>
    </message>
    <message>
        <source>Nothing entered</source>
        <translation>未填写</translation>
    </message>
    <message>
        <source>Possible values</source>
        <translation>可选值</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show rows with</source>
        <translation>显示符合以下条件的行</translation>
    </message>
    <message>
        <source>Space ticks</source>
        <translation>空格键勾选</translation>
    </message>
    <message>
        <source>Take all ticks away</source>
        <translation>取消所有勾选</translation>
    </message>
    <message>
        <source>{0}, ticked: {1}</source>
        <translation>{0}，已勾选：{1}</translation>
    </message>
</context>
<context>
    <name>Fingerprint</name>
    <message>
        <source>Fingerprint: {digits}</source>
        <translation>指纹：{digits}</translation>
    </message>
</context>
<context>
    <name>FirstRun</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>First run</source>
        <translation>首次运行</translation>
    </message>
    <message>
        <source>I have a backup…</source>
        <translation>我有备份…</translation>
    </message>
    <message>
        <source>Make the vault</source>
        <translation>建立保险库</translation>
    </message>
    <message>
        <source>Open the vault</source>
        <translation>打开保险库</translation>
    </message>
    <message>
        <source>Practise first…</source>
        <translation>先练习…</translation>
    </message>
    <message>
        <source>Step {0} of {1}</source>
        <translation>第{0}步，共{1}步</translation>
    </message>
</context>
<context>
    <name>FolderChoice</name>
    <message>
        <source>Choose a stick or a folder</source>
        <translation>选择U盘或文件夹</translation>
    </message>
    <message>
        <source>Choose the place…</source>
        <translation>选择位置…</translation>
    </message>
    <message>
        <source>None chosen</source>
        <translation>未选择</translation>
    </message>
</context>
<context>
    <name>FormField</name>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Name of the scale</source>
        <translation>等级表名称</translation>
    </message>
    <message>
        <source>Not stated here</source>
        <translation>此处未说明</translation>
    </message>
    <message>
        <source>One a line</source>
        <translation>每行一项</translation>
    </message>
    <message>
        <source>One a line. {0}</source>
        <translation>每行一项。{0}</translation>
    </message>
    <message>
        <source>required</source>
        <translation>必填</translation>
    </message>
    <message>
        <source>year-month-day hour:minute</source>
        <translation>年-月-日 时:分</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}，UTC时间，例如2026-12-10 18:00</translation>
    </message>
    <message>
        <source>{0}: level</source>
        <translation>{0}：级别</translation>
    </message>
    <message>
        <source>{0}: name of the scale</source>
        <translation>{0}：等级表名称</translation>
    </message>
</context>
<context>
    <name>Front</name>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
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
        <translation>一个代表团的一台计算机签署了两份不同的历史记录。</translation>
    </message>
    <message>
        <source>Decide…</source>
        <translation>决定…</translation>
    </message>
    <message>
        <source>Everybody sees the last common state. Nothing is lost and nothing leaks; the delegations decide together how it goes on.</source>
        <translation>所有各方看到的是最后的共同状态。没有任何损失，也没有任何泄露；由各代表团共同决定如何继续。</translation>
    </message>
    <message>
        <source>What it sent since then is not counted until its delegation has settled it. Computers concerned: {0}.</source>
        <translation>其此后发送的内容在其代表团解决之前不予计入。所涉计算机：{0}。</translation>
    </message>
</context>
<context>
    <name>GiveDialog</name>
    <message>
        <source>Delegation</source>
        <translation>代表团</translation>
    </message>
    <message>
        <source>Every delegation you know has one already, or sending to it is stopped.</source>
        <translation>您所知的每个代表团都已持有许可，或对其发送已停止。</translation>
    </message>
    <message>
        <source>Give it</source>
        <translation>给予</translation>
    </message>
    <message>
        <source>Give permission to write</source>
        <translation>给予写信许可</translation>
    </message>
    <message>
        <source>The delegation can then put sealed envelopes into your mailbox at the relay, and nothing else. The permission is sent to it sealed; it ends by itself and you can take it back.</source>
        <translation>此后该代表团可以将密封信封投入您在中继站的邮箱，别无其他权利。许可以密封方式发给对方；它会自行终止，您也可以收回。</translation>
    </message>
</context>
<context>
    <name>GoTo</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Go</source>
        <translation>前往</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>前往段落</translation>
    </message>
    <message>
        <source>No paragraph has this number.</source>
        <translation>没有使用此编号的段落。</translation>
    </message>
    <message>
        <source>Number of the paragraph, for example OP 3 bis</source>
        <translation>段落编号，例如OP 3 bis</translation>
    </message>
    <message>
        <source>OP 3 bis, PP 5, 12 …</source>
        <translation>OP 3 bis、PP 5、12…</translation>
    </message>
</context>
<context>
    <name>GrantsPane</name>
    <message>
        <source>Arrows move; Delete revokes</source>
        <translation>方向键移动；Delete键吊销</translation>
    </message>
    <message>
        <source>Given</source>
        <translation>给予时间</translation>
    </message>
    <message>
        <source>How it reached them</source>
        <translation>如何交给对方</translation>
    </message>
    <message>
        <source>It ends on {0} and renews by itself while you share a room with it alone; you can take it back.</source>
        <translation>该许可于{0}终止；在您与对方共有只限双方的会议室期间会自行更新；您可以收回。</translation>
    </message>
    <message>
        <source>It is not saved yet.</source>
        <translation>尚未保存。</translation>
    </message>
    <message>
        <source>No relay, no permissions</source>
        <translation>没有中继站，也没有许可</translation>
    </message>
    <message>
        <source>Nobody has a permission yet. Give one, or hand over a card with one.</source>
        <translation>尚无任何一方持有许可。请给予许可，或交出一张附许可的身份卡。</translation>
    </message>
    <message>
        <source>Nothing more is taken with it.</source>
        <translation>不再凭此接收任何内容。</translation>
    </message>
    <message>
        <source>Our mailbox at {0}: {1}</source>
        <translation>我方在{0}的邮箱：{1}</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>许可</translation>
    </message>
    <message>
        <source>Permissions to write to us</source>
        <translation>向我方写信的许可</translation>
    </message>
    <message>
        <source>Revoking: the relay has not confirmed yet.</source>
        <translation>正在吊销：中继站尚未确认。</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>另存于他处…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Save the card</source>
        <translation>保存身份卡</translation>
    </message>
    <message>
        <source>Save the revocations</source>
        <translation>保存吊销记录</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>保存吊销记录…</translation>
    </message>
    <message>
        <source>The card is saved as {0}. Hand it over like a key, to that correspondent alone.</source>
        <translation>身份卡已保存为{0}。请像交付钥匙一样，只交给该通信方。</translation>
    </message>
    <message>
        <source>The old one ends by itself.</source>
        <translation>旧许可将自行终止。</translation>
    </message>
    <message>
        <source>The permission goes to it sealed, with the next exchange.</source>
        <translation>许可将密封，随下次交换发给对方。</translation>
    </message>
    <message>
        <source>The permission is revoked and the relay has confirmed it.</source>
        <translation>许可已吊销，中继站已予确认。</translation>
    </message>
    <message>
        <source>The revocations are saved as {0}. Give the file to the operator of the relay.</source>
        <translation>吊销记录已保存为{0}。请将该文件交给中继站运营方。</translation>
    </message>
    <message>
        <source>This laptop may not give permissions; another one of your delegation does.</source>
        <translation>本机不可给予许可；由本代表团的另一台笔记本电脑给予。</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>使用中继站…</translation>
    </message>
    <message>
        <source>Who may write to us</source>
        <translation>谁可向我方写信</translation>
    </message>
    <message>
        <source>With a relay you say who may write to you there, one correspondent at a time.</source>
        <translation>使用中继站时，由您逐一决定哪些通信方可在那里向您写信。</translation>
    </message>
    <message>
        <source>{0} gets a new permission, until {1}.</source>
        <translation>{0}获得新许可，有效期至{1}。</translation>
    </message>
    <message>
        <source>{0} may write to you through the relay.</source>
        <translation>{0}可通过中继站向您写信。</translation>
    </message>
</context>
<context>
    <name>Grid</name>
    <message>
        <source>Arrows move, Enter goes to the paragraph</source>
        <translation>方向键移动，Enter前往该段</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>表格角</translation>
    </message>
    <message>
        <source>Delegations</source>
        <translation>代表团</translation>
    </message>
    <message>
        <source>Paragraphs</source>
        <translation>段落</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>各方立场</translation>
    </message>
</context>
<context>
    <name>GridModel</name>
    <message>
        <source>{0} (amendment {1})</source>
        <translation>{0}（修正案{1}）</translation>
    </message>
    <message>
        <source>{0} (an amendment)</source>
        <translation>{0}（一项修正案）</translation>
    </message>
    <message>
        <source>{0} amendment {1}</source>
        <translation>{0}修正案{1}</translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}，关于{1}</translation>
    </message>
    <message>
        <source>{0}, {1}: said nothing</source>
        <translation>{0}，{1}：未表态</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}，{1}：{2}</translation>
    </message>
</context>
<context>
    <name>GuideWindow</name>
    <message>
        <source>Contents</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Found in the guide</source>
        <translation>在使用指南中找到</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Nothing in the guide has all of these words.</source>
        <translation>使用指南中没有包含所有这些词语的内容。</translation>
    </message>
    <message>
        <source>Search the guide</source>
        <translation>搜索使用指南</translation>
    </message>
    <message>
        <source>This page is not there in the language of the window yet; it is shown in English.</source>
        <translation>此页尚无窗口所用语言的版本；现以英文显示。</translation>
    </message>
    <message>
        <source>{0} – Guide</source>
        <translation>{0} – 使用指南</translation>
    </message>
</context>
<context>
    <name>HandOverDialog</name>
    <message>
        <source>A laptop that is still to be admitted</source>
        <translation>一台尚待接纳的笔记本电脑</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>继续前往根密钥…</translation>
    </message>
    <message>
        <source>Hand over an office</source>
        <translation>移交职务</translation>
    </message>
    <message>
        <source>The officer at this very laptop is handed over on the successor&apos;s, once it is admitted there.</source>
        <translation>在本机工作的官员，其职务须在继任者的笔记本电脑获接纳之后，在那台电脑上移交。</translation>
    </message>
    <message>
        <source>The successor gets the rights and the old laptop gets nothing any more, by one signature. Notes, red lines and the record stay with the delegation: the successor&apos;s laptop receives them.</source>
        <translation>以一次签名，继任者获得权利，旧笔记本电脑不再收到任何内容。备注、底线和记录留在本代表团：继任者的笔记本电脑会收到这些内容。</translation>
    </message>
    <message>
        <source>Who follows</source>
        <translation>继任者</translation>
    </message>
    <message>
        <source>Who leaves</source>
        <translation>离任者</translation>
    </message>
</context>
<context>
    <name>HashBox</name>
    <message>
        <source>Copy the hash</source>
        <translation>复制散列值</translation>
    </message>
    <message>
        <source>Hash that is signed: {0}</source>
        <translation>所签署的散列值：{0}</translation>
    </message>
</context>
<context>
    <name>Headline</name>
    <message>
        <source>Files and copies of the text</source>
        <translation>案文的文件和副本</translation>
    </message>
    <message>
        <source>The text from further away</source>
        <translation>案文的宏观视图</translation>
    </message>
    <message>
        <source>amendments: {0}</source>
        <translation>修正案：{0}</translation>
    </message>
    <message>
        <source>not complete yet, waiting for {0}</source>
        <translation>尚不完整，正在等待{0}</translation>
    </message>
    <message>
        <source>your delegation holds the pen on another computer</source>
        <translation>本代表团在另一台计算机上持有执笔权</translation>
    </message>
    <message>
        <source>{0} holds the pen</source>
        <translation>{0}执笔</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>{1}段中有{0}段未决</translation>
    </message>
</context>
<context>
    <name>HeldCard</name>
    <message>
        <source>Reason: {0}</source>
        <translation>理由：{0}</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>放行</translation>
    </message>
    <message>
        <source>Release this draft to the room of the text</source>
        <translation>将此草稿放行到案文的会议室</translation>
    </message>
    <message>
        <source>Return this draft to its author, with the reason</source>
        <translation>说明理由，将此草稿退回其作者</translation>
    </message>
    <message>
        <source>Returned by {0}</source>
        <translation>由{0}退回</translation>
    </message>
    <message>
        <source>Returned by {0}: {1}</source>
        <translation>由{0}退回：{1}</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>退回…</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Take this draft back</source>
        <translation>撤回此草稿</translation>
    </message>
    <message>
        <source>Take this draft back and go on writing it</source>
        <translation>撤回此草稿并继续撰写</translation>
    </message>
    <message>
        <source>Write again</source>
        <translation>重写</translation>
    </message>
    <message>
        <source>⧗ Draft, {0}</source>
        <translation>⧗ 草稿，{0}</translation>
    </message>
</context>
<context>
    <name>HistoryPane</name>
    <message>
        <source>Choose a paragraph in the text; what happened to it stands here.</source>
        <translation>请在案文中选择一个段落；其经过显示在此。</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>该段的历史记录</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>此行的历史记录</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新在前</translation>
    </message>
    <message>
        <source>Nothing to tell yet</source>
        <translation>暂无可叙述的内容</translation>
    </message>
    <message>
        <source>Nothing was changed here yet.</source>
        <translation>此处尚未作任何更改。</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>最早在前</translation>
    </message>
    <message>
        <source>Order of the history</source>
        <translation>历史记录排序</translation>
    </message>
</context>
<context>
    <name>HowMany</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>继续前往根密钥…</translation>
    </message>
    <message>
        <source>Recovery shares of the delegation</source>
        <translation>代表团的恢复份额</translation>
    </message>
    <message>
        <source>Sheets made before stay valid: collect and burn them when these take their place.</source>
        <translation>先前制作的份额纸仍然有效：以新份额纸取代时，请将旧的收回烧毁。</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say give the root key back when the key file or its passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>交由数人或存于数个保险柜的纸张。密钥文件或其密码短语丢失时，凑齐您所定的份数即可恢复根密钥；份数不足则不透露任何信息。多数情况宜制作三张，凑齐两张即可。</translation>
    </message>
</context>
<context>
    <name>HygieneSection</name>
    <message>
        <source>Everything passes: {0} of {0}.</source>
        <translation>全部达标：{0}/{0}。</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
</context>
<context>
    <name>IdentityCard</name>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>Hand the card to other delegations. It holds no secret; the code lets them compare it.</source>
        <translation>请将身份卡交给其他代表团。卡上没有秘密；二维码供其比对。</translation>
    </message>
    <message>
        <source>QR code of your fingerprint</source>
        <translation>您的指纹的二维码</translation>
    </message>
    <message>
        <source>Save the card…</source>
        <translation>保存身份卡…</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>保存身份卡</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为{0}</translation>
    </message>
    <message>
        <source>This laptop may: {0}.</source>
        <translation>本机可以：{0}。</translation>
    </message>
    <message>
        <source>Your identity</source>
        <translation>您的身份</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>A State, by its name or its two letters</source>
        <translation>国家，写名称或两个字母的代码</translation>
    </message>
    <message>
        <source>A day as 2026-11-22</source>
        <translation>日期，格式如2026-11-22</translation>
    </message>
    <message>
        <source>A moment as 2026-11-22 14:05 UTC</source>
        <translation>时刻，格式如2026-11-22 14:05 UTC</translation>
    </message>
    <message>
        <source>A number as +41 22 000 00 00</source>
        <translation>号码，格式如+41 22 000 00 00</translation>
    </message>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>数字，例如12或3.5</translation>
    </message>
    <message>
        <source>A time zone as Europe/Zurich</source>
        <translation>时区，格式如Europe/Zurich</translation>
    </message>
    <message>
        <source>After</source>
        <translation>更改后</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>地址，格式如office@example.org</translation>
    </message>
    <message>
        <source>An address of the web as https://example.org</source>
        <translation>网址，格式如https://example.org</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>更改前</translation>
    </message>
    <message>
        <source>Choose files…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Choose the files on the stick, or drop them here. Everything in them is verified before it counts, and nothing is changed on the stick.</source>
        <translation>选择U盘上的文件，或将其拖放到此处。其中一切内容均先经验证才算数，U盘上的内容不作任何更改。</translation>
    </message>
    <message>
        <source>Choose the file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Faults</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Faults: {0}. Mend the file and choose it again; nothing was taken.</source>
        <translation>错误：{0}。请改正文件后重新选择；未收入任何内容。</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>First you see what would change. Nothing is taken while there is a fault, and then all of it or nothing.</source>
        <translation>您可先看到将更改的内容。只要有错误就不收入任何内容；无误时则全部收入，否则一概不收。</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>导入行</translation>
    </message>
    <message>
        <source>Import: {0}</source>
        <translation>导入：{0}</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行号</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>新增：{0}</translation>
    </message>
    <message>
        <source>One of these: {0}</source>
        <translation>下列之一：{0}</translation>
    </message>
    <message>
        <source>Open bundles</source>
        <translation>打开封包</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>打开信使带来的封包</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Rows ({0})</source>
        <translation>行 ({0})</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Take all of it</source>
        <translation>全部收入</translation>
    </message>
    <message>
        <source>The file has {0}. Changes: {1}. Equal already: {2}.</source>
        <translation>该文件有{0}。更改：{1}。已相同：{2}。</translation>
    </message>
    <message>
        <source>The file has {0}; all of it stands here already.</source>
        <translation>该文件有{0}；均已在此。</translation>
    </message>
    <message>
        <source>The first {0} are shown.</source>
        <translation>显示前{0}项。</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>What stands there</source>
        <translation>现有内容</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>将更改的内容</translation>
    </message>
    <message>
        <source>Yes or no</source>
        <translation>是或否</translation>
    </message>
</context>
<context>
    <name>ImportReport</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Files that could not be read</source>
        <translation>无法读取的文件</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>无法读取的内容</translation>
    </message>
</context>
<context>
    <name>IncidentPage</name>
    <message>
        <source>Copy the hash of the record</source>
        <translation>复制记录的散列值</translation>
    </message>
    <message>
        <source>Embargo: not to be sent on before {0}.</source>
        <translation>禁止披露：在{0}之前不得转发。</translation>
    </message>
    <message>
        <source>Record, the same at every delegation:</source>
        <translation>记录，各代表团处均相同：</translation>
    </message>
    <message>
        <source>Reported by {0}</source>
        <translation>由{0}通报</translation>
    </message>
    <message>
        <source>SHA-256 of the record: {0}</source>
        <translation>记录的SHA-256：{0}</translation>
    </message>
    <message>
        <source>The incident</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>We reported it</source>
        <translation>由我方通报</translation>
    </message>
    <message>
        <source>We reported it to {0}</source>
        <translation>由我方向{0}通报</translation>
    </message>
    <message>
        <source>a room you are no longer in</source>
        <translation>一个您已不在其中的会议室</translation>
    </message>
    <message>
        <source>{0}.</source>
        <translation>{0}。</translation>
    </message>
    <message>
        <source>{who} in {room}, {when}. Reference {reference}.</source>
        <translation>{when}{who}，会议室：{room}。编号：{reference}。</translation>
    </message>
    <message>
        <source>{who}, {when}. Reference {reference}.</source>
        <translation>{when}{who}。编号：{reference}。</translation>
    </message>
</context>
<context>
    <name>IncidentsList</name>
    <message>
        <source>Incidents and requests, open ones first</source>
        <translation>事件和请求，未结束的排在前面</translation>
    </message>
</context>
<context>
    <name>IncidentsModel</name>
    <message>
        <source>not looked at yet</source>
        <translation>尚未查看</translation>
    </message>
    <message>
        <source>we</source>
        <translation>我方</translation>
    </message>
</context>
<context>
    <name>IncidentsScreen</name>
    <message>
        <source>Choose an incident</source>
        <translation>选择事件</translation>
    </message>
    <message>
        <source>Go on with a draft</source>
        <translation>继续编写草稿</translation>
    </message>
    <message>
        <source>Go on with a draft ({0})</source>
        <translation>继续编写草稿 ({0})</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>It is on its way: sealed now, sent with the next exchange.</source>
        <translation>已在途中：现已密封，随下次交换发送。</translation>
    </message>
    <message>
        <source>No incident has been reported</source>
        <translation>尚未通报任何事件</translation>
    </message>
    <message>
        <source>Report an incident or ask for help (Ctrl+N)</source>
        <translation>通报事件或请求帮助 (Ctrl+N)</translation>
    </message>
    <message>
        <source>Report an incident, or ask for help, to a delegation or to a group. What others report to you stands here too.</source>
        <translation>向一个代表团或一组代表团通报事件或请求帮助。他方向您通报的内容也列于此处。</translation>
    </message>
    <message>
        <source>Report or ask for help…</source>
        <translation>通报或求助…</translation>
    </message>
    <message>
        <source>What needs you stands first.</source>
        <translation>需要您处理的排在前面。</translation>
    </message>
</context>
<context>
    <name>Inside</name>
    <message>
        <source>Bring it back</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>No draft of another officer waits on this paragraph.</source>
        <translation>该段没有其他官员的草稿在等待。</translation>
    </message>
    <message>
        <source>Returned to {0}. It did not leave.</source>
        <translation>已退回{0}。它没有发出。</translation>
    </message>
    <message>
        <source>Taken back. It did not leave.</source>
        <translation>已撤回。它没有发出。</translation>
    </message>
    <message>
        <source>The note is struck out.</source>
        <translation>备注已划去。</translation>
    </message>
    <message>
        <source>The paragraph has changed. Your draft said: {0}</source>
        <translation>该段已有变动。您的草稿为：{0}</translation>
    </message>
</context>
<context>
    <name>InternalPane</name>
    <message>
        <source>Alt+1 to Alt+4 while writing</source>
        <translation>撰写时按Alt+1至Alt+4</translation>
    </message>
    <message>
        <source>Changes the note; Esc keeps it as it was.</source>
        <translation>更改备注；Esc保持原样。</translation>
    </message>
    <message>
        <source>Ctrl+Enter</source>
        <translation>Ctrl+Enter</translation>
    </message>
    <message>
        <source>For your delegation only</source>
        <translation>仅供本代表团</translation>
    </message>
    <message>
        <source>Internal remark, never leaves your delegation</source>
        <translation>内部评论，绝不离开本代表团</translation>
    </message>
    <message>
        <source>Internal remarks on the paragraph</source>
        <translation>对该段的内部评论</translation>
    </message>
    <message>
        <source>Internal, stays in your delegation</source>
        <translation>内部，留在本代表团</translation>
    </message>
    <message>
        <source>Keep internally</source>
        <translation>内部保存</translation>
    </message>
    <message>
        <source>Kind of internal remark</source>
        <translation>内部评论的种类</translation>
    </message>
    <message>
        <source>Red lines, fallbacks and notes from the room.</source>
        <translation>底线、备用方案和会场备注。</translation>
    </message>
</context>
<context>
    <name>ItemPage</name>
    <message>
        <source>All States and all items at once (Ctrl+M)</source>
        <translation>一次显示所有国家和所有项目 (Ctrl+M)</translation>
    </message>
    <message>
        <source>Choose a State in the matrix to note what it has said, with its date and who said it.</source>
        <translation>在矩阵中选择一个国家，记录其声明、日期和声明人。</translation>
    </message>
    <message>
        <source>Every field of what our State has said and done (Ctrl+Shift+W)</source>
        <translation>我国言行的全部字段 (Ctrl+Shift+W)</translation>
    </message>
    <message>
        <source>In our words</source>
        <translation>我方表述</translation>
    </message>
    <message>
        <source>In the order of the States&apos; names; Enter opens the row</source>
        <translation>按国家名称排序；按Enter打开该行</translation>
    </message>
    <message>
        <source>Last changed by {0}</source>
        <translation>最近由{0}更改</translation>
    </message>
    <message>
        <source>Look in the library</source>
        <translation>在文库中查看</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>Nobody&apos;s statement is noted yet</source>
        <translation>尚未记录任何国家的声明</translation>
    </message>
    <message>
        <source>Nothing is written about our own State yet. Open our row to begin.</source>
        <translation>关于我国尚无任何记录。请打开我方所在行开始填写。</translation>
    </message>
    <message>
        <source>Only reviews due: {0}</source>
        <translation>仅待审查：{0}</translation>
    </message>
    <message>
        <source>Open our row</source>
        <translation>打开我方所在行</translation>
    </message>
    <message>
        <source>Our own implementation</source>
        <translation>我方执行情况</translation>
    </message>
    <message>
        <source>Reviews due</source>
        <translation>待审查</translation>
    </message>
    <message>
        <source>Reviews due: {0}</source>
        <translation>待审查：{0}</translation>
    </message>
    <message>
        <source>To the matrix</source>
        <translation>前往矩阵</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>内容说明</translation>
    </message>
    <message>
        <source>Who has stated what</source>
        <translation>谁作过何种声明</translation>
    </message>
</context>
<context>
    <name>JoinDialog</name>
    <message>
        <source>A relay keeps sealed envelopes until your laptops fetch them, wherever they are. Its operator gives you a file for this laptop; it is handed over like a key.</source>
        <translation>中继站保管密封信封，直至您的笔记本电脑取走，无论身在何处。其运营方为本机提供一个文件；该文件须像钥匙一样交付。</translation>
    </message>
    <message>
        <source>Every delegation with which you share a bilateral room gets permission to write to you there. Keep the file where keys are kept, or delete it once it has been used.</source>
        <translation>与您共有双边会议室的每个代表团都将获得在那里向您写信的许可。请将该文件保存在存放密钥之处，或在使用后删除。</translation>
    </message>
    <message>
        <source>Files of a relay (*.valise-relay);;All files (*)</source>
        <translation>中继站文件 (*.valise-relay);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Open the file of a relay</source>
        <translation>打开中继站文件</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file…</source>
        <translation>打开运营方的文件…</translation>
    </message>
    <message>
        <source>Use a relay</source>
        <translation>使用中继站</translation>
    </message>
    <message>
        <source>Use this relay</source>
        <translation>使用此中继站</translation>
    </message>
    <message>
        <source>What its operator calls it, in words of theirs:</source>
        <translation>其运营方所用的名称（运营方原话）：</translation>
    </message>
</context>
<context>
    <name>JointBench</name>
    <message>
        <source>Copied, one name a line: {0}.</source>
        <translation>已复制，每行一个名称：{0}。</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>随下次交换告知会议室全体成员（Ctrl+R可立即交换）。</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the words.</source>
        <translation>这是普通文件：持有者即可阅读其文字。</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>联合声明</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>联合声明和共同提案国名单</translation>
    </message>
    <message>
        <source>Joint statements and lists of co-sponsors (Ctrl+J)</source>
        <translation>联合声明和共同提案国名单 (Ctrl+J)</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>本代表团已联署。</translation>
    </message>
    <message>
        <source>Our delegation&apos;s name is taken back.</source>
        <translation>本代表团的联署已撤回。</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>保存文本</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>剪贴板将在十秒后清空。</translation>
    </message>
    <message>
        <source>The list is closed.</source>
        <translation>名单已截止。</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>完整的散列值已在剪贴板上，保留十秒。</translation>
    </message>
    <message>
        <source>The words are saved. The sha256sum of the file is the hash: {0} …</source>
        <translation>文本已保存。该文件的sha256sum即散列值：{0} …</translation>
    </message>
    <message>
        <source>Who signs on later waits for you to admit it.</source>
        <translation>此后联署者须等待您接纳。</translation>
    </message>
    <message>
        <source>{0} stands on the list.</source>
        <translation>{0}已列入名单。</translation>
    </message>
</context>
<context>
    <name>JointPage</name>
    <message>
        <source>Back to the texts</source>
        <translation>返回案文</translation>
    </message>
    <message>
        <source>Back to the texts (Escape)</source>
        <translation>返回案文 (Escape)</translation>
    </message>
    <message>
        <source>Co-sponsors sign the plain text of this revision. Look at the text in the workbench, or save the revision as a file.</source>
        <translation>共同提案国签署该修订稿的纯文本。请在工作台查看案文，或将修订稿保存为文件。</translation>
    </message>
    <message>
        <source>Joint statements and co-sponsors</source>
        <translation>联合声明和共同提案国</translation>
    </message>
    <message>
        <source>No joint statement yet</source>
        <translation>尚无联合声明</translation>
    </message>
    <message>
        <source>Open a joint statement (Ctrl+N)</source>
        <translation>开放联合声明 (Ctrl+N)</translation>
    </message>
    <message>
        <source>Open a joint statement for the delegations of a room to sign on to, all of them to the same words. A list of co-sponsors is opened beside a revision of a text (Ctrl+Shift+N).</source>
        <translation>开放联合声明，供会议室内各代表团联署，所有代表团联署相同的文本。共同提案国名单在案文的修订稿旁开放 (Ctrl+Shift+N)。</translation>
    </message>
    <message>
        <source>Open a joint statement…</source>
        <translation>开放联合声明…</translation>
    </message>
    <message>
        <source>The text of this revision is not on this laptop, so it cannot be looked at or signed here.</source>
        <translation>该修订稿的文本不在本机上，因此无法在此查看或签署。</translation>
    </message>
    <message>
        <source>This laptop has no right to sign on for the delegation; another officer may have it.</source>
        <translation>本机无权代表代表团联署；另一名官员可能有此权限。</translation>
    </message>
    <message>
        <source>its room</source>
        <translation>其会议室</translation>
    </message>
</context>
<context>
    <name>JourneyDialog</name>
    <message>
        <source>A passphrase for the journey, other than that of this vault</source>
        <translation>出行用的密码短语，须不同于此保险库的密码短语</translation>
    </message>
    <message>
        <source>A vault for a journey</source>
        <translation>出行保险库</translation>
    </message>
    <message>
        <source>Internal room of our delegation</source>
        <translation>本代表团的内部会议室</translation>
    </message>
    <message>
        <source>It holds only the rooms you choose and the contacts concerned. On the travel laptop choose “I have a backup”; that laptop is then admitted for these rooms alone.</source>
        <translation>其中只含您所选的会议室和相关联系对象。请在出行用笔记本电脑上选择“我有备份…”；该电脑随后仅就这些会议室获得接纳。</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>制作</translation>
    </message>
    <message>
        <source>Rooms it takes along</source>
        <translation>随带的会议室</translation>
    </message>
    <message>
        <source>Space takes a room along or leaves it here</source>
        <translation>空格键选择随带或留下会议室</translation>
    </message>
    <message>
        <source>Take the library of agreed language along</source>
        <translation>随带商定措辞文库</translation>
    </message>
    <message>
        <source>With {0}</source>
        <translation>与{0}</translation>
    </message>
    <message>
        <source>Your internal room goes along: instructions, red lines and fallbacks will be on a laptop that crosses borders. Leave it here unless you cannot work without it.</source>
        <translation>将随带您的内部会议室：指示、底线和备用方案将存于跨越边境的笔记本电脑上。除非工作离不开，否则请将其留下。</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Keep this filter</source>
        <translation>保存此筛选</translation>
    </message>
    <message>
        <source>The filter is kept.</source>
        <translation>筛选已保存。</translation>
    </message>
    <message>
        <source>The filter {0} was taken out.</source>
        <translation>筛选{0}已移除。</translation>
    </message>
    <message>
        <source>Under which name?</source>
        <translation>以何名称保存？</translation>
    </message>
</context>
<context>
    <name>KeyFile</name>
    <message>
        <source>Choose the key file…</source>
        <translation>选择密钥文件…</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>密钥文件</translation>
    </message>
    <message>
        <source>Open the key file</source>
        <translation>打开密钥文件</translation>
    </message>
    <message>
        <source>Passphrase of the key file</source>
        <translation>密钥文件的密码短语</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source> or </source>
        <translation>   或   </translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>所有屏幕</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>List of keys</source>
        <translation>快捷键列表</translation>
    </message>
</context>
<context>
    <name>KeysSection</name>
    <message>
        <source>First contact</source>
        <translation>首次联系</translation>
    </message>
    <message>
        <source>Give your newest card to those who have never written to you before.</source>
        <translation>请将您最新的身份卡交给从未给您写过信的各方。</translation>
    </message>
    <message>
        <source>How long replaced keys are kept</source>
        <translation>已更换密钥的保留时间</translation>
    </message>
    <message>
        <source>Makes new keys for first contact now, and new ones for each room when you next send there. Do it after a laptop was out of your sight. It is complete with a delegation once it has answered.</source>
        <translation>立即生成用于首次联系的新密钥，并在您下次向各会议室发送时生成各会议室的新密钥。请在笔记本电脑离开过您的视线之后进行。某一代表团应答之后，与该代表团的更换即告完成。</translation>
    </message>
    <message>
        <source>Move the keys on now</source>
        <translation>立即更换密钥</translation>
    </message>
    <message>
        <source>Older cards still work until {0}. Until then, somebody who takes this laptop and its passphrase can also open first contacts that were sealed to those cards since {1}.</source>
        <translation>较旧的身份卡在{0}之前仍然有效。在此之前，取得本机及其密码短语者，还能打开自{1}以来以这些身份卡密封的首次联系内容。</translation>
    </message>
    <message>
        <source>Rooms move on when you next send there; delegations when they have answered.</source>
        <translation>会议室的密钥在您下次发送时更换；代表团的密钥在其应答后更换。</translation>
    </message>
    <message>
        <source>Somebody uses a card of yours that is too old ({0}).</source>
        <translation>有人在使用您过旧的身份卡 ({0})。</translation>
    </message>
    <message>
        <source>Something sealed to a replaced key may still be under way, so it is kept for a while and then destroyed. Shorter is safer; what comes later than that is asked for again.</source>
        <translation>以已更换的密钥密封的内容可能尚在途中，因此将其保留一段时间，然后销毁。时间越短越安全；更晚到达的内容会重新索取。</translation>
    </message>
    <message>
        <source>The keys for first contact are new.</source>
        <translation>用于首次联系的密钥已更新。</translation>
    </message>
    <message>
        <source>The keys on your card are as they were made with this vault.</source>
        <translation>您身份卡上的密钥仍是随此保险库生成时的密钥。</translation>
    </message>
    <message>
        <source>The keys on your card are of {0}.</source>
        <translation>您身份卡上的密钥生成于{0}。</translation>
    </message>
    <message>
        <source>They are replaced every week, and the day after somebody used them. No older ones are kept.</source>
        <translation>密钥每周更换，并在有人使用后的次日更换。不保留更旧的密钥。</translation>
    </message>
    <message>
        <source>What is sent to this laptop is sealed under two systems together, one of them made to withstand a quantum computer, to a key that is replaced with every answer. A laptop broken into today does not open what was sent before its keys moved on, and heals after one round trip with each delegation.</source>
        <translation>发送到本机的内容同时在两种体系下密封，其中一种旨在抵御量子计算机；所用密钥每次应答后都会更换。今天侵入笔记本电脑，打不开密钥更换之前所发送的内容；与每个代表团往返一次之后，即恢复安全。</translation>
    </message>
    <message>
        <source>What was sealed to it stays closed; its keys were destroyed when their time was over.</source>
        <translation>以其密封的内容不再能打开；其密钥期满时已销毁。</translation>
    </message>
    <message>
        <source>With each delegation</source>
        <translation>与每个代表团</translation>
    </message>
    <message>
        <source>You know no other laptop yet.</source>
        <translation>您尚不知其他笔记本电脑。</translation>
    </message>
</context>
<context>
    <name>Lane</name>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}，{1}</translation>
    </message>
</context>
<context>
    <name>LaptopRow</name>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>May {0}</source>
        <translation>可以{0}</translation>
    </message>
    <message>
        <source>Renew…</source>
        <translation>更新…</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>吊销…</translation>
    </message>
    <message>
        <source>this laptop</source>
        <translation>本机</translation>
    </message>
</context>
<context>
    <name>LaptopsSection</name>
    <message>
        <source>A laptop without an exchange reads it from the identity card, saved under Contacts.</source>
        <translation>不进行交换的笔记本电脑从身份卡读取；身份卡可在“通讯录”中保存。</translation>
    </message>
    <message>
        <source>Admit…</source>
        <translation>接纳…</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase.</source>
        <translation>先前制作的每个密钥文件仍可用其旧密码短语打开。</translation>
    </message>
    <message>
        <source>Give it back, or erase its vault. If this is a mistake, ask to be admitted as a new laptop.</source>
        <translation>请交还本机，或清除其保险库。如属错误，请以新笔记本电脑的身份请求接纳。</translation>
    </message>
    <message>
        <source>Hand over an office…</source>
        <translation>移交职务…</translation>
    </message>
    <message>
        <source>It sends nothing any more and gets nothing. What it holds stays readable here.</source>
        <translation>它不再收发任何内容。其所存内容在此仍可阅读。</translation>
    </message>
    <message>
        <source>Make it and close the root key</source>
        <translation>制作并关闭根密钥</translation>
    </message>
    <message>
        <source>Make them and close the root key</source>
        <translation>制作份额并关闭根密钥</translation>
    </message>
    <message>
        <source>Offices handed over</source>
        <translation>已移交的职务</translation>
    </message>
    <message>
        <source>Open the identity card of your delegation</source>
        <translation>打开本代表团的身份卡</translation>
    </message>
    <message>
        <source>Passed: {0}.</source>
        <translation>已移交：{0}。</translation>
    </message>
    <message>
        <source>Put the key file back where it is locked away.</source>
        <translation>请将密钥文件放回锁存之处。</translation>
    </message>
    <message>
        <source>Read a newer identity card of ours…</source>
        <translation>读取我方较新的身份卡…</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>吊销{0}的笔记本电脑：此后它收不到任何内容。</translation>
    </message>
    <message>
        <source>Save it elsewhere…</source>
        <translation>另存于他处…</translation>
    </message>
    <message>
        <source>Save it…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Save the answer</source>
        <translation>保存答复</translation>
    </message>
    <message>
        <source>Save the new key file</source>
        <translation>保存新密钥文件</translation>
    </message>
    <message>
        <source>Signed: identity card number {0} of your delegation.</source>
        <translation>已签名：本代表团身份卡编号{0}。</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away; then destroy the old key files.</source>
        <translation>请取出U盘并锁好保管；然后销毁旧密钥文件。</translation>
    </message>
    <message>
        <source>The answer is not saved yet.</source>
        <translation>答复尚未保存。</translation>
    </message>
    <message>
        <source>The identity card was read.</source>
        <translation>已读取身份卡。</translation>
    </message>
    <message>
        <source>The new key file is not saved yet.</source>
        <translation>新密钥文件尚未保存。</translation>
    </message>
    <message>
        <source>The new key file is saved as {0}. It opens with the new passphrase.</source>
        <translation>新密钥文件已保存为{0}。用新密码短语打开。</translation>
    </message>
    <message>
        <source>The other laptop is admitted. Carry {0} back to it.</source>
        <translation>另一台笔记本电脑已获接纳。请将{0}带回那台电脑。</translation>
    </message>
    <message>
        <source>These sheets give the root key of your delegation.</source>
        <translation>这些份额纸可得出本代表团的根密钥。</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation.</source>
        <translation>本机已被本代表团吊销。</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are compared with the root key and forgotten; nothing is changed.</source>
        <translation>请按纸上内容输入份额纸。程序将其与根密钥比对后即予清除；不作任何更改。</translation>
    </message>
    <message>
        <source>Until it is, only the old one opens the root key.</source>
        <translation>在保存之前，只有旧文件能打开根密钥。</translation>
    </message>
    <message>
        <source>Without it the other laptop cannot begin.</source>
        <translation>没有答复，另一台笔记本电脑无法开始。</translation>
    </message>
    <message>
        <source>Write the key file anew, under the new passphrase.</source>
        <translation>以新密码短语重新写出密钥文件。</translation>
    </message>
    <message>
        <source>Your counterparts see the change with the next exchange.</source>
        <translation>对应方在下次交换时看到这一变动。</translation>
    </message>
    <message>
        <source>Your counterparts will see it as a new laptop of yours.</source>
        <translation>对应方会将其视为您的一台新笔记本电脑。</translation>
    </message>
    <message>
        <source>share of the root key of {0}, made on {1}</source>
        <translation>{0}根密钥的份额，制作于{1}</translation>
    </message>
    <message>
        <source>{0} to {1}, {2}</source>
        <translation>{0}移交{1}，{2}</translation>
    </message>
</context>
<context>
    <name>LeaveDialog</name>
    <message>
        <source>Leave it</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Leave the relay</source>
        <translation>停用中继站</translation>
    </message>
    <message>
        <source>To come back you need the operator&apos;s file again.</source>
        <translation>如要恢复使用，须再次取得运营方的文件。</translation>
    </message>
    <message>
        <source>Use {0} no longer?</source>
        <translation>不再使用{0}吗？</translation>
    </message>
    <message>
        <source>What waits here is kept: it goes by the folder where one is shared, and else by courier.</source>
        <translation>在此等待的内容予以保留：有共享文件夹时经文件夹传送，否则经信使传送。</translation>
    </message>
    <message>
        <source>Your correspondents are told to use another way; until they have heard it, what they send there waits there.</source>
        <translation>将告知您的通信方改用其他方式；在其获知之前，所发内容会在那里等待。</translation>
    </message>
</context>
<context>
    <name>LeavingDialog</name>
    <message>
        <source>Back to the form</source>
        <translation>返回表单</translation>
    </message>
    <message>
        <source>Everything that leaves</source>
        <translation>将发出的全部内容</translation>
    </message>
    <message>
        <source>Internal notes and tasks do not leave. What was sent cannot be taken back; it can be corrected.</source>
        <translation>内部备注和任务不会发出。已发送的内容无法收回；可以更正。</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>标识为</translation>
    </message>
    <message>
        <source>Nobody may send it on before {0}.</source>
        <translation>在{0}之前，任何人都不得转发。</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>This leaves</source>
        <translation>即将发出</translation>
    </message>
    <message>
        <source>To {0}, sealed for {1}. Nobody else reads it.</source>
        <translation>发给{0}，为{1}密封。其他任何人都读不到。</translation>
    </message>
    <message>
        <source>You took away the sentence that this message attributes nothing to anybody.</source>
        <translation>您删去了关于本消息不归因于任何人的语句。</translation>
    </message>
</context>
<context>
    <name>LibraryScreen</name>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>An import is under way.</source>
        <translation>正在导入。</translation>
    </message>
    <message>
        <source>Choose a paragraph first.</source>
        <translation>请先选择一个段落。</translation>
    </message>
    <message>
        <source>Copied: {0}.</source>
        <translation>已复制：{0}。</translation>
    </message>
    <message>
        <source>Documents</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Enter goes to the passage in its document</source>
        <translation>按Enter前往文件中的该段</translation>
    </message>
    <message>
        <source>Found as written: {0}</source>
        <translation>完全一致：{0}</translation>
    </message>
    <message>
        <source>Found as written: {0}. Much like it: {1}; underlined is what you asked for, struck what stands in the document.</source>
        <translation>完全一致：{0}。相近：{1}；下划线为您所查文字，删除线为文件中的文字。</translation>
    </message>
    <message>
        <source>Import a folder into the library</source>
        <translation>将文件夹导入文库</translation>
    </message>
    <message>
        <source>Import files (Ctrl+N)</source>
        <translation>导入文件 (Ctrl+N)</translation>
    </message>
    <message>
        <source>Import files…</source>
        <translation>导入文件…</translation>
    </message>
    <message>
        <source>Import into the library</source>
        <translation>导入文库</translation>
    </message>
    <message>
        <source>Its words are no longer found here. Your drafts and texts stay as they are; the file it came from is not touched and can be imported again.</source>
        <translation>此后在此不再能找到其文字。您的草稿和案文保持不变；其来源文件不受影响，可重新导入。</translation>
    </message>
    <message>
        <source>Looking for documents…</source>
        <translation>正在查找文件…</translation>
    </message>
    <message>
        <source>No document that can be read is there.</source>
        <translation>那里没有可读取的文件。</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>文库中没有与此相近的文字。</translation>
    </message>
    <message>
        <source>Nothing you type leaves this laptop.</source>
        <translation>您输入的内容不会离开本机。</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>找到的段落</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Take {0} out of the library?</source>
        <translation>将{0}移出文库吗？</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>剪贴板将在十秒后清空。</translation>
    </message>
    <message>
        <source>The library is empty</source>
        <translation>文库是空的</translation>
    </message>
    <message>
        <source>Valise brings no official text with it. Import the documents your delegation works with, for example resolutions and reports as the United Nations publishes them. They stay on this laptop, in the vault, and are found by their words, also while you write. A whole folder: Ctrl+O.</source>
        <translation>Valise不附带任何正式文本。请导入本代表团工作所用的文件，例如联合国发布的决议和报告。这些文件留在本机的保险库中，可按其文字查找，撰写时亦可。导入整个文件夹：Ctrl+O。</translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation>请等待其完成，或先予停止。</translation>
    </message>
    <message>
        <source>What could not be read</source>
        <translation>无法读取的内容</translation>
    </message>
    <message>
        <source>Words of a draft, or A/70/174 13 (f)</source>
        <translation>草稿文字，或A/70/174 13 (f)</translation>
    </message>
    <message>
        <source>{0} is no longer in the library.</source>
        <translation>{0}已不在文库中。</translation>
    </message>
</context>
<context>
    <name>LineEditor</name>
    <message>
        <source>A number, for example 12 or 3.5</source>
        <translation>数字，例如12或3.5</translation>
    </message>
    <message>
        <source>An address as office@example.org</source>
        <translation>地址，格式如office@example.org</translation>
    </message>
</context>
<context>
    <name>Lines</name>
    <message>
        <source>Headings</source>
        <translation>表头</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
</context>
<context>
    <name>LinkEditor</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Go to {0}</source>
        <translation>前往{0}</translation>
    </message>
    <message>
        <source>Something that is not here</source>
        <translation>此处没有的内容</translation>
    </message>
    <message>
        <source>{0}: choose</source>
        <translation>{0}：选择</translation>
    </message>
</context>
<context>
    <name>LongEditor</name>
    <message>
        <source>One on each line</source>
        <translation>每行一项</translation>
    </message>
    <message>
        <source>Too long</source>
        <translation>过长</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Go to Contacts</source>
        <translation>前往通讯录</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏幕</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>交换方式</translation>
    </message>
</context>
<context>
    <name>MarkingChoice</name>
    <message>
        <source>A marking in your delegation&apos;s own words</source>
        <translation>以本代表团自己的措辞作出的标识</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>National marking</source>
        <translation>国家标识</translation>
    </message>
    <message>
        <source>National marking…</source>
        <translation>国家标识…</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>无标识</translation>
    </message>
    <message>
        <source>e.g. AURELIA CONFIDENTIAL</source>
        <translation>例如AURELIA CONFIDENTIAL</translation>
    </message>
</context>
<context>
    <name>MarkingLabel</name>
    <message>
        <source>Marking: {0}</source>
        <translation>标识：{0}</translation>
    </message>
</context>
<context>
    <name>Matches</name>
    <message>
        <source>Enter opens the row</source>
        <translation>按Enter打开该行</translation>
    </message>
    <message>
        <source>Needs that go with this offer: {0}</source>
        <translation>与此提供匹配的需求：{0}</translation>
    </message>
    <message>
        <source>Offers that go with this need: {0}</source>
        <translation>与此需求匹配的提供：{0}</translation>
    </message>
    <message>
        <source>They need a topic in common, and no region or form that says otherwise; the offer has to be open.</source>
        <translation>两者须有共同议题，且区域或形式不相抵触；提供须为开放状态。</translation>
    </message>
    <message>
        <source>What goes together</source>
        <translation>相互匹配</translation>
    </message>
</context>
<context>
    <name>MatrixLook</name>
    <message>
        <source>Matrix</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>More at once (Ctrl+Minus)</source>
        <translation>同时显示更多 (Ctrl+减号)</translation>
    </message>
    <message>
        <source>Nearer (Ctrl+Plus)</source>
        <translation>放大 (Ctrl+加号)</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>存在不同的值</translation>
    </message>
</context>
<context>
    <name>MatrixMap</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Plus shows fewer and larger</source>
        <translation>方向键移动，Enter打开单元格，Ctrl+加号显示较少、较大的部分</translation>
    </message>
    <message>
        <source>The whole matrix</source>
        <translation>整个矩阵</translation>
    </message>
</context>
<context>
    <name>MatrixModel</name>
    <message>
        <source>different values stand</source>
        <translation>有不同值并存</translation>
    </message>
    <message>
        <source>evidence: {0}</source>
        <translation>佐证材料：{0}</translation>
    </message>
    <message>
        <source>nothing said</source>
        <translation>未填写</translation>
    </message>
    <message>
        <source>review due</source>
        <translation>应予审查</translation>
    </message>
    <message>
        <source>{0}, {1}: {2}</source>
        <translation>{0}，{1}：{2}</translation>
    </message>
</context>
<context>
    <name>MatrixTable</name>
    <message>
        <source>Arrows move, Enter opens the cell, Ctrl+Minus shows more at once</source>
        <translation>方向键移动，Enter打开单元格，Ctrl+减号同时显示更多</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>表格角</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>States</source>
        <translation>国家</translation>
    </message>
</context>
<context>
    <name>MembersPane</name>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add a delegation</source>
        <translation>添加代表团</translation>
    </message>
    <message>
        <source>Add {who} to this room?</source>
        <translation>将{who}添加到此会议室吗？</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Every delegation you know is in this room</source>
        <translation>您所知的每个代表团都在此会议室中</translation>
    </message>
    <message>
        <source>It is given everything signed for the record in this room, and what is sent from now on.</source>
        <translation>它将获得此会议室内载入记录的全部签名内容，以及今后发送的内容。</translation>
    </message>
    <message>
        <source>It keeps what it has received and gets nothing that is sent from now on. Everyone sees this.</source>
        <translation>它保留已收到的内容，但收不到今后发送的任何内容。所有成员都会看到这一变动。</translation>
    </message>
    <message>
        <source>Its identity is not verified: compare the safety number first if you can.</source>
        <translation>其身份未经核验：如有可能，请先比对安全号码。</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Members of the room</source>
        <translation>会议室成员</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the chosen delegation</source>
        <translation>移除所选代表团</translation>
    </message>
    <message>
        <source>Remove {who} from this room?</source>
        <translation>将{who}从此会议室移除吗？</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>{who} holds the chair and decides who is in this room.</source>
        <translation>{who}担任主席，决定谁在此会议室中。</translation>
    </message>
</context>
<context>
    <name>MessagesScreen</name>
    <message>
        <source>Rooms</source>
        <translation>会议室</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>话题</translation>
    </message>
</context>
<context>
    <name>MomentEditor</name>
    <message>
        <source>A day and a time as 2026-11-22 14:05, in UTC</source>
        <translation>日期和时间，格式如2026-11-22 14:05，UTC</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>UTC</source>
        <translation>UTC</translation>
    </message>
    <message>
        <source>YYYY-MM-DD HH:MM</source>
        <translation>YYYY-MM-DD HH:MM</translation>
    </message>
    <message>
        <source>{0}: now</source>
        <translation>{0}：现在</translation>
    </message>
</context>
<context>
    <name>MomentField</name>
    <message>
        <source>This is no time: write it like 2026-12-10 18:00.</source>
        <translation>这不是时间：请按此格式填写：2026-12-10 18:00。</translation>
    </message>
    <message>
        <source>{0}, in UTC, for example 2026-12-10 18:00</source>
        <translation>{0}，UTC时间，例如2026-12-10 18:00</translation>
    </message>
</context>
<context>
    <name>MonthGrid</name>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>{0} more</source>
        <translation>另有{0}项</translation>
    </message>
    <message>
        <source>{0}, today</source>
        <translation>{0}，今天</translation>
    </message>
    <message>
        <source>{day}: {what}</source>
        <translation>{day}：{what}</translation>
    </message>
</context>
<context>
    <name>NameEditor</name>
    <message>
        <source>Choose one of the list</source>
        <translation>从列表中选择一项</translation>
    </message>
</context>
<context>
    <name>NamesEditor</name>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Add to {0}</source>
        <translation>添加到{0}</translation>
    </message>
</context>
<context>
    <name>NewKeyFileDialog</name>
    <message>
        <source>A new passphrase for the key file</source>
        <translation>密钥文件的新密码短语</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy each copy once the new one is safe.</source>
        <translation>先前制作的每个密钥文件仍可用其旧密码短语打开。新文件妥善保管后，请销毁每份副本。</translation>
    </message>
    <message>
        <source>Every key file made before still opens with its old passphrase. Destroy the old ones once the new one is safe: the one beside the vault, and each copy on a stick.</source>
        <translation>先前制作的每个密钥文件仍可用其旧密码短语打开。新文件妥善保管后，请销毁旧文件：保险库旁的一份，以及U盘上的每份副本。</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>继续前往根密钥…</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>新密码短语</translation>
    </message>
    <message>
        <source>The delegation&apos;s key is written into a new key file under the new passphrase. The key itself stays the same, so nothing changes for other delegations.</source>
        <translation>以新密码短语将代表团的密钥写入新的密钥文件。密钥本身不变，因此对其他代表团没有任何变化。</translation>
    </message>
    <message>
        <source>The new passphrase again</source>
        <translation>再次输入新密码短语</translation>
    </message>
</context>
<context>
    <name>NewPassphrase</name>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>大写锁定键似已开启。</translation>
    </message>
    <message>
        <source>The same passphrase again</source>
        <translation>再次输入同一密码短语</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>两次输入不一致。</translation>
    </message>
</context>
<context>
    <name>NewRoom</name>
    <message>
        <source>Bilateral</source>
        <translation>双边</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Delegations in the room</source>
        <translation>会议室内的代表团</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>多方</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>内部</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>新建会议室</translation>
    </message>
    <message>
        <source>Not verified in person: {who}. One false identity in a group reads everything in it; compare safety numbers first if you can.</source>
        <translation>未当面核验：{who}。多方会议室中只要有一个虚假身份，就能读到其中一切内容；如有可能，请先比对安全号码。</translation>
    </message>
    <message>
        <source>Open the room</source>
        <translation>开设会议室</translation>
    </message>
    <message>
        <source>Title of the room</source>
        <translation>会议室名称</translation>
    </message>
    <message>
        <source>Title, e.g. Drafting group on points of contact</source>
        <translation>名称，例如：联络人问题起草小组</translation>
    </message>
    <message>
        <source>You know no other delegation yet. Import its card in Contacts first.</source>
        <translation>您尚不知其他代表团。请先在通讯录中导入其身份卡。</translation>
    </message>
</context>
<context>
    <name>News</name>
    <message>
        <source>Show them</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Since I last looked ({0})</source>
        <translation>我上次查看以来 ({0})</translation>
    </message>
    <message>
        <source>Since {0}</source>
        <translation>自{0}以来</translation>
    </message>
</context>
<context>
    <name>Nominating</name>
    <message>
        <source>Addressed to</source>
        <translation>致送对象</translation>
    </message>
    <message>
        <source>Addressed to, as it stands in the sentence (“the Secretariat of …”)</source>
        <translation>致送对象，按其在句中的写法（“……秘书处”）</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>In place of</source>
        <translation>接替</translation>
    </message>
    <message>
        <source>In place of (optional)</source>
        <translation>接替（可选）</translation>
    </message>
    <message>
        <source>It gets the next running number and is entered as sent in the correspondence, with the file.</source>
        <translation>照会将获得下一个流水号，并连同文件在往来公文中登记为已发出。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>Nominate {who}</source>
        <translation>提名{who}</translation>
    </message>
    <message>
        <source>Note verbale</source>
        <translation>普通照会</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Write it…</source>
        <translation>撰写…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>NoteCard</name>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Change this note: {0}</source>
        <translation>更改此备注：{0}</translation>
    </message>
    <message>
        <source>Strike out</source>
        <translation>划去</translation>
    </message>
    <message>
        <source>Strike out this note: {0}</source>
        <translation>划去此备注：{0}</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Close this notice</source>
        <translation>关闭此提示</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>提示</translation>
    </message>
</context>
<context>
    <name>NumbersModel</name>
    <message>
        <source>All words</source>
        <translation>全部词数</translation>
    </message>
    <message>
        <source>As it stands</source>
        <translation>现有案文</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Outside brackets</source>
        <translation>方括号之外</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>修订稿</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>比例</translation>
    </message>
</context>
<context>
    <name>OpenSilence</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>截止日期</translation>
    </message>
    <message>
        <source>Every delegation is told that {0} stands as agreed unless one of them breaks the silence, with its reason, by {1}. The deadline can be extended, not shortened. After it your computer closes the procedure by itself.</source>
        <translation>将告知每个代表团：除非有代表团在{1}之前说明理由、打破默许，否则{0}视为商定。期限可以延长，不能缩短。期满后，您的计算机会自行结束默许程序。</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>启动默许程序</translation>
    </message>
    <message>
        <source>Open the procedure</source>
        <translation>启动默许程序</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>修订稿</translation>
    </message>
    <message>
        <source>Revision to put under silence</source>
        <translation>适用默许程序的修订稿</translation>
    </message>
    <message>
        <source>Silence procedure</source>
        <translation>默许程序</translation>
    </message>
    <message>
        <source>What it covers (may stay empty: the whole revision)</source>
        <translation>范围（可留空：整份修订稿）</translation>
    </message>
    <message>
        <source>What the silence covers</source>
        <translation>默许程序的范围</translation>
    </message>
    <message>
        <source>for example: OP 1 to OP 4</source>
        <translation>例如：OP 1至OP 4</translation>
    </message>
</context>
<context>
    <name>OpenSponsors</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>共同提案国</translation>
    </message>
    <message>
        <source>Everybody in {0} can sign on to this revision and to no other; a later revision needs a list of its own. Opening the list does not sign your own delegation on.</source>
        <translation>{0}的所有成员都可联署这一修订稿，且仅限这一稿；以后的修订稿须另设名单。开放名单并不表示本代表团已联署。</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>开放共同提案国名单</translation>
    </message>
    <message>
        <source>Open the list</source>
        <translation>开放名单</translation>
    </message>
    <message>
        <source>Revision to be co-sponsored</source>
        <translation>供共同提案的修订稿</translation>
    </message>
</context>
<context>
    <name>OpenStatement</name>
    <message>
        <source>Arabic</source>
        <translation>阿拉伯文</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Everybody in {0} reads these words and can sign on to them. They cannot be changed afterwards: other words are a new statement in their place, which everybody signs anew. Opening does not sign your own delegation on.</source>
        <translation>{0}的所有成员都会读到此文本，并可联署。此后文本不能更改：如需不同文本，须以新的声明取代，由各方重新签署。开放并不表示本代表团已联署。</translation>
    </message>
    <message>
        <source>French</source>
        <translation>法文</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>散列值</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>联合声明</translation>
    </message>
    <message>
        <source>Kept in the vault as you type</source>
        <translation>随输入随保存在保险库中</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the statement</source>
        <translation>声明的语言</translation>
    </message>
    <message>
        <source>Names on the old words: {0}; none of them goes along.</source>
        <translation>原文本上的名称：{0}；均不转入新文本。</translation>
    </message>
    <message>
        <source>Open a joint statement</source>
        <translation>开放联合声明</translation>
    </message>
    <message>
        <source>Open for sign-on</source>
        <translation>开放联署</translation>
    </message>
    <message>
        <source>Open other words in its place</source>
        <translation>开放另一文本予以取代</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>会议室</translation>
    </message>
    <message>
        <source>Room whose delegations can sign on</source>
        <translation>供其代表团联署的会议室</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>俄文</translation>
    </message>
    <message>
        <source>Spaces at the ends of lines and empty lines around the words were left out.</source>
        <translation>行末空格及文本前后的空行已略去。</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>西班牙文</translation>
    </message>
    <message>
        <source>Start anew</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>The words as they will be signed</source>
        <translation>将签署的文本</translation>
    </message>
    <message>
        <source>The words of the statement</source>
        <translation>声明文本</translation>
    </message>
    <message>
        <source>The words. Everybody signs them exactly as they stand here.</source>
        <translation>文本。所有代表团均按此处所示原文签署。</translation>
    </message>
    <message>
        <source>This is what will be signed:</source>
        <translation>将签署的内容如下：</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Title of the statement</source>
        <translation>声明标题</translation>
    </message>
    <message>
        <source>What you write is kept in the vault until it is opened.</source>
        <translation>在开放之前，您所写的内容保存在保险库中。</translation>
    </message>
    <message>
        <source>What you wrote before is here again. Look at the language and the date: they are not kept.</source>
        <translation>您先前所写的内容已恢复于此。请查看语言和日期：这两项未保存。</translation>
    </message>
</context>
<context>
    <name>OpenTextDialog</name>
    <message>
        <source>Arabic</source>
        <translation>阿拉伯文</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Comments: {0}, kept as remarks that the room reads.</source>
        <translation>批注：{0}，保留为会议室可读到的评论。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>French</source>
        <translation>法文</translation>
    </message>
    <message>
        <source>From a file</source>
        <translation>取自文件</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Language of the text</source>
        <translation>案文的语言</translation>
    </message>
    <message>
        <source>Open a text</source>
        <translation>开设案文</translation>
    </message>
    <message>
        <source>Open a text for negotiation</source>
        <translation>开设供谈判的案文</translation>
    </message>
    <message>
        <source>Open the text</source>
        <translation>开设案文</translation>
    </message>
    <message>
        <source>Paragraphs found</source>
        <translation>找到的段落</translation>
    </message>
    <message>
        <source>Paragraphs found: {0}.</source>
        <translation>找到的段落：{0}。</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Paste the text. Paragraphs such as “OP 3 bis …” and the notation of brackets are recognised.</source>
        <translation>请粘贴案文。可识别“OP 3 bis …”之类的段落和方括号标注法。</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>阅读</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>已读取：{0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>正在读取{0}…</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>会议室</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>俄文</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>西班牙文</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>文号</translation>
    </message>
    <message>
        <source>The words of the text, pasted</source>
        <translation>粘贴的案文文字</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Title of the text</source>
        <translation>案文标题</translation>
    </message>
    <message>
        <source>Tracked changes: {0}; each becomes a proposal of your delegation.</source>
        <translation>修订标记：{0}；每处均成为本代表团的提案。</translation>
    </message>
    <message>
        <source>What was found is shown here before anything is opened.</source>
        <translation>在开设任何案文之前，所找到的内容显示于此。</translation>
    </message>
    <message>
        <source>Where the words come from</source>
        <translation>文字来源</translation>
    </message>
    <message>
        <source>You will hold the pen. Everybody in the room can read the text and propose.</source>
        <translation>您将执笔。会议室全体成员均可阅读案文并提出提案。</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>可选</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>无法读取{0}。请选择其他文件。</translation>
    </message>
</context>
<context>
    <name>Opening</name>
    <message>
        <source>A list of co-sponsors of this revision is open already.</source>
        <translation>该修订稿的共同提案国名单已经开放。</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Answers by (UTC)</source>
        <translation>答复截止时间 (UTC)</translation>
    </message>
    <message>
        <source>Ask now</source>
        <translation>立即询问</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry</source>
        <translation>请联络人确认其条目</translation>
    </message>
    <message>
        <source>Each delegation is asked alone, and reads the name of the round, the date, and its own entry. Nobody sees who else is asked.</source>
        <translation>每个代表团分别收到询问，可读到轮次名称、日期和自己的条目。谁也看不到还询问了何人。</translation>
    </message>
    <message>
        <source>Everybody in the room is told with the next exchange. Your own delegation has not signed on yet.</source>
        <translation>随下次交换告知会议室全体成员。本代表团尚未联署。</translation>
    </message>
    <message>
        <source>Forum or directory</source>
        <translation>论坛或名录</translation>
    </message>
    <message>
        <source>Forum or directory (optional)</source>
        <translation>论坛或名录（可选）</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Make a room under Messages first (Ctrl+5).</source>
        <translation>请先在“消息”中建立会议室 (Ctrl+5)。</translation>
    </message>
    <message>
        <source>Name of the round</source>
        <translation>轮次名称</translation>
    </message>
    <message>
        <source>Name of the round, as those asked read it</source>
        <translation>轮次名称（被询问方将看到）</translation>
    </message>
    <message>
        <source>None</source>
        <translation>全不选</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>开启一轮联络测试</translation>
    </message>
    <message>
        <source>Round {n}</source>
        <translation>第{n}轮</translation>
    </message>
    <message>
        <source>Sign on…</source>
        <translation>联署…</translation>
    </message>
    <message>
        <source>The list of co-sponsors is open.</source>
        <translation>共同提案国名单已开放。</translation>
    </message>
    <message>
        <source>The statement is open for sign-on.</source>
        <translation>声明已开放联署。</translation>
    </message>
    <message>
        <source>There is no room yet in which delegations could sign on.</source>
        <translation>尚无可供代表团联署的会议室。</translation>
    </message>
    <message>
        <source>This is an exercise</source>
        <translation>这是演习</translation>
    </message>
    <message>
        <source>This is an exercise: every question says so</source>
        <translation>这是演习：每个问题均予注明</translation>
    </message>
    <message>
        <source>Who is asked</source>
        <translation>询问对象</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>我方自己的</translation>
    </message>
    <message>
        <source>real: not in a vault for practice</source>
        <translation>真实条目：不用于练习保险库</translation>
    </message>
    <message>
        <source>superseded or removed</source>
        <translation>已被取代或移除</translation>
    </message>
</context>
<context>
    <name>OutlinePane</name>
    <message>
        <source>Agreed</source>
        <translation>商定</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Filter paragraphs by their words</source>
        <translation>按文字筛选段落</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>我方</translation>
    </message>
    <message>
        <source>No paragraph matches.</source>
        <translation>没有相符的段落。</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>开放</translation>
    </message>
    <message>
        <source>Outline of the text</source>
        <translation>案文大纲</translation>
    </message>
    <message>
        <source>Parked</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>Which paragraphs</source>
        <translation>哪些段落</translation>
    </message>
</context>
<context>
    <name>OverviewScreen</name>
    <message>
        <source>Calendar</source>
        <translation>日历</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>练习</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Views of the overview</source>
        <translation>概览的视图</translation>
    </message>
</context>
<context>
    <name>OwnCard</name>
    <message>
        <source>Custodians…</source>
        <translation>受托方…</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>Handing it over</source>
        <translation>移交方式</translation>
    </message>
    <message>
        <source>Import their card in the same way.</source>
        <translation>以同样方式导入对方的身份卡。</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts yet: a delegation is verified only by comparing with it.</source>
        <translation>尚无任何一方的说法算数：只有经过比对，代表团才算核验。</translation>
    </message>
    <message>
        <source>Our identity card as a QR code</source>
        <translation>以二维码显示的我方身份卡</translation>
    </message>
    <message>
        <source>Our identity card: {who}</source>
        <translation>我方身份卡：{who}</translation>
    </message>
    <message>
        <source>Save our identity card…</source>
        <translation>保存我方身份卡…</translation>
    </message>
    <message>
        <source>Save the card as a file and give it to the other delegation on a stick.</source>
        <translation>将身份卡保存为文件，用U盘交给另一代表团。</translation>
    </message>
    <message>
        <source>The card says who we are and holds only public keys. It may be handed to anybody.</source>
        <translation>身份卡说明我方身份，只含公钥，可以交给任何人。</translation>
    </message>
    <message>
        <source>Then compare: let them take a picture of this code, and take one of theirs,</source>
        <translation>然后比对：请对方为此二维码拍照，您也为对方的二维码拍照，</translation>
    </message>
    <message>
        <source>What changed, and since when</source>
        <translation>变更内容及时间</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>哪些方的说法算数</translation>
    </message>
    <message>
        <source>or press “Verify…” and follow what both screens say.</source>
        <translation>或按“核验…”，并按双方屏幕上的说明操作。</translation>
    </message>
    <message>
        <source>{who}; {needed} have to agree.</source>
        <translation>{who}；须有{needed}方一致。</translation>
    </message>
</context>
<context>
    <name>PartedLine</name>
    <message>
        <source>Keep it</source>
        <translation>保留此行</translation>
    </message>
    <message>
        <source>One laptop took this row out while another changed it. Both are in the history; say which holds.</source>
        <translation>一台笔记本电脑将此行移出，同时另一台更改了此行。两者均在历史记录中；请说明以哪一项为准。</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>移出</translation>
    </message>
</context>
<context>
    <name>PassPenDialog</name>
    <message>
        <source>Choose a delegation…</source>
        <translation>选择代表团…</translation>
    </message>
    <message>
        <source>Delegation that will hold the pen</source>
        <translation>将要执笔的代表团</translation>
    </message>
    <message>
        <source>From then on only {0} changes the text. You can propose like everybody else, and only {0} can give the pen back.</source>
        <translation>此后只有{0}更改案文。您可与其他各方一样提出提案，只有{0}才能交还执笔权。</translation>
    </message>
    <message>
        <source>Keep the pen</source>
        <translation>保留执笔权</translation>
    </message>
    <message>
        <source>Only the pen changes the text; everybody else proposes.</source>
        <translation>只有执笔方更改案文；其他各方均为提案。</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>移交执笔权</translation>
    </message>
    <message>
        <source>Pass the pen to another delegation</source>
        <translation>将执笔权移交另一代表团</translation>
    </message>
    <message>
        <source>You have not verified {0}: compare the safety words first.</source>
        <translation>您尚未核验{0}：请先比对安全词语。</translation>
    </message>
</context>
<context>
    <name>PassagePicker</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Enter inserts the words</source>
        <translation>按Enter插入文字</translation>
    </message>
    <message>
        <source>Insert</source>
        <translation>插入</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>从文库插入</translation>
    </message>
    <message>
        <source>Nothing in the library is like these words.</source>
        <translation>文库中没有与此相近的文字。</translation>
    </message>
    <message>
        <source>Passages found</source>
        <translation>找到的段落</translation>
    </message>
    <message>
        <source>The words go where the cursor is, their source into the reason.</source>
        <translation>文字插入光标处，其来源写入理由。</translation>
    </message>
    <message>
        <source>Words, or a symbol and paragraph: A/70/174 13 (f)</source>
        <translation>字词，或文号和段落：A/70/174 13 (f)</translation>
    </message>
</context>
<context>
    <name>PassingCard</name>
    <message>
        <source>For another laptop or a colleague. No secret goes into the file: no key, no name, no folder, no password of a proxy. Before a file changes anything here you see what it would change.</source>
        <translation>供另一台笔记本电脑或同事使用。任何秘密都不写入文件：没有密钥、名称、文件夹，也没有代理服务器的密码。在文件更改此处任何内容之前，您会看到它将更改什么。</translation>
    </message>
    <message>
        <source>Save the settings</source>
        <translation>保存设置</translation>
    </message>
    <message>
        <source>Save the settings…</source>
        <translation>保存设置…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为{0}</translation>
    </message>
    <message>
        <source>Settings in a file</source>
        <translation>文件中的设置</translation>
    </message>
    <message>
        <source>Settings of Valise ({0})</source>
        <translation>Valise的设置（{0}）</translation>
    </message>
    <message>
        <source>Take settings from a file</source>
        <translation>从文件采用设置</translation>
    </message>
    <message>
        <source>Take settings from a file…</source>
        <translation>从文件采用设置…</translation>
    </message>
</context>
<context>
    <name>PassphraseEntry</name>
    <message>
        <source>Hide the passphrase</source>
        <translation>隐藏密码短语</translation>
    </message>
    <message>
        <source>Show the passphrase</source>
        <translation>显示密码短语</translation>
    </message>
</context>
<context>
    <name>PassphrasePage</name>
    <message>
        <source>It opens the vault on this laptop. It is never stored and never sent.</source>
        <translation>它打开本机上的保险库。它从不被存储，也从不被发送。</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
</context>
<context>
    <name>PenBench</name>
    <message>
        <source>You hold the pen</source>
        <translation>由您执笔</translation>
    </message>
</context>
<context>
    <name>PickDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Choose a paragraph</source>
        <translation>选择段落</translation>
    </message>
    <message>
        <source>Choose a row</source>
        <translation>选择行</translation>
    </message>
    <message>
        <source>Some of its words</source>
        <translation>其中部分字词</translation>
    </message>
    <message>
        <source>There is nothing to choose from yet.</source>
        <translation>尚无可供选择的内容。</translation>
    </message>
    <message>
        <source>What can be chosen</source>
        <translation>可选项</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source> ≈ nearly alike ({0})</source>
        <translation> ≈ 几乎相同 ({0})</translation>
    </message>
    <message>
        <source>As it would read</source>
        <translation>改后行文</translation>
    </message>
    <message>
        <source>Nobody&apos;s words are dropped unsaid.</source>
        <translation>任何一方的文字都不会未经说明即被舍弃。</translation>
    </message>
    <message>
        <source>Other words at this place</source>
        <translation>此处的其他文字</translation>
    </message>
    <message>
        <source>Other words:</source>
        <translation>其他文字：</translation>
    </message>
    <message>
        <source>Place {0}</source>
        <translation>位置{0}</translation>
    </message>
    <message>
        <source>Stays as it is: {0}</source>
        <translation>保持不变：{0}</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>What becomes of each amendment</source>
        <translation>每项修正案的处理结果</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>without these words</source>
        <translation>不含这些文字</translation>
    </message>
    <message>
        <source>{0}  ({1}; {2}){3}</source>
        <translation>{0}  ({1}；{2}){3}</translation>
    </message>
</context>
<context>
    <name>PlacesField</name>
    <message>
        <source>Add an address</source>
        <translation>添加地址</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>Words outside brackets: {0}</source>
        <translation>方括号之外的字数：{0}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>words in brackets</source>
        <translation>方括号内的文字</translation>
    </message>
    <message>
        <source>words outside brackets</source>
        <translation>方括号之外的文字</translation>
    </message>
</context>
<context>
    <name>PracticeBanner</name>
    <message>
        <source>Fictional delegations only. Nothing here is real, and nothing leaves this vault.</source>
        <translation>仅有虚构代表团。此处内容均非真实，也不会离开此保险库。</translation>
    </message>
</context>
<context>
    <name>PracticePage</name>
    <message>
        <source>Nothing here is real and nothing leaves this vault&apos;s folder. Keys, signatures and envelopes are the same as in your own vault.</source>
        <translation>此处内容均非真实，也不会离开此保险库的文件夹。密钥、签名和信封与您自己保险库中的相同。</translation>
    </message>
    <message>
        <source>Practice with fictional delegations</source>
        <translation>与虚构代表团练习</translation>
    </message>
    <message>
        <source>Record of practice</source>
        <translation>练习记录</translation>
    </message>
    <message>
        <source>Save the record</source>
        <translation>保存记录</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>保存记录…</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>已保存为{file}。</translation>
    </message>
    <message>
        <source>What Borovia&apos;s laptop shows for your delegation</source>
        <translation>Borovia的笔记本电脑就本代表团所显示的内容</translation>
    </message>
</context>
<context>
    <name>PractisePage</name>
    <message>
        <source>A passphrase for practice</source>
        <translation>用于练习的密码短语</translation>
    </message>
    <message>
        <source>A vault of its own beside yours, with two invented partners who answer. It takes in no real contact and carries nothing beyond its folder.</source>
        <translation>在您的保险库旁另设一个独立的保险库，有两个会作出应答的虚构伙伴。它不接收真实的联系对象，其内容也不会传出其文件夹。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Making the vault and its partners. This takes a moment on purpose.</source>
        <translation>正在建立保险库及其伙伴。有意设计为需要片刻。</translation>
    </message>
    <message>
        <source>Passphrase of the vault for practice</source>
        <translation>练习保险库的密码短语</translation>
    </message>
    <message>
        <source>Practise</source>
        <translation>练习</translation>
    </message>
    <message>
        <source>Practise with fictional delegations</source>
        <translation>与虚构代表团练习</translation>
    </message>
</context>
<context>
    <name>PreviewDialog</name>
    <message>
        <source>A STIX bundle</source>
        <translation>STIX包</translation>
    </message>
    <message>
        <source>A draft for you to look at. Nothing is sent, and nothing of it is executed. Taken in: {0}; kept out: {1}.</source>
        <translation>供您查看的草稿。不发送任何内容，也不执行其中任何内容。已收入：{0}；未收入：{1}。</translation>
    </message>
    <message>
        <source>Kept out: patterns that name more than one address</source>
        <translation>未收入：含一个以上地址的模式</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>不采用</translation>
    </message>
    <message>
        <source>Make a draft of it</source>
        <translation>据以拟成草稿</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>标识为</translation>
    </message>
    <message>
        <source>To be filled in by you: {0}</source>
        <translation>待您填写：{0}</translation>
    </message>
    <message>
        <source>What the bundle holds</source>
        <translation>包中内容</translation>
    </message>
    <message>
        <source>What this bundle would become</source>
        <translation>此包将转成的内容</translation>
    </message>
</context>
<context>
    <name>ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
</context>
<context>
    <name>ProposalCard</name>
    <message>
        <source>Admit</source>
        <translation>接纳</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>共同提案</translation>
    </message>
    <message>
        <source>Co-sponsor {0}</source>
        <translation>加入{0}的共同提案国</translation>
    </message>
    <message>
        <source>Do not take {0}</source>
        <translation>不采纳{0}</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>保留为备选</translation>
    </message>
    <message>
        <source>Keep {0} as an alternative</source>
        <translation>将{0}保留为备选</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>理由：{0}</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>不采纳</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>评论</translation>
    </message>
    <message>
        <source>Remark to the room on {0}</source>
        <translation>就{0}向会议室提出的评论</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>采纳</translation>
    </message>
    <message>
        <source>Take {0} back into the talks</source>
        <translation>将{0}重新纳入会谈</translation>
    </message>
    <message>
        <source>Take {0} into the text</source>
        <translation>将{0}采纳入案文</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Withdraw {0}</source>
        <translation>撤回{0}</translation>
    </message>
    <message>
        <source>with {0}</source>
        <translation>连同{0}</translation>
    </message>
</context>
<context>
    <name>QShortcut</name>
    <message>
        <source>Backspace</source>
        <translation>Backspace</translation>
    </message>
    <message>
        <source>Ctrl</source>
        <translation>Ctrl</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>向下键</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>向左键</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>向右键</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>Shift</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>向上键</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>It has changed…</source>
        <translation>已变更…</translation>
    </message>
    <message>
        <source>The entry is right</source>
        <translation>条目正确</translation>
    </message>
    <message>
        <source>Wrong contact…</source>
        <translation>联络人有误…</translation>
    </message>
    <message>
        <source>You confirmed it</source>
        <translation>您已确认</translation>
    </message>
    <message>
        <source>You said that it has changed</source>
        <translation>您已说明条目有变更</translation>
    </message>
    <message>
        <source>You said that it is the wrong contact</source>
        <translation>您已说明联络人有误</translation>
    </message>
    <message>
        <source>asked {when}, answer by {due}</source>
        <translation>{when}提问，请在{due}前答复</translation>
    </message>
    <message>
        <source>{told}: {officer}, {when}</source>
        <translation>{told}：{officer}，{when}</translation>
    </message>
    <message>
        <source>{who} asks: is this entry right?</source>
        <translation>{who}询问：此条目是否正确？</translation>
    </message>
</context>
<context>
    <name>ReachView</name>
    <message>
        <source>Contacts: {contacts} · rounds: {rounds}</source>
        <translation>联络人：{contacts} · 轮次：{rounds}</translation>
    </message>
    <message>
        <source>Exercises too</source>
        <translation>包括演习</translation>
    </message>
    <message>
        <source>Nothing to show yet</source>
        <translation>暂无可显示的内容</translation>
    </message>
    <message>
        <source>Once a round was opened, you see here what came of it.</source>
        <translation>开启过一轮测试后，即可在此查看结果。</translation>
    </message>
    <message>
        <source>Reachability by contact and round</source>
        <translation>按联络人和轮次列出的联络畅通情况</translation>
    </message>
    <message>
        <source>The bar is the time to the answer, on a scale from a minute to thirty days on which each step is a multiple of the one before. Hatched: asked outside their hours or on a public holiday there. States stand by name; no order is a ranking. Results of others stay here.</source>
        <translation>横条表示到答复为止的时间，刻度从一分钟到三十天，每一格均为前一格的若干倍。斜线表示在对方工作时间之外或当地公共假日询问。各国按名称排列；任何次序均非排名。他方的结果只留在此处。</translation>
    </message>
</context>
<context>
    <name>ReadingList</name>
    <message>
        <source>Enter goes to the paragraph</source>
        <translation>按Enter前往该段</translation>
    </message>
</context>
<context>
    <name>ReadingPane</name>
    <message>
        <source>Choose a result or a document: it is shown here where it stands.</source>
        <translation>请选择一项结果或一份文件：此处显示其所在位置。</translation>
    </message>
    <message>
        <source>Enter on the first or last line shows more</source>
        <translation>在首行或末行按Enter显示更多</translation>
    </message>
    <message>
        <source>Nothing chosen</source>
        <translation>未选择</translation>
    </message>
    <message>
        <source>Paragraphs of the document</source>
        <translation>文件的段落</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>理由，保留在历史记录中</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>Answered or found out at (UTC)</source>
        <translation>答复或查明时间 (UTC)</translation>
    </message>
    <message>
        <source>Asked at (UTC)</source>
        <translation>询问时间 (UTC)</translation>
    </message>
    <message>
        <source>By which way</source>
        <translation>经由何种方式</translation>
    </message>
    <message>
        <source>It cannot answer before it was asked.</source>
        <translation>答复时间不能早于询问时间。</translation>
    </message>
    <message>
        <source>It stands in the record as your word, told apart from an answer they signed.</source>
        <translation>此内容作为您的记述留存，与对方签名的答复相区别。</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Record an outcome</source>
        <translation>记录结果</translation>
    </message>
    <message>
        <source>Record it</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>备注超过2,000个字符。</translation>
    </message>
    <message>
        <source>What came of asking {who}?</source>
        <translation>询问{who}的结果如何？</translation>
    </message>
</context>
<context>
    <name>RecoverPage</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Change and open</source>
        <translation>更改并打开</translation>
    </message>
    <message>
        <source>New passphrase</source>
        <translation>新密码短语</translation>
    </message>
    <message>
        <source>Open with recovery shares</source>
        <translation>用恢复份额打开</translation>
    </message>
    <message>
        <source>Open, keep the passphrase</source>
        <translation>打开，保留密码短语</translation>
    </message>
    <message>
        <source>The shares open this vault. Choose the passphrase that opens it from now on; the one before opens nothing any more, and no keyring is needed beside it.</source>
        <translation>这些份额可以打开此保险库。请选择今后用于打开它的密码短语；原密码短语不再能打开任何内容，也不再需要密钥环配合。</translation>
    </message>
</context>
<context>
    <name>RegisterList</name>
    <message>
        <source>Enter goes to the rows</source>
        <translation>按Enter前往各行</translation>
    </message>
    <message>
        <source>Find a register</source>
        <translation>查找登记册</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>登记册</translation>
    </message>
</context>
<context>
    <name>RegisterPage</name>
    <message>
        <source>A first row</source>
        <translation>第一行</translation>
    </message>
    <message>
        <source>A further row (Ctrl+N)</source>
        <translation>增加一行 (Ctrl+N)</translation>
    </message>
    <message>
        <source>Further acts</source>
        <translation>更多操作</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>No row belongs here now</source>
        <translation>目前没有属于此处的行</translation>
    </message>
    <message>
        <source>No row passes this filter</source>
        <translation>没有符合此筛选的行</translation>
    </message>
    <message>
        <source>Nothing is in this register yet</source>
        <translation>此登记册中尚无内容</translation>
    </message>
    <message>
        <source>Show every row</source>
        <translation>显示所有行</translation>
    </message>
</context>
<context>
    <name>RegisterTable</name>
    <message>
        <source>Arrows move, Enter opens the row, F2 changes the cell</source>
        <translation>方向键移动，Enter打开该行，F2更改单元格</translation>
    </message>
    <message>
        <source>Corner of the table</source>
        <translation>表格角</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>表头</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
</context>
<context>
    <name>RegistersScreen</name>
    <message>
        <source>Commitments</source>
        <translation>承诺</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>通讯录</translation>
    </message>
</context>
<context>
    <name>RehearseDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Look for the sheets with the name of your delegation on them, or make new ones.</source>
        <translation>请查找写有本代表团名称的份额纸，或制作新的。</translation>
    </message>
    <message>
        <source>Put every sheet back to its keeper.</source>
        <translation>请将每张份额纸交还其保管人。</translation>
    </message>
    <message>
        <source>Rehearse the recovery</source>
        <translation>演练恢复</translation>
    </message>
    <message>
        <source>The day of the rehearsal is kept.</source>
        <translation>演练日期已保存。</translation>
    </message>
    <message>
        <source>These sheets belong to something else.</source>
        <translation>这些份额纸属于别处。</translation>
    </message>
</context>
<context>
    <name>ReleaseCard</name>
    <message>
        <source>Ask to lift the rule</source>
        <translation>请求取消规则</translation>
    </message>
    <message>
        <source>Keep the rule</source>
        <translation>保留规则</translation>
    </message>
    <message>
        <source>Off. No second officer of your delegation has a laptop that may propose amendments.</source>
        <translation>关闭。本代表团没有第二名官员拥有可提出修正案的笔记本电脑。</translation>
    </message>
    <message>
        <source>Off: proposals leave at once.</source>
        <translation>关闭：提案立即发出。</translation>
    </message>
    <message>
        <source>On. You asked to lift it; it is lifted when a second officer asks too.</source>
        <translation>启用。您已请求取消；第二名官员也提出请求后即予取消。</translation>
    </message>
    <message>
        <source>On. {0} asks to lift it; it is lifted when you ask too.</source>
        <translation>启用。{0}请求取消；您也提出请求后即予取消。</translation>
    </message>
    <message>
        <source>On: every proposal waits for a second officer.</source>
        <translation>启用：每项提案都等待第二名官员。</translation>
    </message>
    <message>
        <source>Release by a second officer</source>
        <translation>由第二名官员放行</translation>
    </message>
    <message>
        <source>Wait for a second officer</source>
        <translation>等待第二名官员</translation>
    </message>
    <message>
        <source>With this rule a proposal stays in your delegation until another officer, on another laptop, releases it. It holds for proposals; positions, remarks to the room and what the pen writes leave at once. A laptop that has not heard of the rule yet does not keep it.</source>
        <translation>启用此规则后，提案留在本代表团内，直至另一名官员在另一台笔记本电脑上放行。规则适用于提案；立场、向会议室提出的评论以及执笔方所写内容立即发出。尚未获知此规则的笔记本电脑不会遵循。</translation>
    </message>
</context>
<context>
    <name>ReleaseDialog</name>
    <message>
        <source>A release of Valise</source>
        <translation>Valise 的一个发布版本</translation>
    </message>
    <message>
        <source>Check a package</source>
        <translation>检查软件包</translation>
    </message>
    <message>
        <source>Check a package…</source>
        <translation>检查软件包…</translation>
    </message>
    <message>
        <source>Checksum of {0}: {1}</source>
        <translation>{0} 的校验和：{1}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>From the file {0}</source>
        <translation>来自文件 {0}</translation>
    </message>
    <message>
        <source>Not checked yet. Nothing is installed from here: install only a package that passed.</source>
        <translation>尚未检查。此处不会安装任何内容：只应安装通过检查的软件包。</translation>
    </message>
    <message>
        <source>The package that came with it</source>
        <translation>随附的软件包</translation>
    </message>
    <message>
        <source>The signature holds: it was signed with the key of this program&apos;s publisher, and nothing was changed since.</source>
        <translation>签名有效：由本程序发布者的密钥签署，此后未有任何更改。</translation>
    </message>
    <message>
        <source>This package is exactly the one released: {0}.</source>
        <translation>此软件包与所发布的完全一致：{0}。</translation>
    </message>
    <message>
        <source>Valise {0} of {1}</source>
        <translation>Valise {0}，{1}</translation>
    </message>
    <message>
        <source>What belongs to it and what is said about it</source>
        <translation>所含内容及说明</translation>
    </message>
    <message>
        <source>What belongs to it: name, size and checksum (SHA-256)</source>
        <translation>所含内容：名称、大小和校验和（SHA-256）</translation>
    </message>
    <message>
        <source>What its publisher says about it</source>
        <translation>发布者的说明</translation>
    </message>
    <message>
        <source>{0} did not pass.</source>
        <translation>{0} 未通过检查。</translation>
    </message>
</context>
<context>
    <name>RenewDialog</name>
    <message>
        <source>Change officer or rights</source>
        <translation>更改官员或权利</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>继续前往根密钥…</translation>
    </message>
    <message>
        <source>Its keys stay the same; the term begins anew. Fewer rights hold from now on: what it signed before stands. A laptop you no longer trust is not changed but revoked.</source>
        <translation>其密钥不变；期限重新起算。此后权利较少的，自此生效：先前的签名依然有效。对不再信任的笔记本电脑，不应更改，而应吊销。</translation>
    </message>
    <message>
        <source>Renew the certificate</source>
        <translation>更新证书</translation>
    </message>
</context>
<context>
    <name>ReportPage</name>
    <message>
        <source>A police or judicial matter: mutual legal assistance, extradition, evidence for a court</source>
        <translation>警务或司法事项：司法协助、引渡、供法院使用的证据</translation>
    </message>
    <message>
        <source>Agreed</source>
        <translation>商定</translation>
    </message>
    <message>
        <source>An ICT incident between States</source>
        <translation>国家间的信通技术事件</translation>
    </message>
    <message>
        <source>And {0} more: the command valise verify shows them all.</source>
        <translation>以及另外{0}项：valise verify命令可全部显示。</translation>
    </message>
    <message>
        <source>Attach a file</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>附加文件…</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Certified from {0} to {1}.</source>
        <translation>认证期自{0}至{1}。</translation>
    </message>
    <message>
        <source>Checkpoint with both signature algorithms: everything up to {0}.</source>
        <translation>使用两种签名算法的核对点：截至{0}的全部内容。</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Confirmed by {0}.</source>
        <translation>由{0}确认。</translation>
    </message>
    <message>
        <source>Contradicted by {0}.</source>
        <translation>与{0}相矛盾。</translation>
    </message>
    <message>
        <source>Drop the draft</source>
        <translation>放弃草稿</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>条目</translation>
    </message>
    <message>
        <source>Everybody in this room reads it: {0}. TLP:RED is not for a group.</source>
        <translation>此会议室的全体成员都会读到：{0}。TLP:RED不适用于多方会议室。</translation>
    </message>
    <message>
        <source>Everything required is filled in. What you write is kept in the vault.</source>
        <translation>必填内容均已填写。您所写的内容保存在保险库中。</translation>
    </message>
    <message>
        <source>Files are sealed for one room: attach them again for this one.</source>
        <translation>文件只为一个会议室密封：请为此会议室重新附加。</translation>
    </message>
    <message>
        <source>Fill in: {0}</source>
        <translation>请填写：{0}</translation>
    </message>
    <message>
        <source>Filled in by the delegations that answer.</source>
        <translation>由答复的代表团填写。</translation>
    </message>
    <message>
        <source>Filled in by you when it is over.</source>
        <translation>由您在事件了结后填写。</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>Laptop of</source>
        <translation>笔记本电脑属于</translation>
    </message>
    <message>
        <source>Look at what leaves and to whom; nothing is sent before (Ctrl+Enter)</source>
        <translation>查看将发出的内容及接收方；在此之前不发送任何内容 (Ctrl+Enter)</translation>
    </message>
    <message>
        <source>Look at what leaves…</source>
        <translation>查看将发出的内容…</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Messages for the record: {0}.</source>
        <translation>载入记录的消息：{0}。</translation>
    </message>
    <message>
        <source>No longer members</source>
        <translation>已不是成员</translation>
    </message>
    <message>
        <source>Not to be sent on to others before (embargo)</source>
        <translation>在此之前不得转发给他方（禁止披露）</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>只有{0}会读到。</translation>
    </message>
    <message>
        <source>Own archive of an internal room: not to be handed to anybody.</source>
        <translation>内部会议室的自存档案：不得交给任何人。</translation>
    </message>
    <message>
        <source>Report an incident or ask for help</source>
        <translation>通报事件或请求帮助</translation>
    </message>
    <message>
        <source>Result of the check</source>
        <translation>检查结果</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>修订稿</translation>
    </message>
    <message>
        <source>Revoked {0}.</source>
        <translation>{0}吊销。</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>会议室</translation>
    </message>
    <message>
        <source>Room in which it is reported; everybody in it reads it</source>
        <translation>在哪个会议室通报；其中全体成员都会读到</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 of its words</source>
        <translation>其文字的SHA-256</translation>
    </message>
    <message>
        <source>SHA-256 that is signed on to</source>
        <translation>所联署的SHA-256</translation>
    </message>
    <message>
        <source>Say what is observed, not who did it. Use is voluntary: only what is marked as required must be filled in. All times are UTC.</source>
        <translation>请说明观察到了什么，而非何人所为。使用与否出于自愿：只须填写标为必填的内容。所有时间均为UTC。</translation>
    </message>
    <message>
        <source>Still required: {0}</source>
        <translation>仍须填写：{0}</translation>
    </message>
    <message>
        <source>Such matters keep their own channels and are not sent here. Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau.</source>
        <translation>此类事项有其自身渠道，不在此发送。请使用贵国负责司法协助的中央机关、所适用条约的24/7网络，或通过贵国国家中心局联系国际刑警组织。</translation>
    </message>
    <message>
        <source>The time of the embargo cannot be understood: write it like 2026-12-10 18:00.</source>
        <translation>无法理解禁止披露的时间：请按此格式填写：2026-12-10 18:00。</translation>
    </message>
    <message>
        <source>There is no room with another delegation yet. Make one under Messages (Ctrl+5).</source>
        <translation>尚无与另一代表团共有的会议室。请在“消息”中建立 (Ctrl+5)。</translation>
    </message>
    <message>
        <source>This is the first entry that does not hold; others may follow.</source>
        <translation>这是第一个不成立的条目；其后可能还有。</translation>
    </message>
    <message>
        <source>This matter is not sent here: use the channel named above.</source>
        <translation>此事项不在此发送：请使用上述渠道。</translation>
    </message>
    <message>
        <source>To whom?</source>
        <translation>发给何方？</translation>
    </message>
    <message>
        <source>Two histories at {0}: {1}</source>
        <translation>{0}处有两份历史记录：{1}</translation>
    </message>
    <message>
        <source>What is it about?</source>
        <translation>涉及何事？</translation>
    </message>
    <message>
        <source>What is not proved</source>
        <translation>未证明的内容</translation>
    </message>
    <message>
        <source>What is proved</source>
        <translation>已证明的内容</translation>
    </message>
    <message>
        <source>What verifies and still has to be known</source>
        <translation>已通过验证但仍须知悉的内容</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>写出方</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无人</translation>
    </message>
    <message>
        <source>{0} is NOT sound. Do not rely on it.</source>
        <translation>{0}不可靠。请勿信赖。</translation>
    </message>
    <message>
        <source>{0} is sound: every entry verifies.</source>
        <translation>{0}可靠：每个条目均通过验证。</translation>
    </message>
</context>
<context>
    <name>RequestPage</name>
    <message>
        <source>Ask to be admitted</source>
        <translation>请求接纳</translation>
    </message>
    <message>
        <source>Back here: unlock Valise with your passphrase and open the answer.</source>
        <translation>回到此处：用您的密码短语解锁Valise，打开答复。</translation>
    </message>
    <message>
        <source>On the first laptop: Security, “Our laptops”, Admit…, open the request, compare the code, save the answer.</source>
        <translation>在第一台笔记本电脑上：打开“安全”、“我方笔记本电脑”、“接纳…”，打开请求，比对核对码，保存答复。</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>保存请求</translation>
    </message>
    <message>
        <source>Save the request on a stick. It holds no secret.</source>
        <translation>将请求保存到U盘。其中没有秘密。</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>保存请求…</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已保存为{0}</translation>
    </message>
    <message>
        <source>Your delegation&apos;s first laptop decides what this one may do.</source>
        <translation>由本代表团的第一台笔记本电脑决定本机的权限。</translation>
    </message>
</context>
<context>
    <name>RequestPart</name>
    <message>
        <source>Choose the request…</source>
        <translation>选择请求…</translation>
    </message>
    <message>
        <source>If they differ, do not go on: the request was exchanged on its way. Carry it yourself.</source>
        <translation>如不一致，请勿继续：请求在途中已被调换。请亲自携带。</translation>
    </message>
    <message>
        <source>Open the request</source>
        <translation>打开请求</translation>
    </message>
    <message>
        <source>Read this code aloud; the other laptop shows its own. They must be the same.</source>
        <translation>请朗读此核对码；另一台笔记本电脑显示自己的核对码。两者必须相同。</translation>
    </message>
    <message>
        <source>The codes are the same</source>
        <translation>核对码相同</translation>
    </message>
</context>
<context>
    <name>RestorePage</name>
    <message>
        <source>A passphrase for this laptop</source>
        <translation>本机的密码短语</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Everything in the backup can be read at once. This becomes a new laptop of your delegation: it sends nothing before it is admitted, and the old one can be revoked in the same step.</source>
        <translation>备份中的所有内容立即可读。本机将成为本代表团的一台新笔记本电脑：在获得接纳之前不发送任何内容，并可在同一步骤中吊销旧的那台。</translation>
    </message>
    <message>
        <source>From a backup</source>
        <translation>从备份恢复</translation>
    </message>
    <message>
        <source>Passphrase of the backup</source>
        <translation>备份的密码短语</translation>
    </message>
    <message>
        <source>Reading and proving everything that was signed. Nothing is believed because it is in a backup.</source>
        <translation>正在读取并验证所有经过签名的内容。不因内容在备份中就予以采信。</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>The new vault opens with the same passphrase; it can be changed afterwards.</source>
        <translation>新保险库用同一密码短语打开；以后可以更改。</translation>
    </message>
</context>
<context>
    <name>RestoredCard</name>
    <message>
        <source>A vault for a journey</source>
        <translation>出行保险库</translation>
    </message>
    <message>
        <source>Admit it with the key file…</source>
        <translation>用密钥文件接纳…</translation>
    </message>
    <message>
        <source>Check code, read aloud: both laptops show the same</source>
        <translation>核对码，请朗读：两台笔记本电脑所示相同</translation>
    </message>
    <message>
        <source>If another laptop of yours is in use, let it admit this one:</source>
        <translation>如您有另一台笔记本电脑在使用，请由其接纳本机：</translation>
    </message>
    <message>
        <source>If it was your only one, admit this laptop here:</source>
        <translation>如这是您唯一的一台，请在此接纳本机：</translation>
    </message>
    <message>
        <source>It is for: {0}.</source>
        <translation>接收方：{0}。</translation>
    </message>
    <message>
        <source>Open the answer</source>
        <translation>打开答复</translation>
    </message>
    <message>
        <source>Open the answer…</source>
        <translation>打开答复…</translation>
    </message>
    <message>
        <source>Restored from a backup</source>
        <translation>已从备份恢复</translation>
    </message>
    <message>
        <source>Save the identity card</source>
        <translation>保存身份卡</translation>
    </message>
    <message>
        <source>Save the new identity card…</source>
        <translation>保存新身份卡…</translation>
    </message>
    <message>
        <source>Save the request</source>
        <translation>保存请求</translation>
    </message>
    <message>
        <source>Save the request…</source>
        <translation>保存请求…</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and is admitted. Hand its new identity card to every delegation: they send nothing to it, and cannot read what it sends, before they have looked at it.</source>
        <translation>本机由{0}的备份生成，已获接纳。请将其新身份卡交给每个代表团：在其查看之前，不会向本机发送任何内容，也无法阅读本机发送的内容。</translation>
    </message>
    <message>
        <source>This laptop was made from a backup of {0} and waits to be admitted. You can read everything; nothing is sent or fetched before that.</source>
        <translation>本机由{0}的备份生成，正等待接纳。您可以阅读一切内容；在此之前不收发任何内容。</translation>
    </message>
    <message>
        <source>What was said for the record since the backup comes back from the other delegations.</source>
        <translation>自备份以来载入记录的内容，将从其他代表团处取回。</translation>
    </message>
</context>
<context>
    <name>ReturnDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>It does not leave. Your delegation reads the reason; nobody else does.</source>
        <translation>草稿不发出。本代表团会读到理由；其他任何人都读不到。</translation>
    </message>
    <message>
        <source>Reason, for your delegation only</source>
        <translation>理由，仅供本代表团</translation>
    </message>
    <message>
        <source>Return it</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>退回草稿</translation>
    </message>
    <message>
        <source>Return the draft to {0}</source>
        <translation>将草稿退回{0}</translation>
    </message>
</context>
<context>
    <name>ReturnedDialog</name>
    <message>
        <source>A file comes back</source>
        <translation>返回的文件</translation>
    </message>
    <message>
        <source>A file of this text comes back</source>
        <translation>读入本案文的返回文件</translation>
    </message>
    <message>
        <source>Author in the file: {0}.</source>
        <translation>文件中的作者：{0}。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cannot be proposed: {0}; each says why.</source>
        <translation>无法提出：{0}；各自注明原因。</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>已复制。</translation>
    </message>
    <message>
        <source>Copy the words</source>
        <translation>复制措辞</translation>
    </message>
    <message>
        <source>New first paragraph</source>
        <translation>新的第一段</translation>
    </message>
    <message>
        <source>New paragraph after {0}</source>
        <translation>{0}之后的新段落</translation>
    </message>
    <message>
        <source>No author in the file: typed over.</source>
        <translation>文件中无作者：直接改写。</translation>
    </message>
    <message>
        <source>Propose</source>
        <translation>提出</translation>
    </message>
    <message>
        <source>Propose what is ticked (Ctrl+Enter in the list)</source>
        <translation>提出已勾选的内容（在列表中按Ctrl+Enter）</translation>
    </message>
    <message>
        <source>Read against the text as it stands.</source>
        <translation>已与现有案文对照读取。</translation>
    </message>
    <message>
        <source>Read against {0}, which it changes least.</source>
        <translation>已与{0}对照读取，与其差别最小。</translation>
    </message>
    <message>
        <source>Read it again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Read: {0}</source>
        <translation>已读取：{0}</translation>
    </message>
    <message>
        <source>Reading {0}…</source>
        <translation>正在读取{0}…</translation>
    </message>
    <message>
        <source>Remark on {0}</source>
        <translation>对{0}的评论</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stopped. Choose a file, or drop it here.</source>
        <translation>已停止。请选择文件，或拖放到此处。</translation>
    </message>
    <message>
        <source>The clipboard is emptied in ten seconds.</source>
        <translation>剪贴板将在十秒后清空。</translation>
    </message>
    <message>
        <source>This file changes nothing.</source>
        <translation>此文件未作任何更改。</translation>
    </message>
    <message>
        <source>Tick all</source>
        <translation>全部勾选</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>全不勾选</translation>
    </message>
    <message>
        <source>What the file changes</source>
        <translation>文件作出的更改</translation>
    </message>
    <message>
        <source>What was changed in it, tracked or typed over, is shown here. What you leave ticked becomes proposals of your delegation; nothing else of the file leaves this laptop.</source>
        <translation>文件中所作的更改，无论是修订标记还是直接改写，均显示于此。您保留勾选的内容成为本代表团的提案；文件的其他内容不会离开本机。</translation>
    </message>
    <message>
        <source>a paragraph</source>
        <translation>某一段落</translation>
    </message>
    <message>
        <source>{0} could not be read. Choose another file.</source>
        <translation>无法读取{0}。请选择其他文件。</translation>
    </message>
    <message>
        <source>{0}: delete the paragraph</source>
        <translation>{0}：删除该段</translation>
    </message>
    <message>
        <source>{0}: move after {1}</source>
        <translation>{0}：移至{1}之后</translation>
    </message>
    <message>
        <source>{0}: move to the start</source>
        <translation>{0}：移至开头</translation>
    </message>
    <message>
        <source>{0}: other words</source>
        <translation>{0}：改换措辞</translation>
    </message>
</context>
<context>
    <name>RevisionDialog</name>
    <message>
        <source>Amendments still open: {0}. They stay in the text as brackets.</source>
        <translation>仍未决的修正案：{0}。它们以方括号形式留在案文中。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Every delegation computes the hash of this text for itself and tells the others that it found the same.</source>
        <translation>每个代表团自行计算此案文的散列值，并告知其他代表团结果相同。</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Freeze the text as a revision</source>
        <translation>将案文冻结为修订稿</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>新修订稿</translation>
    </message>
    <message>
        <source>Symbol</source>
        <translation>文号</translation>
    </message>
    <message>
        <source>Symbol of the revision</source>
        <translation>修订稿的文号</translation>
    </message>
    <message>
        <source>{0} is frozen. Its hash begins:</source>
        <translation>{0}已冻结。其散列值开头为：</translation>
    </message>
</context>
<context>
    <name>RevisionsPane</name>
    <message>
        <source>Co-sponsors…</source>
        <translation>共同提案国…</translation>
    </message>
    <message>
        <source>Computed something else: {0}</source>
        <translation>计算结果不同：{0}</translation>
    </message>
    <message>
        <source>Computed the same: {0}</source>
        <translation>计算结果相同：{0}</translation>
    </message>
    <message>
        <source>Copy the whole hash</source>
        <translation>复制完整散列值</translation>
    </message>
    <message>
        <source>Copy the whole hash of {0}</source>
        <translation>复制{0}的完整散列值</translation>
    </message>
    <message>
        <source>Hash of the text: {0}</source>
        <translation>案文的散列值：{0}</translation>
    </message>
    <message>
        <source>No revision yet</source>
        <translation>尚无修订稿</translation>
    </message>
    <message>
        <source>Nobody has confirmed the hash yet.</source>
        <translation>尚无人确认散列值。</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors for {0}</source>
        <translation>为{0}开放共同提案国名单</translation>
    </message>
    <message>
        <source>Put under silence…</source>
        <translation>适用默许程序…</translation>
    </message>
    <message>
        <source>Put {0} under silence</source>
        <translation>对{0}适用默许程序</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>修订稿</translation>
    </message>
    <message>
        <source>SHA-256 of the plain text file</source>
        <translation>纯文本文件的SHA-256</translation>
    </message>
    <message>
        <source>Silence until {0}: {1}</source>
        <translation>默许至{0}：{1}</translation>
    </message>
    <message>
        <source>The pen-holder freezes the text as a revision when delegations may refer to it. Everybody computes the same hash.</source>
        <translation>各代表团可以引用案文时，执笔方将其冻结为修订稿。各方计算出相同的散列值。</translation>
    </message>
    <message>
        <source>This computer computes another text than the pen-holder signed. Do not rely on this revision; compare the hash by telephone.</source>
        <translation>本计算机计算出的案文与执笔方所签署的不同。请勿信赖此修订稿；请通过电话比对散列值。</translation>
    </message>
</context>
<context>
    <name>RevokeDialog</name>
    <message>
        <source>As soon as the relay confirms, it takes nothing more with this permission. What it holds already still comes.</source>
        <translation>一经中继站确认，便不再凭此许可接收任何内容。其已收存的内容仍会到达。</translation>
    </message>
    <message>
        <source>From the next exchange on nobody seals anything for it, and nothing it sends is taken. What it signed before stands. This cannot be taken back: a laptop that is found again asks to be admitted anew.</source>
        <translation>自下次交换起，任何一方都不再为其密封内容，也不再接受其发送的任何内容。其先前的签名依然有效。此操作无法收回：重新找到的笔记本电脑须重新请求接纳。</translation>
    </message>
    <message>
        <source>Go on to the root key…</source>
        <translation>继续前往根密钥…</translation>
    </message>
    <message>
        <source>Revoke a laptop</source>
        <translation>吊销笔记本电脑</translation>
    </message>
    <message>
        <source>Revoke a permission</source>
        <translation>吊销许可</translation>
    </message>
    <message>
        <source>Revoke it</source>
        <translation>吊销</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}</source>
        <translation>吊销{0}的笔记本电脑</translation>
    </message>
    <message>
        <source>Take the permission of {0} back?</source>
        <translation>收回{0}的许可吗？</translation>
    </message>
    <message>
        <source>The delegation reaches you by the folder or by courier meanwhile.</source>
        <translation>在此期间，该代表团可通过文件夹或信使与您联络。</translation>
    </message>
    <message>
        <source>This cannot be undone; you can give a new permission at any time.</source>
        <translation>此操作无法撤销；您可以随时给予新的许可。</translation>
    </message>
    <message>
        <source>What it still holds can be read by whoever has it and its passphrase. If it was lost unlocked, tell your counterparts.</source>
        <translation>其中仍存的内容，凡持有该电脑及其密码短语者均可阅读。如其丢失时未锁定，请告知对应方。</translation>
    </message>
    <message>
        <source>Why? This stays on this laptop.</source>
        <translation>原因是什么？此内容只留在本机。</translation>
    </message>
</context>
<context>
    <name>RootCard</name>
    <message>
        <source>1. Copy the key file to a stick…</source>
        <translation>1. 将密钥文件复制到U盘…</translation>
    </message>
    <message>
        <source>2. Remove it here</source>
        <translation>2. 从此处移除</translation>
    </message>
    <message>
        <source>A disk may keep traces of removed files; the file was sealed under its passphrase all the time.</source>
        <translation>磁盘可能留有已移除文件的痕迹；该文件始终以其密码短语密封。</translation>
    </message>
    <message>
        <source>Copied to {0} and read back: it is the same.</source>
        <translation>已复制到{0}并读回：内容相同。</translation>
    </message>
    <message>
        <source>Copy the key file to a stick</source>
        <translation>将密钥文件复制到U盘</translation>
    </message>
    <message>
        <source>It says which laptops are yours, and nothing else. It belongs on a stick in a safe and is opened only to admit, renew or revoke a laptop.</source>
        <translation>它说明哪些笔记本电脑属于您，别无其他。应存于U盘并放入保险柜，只在接纳、更新或吊销笔记本电脑时打开。</translation>
    </message>
    <message>
        <source>Its key file is not on this laptop.</source>
        <translation>其密钥文件不在本机上。</translation>
    </message>
    <message>
        <source>Its key file still lies beside the vault: whoever takes this laptop takes both. Move it to a stick now.</source>
        <translation>其密钥文件仍在保险库旁：取走本机者即同时取走两者。请立即移到U盘。</translation>
    </message>
    <message>
        <source>Make a second copy for another safe if you like, then remove it here.</source>
        <translation>如有需要，可再制作一份副本存入另一个保险柜，然后从此处移除。</translation>
    </message>
    <message>
        <source>Make recovery shares…</source>
        <translation>制作恢复份额…</translation>
    </message>
    <message>
        <source>New passphrase for the key file…</source>
        <translation>密钥文件的新密码短语…</translation>
    </message>
    <message>
        <source>No recovery shares can be made of it: this delegation was founded by the first version. Keep two copies of the key file in two safes.</source>
        <translation>无法制作其恢复份额：本代表团是用第一个版本建立的。请将密钥文件的两份副本分别保管在两个保险柜中。</translation>
    </message>
    <message>
        <source>No recovery shares were made here. If file or passphrase is lost, no laptop can be admitted or revoked.</source>
        <translation>未在此制作恢复份额。如文件或密码短语丢失，就不能接纳或吊销任何笔记本电脑。</translation>
    </message>
    <message>
        <source>Rehearse the recovery…</source>
        <translation>演练恢复…</translation>
    </message>
    <message>
        <source>Take the stick out and lock it away. Make recovery shares if there are none.</source>
        <translation>请取出U盘并锁好保管。如尚无恢复份额，请予制作。</translation>
    </message>
    <message>
        <source>The delegation&apos;s root key</source>
        <translation>代表团的根密钥</translation>
    </message>
    <message>
        <source>The key file is no longer beside the vault.</source>
        <translation>密钥文件已不在保险库旁。</translation>
    </message>
</context>
<context>
    <name>RoundModel</name>
    <message>
        <source>Answered, their clock</source>
        <translation>答复时间（对方时钟）</translation>
    </message>
    <message>
        <source>Asked, time there</source>
        <translation>询问时间（当地）</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>时延</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>联络人</translation>
    </message>
    <message>
        <source>Received, our clock</source>
        <translation>收到时间（我方时钟）</translation>
    </message>
    <message>
        <source>State</source>
        <translation>国家</translation>
    </message>
</context>
<context>
    <name>RoundsView</name>
    <message>
        <source>A round asks points of contact to confirm their entry, and nothing else. Every six months is usual.</source>
        <translation>一轮测试只请联络人确认其条目，别无其他。通常每六个月一次。</translation>
    </message>
    <message>
        <source>Close the round</source>
        <translation>结束本轮</translation>
    </message>
    <message>
        <source>Close the round…</source>
        <translation>结束本轮…</translation>
    </message>
    <message>
        <source>Close this round?</source>
        <translation>结束本轮吗？</translation>
    </message>
    <message>
        <source>Contacts of the round</source>
        <translation>本轮的联络人</translation>
    </message>
    <message>
        <source>For one State only</source>
        <translation>仅限一个国家</translation>
    </message>
    <message>
        <source>Last confirmed: {when}</source>
        <translation>最近确认：{when}</translation>
    </message>
    <message>
        <source>Latency is taken from the signed times, and the time of an answer is that of their clock. That a question was delivered or read is no answer.</source>
        <translation>时延取自经签名的时间，答复时间以对方时钟为准。问题已送达或已被阅读，不算答复。</translation>
    </message>
    <message>
        <source>No round yet</source>
        <translation>尚无轮次</translation>
    </message>
    <message>
        <source>Note as confirmed…</source>
        <translation>记为已确认…</translation>
    </message>
    <message>
        <source>Open a round…</source>
        <translation>开启一轮…</translation>
    </message>
    <message>
        <source>Opened {when} by {who}</source>
        <translation>{who}于{when}开启</translation>
    </message>
    <message>
        <source>Pages (PDF)…</source>
        <translation>页面 (PDF)…</translation>
    </message>
    <message>
        <source>Record an outcome…</source>
        <translation>记录结果…</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Round</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Round: {title}</source>
        <translation>轮次：{title}</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Show the entry</source>
        <translation>显示条目</translation>
    </message>
    <message>
        <source>Table (CSV)…</source>
        <translation>表格 (CSV)…</translation>
    </message>
    <message>
        <source>Take into the entry…</source>
        <translation>纳入条目…</translation>
    </message>
    <message>
        <source>Take it</source>
        <translation>纳入</translation>
    </message>
    <message>
        <source>Take the correction…</source>
        <translation>采用更正内容…</translation>
    </message>
    <message>
        <source>Take this into the entry of {who}?</source>
        <translation>将此内容纳入{who}的条目吗？</translation>
    </message>
    <message>
        <source>Taken into the entry</source>
        <translation>已纳入条目</translation>
    </message>
    <message>
        <source>Taken into the entry.</source>
        <translation>已纳入条目。</translation>
    </message>
    <message>
        <source>Who has not answered is noted as “no reply”. An answer that comes later still counts, as late if it was.</source>
        <translation>未答复者记为“无答复”。此后到达的答复仍予计入，逾期的按逾期计。</translation>
    </message>
</context>
<context>
    <name>RowForm</name>
    <message>
        <source>Evidence and links</source>
        <translation>佐证材料和链接</translation>
    </message>
    <message>
        <source>Fields of the row</source>
        <translation>该行的字段</translation>
    </message>
    <message>
        <source>Further</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Internal to our delegation</source>
        <translation>本代表团内部</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>必需</translation>
    </message>
    <message>
        <source>Written by the program</source>
        <translation>由程序填写</translation>
    </message>
    <message>
        <source>{0} is changed only together with: {1}</source>
        <translation>更改{0}时须一并更改：{1}</translation>
    </message>
    <message>
        <source>{0} is needed.</source>
        <translation>须填写{0}。</translation>
    </message>
    <message>
        <source>{0} is new, but {1} is still {2}. Change it, or keep again if it holds.</source>
        <translation>{0}是新的，但{1}仍为{2}。请予更改；如仍适用，请再次保存。</translation>
    </message>
    <message>
        <source>{0}: nothing said yet</source>
        <translation>{0}：尚无表述</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>RowPage</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>Back to the rows (Escape)</source>
        <translation>返回各行 (Escape)</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>继续撰写</translation>
    </message>
    <message>
        <source>History of the row (Ctrl+Shift+H)</source>
        <translation>此行的历史记录 (Ctrl+Shift+H)</translation>
    </message>
    <message>
        <source>It is no longer shown among the rows and in no export. Its values and history stay; it can be put back.</source>
        <translation>此行不再显示在各行之中，也不列入任何导出。其值和历史记录保留；可以放回。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keep what was changed (Ctrl+S)</source>
        <translation>保存更改 (Ctrl+S)</translation>
    </message>
    <message>
        <source>Kept.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>Last changed by {0} · {1}</source>
        <translation>最近由{0}更改 · {1}</translation>
    </message>
    <message>
        <source>Leave it for later</source>
        <translation>留待以后</translation>
    </message>
    <message>
        <source>New: {0}</source>
        <translation>新增：{0}</translation>
    </message>
    <message>
        <source>Not kept yet.</source>
        <translation>尚未保存。</translation>
    </message>
    <message>
        <source>Nothing written yet</source>
        <translation>尚未填写</translation>
    </message>
    <message>
        <source>Put back</source>
        <translation>放回</translation>
    </message>
    <message>
        <source>Settled.</source>
        <translation>已解决。</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Take out…</source>
        <translation>移出…</translation>
    </message>
    <message>
        <source>Take this row out?</source>
        <translation>移出此行吗？</translation>
    </message>
    <message>
        <source>The row is kept.</source>
        <translation>该行已保存。</translation>
    </message>
    <message>
        <source>The row stands again.</source>
        <translation>该行已恢复。</translation>
    </message>
    <message>
        <source>The row was taken out.</source>
        <translation>该行已移出。</translation>
    </message>
    <message>
        <source>Throw it away</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Undo the last change of your delegation in this row (Ctrl+Z)</source>
        <translation>撤销本代表团对此行的上次更改 (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Undone; both stay in the history.</source>
        <translation>已撤销；两者均保留在历史记录中。</translation>
    </message>
    <message>
        <source>What you had begun here is back; it is not kept yet.</source>
        <translation>您先前在此开始填写的内容已恢复；尚未保存。</translation>
    </message>
</context>
<context>
    <name>RowsModel</name>
    <message>
        <source>sorted downwards</source>
        <translation>降序排列</translation>
    </message>
    <message>
        <source>sorted upwards</source>
        <translation>升序排列</translation>
    </message>
</context>
<context>
    <name>Saving</name>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Only entries marked no more strictly than</source>
        <translation>仅限标识不严于以下级别的条目</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>保存联系人名片</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>The file lies outside the vault and is not sealed. What is ours alone (authority, escalation, source, review) is in no card.</source>
        <translation>该文件位于保险库之外，未经密封。仅属我方的内容（权限、升级、来源、审查）不列入任何名片。</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>vCard 3.0, for older programs</source>
        <translation>vCard 3.0，用于较旧的程序</translation>
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
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Attach a file…</source>
        <translation>附加文件…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Everybody in {0} reads it.</source>
        <translation>{0}的所有成员都会读到。</translation>
    </message>
    <message>
        <source>Marked</source>
        <translation>标识为</translation>
    </message>
    <message>
        <source>Only {0} reads it.</source>
        <translation>只有{0}会读到。</translation>
    </message>
    <message>
        <source>This stays inside your delegation.</source>
        <translation>此内容只留在本代表团内部。</translation>
    </message>
    <message>
        <source>What you wrote before is here again.</source>
        <translation>您先前所写的内容已恢复于此。</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
</context>
<context>
    <name>SearchPalette</name>
    <message>
        <source>Amendment</source>
        <translation>修正案</translation>
    </message>
    <message>
        <source>Commitment</source>
        <translation>承诺</translation>
    </message>
    <message>
        <source>Contact</source>
        <translation>联系对象</translation>
    </message>
    <message>
        <source>Found: {0}</source>
        <translation>找到：{0}</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>内部评论</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>联合声明</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Nothing found in the vault.</source>
        <translation>在保险库中未找到任何内容。</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Row of a register</source>
        <translation>登记册的行</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>全局搜索</translation>
    </message>
    <message>
        <source>Search texts, messages, contacts and actions</source>
        <translation>搜索案文、消息、通讯录和操作</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>案文</translation>
    </message>
    <message>
        <source>Type to search the vault. Nothing you type leaves this device.</source>
        <translation>输入即可搜索保险库。您输入的内容不会离开本设备。</translation>
    </message>
</context>
<context>
    <name>SecretBox</name>
    <message>
        <source>Recovery shares</source>
        <translation>恢复份额</translation>
    </message>
    <message>
        <source>Use recovery shares instead…</source>
        <translation>改用恢复份额…</translation>
    </message>
    <message>
        <source>Use the passphrase instead</source>
        <translation>改用密码短语</translation>
    </message>
</context>
<context>
    <name>SecurityScreen</name>
    <message>
        <source>Section</source>
        <translation>部分</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>各部分</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
</context>
<context>
    <name>SeeingBench</name>
    <message>
        <source>It counts from now; it is sent with the next exchange (Ctrl+R exchanges at once).</source>
        <translation>自现在起算；随下次交换发送（Ctrl+R可立即交换）。</translation>
    </message>
    <message>
        <source>It is a plain file: who has it reads the symbol {0} and the deadline.</source>
        <translation>这是普通文件：持有者即可读到文号{0}和截止时间。</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>保存日历条目</translation>
    </message>
    <message>
        <source>Silence ends: {0}</source>
        <translation>默许期满：{0}</translation>
    </message>
    <message>
        <source>That is decided.</source>
        <translation>已作出决定。</translation>
    </message>
    <message>
        <source>The calendar entry is saved.</source>
        <translation>日历条目已保存。</translation>
    </message>
    <message>
        <source>The deadline is extended.</source>
        <translation>期限已延长。</translation>
    </message>
    <message>
        <source>The other delegations are told with the next exchange.</source>
        <translation>随下次交换告知其他代表团。</translation>
    </message>
    <message>
        <source>The silence procedure is closed.</source>
        <translation>默许程序已结束。</translation>
    </message>
    <message>
        <source>The silence procedure is open.</source>
        <translation>默许程序已启动。</translation>
    </message>
    <message>
        <source>This paragraph is no longer in the text as it stands.</source>
        <translation>该段已不在现有案文中。</translation>
    </message>
    <message>
        <source>Unless a delegation breaks the silence before, the revision stands as agreed.</source>
        <translation>除非有代表团在此之前打破默许，否则该修订稿视为商定。</translation>
    </message>
    <message>
        <source>Your delegation has broken the silence.</source>
        <translation>本代表团已打破默许。</translation>
    </message>
</context>
<context>
    <name>SeeingPage</name>
    <message>
        <source>Back to the text</source>
        <translation>返回案文</translation>
    </message>
    <message>
        <source>Back to the text (Escape)</source>
        <translation>返回案文 (Escape)</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比对</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>趋同情况</translation>
    </message>
    <message>
        <source>Sent. Paragraphs the pen has set: {0}.</source>
        <translation>已发送。执笔方已定文字的段落：{0}。</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>疏漏</translation>
    </message>
    <message>
        <source>Streamlining</source>
        <translation>精简</translation>
    </message>
    <message>
        <source>Views of the text</source>
        <translation>案文的视图</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>各方立场</translation>
    </message>
</context>
<context>
    <name>SeeingView</name>
    <message>
        <source>As it stands</source>
        <translation>现有案文</translation>
    </message>
</context>
<context>
    <name>SettingsScreen</name>
    <message>
        <source>Locking closes the vault and ends the process that held its keys. Notifications never show a word of a message or a text.</source>
        <translation>锁定即关闭保险库，并结束持有其密钥的进程。通知绝不显示消息或案文中的任何文字。</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>This device</source>
        <translation>本设备</translation>
    </message>
</context>
<context>
    <name>SettleDialog</name>
    <message>
        <source>Different values were written without knowing of each other. Both stand until a person decides; who wrote what stays in the history.</source>
        <translation>在互不知情的情况下写入了不同的值。在有人决定之前，两者并存；何方写了什么，均保留在历史记录中。</translation>
    </message>
    <message>
        <source>Leave both standing</source>
        <translation>让两者并存</translation>
    </message>
    <message>
        <source>Let this stand</source>
        <translation>以此为准</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Reason, kept in the history</source>
        <translation>理由，保留在历史记录中</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>解决差异</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>其他内容</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
</context>
<context>
    <name>SettleSilence</name>
    <message>
        <source>A delegation broke the silence before the deadline, by its own clock, but this arrived only after you had closed the procedure. No computer can tell which clock was right; you decide, and everybody sees it.</source>
        <translation>一个代表团按其自己的时钟在截止时间之前打破了默许，但这一表示在您结束默许程序之后才到达。任何计算机都无法判断哪一个时钟正确；由您决定，所有人都会看到该决定。</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>决定</translation>
    </message>
    <message>
        <source>Decide later</source>
        <translation>以后决定</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>就有争议的默许作出决定</translation>
    </message>
    <message>
        <source>It was broken</source>
        <translation>默许已被打破</translation>
    </message>
    <message>
        <source>It was kept</source>
        <translation>默许未被打破</translation>
    </message>
    <message>
        <source>The revision is not agreed. The talks on it go on.</source>
        <translation>该修订稿未商定。有关会谈继续进行。</translation>
    </message>
    <message>
        <source>The revision stands as agreed. The break is shown as late, without effect; the delegation may well object.</source>
        <translation>该修订稿视为商定。打破默许的表示列为逾期，不产生效力；该代表团可能会提出反对。</translation>
    </message>
    <message>
        <source>Was the silence on {0} broken in time?</source>
        <translation>{0}的默许是否及时打破？</translation>
    </message>
    <message>
        <source>Who broke the silence, and why</source>
        <translation>何方打破默许及其理由</translation>
    </message>
</context>
<context>
    <name>ShareSheets</name>
    <message>
        <source>All are on paper</source>
        <translation>已全部写到纸上</translation>
    </message>
    <message>
        <source>It is on paper: next sheet</source>
        <translation>已写到纸上：下一张</translation>
    </message>
    <message>
        <source>Keep it locked away, apart from the others. Four letters tell a word.</source>
        <translation>请锁好保管，与其他份额纸分开。四个字母即可辨别一个词语。</translation>
    </message>
    <message>
        <source>Print all sheets…</source>
        <translation>打印全部份额纸…</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>恢复份额</translation>
    </message>
    <message>
        <source>Sheet before</source>
        <translation>上一张</translation>
    </message>
    <message>
        <source>Sheet {0} of {1}; any {2} of them are enough</source>
        <translation>第{0}张，共{1}张；任意{2}张即可</translation>
    </message>
    <message>
        <source>The printer did not take it. Write the sheets down by hand.</source>
        <translation>打印机未接受。请手抄份额纸。</translation>
    </message>
    <message>
        <source>These sheets are never shown again. Close once more to leave; then make new shares another time.</source>
        <translation>这些份额纸不会再次显示。再按一次关闭即可离开；届时请另行制作新份额。</translation>
    </message>
    <message>
        <source>Words of this sheet</source>
        <translation>此张份额纸的词语</translation>
    </message>
    <message>
        <source>Write each sheet down by hand, or print them on a printer that keeps nothing. They are shown this once and kept nowhere. Give each to another person, or lock each away in another place.</source>
        <translation>请手抄每张份额纸，或用不留存内容的打印机打印。份额纸只显示这一次，不在任何地方保存。请将每张交给不同的人，或分别锁存于不同之处。</translation>
    </message>
</context>
<context>
    <name>SharesDialog</name>
    <message>
        <source>Make the shares</source>
        <translation>制作份额</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>Recovery shares of this vault</source>
        <translation>此保险库的恢复份额</translation>
    </message>
    <message>
        <source>Sheets of paper for several people or safes. As many together as you say open this vault when the passphrase is lost; fewer tell nothing about it. Three sheets of which two are needed suit most.</source>
        <translation>交由数人或存于数个保险柜的纸张。密码短语丢失时，凑齐您所定的份数即可打开此保险库；份数不足则不透露任何信息。多数情况宜制作三张，凑齐两张即可。</translation>
    </message>
    <message>
        <source>The sheets made before open this vault no longer. Collect and burn them.</source>
        <translation>先前制作的份额纸不再能打开此保险库。请收回烧毁。</translation>
    </message>
</context>
<context>
    <name>SharesEntry</name>
    <message>
        <source>A word of this share is wrong or in the wrong place. Compare each with the paper; the Left key and a click lead back to a word.</source>
        <translation>此份额中有一个词语错误或位置不对。请逐一与纸上内容核对；用Left键或点击可返回某个词语。</translation>
    </message>
    <message>
        <source>Begin this share again</source>
        <translation>重新输入此份额</translation>
    </message>
    <message>
        <source>First share</source>
        <translation>第一份</translation>
    </message>
    <message>
        <source>Perhaps: {0}</source>
        <translation>可能是：{0}</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>恢复份额</translation>
    </message>
    <message>
        <source>Several words begin with {0}: type one letter more.</source>
        <translation>有若干词语以{0}开头：请再输入一个字母。</translation>
    </message>
    <message>
        <source>Share {0} of {1}</source>
        <translation>第{0}份，共{1}份</translation>
    </message>
    <message>
        <source>Share {0} of {1} is right. These are enough.</source>
        <translation>第{0}份（共{1}份）正确。已足够。</translation>
    </message>
    <message>
        <source>Shares are typed, not pasted: other programs read what lies on the clipboard.</source>
        <translation>份额须逐字输入，不可粘贴：其他程序会读取剪贴板上的内容。</translation>
    </message>
    <message>
        <source>This share is right by itself and belongs to another set. Take one of the same set.</source>
        <translation>此份额本身正确，但属于另一套。请取同一套的一份。</translation>
    </message>
    <message>
        <source>This share is whole, but Valise did not make it.</source>
        <translation>此份额完整，但不是由Valise制作的。</translation>
    </message>
    <message>
        <source>This share was entered before. Take another one of the set.</source>
        <translation>此份额先前已输入。请取该套的另一份。</translation>
    </message>
    <message>
        <source>Type the words as they stand on paper; four letters of a word are enough, then Space.</source>
        <translation>请按纸上所示输入词语；输入一个词的四个字母即可，然后按空格键。</translation>
    </message>
    <message>
        <source>Word {0} of {1}</source>
        <translation>第{0}个词，共{1}个</translation>
    </message>
    <message>
        <source>Words of this share</source>
        <translation>此份额的词语</translation>
    </message>
    <message>
        <source>{0} is not in the list of words.</source>
        <translation>{0}不在词表中。</translation>
    </message>
    <message>
        <source>{0}, word {1} of {2}</source>
        <translation>{0}，第{1}个词，共{2}个</translation>
    </message>
</context>
<context>
    <name>SharesPage</name>
    <message>
        <source>Enter the shares on paper one after the other. Each is checked as soon as it is whole.</source>
        <translation>请逐一输入纸上的份额。每份输入完整后立即检查。</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>恢复份额</translation>
    </message>
</context>
<context>
    <name>SheetCount</name>
    <message>
        <source>How many are needed</source>
        <translation>所需张数</translation>
    </message>
    <message>
        <source>How many sheets</source>
        <translation>总张数</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>Screens</source>
        <translation>屏幕</translation>
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
        <translation>使用两种算法签名，一种是常用算法，另一种旨在抵御量子计算机，以便多年之后仍能表明何方签署了何内容。</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>联署</translation>
    </message>
    <message>
        <source>The date until which it was to be open has passed.</source>
        <translation>原定的开放截止日期已过。</translation>
    </message>
    <message>
        <source>The list is closed: your name waits until {0} admits it.</source>
        <translation>名单已截止：在{0}接纳之前，您的名称须等待。</translation>
    </message>
    <message>
        <source>You can take the name back later; everybody then sees that you did.</source>
        <translation>您以后可以撤回联署；届时所有人都会看到您已撤回。</translation>
    </message>
    <message>
        <source>You say for your delegation that it co-sponsors exactly this revision, to everybody in {0}.</source>
        <translation>您代表本代表团，向{0}的所有成员表明共同提出与此完全一致的修订稿。</translation>
    </message>
    <message>
        <source>You say for your delegation that it joins exactly these words, to everybody in {0}.</source>
        <translation>您代表本代表团，向{0}的所有成员表明加入与此完全一致的文本。</translation>
    </message>
    <message>
        <source>opened by {0}</source>
        <translation>由{0}开放</translation>
    </message>
</context>
<context>
    <name>SignersList</name>
    <message>
        <source>Who has signed on</source>
        <translation>联署方</translation>
    </message>
</context>
<context>
    <name>SilenceStrip</name>
    <message>
        <source>(extended)</source>
        <translation>（已延长）</translation>
    </message>
    <message>
        <source>Deadline: {0}</source>
        <translation>截止时间：{0}</translation>
    </message>
    <message>
        <source>It covers: {0}</source>
        <translation>范围：{0}</translation>
    </message>
    <message>
        <source>The deadline of the silence on {0} has passed. It is over once the pen-holder&apos;s computer closes it.</source>
        <translation>{0}的默许期限已过。执笔方的计算机将其结束后，默许程序即告终结。</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time arrived only after you closed the procedure. You decide.</source>
        <translation>{0}的默许有争议：一项及时作出的打破默许的表示，在您结束默许程序之后才到达。由您决定。</translation>
    </message>
    <message>
        <source>The silence on {0} is contested: a break made in time reached the pen-holder only after the procedure was closed. The pen-holder decides.</source>
        <translation>{0}的默许有争议：一项及时作出的打破默许的表示，在程序结束之后才到达执笔方。由执笔方决定。</translation>
    </message>
    <message>
        <source>The silence on {0} was broken: it is not agreed.</source>
        <translation>{0}的默许已被打破：未商定。</translation>
    </message>
    <message>
        <source>{0} is under silence: it stands as agreed unless a delegation breaks the silence.</source>
        <translation>{0}正适用默许程序：除非有代表团打破默许，否则视为商定。</translation>
    </message>
    <message>
        <source>{0} left, until {1}</source>
        <translation>还剩{0}，至{1}</translation>
    </message>
</context>
<context>
    <name>SlipsView</name>
    <message>
        <source>No slips found</source>
        <translation>未发现疏漏</translation>
    </message>
    <message>
        <source>Numbers, brackets, opening verbs and signs at the end are as usual. Read it once more anyway.</source>
        <translation>编号、方括号、开头动词和段末标点均符合惯例。仍请再通读一遍。</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>疏漏</translation>
    </message>
    <message>
        <source>{0} found. They are hints and stop nothing; Enter goes to the paragraph.</source>
        <translation>发现{0}处。仅作提示，不影响任何操作；按Enter前往该段。</translation>
    </message>
</context>
<context>
    <name>StandingView</name>
    <message>
        <source>As of</source>
        <translation>截至</translation>
    </message>
    <message>
        <source>No paragraph is open</source>
        <translation>没有未决段落</translation>
    </message>
    <message>
        <source>Nobody has an amendment or a reservation pending. Take the tick away to see every paragraph.</source>
        <translation>没有任何一方有待处理的修正案或保留。取消勾选即可查看所有段落。</translation>
    </message>
    <message>
        <source>Only open paragraphs</source>
        <translation>仅未决段落</translation>
    </message>
    <message>
        <source>Positions as of</source>
        <translation>立场截至</translation>
    </message>
</context>
<context>
    <name>StateNameDialog</name>
    <message>
        <source>Another name</source>
        <translation>其他名称</translation>
    </message>
    <message>
        <source>As the United Nations have it</source>
        <translation>按联合国所用名称</translation>
    </message>
    <message>
        <source>It is shown on the screens of this vault alone. It never leaves: files, messages and whatever others receive carry the name of the United Nations.</source>
        <translation>该名称只在此保险库的屏幕上显示，绝不发出：文件、消息以及他方收到的任何内容均使用联合国的名称。</translation>
    </message>
    <message>
        <source>Its code alone</source>
        <translation>仅用其代码</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>国家显示名称</translation>
    </message>
    <message>
        <source>Show it so</source>
        <translation>这样显示</translation>
    </message>
    <message>
        <source>State</source>
        <translation>国家</translation>
    </message>
    <message>
        <source>The other name</source>
        <translation>另用的名称</translation>
    </message>
</context>
<context>
    <name>StatementPane</name>
    <message>
        <source>Nobody has signed on yet.</source>
        <translation>尚无任何一方联署。</translation>
    </message>
    <message>
        <source>SHA-256 of the saved file, as sha256sum computes it.</source>
        <translation>所保存文件的SHA-256，即sha256sum计算的结果。</translation>
    </message>
    <message>
        <source>Signed on</source>
        <translation>已联署</translation>
    </message>
    <message>
        <source>Signed on: {0}</source>
        <translation>已联署：{0}</translation>
    </message>
    <message>
        <source>The hash that everybody signs</source>
        <translation>各方所签署的散列值</translation>
    </message>
    <message>
        <source>The revision</source>
        <translation>修订稿</translation>
    </message>
    <message>
        <source>The words</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>The words that are signed</source>
        <translation>所签署的文本</translation>
    </message>
    <message>
        <source>opened by {0}, {1}</source>
        <translation>由{0}开放，{1}</translation>
    </message>
</context>
<context>
    <name>StatementsList</name>
    <message>
        <source>Joint statements and lists of co-sponsors</source>
        <translation>联合声明和共同提案国名单</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Lock now</source>
        <translation>立即锁定</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状况</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>交换方式</translation>
    </message>
    <message>
        <source>does not lock by itself</source>
        <translation>不自动锁定</translation>
    </message>
    <message>
        <source>last exchange {0}</source>
        <translation>上次交换：{0}</translation>
    </message>
    <message>
        <source>locks in {0}</source>
        <translation>{0}后锁定</translation>
    </message>
    <message>
        <source>nothing waiting</source>
        <translation>无待发内容</translation>
    </message>
    <message>
        <source>received but not yet readable: {0}</source>
        <translation>已收到但尚不可读：{0}</translation>
    </message>
    <message>
        <source>waiting to be delivered: {0}</source>
        <translation>等待送达：{0}</translation>
    </message>
    <message>
        <source>· working…</source>
        <translation>· 正在处理…</translation>
    </message>
</context>
<context>
    <name>StepsSection</name>
    <message>
        <source>All of this is done. Rehearse the shares once a year, and make a backup at the end of every day of talks.</source>
        <translation>以上均已完成。请每年演练一次恢复份额，并在每个会谈日结束时制作备份。</translation>
    </message>
    <message>
        <source>In this order, today if you can. It takes a quarter of an hour, a stick and a printer or a pen.</source>
        <translation>请按此次序进行，尽可能在今天完成。需要一刻钟、一个U盘，以及打印机或笔。</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后</translation>
    </message>
</context>
<context>
    <name>StreamlineView</name>
    <message>
        <source>No amendment changes words of a paragraph at present. New ones appear here when they come.</source>
        <translation>目前没有改动段落文字的修正案。有新的修正案时会显示在此。</translation>
    </message>
    <message>
        <source>Nothing to streamline</source>
        <translation>没有需要精简的内容</translation>
    </message>
    <message>
        <source>Only who holds the pen can send; you can look.</source>
        <translation>只有执笔方才能发送；您可以查看。</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments</source>
        <translation>有未决修正案的段落</translation>
    </message>
    <message>
        <source>Paragraphs with open amendments: {0}. Pick a reading, say what becomes of the others; nothing is sent before you send it, and nobody&apos;s words are dropped without an answer.</source>
        <translation>有未决修正案的段落：{0}。请选定一种行文，并说明其他行文如何处理；在您发送之前不会发出任何内容，任何一方的文字都不会未经答复即被舍弃。</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Take back this paragraph</source>
        <translation>撤回此段</translation>
    </message>
    <message>
        <source>What is proposed, and what becomes of it</source>
        <translation>提出了什么，以及如何处理</translation>
    </message>
    <message>
        <source>Without an answer: {0}</source>
        <translation>尚无答复：{0}</translation>
    </message>
    <message>
        <source>{0} · picked, not sent</source>
        <translation>{0} · 已选定，未发送</translation>
    </message>
    <message>
        <source>{0}, some nearly alike</source>
        <translation>{0}，其中有的几乎相同</translation>
    </message>
</context>
<context>
    <name>Sure</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Table</name>
    <message>
        <source>Corner of the table</source>
        <translation>表格角</translation>
    </message>
    <message>
        <source>Headings</source>
        <translation>表头</translation>
    </message>
</context>
<context>
    <name>TableLook</name>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
</context>
<context>
    <name>TakeDialog</name>
    <message>
        <source>Calendars (*.ics);;All files (*)</source>
        <translation>日历 (*.ics);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Change nothing</source>
        <translation>不作任何更改</translation>
    </message>
    <message>
        <source>Choose a calendar</source>
        <translation>选择日历</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Entries of whole days: {0}. Here they begin at 00:00 UTC; as events they keep their days.</source>
        <translation>全天条目：{0}。在此从协调世界时 00:00 开始；作为活动接收则保留其日期。</translation>
    </message>
    <message>
        <source>Entries that name no time zone: {0}. Their hours are taken as UTC.</source>
        <translation>未注明时区的条目：{0}。其时间按协调世界时计。</translation>
    </message>
    <message>
        <source>Entries that repeat: {0}. Only the first time of each is taken in.</source>
        <translation>重复的条目：{0}。每条只接收第一次。</translation>
    </message>
    <message>
        <source>Entry {0}, {1}: {2}</source>
        <translation>条目{0}，{1}：{2}</translation>
    </message>
    <message>
        <source>Events of a calendar file (.ics) become rows of a register. You see what changes before anything does.</source>
        <translation>日历文件 (.ics) 中的活动成为登记册的行。在作出任何更改之前，您可先看到将更改的内容。</translation>
    </message>
    <message>
        <source>Everything in this file is as it is here already.</source>
        <translation>此文件中的所有内容均与此处现有设置相同。</translation>
    </message>
    <message>
        <source>Everything in this file is there already.</source>
        <translation>此文件中的内容均已存在。</translation>
    </message>
    <message>
        <source>New rows: {0}. Changed fields: {1}. Unchanged: {2}.</source>
        <translation>新行：{0}。更改的字段：{1}。未变：{2}。</translation>
    </message>
    <message>
        <source>Nothing can be taken in yet; places to mend: {0}.</source>
        <translation>尚不能收入任何内容；须改正之处：{0}。</translation>
    </message>
    <message>
        <source>Protects less than now.</source>
        <translation>保护程度低于现在。</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>读取日历</translation>
    </message>
    <message>
        <source>Settings from a file</source>
        <translation>来自文件的设置</translation>
    </message>
    <message>
        <source>Take it in</source>
        <translation>收入</translation>
    </message>
    <message>
        <source>Take these settings</source>
        <translation>采用这些设置</translation>
    </message>
    <message>
        <source>What it would change</source>
        <translation>将带来的更改</translation>
    </message>
    <message>
        <source>What would change</source>
        <translation>将更改的内容</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>{0}: {1}, now {2}</source>
        <translation>{0}：{1}，现为{2}</translation>
    </message>
    <message>
        <source>{row}: {field} {before} → {after}</source>
        <translation>{row}：{field} {before} → {after}</translation>
    </message>
</context>
<context>
    <name>Taking</name>
    <message>
        <source>Begin an entry with what the chosen card says</source>
        <translation>以所选名片的内容开始填写条目</translation>
    </message>
    <message>
        <source>Card says</source>
        <translation>名片内容</translation>
    </message>
    <message>
        <source>Cards and what they would change</source>
        <translation>名片及其将带来的更改</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Contact cards</source>
        <translation>联系人名片</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Fill in by hand…</source>
        <translation>手工填写…</translation>
    </message>
    <message>
        <source>Left out: no place in an entry</source>
        <translation>未列入：条目中无对应位置</translation>
    </message>
    <message>
        <source>New entries need the document that nominated them.</source>
        <translation>新条目须注明提名文件。</translation>
    </message>
    <message>
        <source>Note verbale no. and date</source>
        <translation>普通照会编号和日期</translation>
    </message>
    <message>
        <source>Nothing is taken that is not ticked. A card never empties a field.</source>
        <translation>未勾选的一概不采用。名片绝不会清空字段。</translation>
    </message>
    <message>
        <source>Source document of new entries</source>
        <translation>新条目的来源文件</translation>
    </message>
    <message>
        <source>Stands now</source>
        <translation>现有内容</translation>
    </message>
    <message>
        <source>Still missing</source>
        <translation>尚缺</translation>
    </message>
    <message>
        <source>Take nothing</source>
        <translation>全不采用</translation>
    </message>
    <message>
        <source>Take the ticked ones</source>
        <translation>采用已勾选的</translation>
    </message>
    <message>
        <source>What these cards would change</source>
        <translation>这些名片将带来的更改</translation>
    </message>
    <message>
        <source>{title}: a new entry</source>
        <translation>{title}：新条目</translation>
    </message>
    <message>
        <source>{title}: changes an entry</source>
        <translation>{title}：更改一个条目</translation>
    </message>
    <message>
        <source>{title}: says nothing new</source>
        <translation>{title}：没有新内容</translation>
    </message>
</context>
<context>
    <name>TermsForm</name>
    <message>
        <source>It may</source>
        <translation>可以</translation>
    </message>
    <message>
        <source>Office</source>
        <translation>岗位</translation>
    </message>
    <message>
        <source>Officer</source>
        <translation>官员</translation>
    </message>
    <message>
        <source>Rights chosen one by one</source>
        <translation>逐项选择的权利</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>职务</translation>
    </message>
    <message>
        <source>The laptop may: {0}</source>
        <translation>该笔记本电脑可以：{0}</translation>
    </message>
    <message>
        <source>Valid for</source>
        <translation>有效期</translation>
    </message>
</context>
<context>
    <name>TextDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>TextView</name>
    <message>
        <source>The text</source>
        <translation>案文</translation>
    </message>
</context>
<context>
    <name>TextsModel</name>
    <message>
        <source>pen: {0}</source>
        <translation>执笔：{0}</translation>
    </message>
    <message>
        <source>{0} of {1} open</source>
        <translation>{1}段中有{0}段未决</translation>
    </message>
</context>
<context>
    <name>TextsScreen</name>
    <message>
        <source>Agree ad ref</source>
        <translation>商定（待核准）</translation>
    </message>
    <message>
        <source>Amendments</source>
        <translation>修正案</translation>
    </message>
    <message>
        <source>Amendments ({0})</source>
        <translation>修正案 ({0})</translation>
    </message>
    <message>
        <source>Amendments and revisions</source>
        <translation>修正案和修订稿</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>No text yet</source>
        <translation>尚无案文</translation>
    </message>
    <message>
        <source>Open a text from a document or from the clipboard. You hold its pen; everybody in the room can propose amendments.</source>
        <translation>请从文档或剪贴板开设案文。由您执笔；会议室全体成员均可提出修正案。</translation>
    </message>
    <message>
        <source>Open a text…</source>
        <translation>开设案文…</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>Pass</source>
        <translation>移交</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>重新开放</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>修订稿</translation>
    </message>
    <message>
        <source>Revisions</source>
        <translation>修订稿</translation>
    </message>
    <message>
        <source>Revisions ({0})</source>
        <translation>修订稿 ({0})</translation>
    </message>
    <message>
        <source>The whole hash is on the clipboard for ten seconds.</source>
        <translation>完整的散列值已在剪贴板上，保留十秒。</translation>
    </message>
</context>
<context>
    <name>TextsSide</name>
    <message>
        <source>Open a text, Ctrl+N</source>
        <translation>开设案文，Ctrl+N</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>案文</translation>
    </message>
</context>
<context>
    <name>TickList</name>
    <message>
        <source>Space ticks an entry, Ctrl+C copies its words</source>
        <translation>空格键勾选条目，Ctrl+C复制其措辞</translation>
    </message>
</context>
<context>
    <name>TickModel</name>
    <message>
        <source>not ticked</source>
        <translation>未勾选</translation>
    </message>
    <message>
        <source>ticked</source>
        <translation>已勾选</translation>
    </message>
</context>
<context>
    <name>TimelineLook</name>
    <message>
        <source>Along the time</source>
        <translation>按时间</translation>
    </message>
    <message>
        <source>Arrows move, Enter opens the row</source>
        <translation>方向键移动，Enter打开该行</translation>
    </message>
</context>
<context>
    <name>TodayPage</name>
    <message>
        <source>Cannot wait</source>
        <translation>不能等待</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>交换</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>立即交换</translation>
    </message>
    <message>
        <source>In the next days</source>
        <translation>未来数日</translation>
    </message>
    <message>
        <source>Nothing needs you now</source>
        <translation>目前没有需要您处理的事项</translation>
    </message>
    <message>
        <source>Rooms and what they have received</source>
        <translation>会议室及其已收到的内容</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>交换方式…</translation>
    </message>
    <message>
        <source>What arrives at the next exchange and needs you is shown here.</source>
        <translation>下次交换时到达并需要您处理的内容显示在此。</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>何方答复</translation>
    </message>
</context>
<context>
    <name>Totals</name>
    <message>
        <source>Amount</source>
        <translation>金额</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>货币</translation>
    </message>
    <message>
        <source>Donor</source>
        <translation>捐助方</translation>
    </message>
    <message>
        <source>Projects</source>
        <translation>项目</translation>
    </message>
    <message>
        <source>Totals by donor, over the projects that were not given up</source>
        <translation>按捐助方列出的总额，涵盖未放弃的项目</translation>
    </message>
    <message>
        <source>none told</source>
        <translation>未注明</translation>
    </message>
</context>
<context>
    <name>UnlockPage</name>
    <message>
        <source>Asking the keyring of this computer.</source>
        <translation>正在查询本计算机的密钥环。</translation>
    </message>
    <message>
        <source>Caps Lock seems to be on.</source>
        <translation>大写锁定键似已开启。</translation>
    </message>
    <message>
        <source>Locked after a time without activity. Drafts are kept in the vault.</source>
        <translation>因一段时间无操作而锁定。草稿保存在保险库中。</translation>
    </message>
    <message>
        <source>Locked because the computer went to sleep. Drafts are kept in the vault.</source>
        <translation>因计算机进入睡眠而锁定。草稿保存在保险库中。</translation>
    </message>
    <message>
        <source>Locked together with your session. Drafts are kept in the vault.</source>
        <translation>随您的会话一同锁定。草稿保存在保险库中。</translation>
    </message>
    <message>
        <source>Locked. Drafts are kept in the vault.</source>
        <translation>已锁定。草稿保存在保险库中。</translation>
    </message>
    <message>
        <source>Opening the vault. This takes a moment on purpose.</source>
        <translation>正在打开保险库。有意设计为需要片刻。</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>Passphrase and the keyring of this computer open it together.</source>
        <translation>密码短语和本计算机的密钥环共同打开它。</translation>
    </message>
    <message>
        <source>Practise with fictional delegations…</source>
        <translation>与虚构代表团练习…</translation>
    </message>
    <message>
        <source>Reading what verifies, row by row. The damaged files are kept.</source>
        <translation>正在逐行读取通过验证的内容。损坏的文件予以保留。</translation>
    </message>
    <message>
        <source>Rescue what verifies</source>
        <translation>抢救通过验证的内容</translation>
    </message>
    <message>
        <source>The damaged files are kept beside the vault. Unlock it: it asks the others for what is missing.</source>
        <translation>损坏的文件保留在保险库旁。请解锁保险库：它会向他方索取缺失的内容。</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Unlock Valise</source>
        <translation>解锁Valise</translation>
    </message>
    <message>
        <source>Unlock with this computer&apos;s keyring</source>
        <translation>用本计算机的密钥环解锁</translation>
    </message>
    <message>
        <source>Use recovery shares…</source>
        <translation>使用恢复份额…</translation>
    </message>
</context>
<context>
    <name>UnlockingSection</name>
    <message>
        <source>A copy of this vault opens on no other computer, even for somebody who knows the passphrase. If the keyring is lost (a new computer, another desktop, a reset account), only the recovery shares open this vault.</source>
        <translation>此保险库的副本在其他任何计算机上都打不开，即使知道密码短语也不行。如密钥环丢失（换用新计算机、换用另一桌面环境、重置账户），只有恢复份额能打开此保险库。</translation>
    </message>
    <message>
        <source>A key for this vault is put into the keyring of this computer. It is as safe as your account is while you are logged in. The system may ask for the keyring&apos;s own password.</source>
        <translation>将此保险库的一个密钥存入本计算机的密钥环。其安全程度与您登录期间的账户相同。系统可能要求输入密钥环自己的密码。</translation>
    </message>
    <message>
        <source>Any {0} of {1}, made on {2}.</source>
        <translation>{1}份中的任意{0}份，制作于{2}。</translation>
    </message>
    <message>
        <source>Both can be demanded once recovery shares are made and rehearsed.</source>
        <translation>制作并演练恢复份额之后，即可要求两者兼备。</translation>
    </message>
    <message>
        <source>Change the passphrase…</source>
        <translation>更改密码短语…</translation>
    </message>
    <message>
        <source>Demand both</source>
        <translation>要求两者兼备</translation>
    </message>
    <message>
        <source>Demand both…</source>
        <translation>要求两者兼备…</translation>
    </message>
    <message>
        <source>Demand passphrase and keyring</source>
        <translation>要求密码短语和密钥环</translation>
    </message>
    <message>
        <source>Guessing is made slow: every try takes a computer {0} passes over {1} MiB of memory (Argon2id).</source>
        <translation>已使猜测变得缓慢：每次尝试，计算机须在{1} MiB内存上运算{0}遍 (Argon2id)。</translation>
    </message>
    <message>
        <source>Keyring of this computer</source>
        <translation>本计算机的密钥环</translation>
    </message>
    <message>
        <source>Let it open alone</source>
        <translation>使其单独即可打开</translation>
    </message>
    <message>
        <source>Let the passphrase open alone</source>
        <translation>仅凭密码短语打开</translation>
    </message>
    <message>
        <source>Let the passphrase open alone…</source>
        <translation>仅凭密码短语打开…</translation>
    </message>
    <message>
        <source>Let the shares open nothing</source>
        <translation>使份额不再能打开任何内容</translation>
    </message>
    <message>
        <source>Let them open nothing</source>
        <translation>使其不再能打开任何内容</translation>
    </message>
    <message>
        <source>Let them open nothing…</source>
        <translation>使其不再能打开任何内容…</translation>
    </message>
    <message>
        <source>Make new shares…</source>
        <translation>制作新份额…</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>制作份额…</translation>
    </message>
    <message>
        <source>Needed together with the passphrase.</source>
        <translation>须与密码短语一并使用。</translation>
    </message>
    <message>
        <source>Never rehearsed. Only a rehearsal shows that what is on paper opens the vault.</source>
        <translation>从未演练。只有演练才能表明纸上内容可以打开保险库。</translation>
    </message>
    <message>
        <source>Not used.</source>
        <translation>未使用。</translation>
    </message>
    <message>
        <source>Open without typing</source>
        <translation>免输入打开</translation>
    </message>
    <message>
        <source>Open without typing…</source>
        <translation>免输入打开…</translation>
    </message>
    <message>
        <source>Opens the vault without typing.</source>
        <translation>免输入打开保险库。</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>恢复份额</translation>
    </message>
    <message>
        <source>Rehearsed on {0}.</source>
        <translation>{0}已演练。</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>演练…</translation>
    </message>
    <message>
        <source>Stop using the keyring</source>
        <translation>停用密钥环</translation>
    </message>
    <message>
        <source>The keyring is not needed any more; a copy of the vault then opens anywhere with the passphrase.</source>
        <translation>不再需要密钥环；此后保险库的副本在任何地方都可凭密码短语打开。</translation>
    </message>
    <message>
        <source>The keyring is where this computer keeps what belongs to your account. It can open the vault in place of typing, which is convenient and weaker, or be demanded beside the passphrase, which is stronger.</source>
        <translation>密钥环是本计算机存放您账户所属内容之处。它可以代替输入来打开保险库，较方便但较弱；也可以要求与密码短语一并使用，更为牢固。</translation>
    </message>
    <message>
        <source>The same since {0}.</source>
        <translation>自{0}起未变。</translation>
    </message>
    <message>
        <source>The sheets open this vault no longer. Only the passphrase does, until new shares are made.</source>
        <translation>份额纸不再能打开此保险库。在制作新份额之前，只有密码短语可以打开。</translation>
    </message>
    <message>
        <source>The vault opens only on this computer, under your account, with the passphrase. Should the keyring ever be lost, the recovery shares are the one way in: keep them where you can reach them.</source>
        <translation>保险库只能在本计算机上、用您的账户、凭密码短语打开。如密钥环丢失，恢复份额是唯一的开启途径：请存放于您能取到之处。</translation>
    </message>
    <message>
        <source>There are none. A forgotten passphrase would be the end of this vault.</source>
        <translation>没有恢复份额。一旦忘记密码短语，此保险库即告终结。</translation>
    </message>
    <message>
        <source>These sheets open your vault.</source>
        <translation>这些份额纸可以打开您的保险库。</translation>
    </message>
    <message>
        <source>Type the sheets from the paper. They are tried on this vault and forgotten; nothing is changed.</source>
        <translation>请按纸上内容输入份额纸。程序在此保险库上试用后即予清除；不作任何更改。</translation>
    </message>
    <message>
        <source>Use the keyring</source>
        <translation>使用密钥环</translation>
    </message>
    <message>
        <source>Whoever sits at this computer while you are logged in opens the vault, and so can any program running under your account. The passphrase goes on opening it too.</source>
        <translation>在您登录期间，使用本计算机者即可打开保险库，在您账户下运行的任何程序也是如此。密码短语也仍可打开。</translation>
    </message>
    <message>
        <source>Words on paper, held by several people or in several places. Some of them together open this vault when the passphrase is forgotten. Whoever brings that many together opens it too: choose keepers who would not meet by chance.</source>
        <translation>写在纸上的词语，由数人持有或存于数处。忘记密码短语时，其中若干份合在一起可打开此保险库。凑齐所需份数者也能打开：请选择不会偶然相遇的保管人。</translation>
    </message>
    <message>
        <source>share of a vault of {0}, made on {1}</source>
        <translation>{0}保险库的份额，制作于{1}</translation>
    </message>
</context>
<context>
    <name>UntilField</name>
    <message>
        <source>People read the date; it closes nothing by itself</source>
        <translation>供人阅读的日期；其本身不会截止任何事项</translation>
    </message>
    <message>
        <source>People read the date; the list stays open until you close it.</source>
        <translation>供人阅读的日期；在您截止之前，名单一直开放。</translation>
    </message>
    <message>
        <source>Say until when it is open</source>
        <translation>说明开放至何时</translation>
    </message>
</context>
<context>
    <name>Verify</name>
    <message>
        <source>Compare the number by eye</source>
        <translation>目视比对号码</translation>
    </message>
    <message>
        <source>Compare with {who}</source>
        <translation>与{who}比对</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>立即比对词语</translation>
    </message>
    <message>
        <source>If they differ</source>
        <translation>如不一致</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后</translation>
    </message>
    <message>
        <source>Read their code from a picture</source>
        <translation>从图片读取对方二维码</translation>
    </message>
    <message>
        <source>You are comparing the new identity: if it is the same, it is accepted.</source>
        <translation>您正在比对新身份：如果相同，即予接受。</translation>
    </message>
</context>
<context>
    <name>VersionCard</name>
    <message>
        <source>Check a release file</source>
        <translation>检查发布文件</translation>
    </message>
    <message>
        <source>Check a release file…</source>
        <translation>检查发布文件…</translation>
    </message>
    <message>
        <source>Key of the publisher whose releases this program believes</source>
        <translation>本程序所信任的发布者的密钥</translation>
    </message>
    <message>
        <source>Key of the publisher: {0}</source>
        <translation>发布者的密钥：{0}</translation>
    </message>
    <message>
        <source>This is a demonstration key with which nobody can sign: whoever handed out this copy has put no key of its own there, so no release file will pass.</source>
        <translation>这是演示密钥，任何人都无法用它签署：提供此副本者未放入自己的密钥，因此任何发布文件都不会通过检查。</translation>
    </message>
    <message>
        <source>This version</source>
        <translation>此版本</translation>
    </message>
    <message>
        <source>Valise never looks for a newer version and connects nowhere for one. A publisher hands out a release file with each version: open it here before anything of it is installed.</source>
        <translation>Valise 从不查找新版本，也不会为此连接任何地方。发布者随每个版本提供一个发布文件：在安装其中任何内容之前，请先在此处打开该文件。</translation>
    </message>
    <message>
        <source>Valise {0} of {1}.</source>
        <translation>Valise {0}，{1}。</translation>
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
        <translation>表格</translation>
    </message>
    <message>
        <source>Views of the register</source>
        <translation>登记册的视图</translation>
    </message>
</context>
<context>
    <name>Where</name>
    <message>
        <source>In a room with others each delegation writes the rows of its own State; all see them</source>
        <translation>在与他方共有的会议室中，每个代表团填写本国的行；所有成员都能看到</translation>
    </message>
    <message>
        <source>Where the rows are kept</source>
        <translation>各行保存在何处</translation>
    </message>
    <message>
        <source>Within our delegation</source>
        <translation>仅在本代表团内</translation>
    </message>
</context>
<context>
    <name>WipeDialog</name>
    <message>
        <source>Delete it</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the bundle from the stick</source>
        <translation>从U盘删除封包</translation>
    </message>
    <message>
        <source>Everything in it is in your vault. The file itself was sealed; a stick may keep its old blocks for a while.</source>
        <translation>其中所有内容已在您的保险库中。文件本身是密封的；U盘可能在一段时间内保留旧的数据块。</translation>
    </message>
    <message>
        <source>Nobody else of our delegation has to open this file</source>
        <translation>本代表团无其他人需要打开此文件</translation>
    </message>
</context>
<context>
    <name>Writing</name>
    <message>
        <source>After {0}  {1}</source>
        <translation>在{0}之后  {1}</translation>
    </message>
    <message>
        <source>At the start</source>
        <translation>在开头</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Copy them</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Go on writing</source>
        <translation>继续撰写</translation>
    </message>
    <message>
        <source>It stands under the paragraph, on the internal side.</source>
        <translation>它列于该段下方的内部一侧。</translation>
    </message>
    <message>
        <source>Kept in your delegation: a second officer releases it.</source>
        <translation>保留在本代表团内：由第二名官员放行。</translation>
    </message>
    <message>
        <source>No phrase of these words stands in the library.</source>
        <translation>文库中没有这些文字的措辞。</translation>
    </message>
    <message>
        <source>Nothing to propose: the words are the same.</source>
        <translation>没有可提出的内容：文字相同。</translation>
    </message>
    <message>
        <source>Press Enter on an open paragraph first, or A for a new one.</source>
        <translation>请先在开放的段落上按Enter，或按A新建段落。</translation>
    </message>
    <message>
        <source>Proposed: {0}.</source>
        <translation>已提出：{0}。</translation>
    </message>
    <message>
        <source>The pen took out the paragraph you were writing on. Your words are kept in the vault.</source>
        <translation>执笔方移出了您正在撰写的段落。您的文字保存在保险库中。</translation>
    </message>
    <message>
        <source>The words are set.</source>
        <translation>文字已写定。</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Withdrawn.</source>
        <translation>已撤回。</translation>
    </message>
    <message>
        <source>Words of the library go where you write.</source>
        <translation>文库的文字插入您撰写之处。</translation>
    </message>
    <message>
        <source>Your proposal is made.</source>
        <translation>您的提案已提出。</translation>
    </message>
    <message>
        <source>Your remark is for everybody in the room.</source>
        <translation>您的评论供会议室全体成员阅读。</translation>
    </message>
    <message>
        <source>Your words are kept on this paragraph and were not sent.</source>
        <translation>您的文字已保存在该段，未发送。</translation>
    </message>
</context>
<context>
    <name>_Bars</name>
    <message>
        <source>Strength: {0} of {1}</source>
        <translation>强度：{0}，满分{1}</translation>
    </message>
</context>
<context>
    <name>_Line</name>
    <message>
        <source>Address, domain or AS</source>
        <translation>地址、域名或AS</translation>
    </message>
    <message>
        <source>Remove this address</source>
        <translation>移除此地址</translation>
    </message>
    <message>
        <source>Remove {file}</source>
        <translation>移除{file}</translation>
    </message>
    <message>
        <source>Sealing {file}</source>
        <translation>正在密封{file}</translation>
    </message>
    <message>
        <source>from 2026-12-10 18:00</source>
        <translation>自2026-12-10 18:00</translation>
    </message>
    <message>
        <source>until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>{0}: address, domain or network</source>
        <translation>{0}：地址、域名或网络</translation>
    </message>
    <message>
        <source>{0}: from, in UTC</source>
        <translation>{0}：起始时间，UTC</translation>
    </message>
    <message>
        <source>{0}: until, in UTC</source>
        <translation>{0}：截止时间，UTC</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>A file comes back</source>
        <translation>返回的文件</translation>
    </message>
    <message>
        <source>A new permission in place of this one</source>
        <translation>以新许可取代这一许可</translation>
    </message>
    <message>
        <source>A note of your own delegation; it never leaves</source>
        <translation>本代表团自己的备注；绝不发出</translation>
    </message>
    <message>
        <source>A task of your own delegation; it never leaves</source>
        <translation>本代表团自己的任务；绝不发出</translation>
    </message>
    <message>
        <source>Accept laptops</source>
        <translation>接受笔记本电脑</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认收悉</translation>
    </message>
    <message>
        <source>Acknowledge (in the list)</source>
        <translation>确认收悉（在列表中）</translation>
    </message>
    <message>
        <source>Acknowledge receipt…</source>
        <translation>确认收悉…</translation>
    </message>
    <message>
        <source>Add a register from a file</source>
        <translation>从文件添加登记册</translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>接纳</translation>
    </message>
    <message>
        <source>Agree ad ref</source>
        <translation>商定（待核准）</translation>
    </message>
    <message>
        <source>Answer…</source>
        <translation>答复…</translation>
    </message>
    <message>
        <source>Ask points of contact to confirm their entry, each alone</source>
        <translation>请联络人分别确认其条目</translation>
    </message>
    <message>
        <source>Asked of us</source>
        <translation>向我方提出的询问</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Back to the page before</source>
        <translation>返回前一页</translation>
    </message>
    <message>
        <source>Back to the settings</source>
        <translation>返回设置</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Between the delegations and the directory of points of contact</source>
        <translation>在代表团与联络人名录之间切换</translation>
    </message>
    <message>
        <source>Break the silence</source>
        <translation>打破默许</translation>
    </message>
    <message>
        <source>By courier only</source>
        <translation>仅经信使</translation>
    </message>
    <message>
        <source>By the folder only</source>
        <translation>仅经文件夹</translation>
    </message>
    <message>
        <source>By the relay only</source>
        <translation>仅经中继站</translation>
    </message>
    <message>
        <source>Calendar</source>
        <translation>日历</translation>
    </message>
    <message>
        <source>Call a State otherwise on the screens of this vault, or show its code alone</source>
        <translation>在此保险库的屏幕上以其他名称称呼一国，或仅显示其代码</translation>
    </message>
    <message>
        <source>Can go along</source>
        <translation>可以接受</translation>
    </message>
    <message>
        <source>Card with permission…</source>
        <translation>附许可的身份卡…</translation>
    </message>
    <message>
        <source>Change between what is stated and what our delegation thinks</source>
        <translation>在自述内容与本代表团看法之间切换</translation>
    </message>
    <message>
        <source>Change the entry</source>
        <translation>更改条目</translation>
    </message>
    <message>
        <source>Check a backup</source>
        <translation>检查备份</translation>
    </message>
    <message>
        <source>Check an evidence file</source>
        <translation>检查证据文件</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Choose offers…</source>
        <translation>选择提议…</translation>
    </message>
    <message>
        <source>Choose the delegations whose word counts</source>
        <translation>选择其说法算数的代表团</translation>
    </message>
    <message>
        <source>Choose the next amendment to this paragraph</source>
        <translation>选择对该段的下一项修正案</translation>
    </message>
    <message>
        <source>Choose the previous amendment, or the paragraph</source>
        <translation>选择上一项修正案或该段</translation>
    </message>
    <message>
        <source>Choose what fields must say for a row to be shown</source>
        <translation>选择字段须符合何种条件方显示该行</translation>
    </message>
    <message>
        <source>Close at once</source>
        <translation>立即关闭</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>截止名单</translation>
    </message>
    <message>
        <source>Close the paragraph</source>
        <translation>结束该段</translation>
    </message>
    <message>
        <source>Close the procedure</source>
        <translation>结束默许程序</translation>
    </message>
    <message>
        <source>Close the vault and end the program; nothing is left on the screen</source>
        <translation>关闭保险库并退出程序；屏幕上不留任何内容</translation>
    </message>
    <message>
        <source>Close the vault and quit</source>
        <translation>关闭保险库并退出</translation>
    </message>
    <message>
        <source>Close the vault and show the unlock page</source>
        <translation>关闭保险库并显示解锁页</translation>
    </message>
    <message>
        <source>Close…</source>
        <translation>结束…</translation>
    </message>
    <message>
        <source>Co-sponsor</source>
        <translation>共同提案</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>承诺</translation>
    </message>
    <message>
        <source>Compare by eye</source>
        <translation>目视比对</translation>
    </message>
    <message>
        <source>Compare four words with the chosen delegation, both at the same time</source>
        <translation>与所选代表团同时比对四个词语</translation>
    </message>
    <message>
        <source>Compare revisions</source>
        <translation>比较修订稿</translation>
    </message>
    <message>
        <source>Compare the number of the chosen delegation by eye</source>
        <translation>目视比对所选代表团的号码</translation>
    </message>
    <message>
        <source>Compare the safety number with the chosen delegation</source>
        <translation>与所选代表团比对安全号码</translation>
    </message>
    <message>
        <source>Compare words now</source>
        <translation>立即比对词语</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>通讯录</translation>
    </message>
    <message>
        <source>Contents of the guide</source>
        <translation>使用指南目录</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>趋同情况</translation>
    </message>
    <message>
        <source>Copy in notation</source>
        <translation>以标注法复制</translation>
    </message>
    <message>
        <source>Copy the address of the chosen point of contact for ten seconds; nothing is sent</source>
        <translation>复制所选联络人的地址，保留十秒；不发送任何内容</translation>
    </message>
    <message>
        <source>Copy the chosen paragraph and where it stands; forgotten after ten seconds</source>
        <translation>复制所选段落及其出处；十秒后清除</translation>
    </message>
    <message>
        <source>Copy the e-mail address</source>
        <translation>复制电子邮件地址</translation>
    </message>
    <message>
        <source>Copy the hash</source>
        <translation>复制散列值</translation>
    </message>
    <message>
        <source>Copy the list</source>
        <translation>复制名单</translation>
    </message>
    <message>
        <source>Copy the number of the chosen point of contact for ten seconds; nothing is dialled</source>
        <translation>复制所选联络人的号码，保留十秒；不拨打电话</translation>
    </message>
    <message>
        <source>Copy the paragraph</source>
        <translation>复制该段</translation>
    </message>
    <message>
        <source>Copy the telephone number</source>
        <translation>复制电话号码</translation>
    </message>
    <message>
        <source>Copy the text with its brackets and attributions; forgotten after ten seconds</source>
        <translation>连同方括号和提案方标注复制案文；十秒后清除</translation>
    </message>
    <message>
        <source>Copy this paragraph with its brackets and attributions; forgotten after ten seconds</source>
        <translation>连同方括号和提案方标注复制该段；十秒后清除</translation>
    </message>
    <message>
        <source>Copy with source</source>
        <translation>连同来源复制</translation>
    </message>
    <message>
        <source>Correct or add; what stood before stays in the record</source>
        <translation>更正或补充；原有内容保留在记录中</translation>
    </message>
    <message>
        <source>Custodians</source>
        <translation>受托方</translation>
    </message>
    <message>
        <source>Decide the contested silence</source>
        <translation>就有争议的默许作出决定</translation>
    </message>
    <message>
        <source>Decide which of several standing values holds</source>
        <translation>决定几个并存的值以哪一个为准</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>送达情况</translation>
    </message>
    <message>
        <source>Edit the words in place; the difference becomes the proposal (Enter does the same)</source>
        <translation>就地修改文字；差异之处即成为提案（按Enter相同）</translation>
    </message>
    <message>
        <source>Edit with the pen</source>
        <translation>以执笔方身份修改</translation>
    </message>
    <message>
        <source>Enter a reservation</source>
        <translation>提出保留</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>条目</translation>
    </message>
    <message>
        <source>Everything about the chosen point of contact</source>
        <translation>所选联络人的全部信息</translation>
    </message>
    <message>
        <source>Everything the delegations said, both markings on every page</source>
        <translation>各代表团所述的全部内容，每页均有两种标识</translation>
    </message>
    <message>
        <source>Exchange now</source>
        <translation>立即交换</translation>
    </message>
    <message>
        <source>Export as a file</source>
        <translation>导出为文件</translation>
    </message>
    <message>
        <source>Export rows</source>
        <translation>导出行</translation>
    </message>
    <message>
        <source>Export the calendar</source>
        <translation>导出日历</translation>
    </message>
    <message>
        <source>Extend the deadline</source>
        <translation>延长期限</translation>
    </message>
    <message>
        <source>Fifth view</source>
        <translation>第五视图</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Filters that were kept under a name</source>
        <translation>以名称保存的筛选</translation>
    </message>
    <message>
        <source>Find a document</source>
        <translation>查找文件</translation>
    </message>
    <message>
        <source>Find here</source>
        <translation>在此查找</translation>
    </message>
    <message>
        <source>Find it in the library</source>
        <translation>在文库中查找</translation>
    </message>
    <message>
        <source>First view</source>
        <translation>第一视图</translation>
    </message>
    <message>
        <source>For the operator of a relay that takes them by hand</source>
        <translation>供手工受理吊销的中继站运营方使用</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>再次前进</translation>
    </message>
    <message>
        <source>Fourth view</source>
        <translation>第四视图</translation>
    </message>
    <message>
        <source>From a norm or measure to the matrix of States, and back to the page of the cell one is at</source>
        <translation>从规范或措施前往国家矩阵，再返回所在单元格的页面</translation>
    </message>
    <message>
        <source>Give permission…</source>
        <translation>给予许可…</translation>
    </message>
    <message>
        <source>Give the pen to another delegation</source>
        <translation>将执笔权交给另一代表团</translation>
    </message>
    <message>
        <source>Go to a paragraph by its number</source>
        <translation>按编号前往段落</translation>
    </message>
    <message>
        <source>Go to hygiene, unlocking, laptops, backups, keys, evidence and checks</source>
        <translation>前往日常防护、解锁、笔记本电脑、备份、密钥、证据和检查</translation>
    </message>
    <message>
        <source>Go to paragraph</source>
        <translation>前往段落</translation>
    </message>
    <message>
        <source>Go to the commitments</source>
        <translation>前往承诺</translation>
    </message>
    <message>
        <source>Go to the contacts</source>
        <translation>前往通讯录</translation>
    </message>
    <message>
        <source>Go to the incidents</source>
        <translation>前往事件</translation>
    </message>
    <message>
        <source>Go to the library</source>
        <translation>前往文库</translation>
    </message>
    <message>
        <source>Go to the messages</source>
        <translation>前往消息</translation>
    </message>
    <message>
        <source>Go to the next pane of this screen</source>
        <translation>前往此屏幕的下一窗格</translation>
    </message>
    <message>
        <source>Go to the overview</source>
        <translation>前往概览</translation>
    </message>
    <message>
        <source>Go to the page of the next one</source>
        <translation>前往下一项的页面</translation>
    </message>
    <message>
        <source>Go to the page of the one before</source>
        <translation>前往上一项的页面</translation>
    </message>
    <message>
        <source>Go to the previous pane of this screen</source>
        <translation>前往此屏幕的上一窗格</translation>
    </message>
    <message>
        <source>Go to the registers</source>
        <translation>前往登记册</translation>
    </message>
    <message>
        <source>Go to the search box of this screen</source>
        <translation>前往此屏幕的搜索框</translation>
    </message>
    <message>
        <source>Go to the settings</source>
        <translation>前往设置</translation>
    </message>
    <message>
        <source>Go to the texts</source>
        <translation>前往案文</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
    </message>
    <message>
        <source>History of the entry</source>
        <translation>条目的历史记录</translation>
    </message>
    <message>
        <source>History of the paragraph</source>
        <translation>该段的历史记录</translation>
    </message>
    <message>
        <source>History of the row</source>
        <translation>此行的历史记录</translation>
    </message>
    <message>
        <source>How a frozen text goes on</source>
        <translation>冻结的案文如何继续</translation>
    </message>
    <message>
        <source>Import a card</source>
        <translation>导入身份卡</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>导入文件夹</translation>
    </message>
    <message>
        <source>Import contact cards</source>
        <translation>导入联系人名片</translation>
    </message>
    <message>
        <source>Import rows</source>
        <translation>导入行</translation>
    </message>
    <message>
        <source>In an open entry: put back what stood before your last change; both stay in the history</source>
        <translation>在打开的条目中：恢复您上次更改前的内容；两者都保留在历史记录中</translation>
    </message>
    <message>
        <source>In an open entry: take it out with a reason, or put it back</source>
        <translation>在打开的条目中：说明理由后移出，或放回</translation>
    </message>
    <message>
        <source>In an open entry: what was changed, by whom and when</source>
        <translation>在打开的条目中：何人何时更改了什么</translation>
    </message>
    <message>
        <source>Incident and indicators as a bundle for technical teams</source>
        <translation>事件和指标打包，供技术小组使用</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Insert from the library</source>
        <translation>从文库插入</translation>
    </message>
    <message>
        <source>Internal remark</source>
        <translation>内部评论</translation>
    </message>
    <message>
        <source>Joint statements</source>
        <translation>联合声明</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keep as alternative</source>
        <translation>保留为备选</translation>
    </message>
    <message>
        <source>Keep what was changed in the row</source>
        <translation>保存对该行的更改</translation>
    </message>
    <message>
        <source>Kept filters</source>
        <translation>已保存的筛选</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Leave the relay…</source>
        <translation>停用中继站…</translation>
    </message>
    <message>
        <source>Let a delegation write to us through our relay</source>
        <translation>让一个代表团通过我方中继站向我方写信</translation>
    </message>
    <message>
        <source>Let another officer&apos;s draft on this paragraph leave to the room</source>
        <translation>将另一名官员对该段的草稿放行到会议室</translation>
    </message>
    <message>
        <source>Let delegations co-sponsor the newest revision of this text</source>
        <translation>请各代表团共同提出此案文的最新修订稿</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>文库</translation>
    </message>
    <message>
        <source>Lock now</source>
        <translation>立即锁定</translation>
    </message>
    <message>
        <source>Look at a bundle and make a draft of it; nothing is sent</source>
        <translation>查看STIX包并据以拟成草稿；不发送任何内容</translation>
    </message>
    <message>
        <source>Look at the laptop that was added to the delegation shown, and accept it</source>
        <translation>查看所示代表团新增的笔记本电脑并予以接受</translation>
    </message>
    <message>
        <source>Look at the text</source>
        <translation>查看案文</translation>
    </message>
    <message>
        <source>Look for its symbol in the documents of the library</source>
        <translation>在文库文件中查找其文号</translation>
    </message>
    <message>
        <source>Look for slips of drafting: numbers, brackets, opening verbs, signs at the end</source>
        <translation>查找起草疏漏：编号、方括号、开头动词、段末标点</translation>
    </message>
    <message>
        <source>Make a bundle for the courier</source>
        <translation>为信使制作封包</translation>
    </message>
    <message>
        <source>Make a vault for a journey</source>
        <translation>制作出行保险库</translation>
    </message>
    <message>
        <source>Matrix and page</source>
        <translation>矩阵与页面</translation>
    </message>
    <message>
        <source>Members</source>
        <translation>成员</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>More at once</source>
        <translation>同时显示更多</translation>
    </message>
    <message>
        <source>Name shown for a State</source>
        <translation>国家显示名称</translation>
    </message>
    <message>
        <source>Narrow the list of documents by symbol, title or language</source>
        <translation>按文号、标题或语言缩小文件列表</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>New internal note…</source>
        <translation>新建内部备注…</translation>
    </message>
    <message>
        <source>New revision</source>
        <translation>新修订稿</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>新建会议室</translation>
    </message>
    <message>
        <source>New task…</source>
        <translation>新建任务…</translation>
    </message>
    <message>
        <source>New thread</source>
        <translation>新建话题</translation>
    </message>
    <message>
        <source>Next amendment</source>
        <translation>下一项修正案</translation>
    </message>
    <message>
        <source>Next norm or measure</source>
        <translation>下一条规范或措施</translation>
    </message>
    <message>
        <source>Next pane</source>
        <translation>下一窗格</translation>
    </message>
    <message>
        <source>Next phrase of agreed language</source>
        <translation>下一处商定措辞</translation>
    </message>
    <message>
        <source>No position</source>
        <translation>无立场</translation>
    </message>
    <message>
        <source>Nominate by note verbale</source>
        <translation>以普通照会提名</translation>
    </message>
    <message>
        <source>Offer assistance…</source>
        <translation>提议提供援助…</translation>
    </message>
    <message>
        <source>Offer help to the delegation that asks</source>
        <translation>向求助的代表团提议提供帮助</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the hash that is signed; forgotten after ten seconds</source>
        <translation>在联合声明或名单上：复制所签署的散列值；十秒后清除</translation>
    </message>
    <message>
        <source>On a joint statement or list: copy the names, one a line; forgotten after ten seconds</source>
        <translation>在联合声明或名单上：复制名称，每行一个；十秒后清除</translation>
    </message>
    <message>
        <source>On a joint statement or list: save the words as the file whose sha256sum is the hash</source>
        <translation>在联合声明或名单上：将文本保存为文件，其sha256sum即散列值</translation>
    </message>
    <message>
        <source>On a joint statement or list: sign on for our delegation</source>
        <translation>在联合声明或名单上：代表本代表团联署</translation>
    </message>
    <message>
        <source>On a joint statement or list: take the name of our delegation back</source>
        <translation>在联合声明或名单上：撤回本代表团的联署</translation>
    </message>
    <message>
        <source>On a list of co-sponsors: go to the text</source>
        <translation>在共同提案国名单上：前往案文</translation>
    </message>
    <message>
        <source>On a list we closed: admit a delegation that signed on late</source>
        <translation>在我方已截止的名单上：接纳逾期联署的代表团</translation>
    </message>
    <message>
        <source>On a list we opened: close it with the names that stand on it now</source>
        <translation>在我方开放的名单上：以现有名称截止名单</translation>
    </message>
    <message>
        <source>On a statement that was replaced: go to the words in its place</source>
        <translation>在已被取代的声明上：前往取代它的文本</translation>
    </message>
    <message>
        <source>On a statement we opened: open other words in its place</source>
        <translation>在我方开放的声明上：开放另一文本予以取代</translation>
    </message>
    <message>
        <source>Open a closed incident again</source>
        <translation>重新开启已结束的事件</translation>
    </message>
    <message>
        <source>Open a list of co-sponsors</source>
        <translation>开放共同提案国名单</translation>
    </message>
    <message>
        <source>Open a ping round</source>
        <translation>开启一轮联络测试</translation>
    </message>
    <message>
        <source>Open a room with one delegation, a group, or your own</source>
        <translation>与一个代表团、一组代表团或在本代表团内部开设会议室</translation>
    </message>
    <message>
        <source>Open a silence procedure</source>
        <translation>启动默许程序</translation>
    </message>
    <message>
        <source>Open again…</source>
        <translation>重新开启…</translation>
    </message>
    <message>
        <source>Open bundles of a courier</source>
        <translation>打开信使带来的封包</translation>
    </message>
    <message>
        <source>Open in its place</source>
        <translation>开放以取代</translation>
    </message>
    <message>
        <source>Open the chosen point of contact as a form</source>
        <translation>以表单打开所选联络人</translation>
    </message>
    <message>
        <source>Open the file of the relay&apos;s operator</source>
        <translation>打开中继站运营方提供的文件</translation>
    </message>
    <message>
        <source>Open the guide at the page about what is on the screen</source>
        <translation>打开使用指南中介绍当前屏幕内容的页面</translation>
    </message>
    <message>
        <source>Open the row</source>
        <translation>打开该行</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>反对</translation>
    </message>
    <message>
        <source>Oppose the chosen amendment, or the paragraph</source>
        <translation>反对所选修正案或该段</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>我方评估——内部</translation>
    </message>
    <message>
        <source>Our card</source>
        <translation>我方身份卡</translation>
    </message>
    <message>
        <source>Our identity card with permission to write, for one correspondent alone</source>
        <translation>附写信许可的我方身份卡，仅供一个通信方使用</translation>
    </message>
    <message>
        <source>Our own row</source>
        <translation>我方所在行</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Park</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>Pass the pen</source>
        <translation>移交执笔权</translation>
    </message>
    <message>
        <source>Ping rounds</source>
        <translation>联络测试轮次</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>联络人</translation>
    </message>
    <message>
        <source>Previous amendment</source>
        <translation>上一项修正案</translation>
    </message>
    <message>
        <source>Previous norm or measure</source>
        <translation>上一条规范或措施</translation>
    </message>
    <message>
        <source>Previous pane</source>
        <translation>上一窗格</translation>
    </message>
    <message>
        <source>Propose a new paragraph after this one</source>
        <translation>提出在该段之后新增一段</translation>
    </message>
    <message>
        <source>Propose a paragraph</source>
        <translation>提出段落</translation>
    </message>
    <message>
        <source>Propose an alternative</source>
        <translation>提出备选案文</translation>
    </message>
    <message>
        <source>Propose another place for this paragraph</source>
        <translation>为该段提出另一位置</translation>
    </message>
    <message>
        <source>Propose by editing</source>
        <translation>以修改方式提出</translation>
    </message>
    <message>
        <source>Propose deletion</source>
        <translation>提出删除</translation>
    </message>
    <message>
        <source>Propose other words for the whole paragraph, beside it</source>
        <translation>为整段提出其他文字，与该段并列</translation>
    </message>
    <message>
        <source>Propose to delete this paragraph</source>
        <translation>提出删除该段</translation>
    </message>
    <message>
        <source>Propose to move</source>
        <translation>提出移动</translation>
    </message>
    <message>
        <source>Put back what stood before your last change; both stay in the history</source>
        <translation>恢复您上次更改前的内容；两者都保留在历史记录中</translation>
    </message>
    <message>
        <source>Put our delegation&apos;s name to the chosen amendment</source>
        <translation>将本代表团列为所选修正案的提案国</translation>
    </message>
    <message>
        <source>Put two revisions side by side, or one and the text as it stands</source>
        <translation>将两份修订稿，或一份修订稿与现有案文并列</translation>
    </message>
    <message>
        <source>Questions of other delegations about our entries</source>
        <translation>其他代表团就我方条目提出的问题</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Reachability</source>
        <translation>联络畅通情况</translation>
    </message>
    <message>
        <source>Read a STIX bundle…</source>
        <translation>读取STIX包…</translation>
    </message>
    <message>
        <source>Read a backup to its end and prove it; nothing of it enters this vault</source>
        <translation>将备份读取到底并加以验证；其内容不进入此保险库</translation>
    </message>
    <message>
        <source>Read a calendar</source>
        <translation>读取日历</translation>
    </message>
    <message>
        <source>Read a file of this text that somebody changed, and propose what it changes</source>
        <translation>读取他人改动过的本案文文件，并提出其中的更改</translation>
    </message>
    <message>
        <source>Read contact cards from a file and see what they would change</source>
        <translation>从文件读取联系人名片，查看将带来的更改</translation>
    </message>
    <message>
        <source>Read rows from a file; what would change is shown first</source>
        <translation>从文件读取行；先显示将更改的内容</translation>
    </message>
    <message>
        <source>Read the card of another delegation from a file</source>
        <translation>从文件读取另一代表团的身份卡</translation>
    </message>
    <message>
        <source>Read the code of the chosen delegation from a picture</source>
        <translation>从图片读取所选代表团的二维码</translation>
    </message>
    <message>
        <source>Read the definition of a further register</source>
        <translation>读取另一登记册的定义</translation>
    </message>
    <message>
        <source>Read their code</source>
        <translation>读取对方二维码</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>登记册</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>不采纳</translation>
    </message>
    <message>
        <source>Relay, folder and courier: which way serves which delegation, and what waits</source>
        <translation>中继站、文件夹和信使：各代表团使用哪种方式，以及哪些内容待发</translation>
    </message>
    <message>
        <source>Release the draft</source>
        <translation>放行草稿</translation>
    </message>
    <message>
        <source>Remark to the room</source>
        <translation>向会议室提出评论</translation>
    </message>
    <message>
        <source>Renew</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>重新开放</translation>
    </message>
    <message>
        <source>Report it in another room, with its markings, where its source allows that</source>
        <translation>在来源方允许的情况下，连同其标识在另一会议室通报</translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>持保留</translation>
    </message>
    <message>
        <source>Reserve until the capital has looked at it</source>
        <translation>在国内审查之前持保留</translation>
    </message>
    <message>
        <source>Return another officer&apos;s draft on this paragraph, with the reason</source>
        <translation>说明理由，退回另一名官员对该段的草稿</translation>
    </message>
    <message>
        <source>Return the draft</source>
        <translation>退回草稿</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>吊销…</translation>
    </message>
    <message>
        <source>Rounds that ask points of contact to confirm their entry</source>
        <translation>请联络人确认其条目的各轮测试</translation>
    </message>
    <message>
        <source>Save as PDF…</source>
        <translation>另存为PDF…</translation>
    </message>
    <message>
        <source>Save as STIX 2.1…</source>
        <translation>另存为STIX 2.1…</translation>
    </message>
    <message>
        <source>Save calendar entry</source>
        <translation>保存日历条目</translation>
    </message>
    <message>
        <source>Save contact cards</source>
        <translation>保存联系人名片</translation>
    </message>
    <message>
        <source>Save files as</source>
        <translation>文件另存为</translation>
    </message>
    <message>
        <source>Save our card</source>
        <translation>保存我方身份卡</translation>
    </message>
    <message>
        <source>Save our own card as a file; in an open point of contact: keep what was changed</source>
        <translation>将我方身份卡保存为文件；在打开的联络人中：保存所作更改</translation>
    </message>
    <message>
        <source>Save the deadline of the silence procedure as a calendar file</source>
        <translation>将默许程序的截止时间保存为日历文件</translation>
    </message>
    <message>
        <source>Save the entries shown as contact cards (.vcf)</source>
        <translation>将所显示的条目保存为联系人名片 (.vcf)</translation>
    </message>
    <message>
        <source>Save the files of the chosen message; nothing is ever opened from here</source>
        <translation>保存所选消息的文件；绝不从此处直接打开</translation>
    </message>
    <message>
        <source>Save the record of a room as evidence</source>
        <translation>将会议室的记录保存为证据</translation>
    </message>
    <message>
        <source>Save the record…</source>
        <translation>保存记录…</translation>
    </message>
    <message>
        <source>Save the revocations…</source>
        <translation>保存吊销记录…</translation>
    </message>
    <message>
        <source>Save the text as a Word document, PDF or another file, from the room&apos;s record alone</source>
        <translation>仅依据会议室的记录，将案文保存为Word文档、PDF或其他文件</translation>
    </message>
    <message>
        <source>Save the words</source>
        <translation>保存文本</translation>
    </message>
    <message>
        <source>Say how it ended and close it</source>
        <translation>说明如何了结，并结束事件</translation>
    </message>
    <message>
        <source>Say that it was received; it accepts no fact and agrees with nothing</source>
        <translation>表明已收到；不接受任何事实，也不同意任何内容</translation>
    </message>
    <message>
        <source>Say that the delegation can go along</source>
        <translation>表明本代表团可以接受</translation>
    </message>
    <message>
        <source>Say what an evidence file proves and what it does not</source>
        <translation>说明证据文件证明什么、不证明什么</translation>
    </message>
    <message>
        <source>Say whether you can help and what was done</source>
        <translation>说明您能否提供帮助以及已采取的行动</translation>
    </message>
    <message>
        <source>Say which of two continuations stands, or who has the pen from here on</source>
        <translation>说明两份后续文字以哪一份为准，或此后由何方执笔</translation>
    </message>
    <message>
        <source>Say which offers your delegation takes</source>
        <translation>说明本代表团接受哪些提议</translation>
    </message>
    <message>
        <source>Say, with the reason, that our delegation does not agree; it cannot be taken back</source>
        <translation>说明理由，表示本代表团不同意；此操作无法收回</translation>
    </message>
    <message>
        <source>Scrutiny reservation</source>
        <translation>审查保留</translation>
    </message>
    <message>
        <source>Seal and send</source>
        <translation>密封并发送</translation>
    </message>
    <message>
        <source>Seal files into the vault and send them with the message</source>
        <translation>将文件密封到保险库中，随消息发送</translation>
    </message>
    <message>
        <source>Seal what you wrote and send it at the next exchange</source>
        <translation>密封您所写的内容，在下次交换时发送</translation>
    </message>
    <message>
        <source>Search everything</source>
        <translation>全局搜索</translation>
    </message>
    <message>
        <source>Search texts, amendments, messages, contacts, commitments and registers</source>
        <translation>搜索案文、修正案、消息、通讯录、承诺和登记册</translation>
    </message>
    <message>
        <source>Second view</source>
        <translation>第二视图</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>See less of the matrix, larger</source>
        <translation>看到矩阵的较小部分，字更大</translation>
    </message>
    <message>
        <source>See more of the matrix at once</source>
        <translation>同时看到矩阵的更多部分</translation>
    </message>
    <message>
        <source>Send on to others…</source>
        <translation>转发给他方…</translation>
    </message>
    <message>
        <source>Send what waits and fetch what has come</source>
        <translation>发送待发内容，取回已到内容</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settle a difference</source>
        <translation>解决差异</translation>
    </message>
    <message>
        <source>Show every date as a calendar; in the month: arrows, Page Up, Page Down, Home</source>
        <translation>以日历显示所有日期；在月视图中：方向键、Page Up、Page Down、Home</translation>
    </message>
    <message>
        <source>Show every field of the row</source>
        <translation>显示该行的所有字段</translation>
    </message>
    <message>
        <source>Show every key</source>
        <translation>显示所有快捷键</translation>
    </message>
    <message>
        <source>Show how many words stand outside brackets, revision by revision</source>
        <translation>逐稿显示方括号之外的字数</translation>
    </message>
    <message>
        <source>Show joint statements and lists of co-sponsors, and who has signed on</source>
        <translation>显示联合声明和共同提案国名单，以及联署方</translation>
    </message>
    <message>
        <source>Show our own card, to hand over or save</source>
        <translation>显示我方身份卡，供移交或保存</translation>
    </message>
    <message>
        <source>Show the fifth view of the register</source>
        <translation>显示登记册的第五视图</translation>
    </message>
    <message>
        <source>Show the first view of the register</source>
        <translation>显示登记册的第一视图</translation>
    </message>
    <message>
        <source>Show the fourth view of the register</source>
        <translation>显示登记册的第四视图</translation>
    </message>
    <message>
        <source>Show the new words</source>
        <translation>显示新文本</translation>
    </message>
    <message>
        <source>Show the second view of the register</source>
        <translation>显示登记册的第二视图</translation>
    </message>
    <message>
        <source>Show the sixth view of the register</source>
        <translation>显示登记册的第六视图</translation>
    </message>
    <message>
        <source>Show the third view of the register</source>
        <translation>显示登记册的第三视图</translation>
    </message>
    <message>
        <source>Show what every delegation says at every paragraph</source>
        <translation>显示每个代表团对每一段的表态</translation>
    </message>
    <message>
        <source>Show what happened to this paragraph</source>
        <translation>显示该段的经过</translation>
    </message>
    <message>
        <source>Show what needs you now</source>
        <translation>显示现在需要您处理的事项</translation>
    </message>
    <message>
        <source>Show what our State has said and done about it</source>
        <translation>显示我国就此所作的表述和行动</translation>
    </message>
    <message>
        <source>Show when each device received and acknowledged the message</source>
        <translation>显示各设备何时收到消息并确认收悉</translation>
    </message>
    <message>
        <source>Show who is in this room</source>
        <translation>显示此会议室的成员</translation>
    </message>
    <message>
        <source>Sign on</source>
        <translation>联署</translation>
    </message>
    <message>
        <source>Sixth view</source>
        <translation>第六视图</translation>
    </message>
    <message>
        <source>Slips</source>
        <translation>疏漏</translation>
    </message>
    <message>
        <source>Sort by this column</source>
        <translation>按此列排序</translation>
    </message>
    <message>
        <source>Sort the table by the column one is at; again turns it round</source>
        <translation>按当前所在列对表格排序；再按一次则反向</translation>
    </message>
    <message>
        <source>Speak for a group</source>
        <translation>代表集团发言</translation>
    </message>
    <message>
        <source>Start a new thread in this room</source>
        <translation>在此会议室新建话题</translation>
    </message>
    <message>
        <source>Start something new on this screen</source>
        <translation>在此屏幕上新建内容</translation>
    </message>
    <message>
        <source>Stop importing; what was taken in stays, and the same import again goes on from there</source>
        <translation>停止导入；已收入的予以保留，再次进行同一导入可从该处继续</translation>
    </message>
    <message>
        <source>Stop the backup; what was begun is taken away again</source>
        <translation>停止备份；已开始写入的内容会予以清除</translation>
    </message>
    <message>
        <source>Stop the import</source>
        <translation>停止导入</translation>
    </message>
    <message>
        <source>Stop using the folder…</source>
        <translation>停用文件夹…</translation>
    </message>
    <message>
        <source>Stop what is being written</source>
        <translation>停止正在进行的写入</translation>
    </message>
    <message>
        <source>Streamlining bench</source>
        <translation>精简工作台</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>支持</translation>
    </message>
    <message>
        <source>Support the chosen amendment, or the paragraph</source>
        <translation>支持所选修正案或该段</translation>
    </message>
    <message>
        <source>Take</source>
        <translation>采纳</translation>
    </message>
    <message>
        <source>Take a permission back: nothing more is taken with it</source>
        <translation>收回许可：不再凭此接收任何内容</translation>
    </message>
    <message>
        <source>Take events or consultations from a calendar file (.ics)</source>
        <translation>从日历文件 (.ics) 收入活动或磋商</translation>
    </message>
    <message>
        <source>Take every document of a folder into the library; what is there already is passed over</source>
        <translation>将文件夹中的所有文件收入文库；已有的略过</translation>
    </message>
    <message>
        <source>Take in what a courier brought on a stick</source>
        <translation>收入信使用U盘带来的内容</translation>
    </message>
    <message>
        <source>Take it higher…</source>
        <translation>升级…</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>撤回我方联署</translation>
    </message>
    <message>
        <source>Take out of the library</source>
        <translation>移出文库</translation>
    </message>
    <message>
        <source>Take out or put back</source>
        <translation>移出或放回</translation>
    </message>
    <message>
        <source>Take positions on behalf of a group; empty = for our own delegation</source>
        <translation>代表集团表明立场；留空即代表本代表团</translation>
    </message>
    <message>
        <source>Take the chosen document out of the library of this laptop</source>
        <translation>将所选文件移出本机的文库</translation>
    </message>
    <message>
        <source>Take the position back</source>
        <translation>收回立场</translation>
    </message>
    <message>
        <source>Take the row out with a reason, or put it back</source>
        <translation>说明理由后移出该行，或将其放回</translation>
    </message>
    <message>
        <source>Tell other delegations that you have verified the chosen one</source>
        <translation>告知其他代表团您已核验所选代表团</translation>
    </message>
    <message>
        <source>Tell the author, signed, that this message has been read here</source>
        <translation>以签名方式告知作者此消息已在此阅读</translation>
    </message>
    <message>
        <source>Test the folder</source>
        <translation>测试文件夹</translation>
    </message>
    <message>
        <source>Test the relay</source>
        <translation>测试中继站</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>案文</translation>
    </message>
    <message>
        <source>The record whose SHA-256 is shown; it is the same at every delegation</source>
        <translation>所示SHA-256对应的记录；各代表团处均相同</translation>
    </message>
    <message>
        <source>The relay where there is one, else the folder</source>
        <translation>有中继站时用中继站，否则用文件夹</translation>
    </message>
    <message>
        <source>The same with one key while the list of messages has the focus</source>
        <translation>焦点在消息列表时，一个键即可完成</translation>
    </message>
    <message>
        <source>Third view</source>
        <translation>第三视图</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Undo the last change</source>
        <translation>撤销上次更改</translation>
    </message>
    <message>
        <source>Update…</source>
        <translation>更新…</translation>
    </message>
    <message>
        <source>Use a relay…</source>
        <translation>使用中继站…</translation>
    </message>
    <message>
        <source>Use the next channel of the ladder</source>
        <translation>使用升级阶梯的下一渠道</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>核验</translation>
    </message>
    <message>
        <source>Vouch</source>
        <translation>担保</translation>
    </message>
    <message>
        <source>Ways of exchange</source>
        <translation>交换方式</translation>
    </message>
    <message>
        <source>What came of each contact over the rounds</source>
        <translation>各联络人历轮的结果</translation>
    </message>
    <message>
        <source>What was changed in the row, by whom and when</source>
        <translation>何人何时更改了该行的什么内容</translation>
    </message>
    <message>
        <source>While writing: go to the next words that stand in the library, and see where</source>
        <translation>撰写时：前往文库中所载的下一处文字，并查看其出处</translation>
    </message>
    <message>
        <source>While writing: take words of agreed language, with their source; selected words are searched</source>
        <translation>撰写时：采用商定措辞及其来源；按所选文字搜索</translation>
    </message>
    <message>
        <source>Who stands where</source>
        <translation>各方立场</translation>
    </message>
    <message>
        <source>With the pen: a revision stands as agreed unless somebody breaks the silence</source>
        <translation>执笔方：除非有人打破默许，否则修订稿视为商定</translation>
    </message>
    <message>
        <source>With the pen: do not take the chosen amendment</source>
        <translation>执笔方：不采纳所选修正案</translation>
    </message>
    <message>
        <source>With the pen: freeze the text as a revision</source>
        <translation>执笔方：将案文冻结为修订稿</translation>
    </message>
    <message>
        <source>With the pen: give the silence procedure a later deadline</source>
        <translation>执笔方：延后默许程序的截止时间</translation>
    </message>
    <message>
        <source>With the pen: go through what is open, like amendments together, and send all answers at once</source>
        <translation>执笔方：逐一处理未决内容，归并相近的修正案，一次发送所有答复</translation>
    </message>
    <message>
        <source>With the pen: keep the chosen amendment as an alternative</source>
        <translation>执笔方：将所选修正案保留为备选</translation>
    </message>
    <message>
        <source>With the pen: open this paragraph again</source>
        <translation>执笔方：重新开放该段</translation>
    </message>
    <message>
        <source>With the pen: say whether the silence was kept or broken</source>
        <translation>执笔方：说明默许是否被打破</translation>
    </message>
    <message>
        <source>With the pen: set the words and say what becomes of each amendment</source>
        <translation>执笔方：写定文字，并说明每项修正案的处理结果</translation>
    </message>
    <message>
        <source>With the pen: set this paragraph aside</source>
        <translation>执笔方：搁置该段</translation>
    </message>
    <message>
        <source>With the pen: take a late amendment, or one to earlier words, back into the talks</source>
        <translation>执笔方：将逾期的修正案或针对先前文字的修正案重新纳入会谈</translation>
    </message>
    <message>
        <source>With the pen: take the chosen amendment</source>
        <translation>执笔方：采纳所选修正案</translation>
    </message>
    <message>
        <source>With the pen: the silence procedure is over</source>
        <translation>执笔方：默许程序终结</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is agreed ad ref</source>
        <translation>执笔方：该段商定（待核准）</translation>
    </message>
    <message>
        <source>With the pen: this paragraph is closed, not reopened without the chair&apos;s consent</source>
        <translation>执笔方：该段已结束讨论，未经主席同意不重新开放</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Withdraw our chosen amendment</source>
        <translation>撤回我方所选修正案</translation>
    </message>
    <message>
        <source>Write a backup of this vault to a stick or folder, and read it again</source>
        <translation>将此保险库的备份写到U盘或文件夹，并重新读取</translation>
    </message>
    <message>
        <source>Write a note verbale that nominates the chosen point of contact</source>
        <translation>撰写普通照会，提名所选联络人</translation>
    </message>
    <message>
        <source>Write a remark on the chosen amendment, or the paragraph, for everybody in the room</source>
        <translation>就所选修正案或该段撰写评论，供会议室全体成员阅读</translation>
    </message>
    <message>
        <source>Write a remark that stays in our delegation</source>
        <translation>撰写留在本代表团内的评论</translation>
    </message>
    <message>
        <source>Write a vault with only the rooms you choose, for a laptop that travels</source>
        <translation>写出只含您所选会议室的保险库，供出行用笔记本电脑使用</translation>
    </message>
    <message>
        <source>Write rows as a file</source>
        <translation>将行写成文件</translation>
    </message>
    <message>
        <source>Write the dates that are shown as a calendar file (.ics)</source>
        <translation>将所显示的日期写成日历文件 (.ics)</translation>
    </message>
    <message>
        <source>Write the signed record of the chosen room into a file others can check</source>
        <translation>将所选会议室经签名的记录写成可供他人检查的文件</translation>
    </message>
    <message>
        <source>Write what waits as one sealed file on a stick</source>
        <translation>将待发内容写成一个密封文件，存到U盘上</translation>
    </message>
</context>
<context>
    <name>advice</name>
    <message>
        <source>Accepted. One or two more words would make it much harder to guess.</source>
        <translation>可以接受。再增加一两个词会难猜得多。</translation>
    </message>
    <message>
        <source>Long enough, as long as it is not a known quotation and is used nowhere else.</source>
        <translation>长度足够，前提是它不是众所周知的引文，也未在别处使用。</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other, or a sentence nobody else would say. Nobody can reset it; only recovery shares, if you make them, open the vault without it.</source>
        <translation>请取四五个互不相关的词，或一句别人不会说的话。任何人都无法重置；除密码短语之外，只有恢复份额（如您已制作）才能打开保险库。</translation>
    </message>
    <message>
        <source>Too easy to guess: it is made of common words, names, dates or rows of keys. Add a word or two.</source>
        <translation>过于容易猜到：由常用词、名称、日期或成排的按键组成。请增加一两个词。</translation>
    </message>
    <message>
        <source>Too short: at least twelve characters, not the same few again and again.</source>
        <translation>过短：至少十二个字符，且不能反复使用少数几个字符。</translation>
    </message>
</context>
<context>
    <name>backups</name>
    <message numerus="yes">
        <source>%n contacts</source>
        <translation>
            <numerusform>%n个联系对象</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n个条目</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n个文件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items have not left yet: they are kept in the backup as part of the record and the conversation.</source>
        <translation>
            <numerusform>有%n项尚未发出：作为记录和会话的一部分保存在备份中。</numerusform>
        </translation>
    </message>
    <message>
        <source>As of {0}: {1}, {2}, {3}; digest {4}.</source>
        <translation>截至{0}：{1}，{2}，{3}；散列值{4}。</translation>
    </message>
    <message numerus="yes">
        <source>Backed up %n days ago.</source>
        <translation>
            <numerusform>%n天前已备份。</numerusform>
        </translation>
    </message>
    <message>
        <source>Backed up today.</source>
        <translation>今天已备份。</translation>
    </message>
    <message>
        <source>Backed up yesterday.</source>
        <translation>昨天已备份。</translation>
    </message>
    <message>
        <source>Backups ({0})</source>
        <translation>备份 ({0})</translation>
    </message>
    <message>
        <source>Choose the backup…</source>
        <translation>选择备份…</translation>
    </message>
    <message>
        <source>Entries written or received since: {0}.</source>
        <translation>此后写入或收到的条目：{0}。</translation>
    </message>
    <message>
        <source>It was not written by this vault, or before the vault was restored.</source>
        <translation>它不是由此保险库写出的，或写于保险库恢复之前。</translation>
    </message>
    <message>
        <source>It was written by this vault.</source>
        <translation>它是由此保险库写出的。</translation>
    </message>
    <message>
        <source>Messages of conversations that only the old laptop could open: {0}. Ask for what you need of them.</source>
        <translation>只有旧笔记本电脑才能打开的会话消息：{0}。请索取您所需要的内容。</translation>
    </message>
    <message>
        <source>Never finished, and no backup: {0}. It can be deleted.</source>
        <translation>未完成，不构成备份：{0}。可以删除。</translation>
    </message>
    <message>
        <source>Nothing was written or received since.</source>
        <translation>此后未写入或收到任何内容。</translation>
    </message>
    <message>
        <source>Of these in conversations: {0}; another laptop cannot send them, so say them again there.</source>
        <translation>其中属于会话的：{0}；另一台笔记本电脑无法发送这些内容，因此请在那里重新写出。</translation>
    </message>
    <message>
        <source>Open a backup</source>
        <translation>打开备份</translation>
    </message>
    <message>
        <source>There is no backup of this vault yet.</source>
        <translation>此保险库尚无备份。</translation>
    </message>
    <message>
        <source>This backup is whole and verifies.</source>
        <translation>此备份完整并通过验证。</translation>
    </message>
    <message>
        <source>This vault for a journey is whole and verifies.</source>
        <translation>此出行保险库完整并通过验证。</translation>
    </message>
    <message>
        <source>a bilateral room</source>
        <translation>一个双边会议室</translation>
    </message>
    <message>
        <source>{0} in {1}: {2}</source>
        <translation>{1}中的{0}：{2}</translation>
    </message>
    <message>
        <source>{0}, in {1}, {2}. Read again after writing; digest {3}.</source>
        <translation>{0}，位于{1}，{2}。写入后已重新读取；散列值{3}。</translation>
    </message>
</context>
<context>
    <name>calendar</name>
    <message>
        <source>Consultation</source>
        <translation>磋商</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>截止日期</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>活动</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>审查</translation>
    </message>
    <message>
        <source>Sign-on closes</source>
        <translation>联署截止</translation>
    </message>
    <message>
        <source>Silence ends</source>
        <translation>默许期满</translation>
    </message>
    <message>
        <source>assessed by us, internal</source>
        <translation>由我方评估，内部</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>capture</name>
    <message>
        <source>Nothing keeps other programs of this session from capturing this window (X11 cannot do so).</source>
        <translation>没有措施阻止此会话中的其他程序截取此窗口（X11无法做到）。</translation>
    </message>
    <message>
        <source>The desktop asks you before a program may capture the screen; Valise cannot forbid it.</source>
        <translation>程序要截取屏幕时，桌面会先询问您；Valise无法予以禁止。</translation>
    </message>
    <message>
        <source>Windows leaves these windows out of screenshots and recordings while the setting is on (version 2004 or later). A camera is not kept out.</source>
        <translation>启用此设置期间，Windows不将这些窗口列入截图和录屏（2004版或更高版本）。不能防止用相机拍摄。</translation>
    </message>
    <message>
        <source>macOS is asked to leave these windows out of captures while the setting is on; newer versions let some programs capture them all the same. A camera is not kept out.</source>
        <translation>启用此设置期间，程序请求macOS不将这些窗口列入截图和录屏；较新版本仍允许某些程序截取。不能防止用相机拍摄。</translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>A log does not reach as far as its entries do.</source>
        <translation>一份日志未达到其条目应及之处。</translation>
    </message>
    <message>
        <source>A part of the database file was an older version of itself.</source>
        <translation>数据库文件有一部分是其较旧的版本。</translation>
    </message>
    <message>
        <source>A room of two</source>
        <translation>一个双方会议室</translation>
    </message>
    <message>
        <source>A row refers to something that is not there.</source>
        <translation>有一行引用了不存在的内容。</translation>
    </message>
    <message>
        <source>A table or an index is damaged.</source>
        <translation>一个表或索引已损坏。</translation>
    </message>
    <message>
        <source>An old copy of this laptop&apos;s vault was put back; it says so itself, and goes on.</source>
        <translation>这台笔记本电脑保险库的旧副本被重新启用；该方自行说明了这一点，并继续运作。</translation>
    </message>
    <message>
        <source>Another laptop had heard more from this one than is in this vault.</source>
        <translation>另一台笔记本电脑从本机获知的内容多于此保险库所有。</translation>
    </message>
    <message>
        <source>It was rescued from a damaged database.</source>
        <translation>它是从损坏的数据库中抢救出来的。</translation>
    </message>
    <message>
        <source>Noticed {when}. Both signed statements are kept as evidence.</source>
        <translation>{when}发现。两项签名表述均作为证据保留。</translation>
    </message>
    <message>
        <source>Some pages do not verify: the file was damaged on the disk.</source>
        <translation>部分页面未通过验证：文件在磁盘上已损坏。</translation>
    </message>
    <message>
        <source>Something this laptop had signed came back from another.</source>
        <translation>本机签署过的某项内容从另一台电脑返回。</translation>
    </message>
    <message>
        <source>The keyring of this computer remembered a later state.</source>
        <translation>本计算机的密钥环记得较晚的状态。</translation>
    </message>
    <message>
        <source>The search index does not fit the data.</source>
        <translation>搜索索引与数据不符。</translation>
    </message>
    <message>
        <source>Two copies of this laptop&apos;s vault are in use. Ask its delegation; until it has admitted a new laptop in its place, rely on neither.</source>
        <translation>这台笔记本电脑的保险库有两个副本在使用。请向其代表团查问；在其接纳新的笔记本电脑取代之前，两者都不要信赖。</translation>
    </message>
    <message>
        <source>What came from this laptop does not fit together: an old copy was put back, or two copies are in use. It becomes clear at the next exchanges.</source>
        <translation>来自这台笔记本电脑的内容前后不符：要么旧副本被重新启用，要么有两个副本在使用。经过以后的交换即可明了。</translation>
    </message>
    <message>
        <source>What was written beside the database at its last closing names a later state.</source>
        <translation>上次关闭时写在数据库旁的内容指明了较晚的状态。</translation>
    </message>
    <message>
        <source>{room}: waiting for an answer of {names}.</source>
        <translation>{room}：正在等待{names}应答。</translation>
    </message>
    <message>
        <source>{room}: what this laptop had signed is on its way back.</source>
        <translation>{room}：本机签署过的内容正在返回途中。</translation>
    </message>
    <message>
        <source>{room}: what was said before has still to reach somebody.</source>
        <translation>{room}：先前所述内容仍须送达某一方。</translation>
    </message>
</context>
<context>
    <name>commitments</name>
    <message>
        <source>From memory, not compared with {0}: not the official wording, and not to be quoted.</source>
        <translation>凭记忆记录，未与{0}核对：并非正式措辞，不得引用。</translation>
    </message>
    <message>
        <source>From {0}.</source>
        <translation>出自{0}。</translation>
    </message>
    <message>
        <source>Official text</source>
        <translation>正式文本</translation>
    </message>
    <message>
        <source>Summary of the text</source>
        <translation>文本摘要</translation>
    </message>
    <message>
        <source>The official text is not on this laptop. Import {0} into the library to read it.</source>
        <translation>正式文本不在本机上。请将{0}导入文库后阅读。</translation>
    </message>
    <message>
        <source>the document</source>
        <translation>该文件</translation>
    </message>
</context>
<context>
    <name>contacts</name>
    <message numerus="yes">
        <source>%n are enough.</source>
        <translation>
            <numerusform>有%n个即可。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are needed.</source>
        <translation>
            <numerusform>需有%n个。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n台笔记本电脑</numerusform>
        </translation>
    </message>
    <message>
        <source>.</source>
        <translation>。</translation>
    </message>
    <message>
        <source>1. On their laptop, {who} opens Contacts and then “Our card”.</source>
        <translation>1. {who}在其笔记本电脑上打开“通讯录”，再打开“我方身份卡”。</translation>
    </message>
    <message>
        <source>2. Take a photograph or a screenshot of the code there, you yourself and not somebody by mail.</source>
        <translation>2. 在现场亲自为对方屏幕上的二维码拍照或截图，不可由他人邮寄。</translation>
    </message>
    <message>
        <source>3. Choose that picture here. Valise says whether it is the same.</source>
        <translation>3. 在此选择该图片。Valise会说明两者是否相同。</translation>
    </message>
    <message>
        <source>A card with another identity came on {date}.</source>
        <translation>{date}收到一张载有另一身份的身份卡。</translation>
    </message>
    <message>
        <source>A card with another identity came; sending stopped.</source>
        <translation>收到一张载有另一身份的身份卡；已停止发送。</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}. Sending is stopped until you decide.</source>
        <translation>一个受托方为{who}的另一身份担保。在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>A laptop its delegation has revoked went on writing on {date}; nothing was taken from it.</source>
        <translation>{date}，一台已被其代表团吊销的笔记本电脑仍在继续写入；未采纳其任何内容。</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one. Nothing is sent until you decide.</source>
        <translation>本代表团新增了一台笔记本电脑，并非由本机接纳。在您作出决定之前，不发送任何内容。</translation>
    </message>
    <message>
        <source>A new laptop was added on {date}.</source>
        <translation>{date}新增了一台笔记本电脑。</translation>
    </message>
    <message>
        <source>A second, different list of its laptops came; sending stopped.</source>
        <translation>收到其另一份不同的笔记本电脑清单；已停止发送。</translation>
    </message>
    <message>
        <source>A second, different list of laptops came on {date}.</source>
        <translation>{date}收到另一份不同的笔记本电脑清单。</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>接受</translation>
    </message>
    <message>
        <source>Accept the laptop of your own delegation?</source>
        <translation>接受本代表团的这台笔记本电脑吗？</translation>
    </message>
    <message>
        <source>Accept the new laptop of {who}?</source>
        <translation>接受{who}的这台新笔记本电脑吗？</translation>
    </message>
    <message>
        <source>Accept…</source>
        <translation>接受…</translation>
    </message>
    <message>
        <source>An old copy of one of its vaults was put back; it says so itself since {date}, and goes on.</source>
        <translation>其一个保险库的旧副本被重新启用；自{date}起该方自行说明了这一点，并继续运作。</translation>
    </message>
    <message>
        <source>An older copy of this laptop&apos;s vault was put back on {date}.</source>
        <translation>{date}，本机保险库的一个较旧副本被重新启用。</translation>
    </message>
    <message>
        <source>Both of you sit at your laptops, in one room or on the telephone, and both are connected. It takes half a minute.</source>
        <translation>双方都坐在各自的笔记本电脑前，同处一室或通着电话，并且都已连接。此过程需半分钟。</translation>
    </message>
    <message>
        <source>Choose that delegation in the list, or read the code from the right screen.</source>
        <translation>请在列表中选择该代表团，或从正确的屏幕读取二维码。</translation>
    </message>
    <message>
        <source>Choose the picture…</source>
        <translation>选择图片…</translation>
    </message>
    <message>
        <source>Choose these</source>
        <translation>选择这些</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比对</translation>
    </message>
    <message>
        <source>Compare again</source>
        <translation>重新比对</translation>
    </message>
    <message>
        <source>Compare four words, both at the same time</source>
        <translation>双方同时比对四个词语</translation>
    </message>
    <message>
        <source>Compare in one of the other two ways.</source>
        <translation>请改用另外两种方式之一比对。</translation>
    </message>
    <message>
        <source>Compare now</source>
        <translation>立即比对</translation>
    </message>
    <message>
        <source>Compare once more by another way, best in person, and check that you both chose each other.</source>
        <translation>请以其他途径再比对一次，最好当面进行，并检查双方是否都选择了对方。</translation>
    </message>
    <message>
        <source>Compared {how} on {date}</source>
        <translation>{date}比对，方式：{how}</translation>
    </message>
    <message>
        <source>Compared {how} on {date} by {officer}</source>
        <translation>{officer}于{date}比对，方式：{how}</translation>
    </message>
    <message>
        <source>Custodians are delegations you compared with in person. When enough of them vouch for the very identity you hold of another delegation, it counts as vouched for.</source>
        <translation>受托方是您曾当面比对的代表团。如有足够多的受托方为您所存的另一代表团的同一身份担保，该代表团即算有人担保。</translation>
    </message>
    <message>
        <source>Custodians you chose say that this identity is genuine. Compare with it yourself when you can.</source>
        <translation>您所选的受托方表示这一身份真实。请在可能时自行与其比对。</translation>
    </message>
    <message>
        <source>Decide below which identity to keep.</source>
        <translation>请在下方决定保留哪一身份。</translation>
    </message>
    <message>
        <source>Different</source>
        <translation>不同</translation>
    </message>
    <message>
        <source>Each delegation you tick is told, signed by you and for good, that you have compared with {who}: its identity, the number of its card, how and when.</source>
        <translation>您勾选的每个代表团都将获知——由您签名、且不可更改——您已与{who}比对：其身份、身份卡编号、比对方式和时间。</translation>
    </message>
    <message>
        <source>Either a backup was restored there, or its root key is in other hands: ask it, by another way.</source>
        <translation>要么该方恢复了备份，要么其根密钥落入他人之手：请通过其他途径向其查问。</translation>
    </message>
    <message>
        <source>Either another officer works there now, or its root key is in other hands: ask it, by another way. What you write waits; what it sends is received.</source>
        <translation>要么现有另一名官员在那里工作，要么其根密钥落入他人之手：请通过其他途径向其查问。您所写的内容将等待；该方发来的内容照常接收。</translation>
    </message>
    <message>
        <source>Either it set up its keys anew, or somebody is trying to take its place: ask it, by another way.</source>
        <translation>要么该方重新设置了密钥，要么有人试图冒充：请通过其他途径向其查问。</translation>
    </message>
    <message>
        <source>Either the wrong one was read, or somebody stands between you: compare once more, best in person.</source>
        <translation>要么读错了号码，要么有人介于你们之间：请再比对一次，最好当面进行。</translation>
    </message>
    <message>
        <source>Either the wrong screen was read, or somebody stands between you.</source>
        <translation>要么读取了错误的屏幕，要么有人介于你们之间。</translation>
    </message>
    <message>
        <source>Everything you send from now on, and what waits, can be read there too.</source>
        <translation>您今后发送的一切以及待发内容，在那台电脑上也可读取。</translation>
    </message>
    <message>
        <source>Exchange once more, or import its card, and read the code again.</source>
        <translation>请再交换一次，或导入其身份卡，然后重新读取二维码。</translation>
    </message>
    <message>
        <source>First seen {seen}, valid until {until}</source>
        <translation>首次见于{seen}，有效期至{until}</translation>
    </message>
    <message>
        <source>Have to agree:</source>
        <translation>须一致的数目：</translation>
    </message>
    <message>
        <source>How many of them have to agree</source>
        <translation>其中须有多少方一致</translation>
    </message>
    <message>
        <source>If they differ again, tell your security officer, and ask for a new card handed over in person.</source>
        <translation>如仍不一致，请告知安全官员，并要求当面交付新的身份卡。</translation>
    </message>
    <message>
        <source>It learns that you are in touch with {who}. {who} is not told, nor is anybody else. Without the tick, your word is taken back.</source>
        <translation>该代表团会由此得知您与{who}有联系。{who}不会获知，其他任何人也不会。取消勾选，即收回您的担保。</translation>
    </message>
    <message>
        <source>It was put off. Start again when both of you have time.</source>
        <translation>比对已推迟。请在双方都有时间时重新开始。</translation>
    </message>
    <message>
        <source>Its card was first seen here.</source>
        <translation>其身份卡首次在此出现。</translation>
    </message>
    <message>
        <source>Its card was received, but nobody here has compared with it yet.</source>
        <translation>已收到其身份卡，但本方尚无人与其比对。</translation>
    </message>
    <message>
        <source>Its card was renewed (number {value}).</source>
        <translation>其身份卡已更新（编号{value}）。</translation>
    </message>
    <message>
        <source>Keep stopped</source>
        <translation>继续停止发送</translation>
    </message>
    <message>
        <source>Laptop of {officer}</source>
        <translation>{officer}的笔记本电脑</translation>
    </message>
    <message>
        <source>Leave as it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>May {rights}</source>
        <translation>可以{rights}</translation>
    </message>
    <message>
        <source>No card of this delegation is held here.</source>
        <translation>此处没有该代表团的身份卡。</translation>
    </message>
    <message>
        <source>No delegation has been compared on this laptop yet. Compare with some first.</source>
        <translation>本机尚未与任何代表团比对。请先与一些代表团比对。</translation>
    </message>
    <message>
        <source>Nobody&apos;s word counts.</source>
        <translation>任何一方的说法都不算数。</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂不</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>未作任何更改。</translation>
    </message>
    <message>
        <source>On the other laptop open Contacts, then “Our card”, and read the code there.</source>
        <translation>请在另一台笔记本电脑上打开“通讯录”，再打开“我方身份卡”，在那里读取二维码。</translation>
    </message>
    <message>
        <source>One more card under this code came on {date}; it was set aside while a decision is open.</source>
        <translation>{date}又收到一张使用此代码的身份卡；因有一项决定尚未作出，已予搁置。</translation>
    </message>
    <message>
        <source>One of the two is not what it says: ask the delegation and the custodian, by another way.</source>
        <translation>两者之一名不副实：请通过其他途径向该代表团和受托方查问。</translation>
    </message>
    <message>
        <source>One of you reads, the other says whether all four are the same, in the same order. Do it face to face, or over a line where you know the voice. In place of the words you can read the numbers.</source>
        <translation>一方朗读，另一方说明四个词语是否全部相同、次序是否一致。请当面进行，或在您能辨认对方声音的线路上进行。也可用数字代替词语朗读。</translation>
    </message>
    <message>
        <source>One word alone is never enough: choose two or more, or none.</source>
        <translation>仅凭一方的说法绝不足够：请选择两方或更多，或者一方也不选。</translation>
    </message>
    <message>
        <source>Our code</source>
        <translation>我方二维码</translation>
    </message>
    <message>
        <source>Our code, for them</source>
        <translation>我方二维码（供对方使用）</translation>
    </message>
    <message>
        <source>Pictures ({endings})</source>
        <translation>图片 ({endings})</translation>
    </message>
    <message>
        <source>Read it once more from their screen; if it differs again, tell your security officer.</source>
        <translation>请从对方屏幕再读取一次；如仍不一致，请告知安全官员。</translation>
    </message>
    <message>
        <source>Read the code from the other screen.</source>
        <translation>请从另一方的屏幕读取二维码。</translation>
    </message>
    <message>
        <source>Read these words to each other</source>
        <translation>请相互朗读这些词语</translation>
    </message>
    <message>
        <source>Revoked: nothing from this laptop is accepted any more.</source>
        <translation>已吊销：不再接受来自这台笔记本电脑的任何内容。</translation>
    </message>
    <message>
        <source>Say that they differ: nothing more is sent to this delegation until you decide.</source>
        <translation>表明不一致：在您作出决定之前，不再向该代表团发送任何内容。</translation>
    </message>
    <message>
        <source>Sign and tell</source>
        <translation>签名并告知</translation>
    </message>
    <message>
        <source>Somebody between you would have to guess the words: one chance in 17 million million, and one guess.</source>
        <translation>介于你们之间的人只能猜测这些词语：概率为十七万亿分之一，且只能猜一次。</translation>
    </message>
    <message>
        <source>Somebody here</source>
        <translation>本方某人</translation>
    </message>
    <message>
        <source>Somebody here compared with this delegation.</source>
        <translation>本方有人已与该代表团比对。</translation>
    </message>
    <message>
        <source>Something about it changed.</source>
        <translation>其情况有所变化。</translation>
    </message>
    <message>
        <source>Something about this delegation changed on {date}.</source>
        <translation>{date}，该代表团的情况有所变化。</translation>
    </message>
    <message>
        <source>Take a new picture of the code on their screen as it is now.</source>
        <translation>请为对方屏幕上现在显示的二维码重新拍照。</translation>
    </message>
    <message>
        <source>Take it again: straight, sharp, and with the whole code and its white edge.</source>
        <translation>请重新拍照：拍正、拍清，并包含整个二维码及其白边。</translation>
    </message>
    <message>
        <source>Ten minutes have passed. Start again when both of you have time.</source>
        <translation>已过十分钟。请在双方都有时间时重新开始。</translation>
    </message>
    <message>
        <source>The certificate of the laptop of {laptop} was renewed.</source>
        <translation>{laptop}的笔记本电脑证书已更新。</translation>
    </message>
    <message>
        <source>The code is not that of the {who} you hold: nothing more is sent to it until you decide.</source>
        <translation>该二维码与您所存的{who}不符：在您作出决定之前，不再向其发送任何内容。</translation>
    </message>
    <message>
        <source>The code is the same: {who} is verified in person.</source>
        <translation>二维码相同：{who}已当面核验。</translation>
    </message>
    <message>
        <source>The comparison did not come to an end</source>
        <translation>比对未能完成</translation>
    </message>
    <message>
        <source>The identity of {who} changed. Sending is stopped until you decide.</source>
        <translation>{who}的身份已变更。在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>The keys of one of its laptops cannot be used since {date}: that laptop receives nothing.</source>
        <translation>其一台笔记本电脑的密钥自{date}起无法使用：那台电脑收不到任何内容。</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was added.</source>
        <translation>新增了{laptop}的笔记本电脑。</translation>
    </message>
    <message>
        <source>The laptop of {laptop} was revoked.</source>
        <translation>{laptop}的笔记本电脑已被吊销。</translation>
    </message>
    <message>
        <source>The laptop shows another certificate than the one known here. Exchange once more, then start again.</source>
        <translation>该笔记本电脑出示的证书与此处已知的不同。请再交换一次，然后重新开始。</translation>
    </message>
    <message>
        <source>The numbers compared with {who} differ. Sending is stopped until you decide.</source>
        <translation>与{who}比对的号码不一致。在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>The numbers were compared and differed on {date}.</source>
        <translation>{date}比对了号码，结果不一致。</translation>
    </message>
    <message>
        <source>The picture is read in a process of its own that holds no key. Valise does not use the camera of this laptop.</source>
        <translation>图片由一个不持有任何密钥的独立进程读取。Valise不使用本机的摄像头。</translation>
    </message>
    <message>
        <source>The picture of their code</source>
        <translation>对方二维码的图片</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>Their code, from a picture</source>
        <translation>对方的二维码（取自图片）</translation>
    </message>
    <message>
        <source>Their word never replaces comparing, and the word of a delegation that is only vouched for never counts. Nobody is told whom you choose. It holds for this laptop.</source>
        <translation>受托方的说法绝不能代替比对；自身仅有人担保的代表团，其说法一概不算数。您的选择不告知任何人，且只适用于本机。</translation>
    </message>
    <message>
        <source>There is no code in this picture that can be read.</source>
        <translation>此图片中没有可读取的二维码。</translation>
    </message>
    <message>
        <source>There is no other delegation to tell.</source>
        <translation>没有其他代表团可告知。</translation>
    </message>
    <message>
        <source>This code belongs to a newer card of {who} than the one here.</source>
        <translation>该二维码属于{who}的一张身份卡，比此处所存的更新。</translation>
    </message>
    <message>
        <source>This code was not made by Valise.</source>
        <translation>该二维码不是由Valise生成的。</translation>
    </message>
    <message>
        <source>This is an older code of {who}: its card has been renewed since.</source>
        <translation>这是{who}较旧的二维码：其身份卡此后已更新。</translation>
    </message>
    <message>
        <source>This is the code of {name}, not of {who}.</source>
        <translation>这是{name}的二维码，不是{who}的。</translation>
    </message>
    <message>
        <source>This is the number both screens show, which says nothing when read from one of them.</source>
        <translation>这是双方屏幕都显示的号码，只从其中一方读取并不能说明问题。</translation>
    </message>
    <message>
        <source>This is your own code.</source>
        <translation>这是您自己的二维码。</translation>
    </message>
    <message>
        <source>This is your own delegation.</source>
        <translation>这是您自己的代表团。</translation>
    </message>
    <message>
        <source>Two copies of one of its vaults are in use since {date}: ask it, and rely on neither until it has decided.</source>
        <translation>自{date}起，其一个保险库有两个副本在使用：请向其查问，在其作出决定之前，两者都不要信赖。</translation>
    </message>
    <message>
        <source>Two different lists of laptops came from {who}. Sending is stopped until you decide.</source>
        <translation>收到{who}两份不同的笔记本电脑清单。在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>Two different messages came in one place on {date}; both are kept as evidence.</source>
        <translation>{date}，同一位置出现两条不同的消息；两者均作为证据保留。</translation>
    </message>
    <message>
        <source>Two laptops answered at once. Agree which one compares, and start again.</source>
        <translation>两台笔记本电脑同时应答。请商定由哪一台比对，然后重新开始。</translation>
    </message>
    <message>
        <source>Vouch for {who}</source>
        <translation>为{who}担保</translation>
    </message>
    <message numerus="yes">
        <source>Vouched for by {count} of %n custodians: {who}. {enough}</source>
        <translation>
            <numerusform>%n个受托方中有{count}个担保：{who}。{enough}</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting for {who}</source>
        <translation>正在等待{who}</translation>
    </message>
    <message>
        <source>We have vouched for it to {who}.</source>
        <translation>我方已向{who}为其担保。</translation>
    </message>
    <message>
        <source>What came back was not what was promised: somebody may stand between you. Compare in person, by a code.</source>
        <translation>返回的内容与所承诺的不符：可能有人介于你们之间。请当面用二维码比对。</translation>
    </message>
    <message>
        <source>Whoever has the delegation key can do this: ask who admitted it. It reads what is sent to your delegation. What you write waits; what others send is received.</source>
        <translation>凡持有代表团密钥者均可这样做：请查问由谁接纳。那台电脑可读到发给本代表团的内容。您所写的内容将等待；他方发来的内容照常接收。</translation>
    </message>
    <message>
        <source>Whose word counts</source>
        <translation>哪些方的说法算数</translation>
    </message>
    <message>
        <source>Word {number}: {word}, {digits}</source>
        <translation>第{number}个词语：{word}，{digits}</translation>
    </message>
    <message>
        <source>Words: {words}</source>
        <translation>词语：{words}</translation>
    </message>
    <message>
        <source>a delegation that is not known here</source>
        <translation>此处未知的代表团</translation>
    </message>
    <message>
        <source>a laptop was added: sending stopped</source>
        <translation>新增了笔记本电脑：已停止发送</translation>
    </message>
    <message>
        <source>admit other laptops</source>
        <translation>接纳其他笔记本电脑</translation>
    </message>
    <message>
        <source>another identity vouched for: sending stopped</source>
        <translation>有人为另一身份担保：已停止发送</translation>
    </message>
    <message>
        <source>by the number, compared by eye</source>
        <translation>目视比对号码</translation>
    </message>
    <message>
        <source>by words compared live</source>
        <translation>实时比对词语</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>录入承诺</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>执笔</translation>
    </message>
    <message>
        <source>in person, by a code read from its screen</source>
        <translation>当面，读取其屏幕上的二维码</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message numerus="yes">
        <source>of %n custodians</source>
        <translation>
            <numerusform>（共%n个受托方）</numerusform>
        </translation>
    </message>
    <message>
        <source>propose amendments</source>
        <translation>提出修正案</translation>
    </message>
    <message>
        <source>read</source>
        <translation>阅读</translation>
    </message>
    <message>
        <source>received {date}, not verified</source>
        <translation>{date}收到，未核验</translation>
    </message>
    <message>
        <source>somebody</source>
        <translation>某人</translation>
    </message>
    <message>
        <source>unknown delegation</source>
        <translation>未知代表团</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>撰写消息</translation>
    </message>
    <message>
        <source>{date}: {what}</source>
        <translation>{date}：{what}</translation>
    </message>
    <message>
        <source>{may}. Added {date}</source>
        <translation>{may}。{date}新增</translation>
    </message>
    <message>
        <source>{officer} accepted the laptop of {laptop}.</source>
        <translation>{officer}接受了{laptop}的笔记本电脑。</translation>
    </message>
    <message>
        <source>{officer} accepted this identity in place of the one before.</source>
        <translation>{officer}接受了这一身份，取代原有身份。</translation>
    </message>
    <message>
        <source>{officer} admitted the laptop of {laptop} from this one.</source>
        <translation>{officer}从本机接纳了{laptop}的笔记本电脑。</translation>
    </message>
    <message>
        <source>{officer} chose it as a custodian.</source>
        <translation>{officer}将其选为受托方。</translation>
    </message>
    <message>
        <source>{officer} compared, and it differed; sending stopped.</source>
        <translation>{officer}进行了比对，结果不一致；已停止发送。</translation>
    </message>
    <message>
        <source>{officer} kept this identity and set the other aside.</source>
        <translation>{officer}保留了这一身份，搁置了另一身份。</translation>
    </message>
    <message>
        <source>{officer} let sending go on, not verified.</source>
        <translation>{officer}让发送继续，未经核验。</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept sending stopped.</source>
        <translation>{officer}查看了一个受托方的不同说法，继续停止发送。</translation>
    </message>
    <message>
        <source>{officer} looked at a custodian&apos;s other word and kept this identity.</source>
        <translation>{officer}查看了一个受托方的不同说法，保留了这一身份。</translation>
    </message>
    <message>
        <source>{officer} looked at the laptop of {laptop} and kept sending stopped.</source>
        <translation>{officer}查看了{laptop}的笔记本电脑，并继续停止发送。</translation>
    </message>
    <message>
        <source>{officer} replaced this identity by another.</source>
        <translation>{officer}以另一身份取代了这一身份。</translation>
    </message>
    <message>
        <source>{officer} took back our word for it to {value}.</source>
        <translation>{officer}收回了我方向{value}为其所作的担保。</translation>
    </message>
    <message>
        <source>{officer} took it off the list of custodians.</source>
        <translation>{officer}将其移出受托方名单。</translation>
    </message>
    <message>
        <source>{officer} verified it by the number, compared by eye.</source>
        <translation>{officer}通过目视比对号码予以核验。</translation>
    </message>
    <message>
        <source>{officer} verified it by words compared live.</source>
        <translation>{officer}通过实时比对词语予以核验。</translation>
    </message>
    <message>
        <source>{officer} verified it in person, by a code read from its screen.</source>
        <translation>{officer}当面读取其屏幕上的二维码，予以核验。</translation>
    </message>
    <message>
        <source>{officer} vouched for it to {value}.</source>
        <translation>{officer}向{value}为其作了担保。</translation>
    </message>
    <message>
        <source>{trust} since {date}</source>
        <translation>{trust}，自{date}起</translation>
    </message>
    <message>
        <source>{who} added a laptop. Nothing is sent to it until you decide.</source>
        <translation>{who}新增了一台笔记本电脑。在您作出决定之前，不向其发送任何内容。</translation>
    </message>
    <message>
        <source>{who} has to press “Compare” on its laptop. Both screens then show four words.</source>
        <translation>{who}须在其笔记本电脑上按“比对”。随后双方屏幕都会显示四个词语。</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>{who}现在希望与您比对词语</translation>
    </message>
</context>
<context>
    <name>directory</name>
    <message numerus="yes">
        <source>%n are asked now; {outside} an officer calls or writes to.</source>
        <translation>
            <numerusform>现在询问%n个；另有{outside}个由官员致电或致函。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n asked: {counts}</source>
        <translation>
            <numerusform>询问%n个：{counts}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards saved as {file}.</source>
        <translation>
            <numerusform>已将%n张名片保存为{file}。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n cards were taken.</source>
        <translation>
            <numerusform>已采用%n张名片。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n天</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entries</source>
        <translation>
            <numerusform>%n个条目</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n were left out because of their marking.</source>
        <translation>
            <numerusform>有%n张因其标识而未列入。</numerusform>
        </translation>
    </message>
    <message>
        <source>Alternative e-mail</source>
        <translation>备用电子邮件</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Confirmed how</source>
        <translation>确认方式</translation>
    </message>
    <message>
        <source>Directory</source>
        <translation>名录</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>电子邮件</translation>
    </message>
    <message>
        <source>Form of address</source>
        <translation>称谓</translation>
    </message>
    <message>
        <source>Full name</source>
        <translation>全名</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>职能</translation>
    </message>
    <message>
        <source>Hours</source>
        <translation>工作时间</translation>
    </message>
    <message>
        <source>Institution</source>
        <translation>机构</translation>
    </message>
    <message>
        <source>It answered: the entry is right</source>
        <translation>已答复：条目正确</translation>
    </message>
    <message>
        <source>Key verified</source>
        <translation>公钥核验方式</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Last confirmed</source>
        <translation>最近确认</translation>
    </message>
    <message>
        <source>Marking</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>Next contact</source>
        <translation>下一联络人</translation>
    </message>
    <message>
        <source>No reply</source>
        <translation>无答复</translation>
    </message>
    <message>
        <source>Official position</source>
        <translation>职务名称</translation>
    </message>
    <message>
        <source>Preferred channels</source>
        <translation>首选渠道</translation>
    </message>
    <message>
        <source>Public key</source>
        <translation>公钥</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>应审查日期</translation>
    </message>
    <message>
        <source>Role or person</source>
        <translation>职务或个人</translation>
    </message>
    <message numerus="yes">
        <source>Save %n entries as contact cards?</source>
        <translation>
            <numerusform>将%n个条目保存为联系人名片吗？</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Saved as {file}: %Ln contacts.</source>
        <translation>
            <numerusform>已保存为{file}：%Ln个联络人。</numerusform>
        </translation>
    </message>
    <message>
        <source>Source document</source>
        <translation>来源文件</translation>
    </message>
    <message>
        <source>State</source>
        <translation>国家</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状况</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>Telephone at all hours</source>
        <translation>24小时电话</translation>
    </message>
    <message>
        <source>The letter or call bounced</source>
        <translation>信函被退回或电话未接通</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>时区</translation>
    </message>
    <message>
        <source>Valid from</source>
        <translation>生效日期</translation>
    </message>
    <message>
        <source>What it may decide</source>
        <translation>可决定的事项</translation>
    </message>
    <message>
        <source>Wrong contact</source>
        <translation>联络人有误</translation>
    </message>
    <message>
        <source>answers by {when}</source>
        <translation>请在{when}前答复</translation>
    </message>
    <message>
        <source>answers in this program</source>
        <translation>在本程序中答复</translation>
    </message>
    <message>
        <source>answers were due {when}</source>
        <translation>答复截止于{when}</translation>
    </message>
    <message>
        <source>asked outside their hours</source>
        <translation>在其工作时间之外询问</translation>
    </message>
    <message>
        <source>asked within their hours</source>
        <translation>在其工作时间内询问</translation>
    </message>
    <message>
        <source>at a meeting</source>
        <translation>在会议上</translation>
    </message>
    <message>
        <source>bounced</source>
        <translation>退回或未接通</translation>
    </message>
    <message>
        <source>by a call</source>
        <translation>经通话</translation>
    </message>
    <message>
        <source>by a signed answer</source>
        <translation>经签名答复</translation>
    </message>
    <message>
        <source>by note</source>
        <translation>经照会</translation>
    </message>
    <message>
        <source>closed {when}</source>
        <translation>{when}结束</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>confirmed late</source>
        <translation>逾期确认</translation>
    </message>
    <message>
        <source>correction: {n}</source>
        <translation>更正：{n}</translation>
    </message>
    <message>
        <source>e-mail</source>
        <translation>电子邮件</translation>
    </message>
    <message>
        <source>meeting</source>
        <translation>会议</translation>
    </message>
    <message>
        <source>never asked</source>
        <translation>从未询问</translation>
    </message>
    <message>
        <source>never asked in a round</source>
        <translation>从未在任何轮次中询问</translation>
    </message>
    <message>
        <source>never confirmed</source>
        <translation>从未确认</translation>
    </message>
    <message>
        <source>no answer yet</source>
        <translation>尚无答复</translation>
    </message>
    <message>
        <source>no reply</source>
        <translation>无答复</translation>
    </message>
    <message>
        <source>no time zone known</source>
        <translation>时区未知</translation>
    </message>
    <message>
        <source>not asked</source>
        <translation>未询问</translation>
    </message>
    <message>
        <source>note</source>
        <translation>照会</translation>
    </message>
    <message>
        <source>other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>our own entry</source>
        <translation>我方自己的条目</translation>
    </message>
    <message>
        <source>outside their hours</source>
        <translation>在其工作时间之外</translation>
    </message>
    <message>
        <source>public holiday: {name}</source>
        <translation>公共假日：{name}</translation>
    </message>
    <message>
        <source>reached by telephone or letter</source>
        <translation>以电话或信函联络</translation>
    </message>
    <message>
        <source>recorded by an officer</source>
        <translation>由官员记录</translation>
    </message>
    <message>
        <source>recorded by an officer: {channel}</source>
        <translation>由官员记录：{channel}</translation>
    </message>
    <message>
        <source>review is due</source>
        <translation>应予审查</translation>
    </message>
    <message>
        <source>signed answer</source>
        <translation>经签名的答复</translation>
    </message>
    <message>
        <source>telephone</source>
        <translation>电话</translation>
    </message>
    <message>
        <source>the question has not left yet</source>
        <translation>问题尚未发出</translation>
    </message>
    <message>
        <source>the question lies on a laptop of theirs; nobody has answered</source>
        <translation>问题已到对方一台笔记本电脑；无人答复</translation>
    </message>
    <message>
        <source>the question was sent</source>
        <translation>问题已发出</translation>
    </message>
    <message>
        <source>their clock was behind ours</source>
        <translation>对方时钟慢于我方</translation>
    </message>
    <message>
        <source>values differ</source>
        <translation>值不一致</translation>
    </message>
    <message>
        <source>within their hours</source>
        <translation>在其工作时间内</translation>
    </message>
    <message>
        <source>wrong contact</source>
        <translation>联络人有误</translation>
    </message>
    <message>
        <source>{clock} there now, {day}</source>
        <translation>当地现为{clock}，{day}</translation>
    </message>
    <message>
        <source>{h} h {m:02d}</source>
        <translation>{h}小时{m:02d}分</translation>
    </message>
    <message>
        <source>{latency}, late</source>
        <translation>{latency}，逾期</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n}分钟</translation>
    </message>
    <message>
        <source>{n} {outcome}</source>
        <translation>{outcome}{n}</translation>
    </message>
    <message>
        <source>{outcome} in {round}</source>
        <translation>{round}：{outcome}</translation>
    </message>
    <message>
        <source>{outcome}; what was said differs</source>
        <translation>{outcome}；所述内容不同</translation>
    </message>
    <message>
        <source>{told} · holiday</source>
        <translation>{told} · 假日</translation>
    </message>
    <message>
        <source>{told} · off hours</source>
        <translation>{told} · 非工作时间</translation>
    </message>
    <message>
        <source>{when}, {how}</source>
        <translation>{when}，{how}</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>A backup opens with the passphrase of the day it was made. Check Caps Lock, then try an earlier one.</source>
        <translation>备份须用制作当日的密码短语打开。请检查Caps Lock，然后尝试较早的密码短语。</translation>
    </message>
    <message>
        <source>A calendar cannot be read into this register.</source>
        <translation>日历不能读入此登记册。</translation>
    </message>
    <message>
        <source>A certificate holds for at least a day and at most three years.</source>
        <translation>证书有效期至少一天，最多三年。</translation>
    </message>
    <message>
        <source>A column of the file is none of this register.</source>
        <translation>文件中有一列不属于此登记册。</translation>
    </message>
    <message>
        <source>A contact card holds control characters, which no name or number has.</source>
        <translation>一张联系人名片含有控制字符，名称或号码中不会有此类字符。</translation>
    </message>
    <message>
        <source>A contact card in this file holds something else inside.</source>
        <translation>此文件中有一张联系人名片内含其他内容。</translation>
    </message>
    <message>
        <source>A contact card in this file is not whole or not built as the standard says.</source>
        <translation>此文件中有一张联系人名片不完整，或不符合标准格式。</translation>
    </message>
    <message>
        <source>A contact card in this file is of a version that is not read.</source>
        <translation>此文件中有一张联系人名片的版本无法读取。</translation>
    </message>
    <message>
        <source>A contact card in this file names nobody.</source>
        <translation>此文件中有一张联系人名片没有名称。</translation>
    </message>
    <message>
        <source>A custodian must be a delegation that was compared on this laptop.</source>
        <translation>受托方必须是曾在本机比对过的代表团。</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation concerned.</source>
        <translation>一个受托方为有关代表团的另一身份担保。</translation>
    </message>
    <message>
        <source>A delegation concerned added a laptop that nobody here has looked at.</source>
        <translation>有关代表团新增了一台笔记本电脑，本方尚无人查看。</translation>
    </message>
    <message>
        <source>A delegation concerned showed two different lists of its laptops.</source>
        <translation>有关代表团出示了两份不同的笔记本电脑清单。</translation>
    </message>
    <message>
        <source>A delegation nominates its own points of contact, and this one is of another State.</source>
        <translation>代表团提名本国的联络人，而此联络人属于另一国家。</translation>
    </message>
    <message>
        <source>A delegation that breaks the silence says why.</source>
        <translation>打破默许的代表团须说明理由。</translation>
    </message>
    <message>
        <source>A field that a row cannot be without is empty.</source>
        <translation>该行不可缺少的一个字段为空。</translation>
    </message>
    <message>
        <source>A file in the exchange folder is not one of Valise.</source>
        <translation>交换文件夹中有一个文件不属于Valise。</translation>
    </message>
    <message>
        <source>A file in the exchange folder is torn or still being copied.</source>
        <translation>交换文件夹中有一个文件不完整或仍在复制。</translation>
    </message>
    <message>
        <source>A filter needs a name, of at most 100 letters.</source>
        <translation>筛选须有名称，最多100个字符。</translation>
    </message>
    <message>
        <source>A folder of Valise cannot be made, or belongs to somebody else.</source>
        <translation>Valise的一个文件夹无法建立，或属于他人。</translation>
    </message>
    <message>
        <source>A font for the script of this text is missing on this computer. No page was made.</source>
        <translation>本计算机缺少此案文文字所需的字体。未生成页面。</translation>
    </message>
    <message>
        <source>A group needs a title.</source>
        <translation>多方会议室须有名称。</translation>
    </message>
    <message>
        <source>A joint statement needs a title and words.</source>
        <translation>联合声明须有标题和文本。</translation>
    </message>
    <message>
        <source>A keyring can be demanded only when recovery shares were made and tried.</source>
        <translation>只有制作并试用过恢复份额之后，才能要求使用密钥环。</translation>
    </message>
    <message>
        <source>A laptop cannot revoke itself: nobody would hear of it.</source>
        <translation>笔记本电脑不能吊销自己：那样谁也不会获知。</translation>
    </message>
    <message>
        <source>A laptop on this card is not certified by its delegation.</source>
        <translation>此身份卡上有一台笔记本电脑未经其代表团认证。</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation, not by this one, and nobody here has looked at it.</source>
        <translation>本代表团新增了一台笔记本电脑，并非由本机接纳，本方尚无人查看。</translation>
    </message>
    <message>
        <source>A newer certificate of this laptop exists already.</source>
        <translation>这台笔记本电脑已有更新的证书。</translation>
    </message>
    <message>
        <source>A note verbale is addressed to somebody and gets a number; it is not written with other rows.</source>
        <translation>普通照会须有致送对象并获得编号；不与其他行一同写出。</translation>
    </message>
    <message>
        <source>A part of the file does not open: it was changed on its way.</source>
        <translation>文件有一部分打不开：在途中被更改。</translation>
    </message>
    <message>
        <source>A passphrase always opens the vault; it cannot be taken away.</source>
        <translation>密码短语始终可以打开保险库；不能取消。</translation>
    </message>
    <message>
        <source>A pattern in the bundle is longer or deeper than is read.</source>
        <translation>该包中有一个模式过长或过深，无法读取。</translation>
    </message>
    <message>
        <source>A point of contact was chosen twice.</source>
        <translation>有一个联络人被选了两次。</translation>
    </message>
    <message>
        <source>A relay needs the address it gave you, a folder has to be chosen; the courier is always possible.</source>
        <translation>使用中继站须有对方给您的地址，使用文件夹须先选定；信使随时可用。</translation>
    </message>
    <message>
        <source>A reply may not allow more than the label of the incident it answers.</source>
        <translation>答复所允许的范围不得超过其所答复事件的标签。</translation>
    </message>
    <message>
        <source>A report begins with a notification or a request.</source>
        <translation>报告以通报或请求开始。</translation>
    </message>
    <message>
        <source>A report of what a laptop holds is not valid.</source>
        <translation>关于一台笔记本电脑所存内容的报告无效。</translation>
    </message>
    <message>
        <source>A request asks for something.</source>
        <translation>请求须有所求。</translation>
    </message>
    <message>
        <source>A revision needs a symbol of its own.</source>
        <translation>修订稿须有自己的文号。</translation>
    </message>
    <message>
        <source>A round asks at most 400 points of contact.</source>
        <translation>一轮最多询问400个联络人。</translation>
    </message>
    <message>
        <source>A round is written as a table or as pages.</source>
        <translation>轮次可写成表格或页面。</translation>
    </message>
    <message>
        <source>A round needs a name of at most 200 characters.</source>
        <translation>轮次须有名称，最多200个字符。</translation>
    </message>
    <message>
        <source>A rule of the talks or of this vault does not allow this.</source>
        <translation>会谈或此保险库的一项规则不允许这样做。</translation>
    </message>
    <message>
        <source>A sealed envelope does not open.</source>
        <translation>一个密封信封打不开。</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid inside.</source>
        <translation>一个密封信封的内部无效。</translation>
    </message>
    <message>
        <source>A sealed envelope is not valid.</source>
        <translation>一个密封信封无效。</translation>
    </message>
    <message>
        <source>A sealed message could not be opened with the keys that are here.</source>
        <translation>有一条密封消息无法用此处的密钥打开。</translation>
    </message>
    <message>
        <source>A secret cannot be shared among so many.</source>
        <translation>秘密不能分成这么多份。</translation>
    </message>
    <message>
        <source>A signature does not verify.</source>
        <translation>一个签名未通过验证。</translation>
    </message>
    <message>
        <source>A silence procedure is running on this text already, or has to be closed first.</source>
        <translation>此案文已有默许程序在进行，或须先予结束。</translation>
    </message>
    <message>
        <source>A stored state of the text does not verify any more.</source>
        <translation>案文所存的一个状态不再通过验证。</translation>
    </message>
    <message>
        <source>A time of the ladder is not possible.</source>
        <translation>阶梯中有一个时限不可能成立。</translation>
    </message>
    <message>
        <source>A value in a contact card is longer than 2,000 characters.</source>
        <translation>一张联系人名片中有一个值超过2,000个字符。</translation>
    </message>
    <message>
        <source>A value of the form is not one that can be sent.</source>
        <translation>表单中有一个值不能发送。</translation>
    </message>
    <message>
        <source>A vault for practice carries nothing beyond its own folder.</source>
        <translation>练习保险库的内容不会传出其自己的文件夹。</translation>
    </message>
    <message>
        <source>A vault for practice keeps to fictional delegations and to its own folder.</source>
        <translation>练习保险库只限于虚构代表团及其自己的文件夹。</translation>
    </message>
    <message>
        <source>A vault for practice uses no relay.</source>
        <translation>练习保险库不使用中继站。</translation>
    </message>
    <message>
        <source>A vault is being destroyed here and something could not be removed yet. Nobody can open it any more.</source>
        <translation>此处正在销毁一个保险库，有内容尚未能移除。任何人都已无法打开它。</translation>
    </message>
    <message>
        <source>Accept or reject some of them in the program it was written with, then try again.</source>
        <translation>请在编写该文档的程序中接受或拒绝其中一部分，然后重试。</translation>
    </message>
    <message>
        <source>Acknowledge first; it accepts no fact and agrees with nothing.</source>
        <translation>请先确认收悉；这不接受任何事实，也不同意任何内容。</translation>
    </message>
    <message>
        <source>Add the delegation with the history of the room.</source>
        <translation>请在添加该代表团时一并提供会议室的历史记录。</translation>
    </message>
    <message>
        <source>Admit a second officer&apos;s laptop first, with the right to propose amendments.</source>
        <translation>请先接纳第二名官员的笔记本电脑，并给予提出修正案的权利。</translation>
    </message>
    <message>
        <source>Admit delegations that signed on late one by one.</source>
        <translation>请逐一接纳逾期联署的代表团。</translation>
    </message>
    <message>
        <source>Amendments to this paragraph are still open.</source>
        <translation>对该段的修正案仍未决。</translation>
    </message>
    <message>
        <source>An amendment that these words touch has no answer yet.</source>
        <translation>这些文字所涉的一项修正案尚无答复。</translation>
    </message>
    <message>
        <source>An amendment was answered twice, or with an answer that does not exist.</source>
        <translation>一项修正案得到两次答复，或所用答复不存在。</translation>
    </message>
    <message>
        <source>An answer comes after the acknowledgement of receipt.</source>
        <translation>先确认收悉，然后答复。</translation>
    </message>
    <message>
        <source>An empty passphrase protects nothing.</source>
        <translation>空的密码短语起不到任何保护作用。</translation>
    </message>
    <message>
        <source>An entry of the calendar ends before it begins.</source>
        <translation>日历中有一个条目的结束时间早于开始时间。</translation>
    </message>
    <message>
        <source>An entry of the calendar has a text longer than 20,000 characters.</source>
        <translation>日历中有一个条目的文字超过20,000个字符。</translation>
    </message>
    <message>
        <source>An entry of the calendar has no date, or one that does not exist.</source>
        <translation>日历中有一个条目没有日期，或日期不存在。</translation>
    </message>
    <message>
        <source>An entry of the calendar holds control characters.</source>
        <translation>日历中有一个条目含有控制字符。</translation>
    </message>
    <message>
        <source>An entry of the record is not valid.</source>
        <translation>记录中有一个条目无效。</translation>
    </message>
    <message>
        <source>An envelope came that was sealed to keys of this laptop which have been destroyed.</source>
        <translation>收到一个信封，其密封所用的本机密钥已销毁。</translation>
    </message>
    <message>
        <source>An exercise message must be marked as an exercise.</source>
        <translation>演习消息必须标明为演习。</translation>
    </message>
    <message>
        <source>An internal room is not written for others.</source>
        <translation>内部会议室不能写出供他人使用。</translation>
    </message>
    <message>
        <source>Another computer holds the pen.</source>
        <translation>执笔权在另一台计算机。</translation>
    </message>
    <message>
        <source>Another copy of this laptop&apos;s vault has signed something different.</source>
        <translation>本机保险库的另一副本签署了不同的内容。</translation>
    </message>
    <message>
        <source>Another laptop of your delegation may have made it: exchange, or install the newer version.</source>
        <translation>可能由本代表团的另一台笔记本电脑建立：请进行交换，或安装更新的版本。</translation>
    </message>
    <message>
        <source>Another line of the file is about the same row.</source>
        <translation>文件中有另一行涉及同一登记册行。</translation>
    </message>
    <message>
        <source>Another window has this vault open.</source>
        <translation>此保险库已在另一窗口打开。</translation>
    </message>
    <message>
        <source>Answers that come still count; nothing needs to be done.</source>
        <translation>到达的答复仍予计入；无须任何操作。</translation>
    </message>
    <message>
        <source>Ask a second officer of your delegation, on another laptop.</source>
        <translation>请本代表团的第二名官员在另一台笔记本电脑上处理。</translation>
    </message>
    <message>
        <source>Ask for a bundle of STIX 2.1.</source>
        <translation>请索取STIX 2.1包。</translation>
    </message>
    <message>
        <source>Ask for a card with a name, or enter the contact by hand.</source>
        <translation>请索取有名称的名片，或手工录入联络人。</translation>
    </message>
    <message>
        <source>Ask for it again, best as a Word document.</source>
        <translation>请重新索取，最好是Word文档。</translation>
    </message>
    <message>
        <source>Ask for it again, or open it in the program it was made with and save it anew.</source>
        <translation>请重新索取，或在制作它的程序中打开并重新保存。</translation>
    </message>
    <message>
        <source>Ask for it as vCard 3.0 or 4.0.</source>
        <translation>请索取vCard 3.0或4.0格式的名片。</translation>
    </message>
    <message>
        <source>Ask for it in STIX 2.1.</source>
        <translation>请索取STIX 2.1版本。</translation>
    </message>
    <message>
        <source>Ask for it in smaller parts, or keep it as an attachment.</source>
        <translation>请索取较小的部分，或作为附件保存。</translation>
    </message>
    <message>
        <source>Ask for smaller files (at most 2,000 cards).</source>
        <translation>请索取较小的文件（最多2,000张名片）。</translation>
    </message>
    <message>
        <source>Ask for the bundle as a .json file.</source>
        <translation>请索取.json文件格式的STIX包。</translation>
    </message>
    <message>
        <source>Ask for the card alone.</source>
        <translation>请只索取名片。</translation>
    </message>
    <message>
        <source>Ask for the card once more, as vCard 3.0 or 4.0.</source>
        <translation>请重新索取vCard 3.0或4.0格式的名片。</translation>
    </message>
    <message>
        <source>Ask for the text itself, best as a Word document.</source>
        <translation>请索取文本本身，最好是Word文档。</translation>
    </message>
    <message>
        <source>Ask for them once more, as vCard 3.0 or 4.0.</source>
        <translation>请重新索取vCard 3.0或4.0格式的名片。</translation>
    </message>
    <message>
        <source>Ask in a round that is meant in earnest.</source>
        <translation>请在一轮并非演习的联络测试中询问。</translation>
    </message>
    <message>
        <source>Ask it by another way, then decide in Contacts.</source>
        <translation>请通过其他途径向其查问，然后在“通讯录”中决定。</translation>
    </message>
    <message>
        <source>Ask it for its card again.</source>
        <translation>请重新向其索取身份卡。</translation>
    </message>
    <message>
        <source>Ask it for its identity card and open it in Contacts.</source>
        <translation>请向其索取身份卡，并在“通讯录”中打开。</translation>
    </message>
    <message>
        <source>Ask it. Its label, and what it allows beyond the label, stand on the page of the incident.</source>
        <translation>请向其询问。其标签以及在标签之外另行允许的范围，载于该事件的页面。</translation>
    </message>
    <message>
        <source>Ask its operator, or for a correspondent&apos;s relay ask that delegation. What waits is kept.</source>
        <translation>请询问其运营方；如为通信方的中继站，请询问该代表团。待发内容予以保留。</translation>
    </message>
    <message>
        <source>Ask its sender for a new one; nothing was taken in.</source>
        <translation>请向其发送者索取新的包；未收入任何内容。</translation>
    </message>
    <message>
        <source>Ask its sender for a smaller one.</source>
        <translation>请向其发送者索取较小的文件。</translation>
    </message>
    <message>
        <source>Ask its sender for one that is; nothing was taken in.</source>
        <translation>请向其发送者索取符合要求的包；未收入任何内容。</translation>
    </message>
    <message>
        <source>Ask its sender how it may be shared; nothing was taken in.</source>
        <translation>请询问其发送者可如何分享；未收入任何内容。</translation>
    </message>
    <message>
        <source>Ask its sender to send it again.</source>
        <translation>请其发送者重新发送。</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, compare identities.</source>
        <translation>请其发送者重新发送；如再次发生，请比对身份。</translation>
    </message>
    <message>
        <source>Ask its sender to send it again; if it recurs, tell your security officer.</source>
        <translation>请其发送者重新发送；如再次发生，请告知安全官员。</translation>
    </message>
    <message>
        <source>Ask that delegation by another way before sending anything.</source>
        <translation>在发送任何内容之前，请通过其他途径向该代表团查问。</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card.</source>
        <translation>请向该代表团索取其最新的身份卡。</translation>
    </message>
    <message>
        <source>Ask that delegation for its newest card; until then it is kept sealed.</source>
        <translation>请向该代表团索取其最新的身份卡；在此之前，内容保持密封。</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again, best handed over in person.</source>
        <translation>请向该代表团重新索取身份卡，最好当面交付。</translation>
    </message>
    <message>
        <source>Ask the delegation for its card again.</source>
        <translation>请向该代表团重新索取身份卡。</translation>
    </message>
    <message>
        <source>Ask the delegation for its newest card.</source>
        <translation>请向该代表团索取其最新的身份卡。</translation>
    </message>
    <message>
        <source>Ask the delegation that chairs the room.</source>
        <translation>请询问担任会议室主席的代表团。</translation>
    </message>
    <message>
        <source>Ask the first laptop for it again, carried by hand.</source>
        <translation>请向第一台笔记本电脑重新索取，并亲手携带。</translation>
    </message>
    <message>
        <source>Ask the first laptop for the answer to the request made here.</source>
        <translation>请向第一台笔记本电脑索取对在此所提请求的答复。</translation>
    </message>
    <message>
        <source>Ask the officer who admits laptops in your delegation.</source>
        <translation>请询问本代表团中负责接纳笔记本电脑的官员。</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for a new file. What waits is kept; a courier can take it.</source>
        <translation>请向中继站运营方索取新文件。待发内容予以保留；可由信使携带。</translation>
    </message>
    <message>
        <source>Ask the operator of the relay for the file again; it begins with VALISE-RELAY-1.</source>
        <translation>请向中继站运营方重新索取文件；其开头为VALISE-RELAY-1。</translation>
    </message>
    <message>
        <source>Ask the pen to reopen it.</source>
        <translation>请执笔方重新开放该段。</translation>
    </message>
    <message>
        <source>Ask the publisher which version to take first.</source>
        <translation>请询问发布者应先采用哪个版本。</translation>
    </message>
    <message>
        <source>Ask whoever sent it for a plain copy.</source>
        <translation>请向发送者索取普通副本。</translation>
    </message>
    <message>
        <source>At least two custodians have to agree, and no more than there are.</source>
        <translation>至少须有两个受托方一致，且不超过受托方总数。</translation>
    </message>
    <message>
        <source>Attach it here once more.</source>
        <translation>请在此重新附加。</translation>
    </message>
    <message>
        <source>Begin again and compare every word with the paper.</source>
        <translation>请重新开始，逐词与纸上内容核对。</translation>
    </message>
    <message>
        <source>Begin the form anew.</source>
        <translation>请重新填写表单。</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then ask for the answer again.</source>
        <translation>请将两台笔记本电脑升级到同一版本，然后重新索取答复。</translation>
    </message>
    <message>
        <source>Bring both laptops to the same version, then make the request again.</source>
        <translation>请将两台笔记本电脑升级到同一版本，然后重新提出请求。</translation>
    </message>
    <message>
        <source>Bring both to the same version, then ask for the card again.</source>
        <translation>请将双方升级到同一版本，然后重新索取身份卡。</translation>
    </message>
    <message>
        <source>Cards of other delegations are read under Contacts.</source>
        <translation>其他代表团的身份卡在“通讯录”中读取。</translation>
    </message>
    <message>
        <source>Change it and keep the row again. Dates are written 2026-11-22, times 2026-11-22 10:00 UTC.</source>
        <translation>请更改后重新保存该行。日期写作2026-11-22，时间写作2026-11-22 10:00 UTC。</translation>
    </message>
    <message>
        <source>Change what has changed, or attach a file.</source>
        <translation>请更改有变动之处，或附加文件。</translation>
    </message>
    <message>
        <source>Check Caps Lock and the keyboard&apos;s language, then type it again.</source>
        <translation>请检查Caps Lock和键盘语言，然后重新输入。</translation>
    </message>
    <message>
        <source>Check that it is still there and that you may read it.</source>
        <translation>请检查文件是否仍在那里，以及您是否有权读取。</translation>
    </message>
    <message>
        <source>Check that it opens elsewhere, or save it anew and open that.</source>
        <translation>请检查它在别处能否打开，或重新保存后再打开。</translation>
    </message>
    <message>
        <source>Check that there is room and that you may write there.</source>
        <translation>请检查空间是否足够，以及您是否有权在那里写入。</translation>
    </message>
    <message>
        <source>Check that you chose the right file.</source>
        <translation>请检查是否选对了文件。</translation>
    </message>
    <message>
        <source>Check the disk and that you may write there, then try again.</source>
        <translation>请检查磁盘以及您在那里的写入权限，然后重试。</translation>
    </message>
    <message>
        <source>Check the disk and the exchange folder, then try again.</source>
        <translation>请检查磁盘和交换文件夹，然后重试。</translation>
    </message>
    <message>
        <source>Check the disk, then do it again.</source>
        <translation>请检查磁盘，然后重新操作。</translation>
    </message>
    <message>
        <source>Check the drive, the share or the network; what waits is kept and sent then.</source>
        <translation>请检查驱动器、共享位置或网络；待发内容予以保留，届时发送。</translation>
    </message>
    <message>
        <source>Check the rights of your home folder, then start again.</source>
        <translation>请检查您主文件夹的权限，然后重新启动。</translation>
    </message>
    <message>
        <source>Check what you wrote for unusual characters, then try again.</source>
        <translation>请检查所写内容是否有异常字符，然后重试。</translation>
    </message>
    <message>
        <source>Checking took too long or needed too much memory.</source>
        <translation>检查用时过长或所需内存过多。</translation>
    </message>
    <message>
        <source>Choose a backup you know the way of, and tell your security officer.</source>
        <translation>请选择您了解其来路的备份，并告知安全官员。</translation>
    </message>
    <message>
        <source>Choose a document.</source>
        <translation>请选择文档。</translation>
    </message>
    <message>
        <source>Choose a file as the United Nations publishes it, or save the text as .docx.</source>
        <translation>请选择联合国发布的文件，或将案文保存为.docx。</translation>
    </message>
    <message>
        <source>Choose a file in version 3.0, or save the text as .docx.</source>
        <translation>请选择3.0版文件，或将案文保存为.docx。</translation>
    </message>
    <message>
        <source>Choose a file that ends in .vcf.</source>
        <translation>请选择以.vcf结尾的文件。</translation>
    </message>
    <message>
        <source>Choose a file whose name ends in .valise-backup.</source>
        <translation>请选择名称以.valise-backup结尾的文件。</translation>
    </message>
    <message>
        <source>Choose a higher channel.</source>
        <translation>请选择更高的渠道。</translation>
    </message>
    <message>
        <source>Choose a later one.</source>
        <translation>请选择较晚的日期。</translation>
    </message>
    <message>
        <source>Choose a marking of the list, or write a shorter one.</source>
        <translation>请从列表中选择标识，或写一个较短的标识。</translation>
    </message>
    <message>
        <source>Choose a member of the room.</source>
        <translation>请选择会议室的一个成员。</translation>
    </message>
    <message>
        <source>Choose a paragraph or an amendment that stands.</source>
        <translation>请选择现有的段落或修正案。</translation>
    </message>
    <message>
        <source>Choose a photograph or a screenshot as PNG, JPEG, BMP or WebP.</source>
        <translation>请选择PNG、JPEG、BMP或WebP格式的照片或截图。</translation>
    </message>
    <message>
        <source>Choose a reason.</source>
        <translation>请选择一项原因。</translation>
    </message>
    <message>
        <source>Choose a room with another delegation in it, or make one under Messages.</source>
        <translation>请选择有另一代表团的会议室，或在“消息”中建立一个。</translation>
    </message>
    <message>
        <source>Choose a room with one delegation, or another label.</source>
        <translation>请选择只有一个其他代表团的会议室，或另一标签。</translation>
    </message>
    <message>
        <source>Choose a shorter one.</source>
        <translation>请选择较短的名称。</translation>
    </message>
    <message>
        <source>Choose a shorter time and try again.</source>
        <translation>请选择较短的时段，然后重试。</translation>
    </message>
    <message>
        <source>Choose a stick, or a folder on another disk.</source>
        <translation>请选择U盘，或另一磁盘上的文件夹。</translation>
    </message>
    <message>
        <source>Choose a whole number of hours or days under Settings.</source>
        <translation>请在“设置”中选择整数的小时或天数。</translation>
    </message>
    <message>
        <source>Choose an entry of your own State.</source>
        <translation>请选择本国的条目。</translation>
    </message>
    <message>
        <source>Choose another answer for it, or leave its words standing.</source>
        <translation>请为其选择另一答复，或保留其文字。</translation>
    </message>
    <message>
        <source>Choose another delegation to tell.</source>
        <translation>请选择另一个要告知的代表团。</translation>
    </message>
    <message>
        <source>Choose another delegation, or ask it to admit a laptop with that right.</source>
        <translation>请选择另一代表团，或请其接纳一台有此权利的笔记本电脑。</translation>
    </message>
    <message>
        <source>Choose another delegation.</source>
        <translation>请选择另一代表团。</translation>
    </message>
    <message>
        <source>Choose another file or another time.</source>
        <translation>请选择其他文件或其他时段。</translation>
    </message>
    <message>
        <source>Choose another file, or save the page again from the browser.</source>
        <translation>请选择其他文件，或从浏览器重新保存该网页。</translation>
    </message>
    <message>
        <source>Choose another marking, or write to one delegation.</source>
        <translation>请选择另一标识，或写给一个代表团。</translation>
    </message>
    <message>
        <source>Choose another one, and do not trust that stick with the next.</source>
        <translation>请选择另一个，下次备份也不要信赖那个U盘。</translation>
    </message>
    <message>
        <source>Choose another one, or make a new one in another place.</source>
        <translation>请选择另一个，或在另一位置制作新的备份。</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>请选择另一个。</translation>
    </message>
    <message>
        <source>Choose another one; nothing was written.</source>
        <translation>请选择另一个；未写出任何内容。</translation>
    </message>
    <message>
        <source>Choose another term.</source>
        <translation>请选择另一期限。</translation>
    </message>
    <message>
        <source>Choose another text in the list.</source>
        <translation>请在列表中选择另一案文。</translation>
    </message>
    <message>
        <source>Choose another type of message.</source>
        <translation>请选择另一消息类型。</translation>
    </message>
    <message>
        <source>Choose another value.</source>
        <translation>请选择其他值。</translation>
    </message>
    <message>
        <source>Choose at least one.</source>
        <translation>请至少选择一个。</translation>
    </message>
    <message>
        <source>Choose consultations or events.</source>
        <translation>请选择磋商或活动。</translation>
    </message>
    <message>
        <source>Choose each of them once.</source>
        <translation>请每个只选一次。</translation>
    </message>
    <message>
        <source>Choose fewer rows with a filter, or write it as CSV.</source>
        <translation>请用筛选选择较少的行，或写成CSV。</translation>
    </message>
    <message>
        <source>Choose one answer for each amendment.</source>
        <translation>请为每项修正案选择一个答复。</translation>
    </message>
    <message>
        <source>Choose one from the list.</source>
        <translation>请从列表中选择。</translation>
    </message>
    <message>
        <source>Choose one of the six.</source>
        <translation>请选择六种语言之一。</translation>
    </message>
    <message>
        <source>Choose one of the two.</source>
        <translation>请选择两者之一。</translation>
    </message>
    <message>
        <source>Choose one of those offered.</source>
        <translation>请选择所提供的导出之一。</translation>
    </message>
    <message>
        <source>Choose one other delegation for a bilateral room, at least one for a group.</source>
        <translation>双边会议室请选择一个其他代表团，多方会议室至少选择一个。</translation>
    </message>
    <message>
        <source>Choose preamble, operative part, annex or other.</source>
        <translation>请选择序言部分、执行部分、附件或其他。</translation>
    </message>
    <message>
        <source>Choose support, can go along, reserve, scrutiny reservation or oppose.</source>
        <translation>请选择支持、可以接受、保留、审查保留或反对。</translation>
    </message>
    <message>
        <source>Choose the State, the delegation or the item first.</source>
        <translation>请先选择国家、代表团或项目。</translation>
    </message>
    <message>
        <source>Choose the document itself.</source>
        <translation>请选择文档本身。</translation>
    </message>
    <message>
        <source>Choose the file named delegation.key, usually on a stick.</source>
        <translation>请选择名为delegation.key的文件，通常在U盘上。</translation>
    </message>
    <message>
        <source>Choose the file that ends in .release, or get it again from the publisher.</source>
        <translation>请选择以 .release 结尾的文件，或向发布者重新获取。</translation>
    </message>
    <message>
        <source>Choose the file that the first laptop saved.</source>
        <translation>请选择第一台笔记本电脑保存的文件。</translation>
    </message>
    <message>
        <source>Choose the file that the other laptop saved.</source>
        <translation>请选择另一台笔记本电脑保存的文件。</translation>
    </message>
    <message>
        <source>Choose the file the other delegation gave you.</source>
        <translation>请选择另一代表团给您的文件。</translation>
    </message>
    <message>
        <source>Choose the key file of your own delegation.</source>
        <translation>请选择本代表团的密钥文件。</translation>
    </message>
    <message>
        <source>Choose the other side, or the register within your delegation.</source>
        <translation>请选择另一侧，或本代表团内的登记册。</translation>
    </message>
    <message>
        <source>Choose the same label or a narrower one.</source>
        <translation>请选择相同或更严的标签。</translation>
    </message>
    <message>
        <source>Choose two or more delegations, or none.</source>
        <translation>请选择两个或更多代表团，或者一个也不选。</translation>
    </message>
    <message>
        <source>Choose what is requested, or send a notification instead.</source>
        <translation>请选择所请求的事项，或改为发送通报。</translation>
    </message>
    <message>
        <source>Close other programs and try again, or compare the number by eye.</source>
        <translation>请关闭其他程序后重试，或目视比对号码。</translation>
    </message>
    <message>
        <source>Close other programs and try again; if it happens again, run valise doctor.</source>
        <translation>请关闭其他程序后重试；如再次发生，请运行valise doctor。</translation>
    </message>
    <message>
        <source>Close other programs, then try again.</source>
        <translation>请关闭其他程序，然后重试。</translation>
    </message>
    <message>
        <source>Compare again in one of the ways shown.</source>
        <translation>请以所示方式之一重新比对。</translation>
    </message>
    <message>
        <source>Compare once more, best in person, then decide in Contacts.</source>
        <translation>请再比对一次，最好当面进行，然后在“通讯录”中决定。</translation>
    </message>
    <message>
        <source>Compare the words with the paper; perhaps they are for another vault.</source>
        <translation>请将词语与纸上内容核对；它们可能属于另一保险库。</translation>
    </message>
    <message>
        <source>Compare with it first, then choose it.</source>
        <translation>请先与其比对，然后予以选择。</translation>
    </message>
    <message>
        <source>Compare with it first, then vouch for it.</source>
        <translation>请先与其比对，然后为其担保。</translation>
    </message>
    <message>
        <source>Compare with it in person, then decide in Contacts.</source>
        <translation>请当面与其比对，然后在“通讯录”中决定。</translation>
    </message>
    <message>
        <source>Compare with that delegation in person before sending anything.</source>
        <translation>在发送任何内容之前，请当面与该代表团比对。</translation>
    </message>
    <message>
        <source>Connect the disk they are on, or restore a backup.</source>
        <translation>请连接其所在的磁盘，或恢复备份。</translation>
    </message>
    <message>
        <source>Connect; it goes on by itself.</source>
        <translation>请连接；随后会自行继续。</translation>
    </message>
    <message>
        <source>Copy it onto this computer and choose it there.</source>
        <translation>请将其复制到此计算机，再从那里选择。</translation>
    </message>
    <message>
        <source>Correct the times; they are UTC.</source>
        <translation>请更正时间；均为UTC。</translation>
    </message>
    <message>
        <source>Cut it to the code, or take a smaller one (at most 24 MiB).</source>
        <translation>请裁剪到只剩二维码，或另拍较小的图片（最大24 MiB）。</translation>
    </message>
    <message>
        <source>Decide each of them first, then agree the paragraph.</source>
        <translation>请先逐一作出决定，然后商定该段。</translation>
    </message>
    <message>
        <source>Divide it and import the parts.</source>
        <translation>请将其拆分，分别导入。</translation>
    </message>
    <message>
        <source>Divide the document and import the parts.</source>
        <translation>请将文档拆分，分别导入。</translation>
    </message>
    <message>
        <source>Divide the text, or save it as a Word document.</source>
        <translation>请将案文拆分，或保存为Word文档。</translation>
    </message>
    <message>
        <source>Do it in several steps, a few paragraphs each.</source>
        <translation>请分几步进行，每次若干段。</translation>
    </message>
    <message>
        <source>Do it in several steps.</source>
        <translation>请分几步进行。</translation>
    </message>
    <message>
        <source>Do not install it. Choose a package that is named here, or the release file that came with this one.</source>
        <translation>请勿安装。请选择此处列出的软件包，或随该软件包一同提供的发布文件。</translation>
    </message>
    <message>
        <source>Do not open it with another program; ask its sender.</source>
        <translation>请勿用其他程序打开；请询问其发送者。</translation>
    </message>
    <message>
        <source>Do not rely on the file; use the command valise verify on another machine.</source>
        <translation>请勿信赖该文件；请在另一台机器上使用valise verify命令。</translation>
    </message>
    <message>
        <source>Do not sign on. Ask the delegation that opened it, in person or by telephone.</source>
        <translation>请勿联署。请当面或通过电话询问开放该声明的代表团。</translation>
    </message>
    <message>
        <source>Do not type the passphrase. Restore the file from a backup.</source>
        <translation>请勿输入密码短语。请从备份恢复该文件。</translation>
    </message>
    <message>
        <source>Do not use it. Ask both delegations for their cards by another way.</source>
        <translation>请勿使用。请通过其他途径向两个代表团索取身份卡。</translation>
    </message>
    <message>
        <source>Do not use it. Ask the delegation for its card by another way.</source>
        <translation>请勿使用。请通过其他途径向该代表团索取身份卡。</translation>
    </message>
    <message>
        <source>Do not use it; take the one made when the delegation was founded.</source>
        <translation>请勿使用；请取用建立代表团时制作的密钥文件。</translation>
    </message>
    <message>
        <source>Do not use this file; ask for the card by another way.</source>
        <translation>请勿使用此文件；请通过其他途径索取名片。</translation>
    </message>
    <message>
        <source>Each share says on paper how many of its set it takes.</source>
        <translation>每份份额的纸上都写明该套需要几份。</translation>
    </message>
    <message>
        <source>Edit the words first.</source>
        <translation>请先修改文字。</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), then begin again.</source>
        <translation>请先交换 (Ctrl+R)，然后重新开始。</translation>
    </message>
    <message>
        <source>Exchange once more and look again.</source>
        <translation>请再交换一次，然后重新查看。</translation>
    </message>
    <message>
        <source>Exchange once more, so that its newest card comes, and try again; or take its card in person.</source>
        <translation>请再交换一次，以便收到其最新的身份卡，然后重试；或当面接收其身份卡。</translation>
    </message>
    <message>
        <source>Exchange once more; it may still be under way.</source>
        <translation>请再交换一次；可能尚在途中。</translation>
    </message>
    <message>
        <source>Fill in the marked field as well, then keep both.</source>
        <translation>请同时填写标出的字段，然后一并保存。</translation>
    </message>
    <message>
        <source>Fill in the marked field, then keep the row again.</source>
        <translation>请填写标出的字段，然后重新保存该行。</translation>
    </message>
    <message>
        <source>Fill in the time, or choose another urgency.</source>
        <translation>请填写时间，或选择另一紧急程度。</translation>
    </message>
    <message>
        <source>First let the passphrase open alone.</source>
        <translation>请先改为仅凭密码短语打开。</translation>
    </message>
    <message>
        <source>Free some space there, or take another stick; what waits is kept and sent then.</source>
        <translation>请在那里腾出一些空间，或换一个U盘；待发内容予以保留，届时发送。</translation>
    </message>
    <message>
        <source>Free some space, then do it again.</source>
        <translation>请腾出一些空间，然后重新操作。</translation>
    </message>
    <message>
        <source>Give another laptop the right to admit laptops first.</source>
        <translation>请先给予另一台笔记本电脑接纳笔记本电脑的权利。</translation>
    </message>
    <message>
        <source>Give it a name and keep it again.</source>
        <translation>请取一个名称并重新保存。</translation>
    </message>
    <message>
        <source>Give it a short name; those asked read it.</source>
        <translation>请取一个简短的名称；被询问方会读到。</translation>
    </message>
    <message>
        <source>Give it one that every member will understand.</source>
        <translation>请取一个每个成员都能理解的名称。</translation>
    </message>
    <message>
        <source>Give it one, then open it.</source>
        <translation>请写上标题，然后开设。</translation>
    </message>
    <message>
        <source>Give one that no earlier revision has, for example ending in Rev.3.</source>
        <translation>请使用此前修订稿未用过的文号，例如以Rev.3结尾。</translation>
    </message>
    <message>
        <source>Give the delegation a new one.</source>
        <translation>请给予该代表团新的许可。</translation>
    </message>
    <message>
        <source>Give your own register another id in its file.</source>
        <translation>请在您自己登记册的文件中改用另一标识。</translation>
    </message>
    <message>
        <source>Go to Contacts, compare with that delegation and decide.</source>
        <translation>请前往“通讯录”，与该代表团比对并决定。</translation>
    </message>
    <message>
        <source>Go to that window, or close it and try again.</source>
        <translation>请前往该窗口，或将其关闭后重试。</translation>
    </message>
    <message>
        <source>Hand the stick on. Whoever is the last may delete the file.</source>
        <translation>请将U盘转交。由最后一方删除该文件。</translation>
    </message>
    <message>
        <source>Have a laptop that is in use admit this one, and ask who signed the other list.</source>
        <translation>请由在使用的笔记本电脑接纳本机，并查问何人签署了另一份清单。</translation>
    </message>
    <message>
        <source>How the identities were compared was not said.</source>
        <translation>未说明身份是如何比对的。</translation>
    </message>
    <message>
        <source>If nobody moved it, look for the copy in your safe.</source>
        <translation>如果无人移动过，请查找您保险柜中的副本。</translation>
    </message>
    <message>
        <source>If you expected it, open the sender&apos;s newest identity card first, then the bundle again.</source>
        <translation>如果这是您预期的封包，请先打开发送方最新的身份卡，再打开封包。</translation>
    </message>
    <message>
        <source>If you want an archive of your own, say so above. Nothing was written.</source>
        <translation>如您要为自己存档，请在上方说明。未写出任何内容。</translation>
    </message>
    <message>
        <source>In a room with others each delegation writes the rows of its own State only.</source>
        <translation>在与他方共有的会议室中，每个代表团只填写本国的行。</translation>
    </message>
    <message>
        <source>Install Valise anew; the vault itself is untouched.</source>
        <translation>请重新安装Valise；保险库本身未受影响。</translation>
    </message>
    <message>
        <source>Install nothing of it. Ask the publisher, by another way, whether its key is another one now.</source>
        <translation>请勿安装其中任何内容。请通过其他途径询问发布者其密钥是否已更换。</translation>
    </message>
    <message>
        <source>Install nothing of it. Get both again from the publisher, by another way.</source>
        <translation>请勿安装其中任何内容。请通过其他途径向发布者重新获取这两个文件。</translation>
    </message>
    <message>
        <source>Install the Noto fonts (fonts-noto-core and fonts-noto-cjk), then try again.</source>
        <translation>请安装Noto字体（fonts-noto-core和fonts-noto-cjk），然后重试。</translation>
    </message>
    <message>
        <source>Install the newer version on this device.</source>
        <translation>请在此设备上安装更新的版本。</translation>
    </message>
    <message>
        <source>Install the newer version, then try again.</source>
        <translation>请安装更新的版本，然后重试。</translation>
    </message>
    <message>
        <source>It did not leave. Look at it again after the next exchange.</source>
        <translation>它没有发出。请在下次交换后重新查看。</translation>
    </message>
    <message>
        <source>It is computed again from the signed entries; there is nothing to do.</source>
        <translation>将根据经签名的条目重新计算；无须任何操作。</translation>
    </message>
    <message>
        <source>It is kept sealed, and its keys have been asked for again.</source>
        <translation>该消息保持密封，已重新索取其密钥。</translation>
    </message>
    <message>
        <source>It is not chosen what this row is about.</source>
        <translation>未选择该行所涉对象。</translation>
    </message>
    <message>
        <source>It is of the first version: keep two copies of its key file in two safes.</source>
        <translation>它属于第一个版本：请将其密钥文件的两份副本分别保管在两个保险柜中。</translation>
    </message>
    <message>
        <source>It is tried again at each exchange; there is nothing to do.</source>
        <translation>每次交换时都会重试；无须任何操作。</translation>
    </message>
    <message>
        <source>It is tried again at the next exchange; there is nothing to do.</source>
        <translation>下次交换时会重试；无须任何操作。</translation>
    </message>
    <message>
        <source>It lists every laptop there ever was. Renew a laptop for another officer instead of admitting one.</source>
        <translation>其中列出曾有过的每台笔记本电脑。请为另一名官员更新一台笔记本电脑，而不是接纳新的。</translation>
    </message>
    <message>
        <source>It may still be under way: wait for the next exchange.</source>
        <translation>可能尚在途中：请等待下次交换。</translation>
    </message>
    <message>
        <source>It sends nothing and gets nothing any more; what it holds can still be read here.</source>
        <translation>它不再收发任何内容；其所存内容在此仍可阅读。</translation>
    </message>
    <message>
        <source>It was left as it was. Run valise doctor.</source>
        <translation>保险库保持原样。请运行valise doctor。</translation>
    </message>
    <message>
        <source>It was never finished, or the copy was cut short. Choose another one.</source>
        <translation>备份从未完成，或副本被截断。请选择另一个。</translation>
    </message>
    <message>
        <source>It was refused whole; nothing of it entered the vault.</source>
        <translation>已整体拒收；其中没有任何内容进入保险库。</translation>
    </message>
    <message>
        <source>Its missing parts have been asked for again.</source>
        <translation>已重新索取其缺失的部分。</translation>
    </message>
    <message>
        <source>Its operator has to bring it up to date. What waits is kept; a courier can take it.</source>
        <translation>须由其运营方更新。待发内容予以保留；可由信使携带。</translation>
    </message>
    <message>
        <source>Its sender sends it again; give your newest card to those who never wrote to you before.</source>
        <translation>其发送者会重新发送；请将您最新的身份卡交给从未给您写过信的各方。</translation>
    </message>
    <message>
        <source>Its vault was put back from an older copy, or it is in use twice. Ask that delegation.</source>
        <translation>其保险库由较旧副本重新启用，或有两处在使用。请向该代表团查问。</translation>
    </message>
    <message>
        <source>Keep the row without choosing a room.</source>
        <translation>请不选择会议室，直接保存该行。</translation>
    </message>
    <message>
        <source>Keys came from a laptop under a key that was given to another one.</source>
        <translation>收到一台笔记本电脑的密钥，所用密钥却是给予另一台笔记本电脑的。</translation>
    </message>
    <message>
        <source>Keys that came from another laptop are not valid.</source>
        <translation>来自另一台笔记本电脑的密钥无效。</translation>
    </message>
    <message>
        <source>Laying out the pages took more time or memory than is allowed.</source>
        <translation>页面排版所用时间或内存超过允许限度。</translation>
    </message>
    <message>
        <source>Leave it as it is; it follows from what happens.</source>
        <translation>请保持原样；它随实际情况产生。</translation>
    </message>
    <message>
        <source>Leave the folder as it is and run valise doctor.</source>
        <translation>请让该文件夹保持原样，并运行valise doctor。</translation>
    </message>
    <message>
        <source>Leave them out of the round.</source>
        <translation>请不要将其列入本轮。</translation>
    </message>
    <message>
        <source>Let it ask to be admitted anew.</source>
        <translation>请让它重新请求接纳。</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again, and carry it by hand.</source>
        <translation>请让另一台笔记本电脑重新提出请求，并亲手携带。</translation>
    </message>
    <message>
        <source>Let the other laptop make its request again.</source>
        <translation>请让另一台笔记本电脑重新提出请求。</translation>
    </message>
    <message>
        <source>Let the passphrase open alone, make and rehearse new shares, then demand the keyring again.</source>
        <translation>请先改为仅凭密码短语打开，制作并演练新份额，然后重新要求密钥环。</translation>
    </message>
    <message>
        <source>Lock, and choose “Practise with fictional delegations” on the unlock page.</source>
        <translation>请锁定，并在解锁页选择“与虚构代表团练习…”。</translation>
    </message>
    <message>
        <source>Look at Ways of exchange in Settings.</source>
        <translation>请查看“设置”中的“交换方式”。</translation>
    </message>
    <message>
        <source>Look at both in Contacts, ask by another way, then decide.</source>
        <translation>请在“通讯录”中查看两者，通过其他途径查问，然后决定。</translation>
    </message>
    <message>
        <source>Look at it again after the next exchange.</source>
        <translation>请在下次交换后重新查看。</translation>
    </message>
    <message>
        <source>Look at it in Contacts and decide; what you write waits until then.</source>
        <translation>请在“通讯录”中查看并决定；在此之前，您所写的内容将等待。</translation>
    </message>
    <message>
        <source>Look at its newest state, then try again.</source>
        <translation>请查看其最新状态，然后重试。</translation>
    </message>
    <message>
        <source>Look at its status; it may have been agreed or reopened meanwhile.</source>
        <translation>请查看其状态；可能已在此期间商定或重新讨论。</translation>
    </message>
    <message>
        <source>Look at the contact&apos;s page.</source>
        <translation>请查看该联系对象的页面。</translation>
    </message>
    <message>
        <source>Look at the contact, or make the bundle for the others alone.</source>
        <translation>请查看该联系对象，或只为其他代表团制作封包。</translation>
    </message>
    <message>
        <source>Look at the entries for unusual characters and try again.</source>
        <translation>请检查条目中是否有异常字符，然后重试。</translation>
    </message>
    <message>
        <source>Look at the entry and the round again; choose something that was confirmed, or a wider marking.</source>
        <translation>请重新查看条目和轮次；选择已确认的内容，或较宽的标识。</translation>
    </message>
    <message>
        <source>Look at the fields again; choose from what is offered.</source>
        <translation>请重新查看各字段；从所提供的选项中选择。</translation>
    </message>
    <message>
        <source>Look at the fields marked as required.</source>
        <translation>请查看标为必填的字段。</translation>
    </message>
    <message>
        <source>Look at the history of the row again after the next exchange.</source>
        <translation>请在下次交换后重新查看该行的历史记录。</translation>
    </message>
    <message>
        <source>Look at the list again.</source>
        <translation>请重新查看列表。</translation>
    </message>
    <message>
        <source>Look at the list again. Only States and items that the register has can have rows.</source>
        <translation>请重新查看列表。只有登记册所列的国家和项目才能有行。</translation>
    </message>
    <message>
        <source>Look at the list again: it may have taken its name back.</source>
        <translation>请重新查看名单：该代表团可能已撤回联署。</translation>
    </message>
    <message>
        <source>Look at the list of members.</source>
        <translation>请查看成员名单。</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph, then try again.</source>
        <translation>请查看该段的最新状态，然后重试。</translation>
    </message>
    <message>
        <source>Look at the newest state of the paragraph.</source>
        <translation>请查看该段的最新状态。</translation>
    </message>
    <message>
        <source>Look at the newest state of the text; it may have been taken out or put together with another.</source>
        <translation>请查看案文的最新状态；该段可能已移出或与另一段合并。</translation>
    </message>
    <message>
        <source>Look at the offers again after the next exchange.</source>
        <translation>请在下次交换后重新查看各项提议。</translation>
    </message>
    <message>
        <source>Look at the paragraph as it stands now.</source>
        <translation>请查看该段的现有文字。</translation>
    </message>
    <message>
        <source>Look at the proxy under Settings, Exchange, with whoever looks after this network.</source>
        <translation>请与网络管理人员一起查看“设置”的“交换”中的代理服务器。</translation>
    </message>
    <message>
        <source>Look at what the pen decided, then propose anew if needed.</source>
        <translation>请查看执笔方的决定，如有需要再重新提出。</translation>
    </message>
    <message>
        <source>Look at “Our card” in Contacts and decide; what you write waits until then.</source>
        <translation>请在“通讯录”的“我方身份卡”中查看并决定；在此之前，您所写的内容将等待。</translation>
    </message>
    <message>
        <source>Look for a paragraph that begins with a very long mark, and mend it.</source>
        <translation>请查找以很长标记开头的段落，予以改正。</translation>
    </message>
    <message>
        <source>Look for the sheets that say Valise.</source>
        <translation>请查找写有Valise的份额纸。</translation>
    </message>
    <message>
        <source>Make one under Messages, or hand over your card with a permission.</source>
        <translation>请在“消息”中建立一个，或移交附许可的身份卡。</translation>
    </message>
    <message>
        <source>Make recovery shares and rehearse them; a keyring that vanishes then locks nobody out.</source>
        <translation>请制作恢复份额并进行演练；这样即使密钥环消失，也不会有人被锁在外面。</translation>
    </message>
    <message>
        <source>Make room there or choose another place. Earlier backups are as they were.</source>
        <translation>请在那里腾出空间或选择另一位置。先前的备份保持原样。</translation>
    </message>
    <message>
        <source>Mend the lines that are listed, then read the file again.</source>
        <translation>请改正所列各行，然后重新读取文件。</translation>
    </message>
    <message>
        <source>More shares are needed.</source>
        <translation>还需要更多份额。</translation>
    </message>
    <message>
        <source>No laptop of that delegation may hold the pen.</source>
        <translation>该代表团没有可持有执笔权的笔记本电脑。</translation>
    </message>
    <message>
        <source>No laptop would be left that may admit others and is in every room.</source>
        <translation>那样就没有一台有权接纳其他笔记本电脑且在所有会议室中的笔记本电脑了。</translation>
    </message>
    <message>
        <source>No recovery shares can be made of this root key.</source>
        <translation>不能为此根密钥制作恢复份额。</translation>
    </message>
    <message>
        <source>No room was chosen for the journey.</source>
        <translation>未选择出行所需的会议室。</translation>
    </message>
    <message>
        <source>No second officer of your delegation could release anything.</source>
        <translation>本代表团没有第二名官员可以放行。</translation>
    </message>
    <message>
        <source>Nobody can be told there.</source>
        <translation>在那里没有可告知的对象。</translation>
    </message>
    <message>
        <source>Nobody is chosen for this round.</source>
        <translation>未为此轮选择任何联络人。</translation>
    </message>
    <message>
        <source>Nobody vouches for himself, or to the delegation he vouches for.</source>
        <translation>任何一方都不能为自己担保，也不能向所担保的代表团作担保。</translation>
    </message>
    <message>
        <source>Not everything in this bundle is in the vault, so it stays on the stick.</source>
        <translation>此封包的内容尚未全部进入保险库，因此留在U盘上。</translation>
    </message>
    <message>
        <source>Nothing about this silence procedure is contested any more.</source>
        <translation>此默许程序已无争议。</translation>
    </message>
    <message>
        <source>Nothing is lost here. Take another stick and make the bundle again; the bad file has no bundle&apos;s name.</source>
        <translation>此处没有任何损失。请换一个U盘重新制作封包；坏文件不使用封包名称。</translation>
    </message>
    <message>
        <source>Nothing is lost. Connect; it goes on by itself. See Security, Checks.</source>
        <translation>没有任何损失。请连接；随后会自行继续。参见“安全”中的“检查”。</translation>
    </message>
    <message>
        <source>Nothing is lost. How it ended stands above the text; there is nothing to decide.</source>
        <translation>没有任何损失。结果载于案文上方；没有需要决定的事项。</translation>
    </message>
    <message>
        <source>Nothing is lost. It is fetched with the next exchange; look again then.</source>
        <translation>没有任何损失。将随下次交换取回；届时请重新查看。</translation>
    </message>
    <message>
        <source>Nothing is lost. Say what your delegation thinks as an amendment or a remark; the pen-holder can open another procedure.</source>
        <translation>没有任何损失。请以修正案或评论的方式表明本代表团的看法；执笔方可以启动另一程序。</translation>
    </message>
    <message>
        <source>Nothing is lost. The delegations decide together how it goes on.</source>
        <translation>没有任何损失。由各代表团共同决定如何继续。</translation>
    </message>
    <message>
        <source>Nothing is said about the file. Use the command valise verify with more time.</source>
        <translation>对该文件不作任何结论。请给予更多时间，使用valise verify命令。</translation>
    </message>
    <message>
        <source>Nothing is suspended here.</source>
        <translation>此处没有暂停的事项。</translation>
    </message>
    <message>
        <source>Nothing left and nothing was read. Practise with the partners that are here.</source>
        <translation>没有发出也没有读取任何内容。请与此处的伙伴练习。</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>没有任何未密封的内容离开本设备。</translation>
    </message>
    <message>
        <source>Nothing needs to be done; the history shows who undid it.</source>
        <translation>无须任何操作；历史记录显示由何人撤销。</translation>
    </message>
    <message>
        <source>Nothing new was said.</source>
        <translation>没有新的内容。</translation>
    </message>
    <message>
        <source>Nothing to do here. If it happens again, ask that delegation in person.</source>
        <translation>此处无须操作。如再次发生，请当面询问该代表团。</translation>
    </message>
    <message>
        <source>Nothing to do here; it is repeated at the next exchange.</source>
        <translation>此处无须操作；下次交换时会重复。</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender sends it again.</source>
        <translation>此处无须操作；其发送者会重新发送。</translation>
    </message>
    <message>
        <source>Nothing to do here; its sender&apos;s laptop should be looked at.</source>
        <translation>此处无须操作；应检查其发送者的笔记本电脑。</translation>
    </message>
    <message>
        <source>Nothing to do here; keep other files out of that folder.</source>
        <translation>此处无须操作；请勿将其他文件放入该文件夹。</translation>
    </message>
    <message>
        <source>Nothing was added. Mend the line that is named and read the file again.</source>
        <translation>未添加任何内容。请改正指明的行，重新读取文件。</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>未作任何更改。</translation>
    </message>
    <message>
        <source>Nothing was changed. Ask whoever made it for a new one.</source>
        <translation>未作任何更改。请向制作者索取新的。</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list, and a name of at most 100 letters.</source>
        <translation>未作任何更改。请从列表中选择国家，名称最多100个字符。</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a State of the list.</source>
        <translation>未作任何更改。请从列表中选择国家。</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose a time between one hour and one year ahead, and later than the deadline in force.</source>
        <translation>未作任何更改。请选择今后一小时至一年之间、且晚于现行截止时间的时间。</translation>
    </message>
    <message>
        <source>Nothing was changed. Choose consultations or events.</source>
        <translation>未作任何更改。请选择磋商或活动。</translation>
    </message>
    <message>
        <source>Nothing was changed. Do this in your own vault if it is meant in earnest.</source>
        <translation>未作任何更改。如确有实需，请在您自己的保险库中进行。</translation>
    </message>
    <message>
        <source>Nothing was changed. Export it again from the program it comes from.</source>
        <translation>未作任何更改。请从其来源程序重新导出。</translation>
    </message>
    <message>
        <source>Nothing was changed. Export the settings again where the file comes from.</source>
        <translation>未作任何更改。请在该文件的来源处重新导出设置。</translation>
    </message>
    <message>
        <source>Nothing was changed. Look at the row again; somebody may have changed it meanwhile.</source>
        <translation>未作任何更改。请重新查看该行；可能已有人更改。</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the file where it is named, and choose it again.</source>
        <translation>未作任何更改。请在指明之处改正文件，然后重新选择。</translation>
    </message>
    <message>
        <source>Nothing was changed. Mend the place that is named and try again.</source>
        <translation>未作任何更改。请改正指明之处后重试。</translation>
    </message>
    <message>
        <source>Nothing was changed. Restore a backup: it makes this a new laptop of your delegation.</source>
        <translation>未作任何更改。请恢复备份：本机将由此成为本代表团的一台新笔记本电脑。</translation>
    </message>
    <message>
        <source>Nothing was changed. Take another one.</source>
        <translation>未作任何更改。请另取一个。</translation>
    </message>
    <message>
        <source>Nothing was changed. Try again, or use the command valise verify.</source>
        <translation>未作任何更改。请重试，或使用valise verify命令。</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait for the deadline; the procedure is then closed by itself.</source>
        <translation>未作任何更改。请等待期满；届时程序会自行结束。</translation>
    </message>
    <message>
        <source>Nothing was changed. Wait until it is over, or extend it; then open the next one.</source>
        <translation>未作任何更改。请等待其终结，或予以延长；然后启动下一个。</translation>
    </message>
    <message>
        <source>Nothing was changed. Write a name of at most 100 letters.</source>
        <translation>未作任何更改。名称最多100个字符。</translation>
    </message>
    <message>
        <source>Nothing was changed; choose another way.</source>
        <translation>未作任何更改；请选择其他方式。</translation>
    </message>
    <message>
        <source>Nothing was erased. Type the passphrase once more to rescue what verifies, or restore a backup.</source>
        <translation>未清除任何内容。请再次输入密码短语以抢救通过验证的内容，或恢复备份。</translation>
    </message>
    <message>
        <source>Nothing was given to it. Something on the way may answer in its place: ask its operator by another way.</source>
        <translation>未向其提供任何内容。可能有途中的某物代其应答：请通过其他途径询问其运营方。</translation>
    </message>
    <message>
        <source>Nothing was kept. Open the register again; its definition may have changed.</source>
        <translation>未保存任何内容。请重新打开登记册；其定义可能已变更。</translation>
    </message>
    <message>
        <source>Nothing was read. Cut it into several files.</source>
        <translation>未读取任何内容。请拆成几个文件。</translation>
    </message>
    <message>
        <source>Nothing was removed. Copy it again, to another stick if need be.</source>
        <translation>未移除任何内容。请重新复制，必要时换一个U盘。</translation>
    </message>
    <message>
        <source>Nothing was sent. Look at it again after the next exchange.</source>
        <translation>未发送任何内容。请在下次交换后重新查看。</translation>
    </message>
    <message>
        <source>Nothing was sent. Write a sentence for the other delegations, then break it.</source>
        <translation>未发送任何内容。请为其他代表团写一句话，然后打破默许。</translation>
    </message>
    <message>
        <source>Nothing was signed and the root key is closed. Look at the list and begin again.</source>
        <translation>未签署任何内容，根密钥已关闭。请查看清单后重新开始。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask for the card of the real delegation.</source>
        <translation>未收入任何内容。请索取真实代表团的身份卡。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Ask its sender for another one.</source>
        <translation>未收入任何内容。请向其发送者索取另一个。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Change to the side the file was written from.</source>
        <translation>未收入任何内容。请切换到写出该文件的一侧。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Choose a file whose name ends in .valise.</source>
        <translation>未收入任何内容。请选择名称以.valise结尾的文件。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Cut it into several files.</source>
        <translation>未收入任何内容。请拆成几个文件。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Decide which of the two lines is right and delete the other.</source>
        <translation>未收入任何内容。请决定两行中哪一行正确，并删除另一行。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Delete one of them from the file.</source>
        <translation>未收入任何内容。请从文件中删除其中一列。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the calendar again as .ics from the program it comes from.</source>
        <translation>未收入任何内容。请从其来源程序将日历重新导出为.ics。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Export the register first and fill in that file.</source>
        <translation>未收入任何内容。请先导出登记册，再填写该文件。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Install the newer version, then open the bundle again.</source>
        <translation>未收入任何内容。请安装更新的版本，然后重新打开封包。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Leave the cell empty for a new row.</source>
        <translation>未收入任何内容。如为新行，请将该单元格留空。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Look for a comma or a quotation mark too many in that line.</source>
        <translation>未收入任何内容。请检查该行是否多了逗号或引号。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Mend that place and read the file again.</source>
        <translation>未收入任何内容。请改正该处，重新读取文件。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Name the column as the register does, or delete it from the file.</source>
        <translation>未收入任何内容。请按登记册的名称命名该列，或从文件中删除。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Practise with the partners that are here; real contacts belong into your own vault.</source>
        <translation>未收入任何内容。请与此处的伙伴练习；真实的联系对象应收入您自己的保险库。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Put back what stood there, or delete the column from the file.</source>
        <translation>未收入任何内容。请恢复原有内容，或从文件中删除该列。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Read the file again: what it changes now is shown.</source>
        <translation>未收入任何内容。请重新读取文件：将显示现在会作出的更改。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the key in this cell: the last column of an exported file has it.</source>
        <translation>未收入任何内容。请在此单元格填写键值：导出文件的最后一列载有该值。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the name as the register shows it, or its code.</source>
        <translation>未收入任何内容。请按登记册所示填写名称，或填写其代码。</translation>
    </message>
    <message>
        <source>Nothing was taken in. Write the title as the register shows it, or enter that row first.</source>
        <translation>未收入任何内容。请按登记册所示填写标题，或先录入该行。</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the fictional delegations; real States belong into your own vault.</source>
        <translation>未写入任何内容。请选择一个虚构代表团；真实的国家应收入您自己的保险库。</translation>
    </message>
    <message>
        <source>Nothing was written. Choose one of the forms that are offered.</source>
        <translation>未写出任何内容。请选择所提供的形式之一。</translation>
    </message>
    <message>
        <source>Nothing was written. Open the entry in the directory and choose the note verbale there.</source>
        <translation>未写出任何内容。请在名录中打开该条目，并在那里选择普通照会。</translation>
    </message>
    <message>
        <source>Nothing was written. Tell whoever looks after Valise with you.</source>
        <translation>未写出任何内容。请告知为您管理Valise的人员。</translation>
    </message>
    <message>
        <source>Nothing was written. Try another format, and tell whoever looks after Valise with you.</source>
        <translation>未写出任何内容。请尝试其他格式，并告知为您管理Valise的人员。</translation>
    </message>
    <message>
        <source>Nothing would change.</source>
        <translation>不会有任何变化。</translation>
    </message>
    <message>
        <source>One cell of this row is longer than 200,000 characters.</source>
        <translation>此行有一个单元格超过200,000个字符。</translation>
    </message>
    <message>
        <source>One entry of this vault is larger than a backup can hold.</source>
        <translation>此保险库有一个条目超过备份可容纳的大小。</translation>
    </message>
    <message>
        <source>One line of this file is longer than any table has.</source>
        <translation>此文件有一行的长度超过任何表格。</translation>
    </message>
    <message>
        <source>One paragraph of the document is too long.</source>
        <translation>文档中有一段过长。</translation>
    </message>
    <message>
        <source>One share was entered twice.</source>
        <translation>有一份份额输入了两次。</translation>
    </message>
    <message>
        <source>Only a delegation that was compared on this laptop can be vouched for.</source>
        <translation>只能为曾在本机比对过的代表团担保。</translation>
    </message>
    <message>
        <source>Only an answer that the entry has changed says what has changed.</source>
        <translation>只有表示条目已变更的答复才说明变更内容。</translation>
    </message>
    <message>
        <source>Only its author can withdraw it.</source>
        <translation>只有其作者才能撤回。</translation>
    </message>
    <message>
        <source>Only its recipients can acknowledge it.</source>
        <translation>只有其接收方才能确认收悉。</translation>
    </message>
    <message>
        <source>Only tables as CSV are read into a register, and calendars into one with dates.</source>
        <translation>登记册只能读取CSV表格，有日期的登记册还可读取日历。</translation>
    </message>
    <message>
        <source>Only the chair of this room can change its members.</source>
        <translation>只有此会议室的主席才能更改成员。</translation>
    </message>
    <message>
        <source>Only the delegation that opened the incident may do that.</source>
        <translation>只有开启该事件的代表团才能这样做。</translation>
    </message>
    <message>
        <source>Only the delegation that opened this list may do that.</source>
        <translation>只有开放此名单的代表团才能这样做。</translation>
    </message>
    <message>
        <source>Open a room with the delegation first, or leave it out.</source>
        <translation>请先与该代表团开设会议室，或不将其列入。</translation>
    </message>
    <message>
        <source>Open it again from its key file or from recovery shares.</source>
        <translation>请用其密钥文件或恢复份额重新打开。</translation>
    </message>
    <message>
        <source>Open it in the program it was made with and save it as .docx.</source>
        <translation>请在制作它的程序中打开，保存为.docx。</translation>
    </message>
    <message>
        <source>Open it with its passphrase, or choose a later backup.</source>
        <translation>请用其密码短语打开，或选择较晚的备份。</translation>
    </message>
    <message>
        <source>Open its identity card first.</source>
        <translation>请先打开其身份卡。</translation>
    </message>
    <message>
        <source>Open that row and change it.</source>
        <translation>请打开该行并更改。</translation>
    </message>
    <message>
        <source>Open the answer that the first laptop made.</source>
        <translation>请打开第一台笔记本电脑作出的答复。</translation>
    </message>
    <message>
        <source>Open the bundle first; if it is damaged, ask for another one.</source>
        <translation>请先打开封包；如已损坏，请索取另一个。</translation>
    </message>
    <message>
        <source>Open the card that the other delegation gave you.</source>
        <translation>请打开另一代表团给您的身份卡。</translation>
    </message>
    <message>
        <source>Open the keyring of this computer and try again, or use the recovery shares.</source>
        <translation>请打开本计算机的密钥环后重试，或使用恢复份额。</translation>
    </message>
    <message>
        <source>Open the operator&apos;s file under Ways of exchange first.</source>
        <translation>请先在“交换方式”中打开运营方的文件。</translation>
    </message>
    <message>
        <source>Open the request again and compare its code with the other laptop&apos;s screen.</source>
        <translation>请重新打开请求，将其核对码与另一台笔记本电脑的屏幕比对。</translation>
    </message>
    <message>
        <source>Open two rounds instead.</source>
        <translation>请改为开启两轮。</translation>
    </message>
    <message>
        <source>Opening this vault would demand more than a computer should give: the file was changed.</source>
        <translation>打开此保险库所需资源超过计算机应付出的限度：该文件被更改过。</translation>
    </message>
    <message>
        <source>Passphrase and keyring are needed together, so neither may open alone.</source>
        <translation>密码短语和密钥环须兼备，因此任何一个都不能单独打开。</translation>
    </message>
    <message>
        <source>Plug it in again and try once more. Earlier backups are as they were; an unfinished one is named as such.</source>
        <translation>请重新插入后再试一次。先前的备份保持原样；未完成的备份会按未完成标明。</translation>
    </message>
    <message>
        <source>Police and judicial matters are not sent here: mutual legal assistance, extradition, warrants and evidence for a court have channels of their own.</source>
        <translation>警务和司法事项不在此发送：司法协助、引渡、逮捕令和供法院使用的证据各有其渠道。</translation>
    </message>
    <message>
        <source>Press “Compare now” and wait until four words are shown.</source>
        <translation>请按“立即比对”，等待显示四个词语。</translation>
    </message>
    <message>
        <source>Propose it anew if you wish.</source>
        <translation>如您愿意，请重新提出。</translation>
    </message>
    <message>
        <source>Propose the change instead, or ask for the pen.</source>
        <translation>请改为提出更改，或请求执笔权。</translation>
    </message>
    <message>
        <source>Put the vault into a folder that stays on this device.</source>
        <translation>请将保险库放入只留在本设备上的文件夹。</translation>
    </message>
    <message>
        <source>Read everything meanwhile. Security, Backups and travel, says how it is admitted.</source>
        <translation>在此期间可以阅读一切内容。“安全”的“备份和出行”说明如何获得接纳。</translation>
    </message>
    <message>
        <source>Read it again.</source>
        <translation>请重新读取。</translation>
    </message>
    <message>
        <source>Read the file again: what can still be proposed is shown.</source>
        <translation>请重新读取文件：将显示仍可提出的内容。</translation>
    </message>
    <message>
        <source>Read the file again: what it would change now is shown.</source>
        <translation>请重新读取文件：将显示现在会作出的更改。</translation>
    </message>
    <message>
        <source>Reading this picture took too long, and was stopped.</source>
        <translation>读取此图片用时过长，已停止。</translation>
    </message>
    <message>
        <source>Release it, or return it with the reason.</source>
        <translation>请予放行，或说明理由退回。</translation>
    </message>
    <message>
        <source>Remove them; they are often pasted in by accident.</source>
        <translation>请移除；这些字符往往是无意中粘贴进来的。</translation>
    </message>
    <message>
        <source>Restore both from the same backup.</source>
        <translation>请从同一备份恢复两者。</translation>
    </message>
    <message>
        <source>Restore it from a backup; somebody may have changed it.</source>
        <translation>请从备份恢复该文件；可能有人更改过。</translation>
    </message>
    <message>
        <source>Restore it from a backup; the vault itself may be whole.</source>
        <translation>请从备份恢复该文件；保险库本身可能完好。</translation>
    </message>
    <message>
        <source>Restore it from a backup; without it the vault stays closed.</source>
        <translation>请从备份恢复该文件；没有它，保险库无法打开。</translation>
    </message>
    <message>
        <source>Restore the file from a backup.</source>
        <translation>请从备份恢复该文件。</translation>
    </message>
    <message>
        <source>Restore the file from a backup; the vault itself may be whole.</source>
        <translation>请从备份恢复该文件；保险库本身可能完好。</translation>
    </message>
    <message>
        <source>Retire contacts that are no longer needed, then try again.</source>
        <translation>请停用不再需要的联系对象，然后重试。</translation>
    </message>
    <message>
        <source>Return it, so that its author writes it for the words as they stand now.</source>
        <translation>请退回，由其作者按现有文字重写。</translation>
    </message>
    <message>
        <source>Revoke it and admit it anew.</source>
        <translation>请将其吊销后重新接纳。</translation>
    </message>
    <message>
        <source>Revoke it on another laptop of your delegation that may admit laptops.</source>
        <translation>请在本代表团另一台有权接纳笔记本电脑的电脑上吊销。</translation>
    </message>
    <message>
        <source>Run valise doctor and report what it says.</source>
        <translation>请运行valise doctor，并报告其结果。</translation>
    </message>
    <message>
        <source>Run valise doctor; nothing was thrown away.</source>
        <translation>请运行valise doctor；未丢弃任何内容。</translation>
    </message>
    <message>
        <source>Run valise doctor; the program may have to be installed again.</source>
        <translation>请运行valise doctor；程序可能须重新安装。</translation>
    </message>
    <message>
        <source>Save it anew as plain text, then open that.</source>
        <translation>请重新保存为纯文本，然后打开。</translation>
    </message>
    <message>
        <source>Save it anew in a simpler form, then open that.</source>
        <translation>请以较简单的形式重新保存，然后打开。</translation>
    </message>
    <message>
        <source>Save it as UTF-8 and try again.</source>
        <translation>请以UTF-8保存后重试。</translation>
    </message>
    <message>
        <source>Save it as plain text in UTF-8, then open that.</source>
        <translation>请保存为UTF-8纯文本，然后打开。</translation>
    </message>
    <message>
        <source>Save it as plain text, then open that.</source>
        <translation>请保存为纯文本，然后打开。</translation>
    </message>
    <message>
        <source>Save it once more as CSV, UTF-8, in the program it comes from, and read it again.</source>
        <translation>请在其来源程序中重新保存为UTF-8的CSV，再次读取。</translation>
    </message>
    <message>
        <source>Save it without one, then try again; here it will be sealed.</source>
        <translation>请去除密码保存后重试；内容将在此密封。</translation>
    </message>
    <message>
        <source>Save the document as plain text, then open that.</source>
        <translation>请将文档保存为纯文本，然后打开。</translation>
    </message>
    <message>
        <source>Save the file of revocations and give it to the operator of the relay.</source>
        <translation>请保存吊销记录文件，交给中继站运营方。</translation>
    </message>
    <message>
        <source>Save the table as CSV in UTF-8 and choose that file. Contact cards are read on the page of contacts.</source>
        <translation>请将表格保存为UTF-8的CSV并选择该文件。联系人名片在联络人页面读取。</translation>
    </message>
    <message>
        <source>Say it again if it is for everybody who is there now.</source>
        <translation>如要发给现在的所有成员，请重新表述。</translation>
    </message>
    <message>
        <source>Say what becomes of each amendment, then set the words.</source>
        <translation>请说明每项修正案的处理结果，然后写定文字。</translation>
    </message>
    <message>
        <source>Say what is otherwise, or that the entry is right.</source>
        <translation>请说明哪里不同，或表示条目正确。</translation>
    </message>
    <message>
        <source>Security, Backups and travel, says how it is admitted.</source>
        <translation>“安全”的“备份和出行”说明如何获得接纳。</translation>
    </message>
    <message>
        <source>Send a smaller file, or carry it on a stick.</source>
        <translation>请发送较小的文件，或用U盘携带。</translation>
    </message>
    <message>
        <source>Send the incident as it is; look at its words for signs that cannot be seen.</source>
        <translation>请按原样发送该事件；请检查其文字中是否有不可见的字符。</translation>
    </message>
    <message>
        <source>Sending is stopped: the identity of a delegation changed.</source>
        <translation>已停止发送：一个代表团的身份已变更。</translation>
    </message>
    <message>
        <source>Sending to one of these delegations is stopped until a person decides.</source>
        <translation>对其中一个代表团的发送已停止，等待有人作出决定。</translation>
    </message>
    <message>
        <source>Sending to this delegation is still stopped.</source>
        <translation>对该代表团的发送仍处于停止状态。</translation>
    </message>
    <message>
        <source>Set the relay up in your own vault.</source>
        <translation>请在您自己的保险库中设置中继站。</translation>
    </message>
    <message>
        <source>Several rows, States or delegations are called so, and nobody can tell which one is meant.</source>
        <translation>有若干行、国家或代表团使用此名称，无法辨别所指是哪一个。</translation>
    </message>
    <message>
        <source>Shorten it, or attach it as a file.</source>
        <translation>请缩短，或作为文件附加。</translation>
    </message>
    <message>
        <source>Shorten it, or attach the longer text as a file.</source>
        <translation>请缩短，或将较长的文字作为文件附加。</translation>
    </message>
    <message>
        <source>Shorten it, or enter the contact by hand.</source>
        <translation>请缩短，或手工录入联络人。</translation>
    </message>
    <message>
        <source>Shorten it.</source>
        <translation>请缩短。</translation>
    </message>
    <message>
        <source>Shorten them, or open a text and a list of its co-sponsors.</source>
        <translation>请缩短，或开设案文及其共同提案国名单。</translation>
    </message>
    <message>
        <source>Show the rows that were taken out, put it back, then change it.</source>
        <translation>请显示已移出的行，将其放回后再更改。</translation>
    </message>
    <message>
        <source>Somebody joined this conversation before this could be sent.</source>
        <translation>在此内容发送之前，有一方加入了此会话。</translation>
    </message>
    <message>
        <source>Something in the bundle is not as STIX 2.1 asks.</source>
        <translation>该包中有内容不符合STIX 2.1的要求。</translation>
    </message>
    <message>
        <source>Something in this backup was not signed by whom it names. Somebody may have made it to deceive you.</source>
        <translation>此备份中有内容并非由所称者签名。可能有人制作此备份来欺骗您。</translation>
    </message>
    <message>
        <source>Something in this vault is damaged. Run valise doctor.</source>
        <translation>此保险库中有内容损坏。请运行valise doctor。</translation>
    </message>
    <message>
        <source>Something outside Valise did not do its part.</source>
        <translation>Valise之外的某个环节未起作用。</translation>
    </message>
    <message>
        <source>Something stored here no longer verifies.</source>
        <translation>此处所存的某项内容不再通过验证。</translation>
    </message>
    <message>
        <source>Something that must be filled in is empty.</source>
        <translation>有必填内容为空。</translation>
    </message>
    <message>
        <source>Something this needs has not arrived yet.</source>
        <translation>所需的某项内容尚未到达。</translation>
    </message>
    <message>
        <source>Something went wrong inside Valise.</source>
        <translation>Valise内部出现错误。</translation>
    </message>
    <message>
        <source>Split it into several paragraphs, then open it again.</source>
        <translation>请将其拆成若干段，然后重新打开。</translation>
    </message>
    <message>
        <source>Split it into smaller ones.</source>
        <translation>请拆成较小的文档。</translation>
    </message>
    <message>
        <source>Split them into several paragraphs.</source>
        <translation>请拆成若干段。</translation>
    </message>
    <message>
        <source>Start Valise again: it goes on. If it stops again, look at the disk.</source>
        <translation>请重新启动Valise：它会继续进行。如再次停止，请检查磁盘。</translation>
    </message>
    <message>
        <source>Start it again, or compare the number by eye.</source>
        <translation>请重新开始，或目视比对号码。</translation>
    </message>
    <message>
        <source>Stop working here, and tell the officer who admits laptops.</source>
        <translation>请停止在此工作，并告知负责接纳笔记本电脑的官员。</translation>
    </message>
    <message>
        <source>TLP:RED is for named recipients only, not for a group.</source>
        <translation>TLP:RED仅供指名的接收者，不用于多方会议室。</translation>
    </message>
    <message>
        <source>TLP:RED is for the eyes of named recipients: it does not go to a group.</source>
        <translation>TLP:RED仅供指名的接收者阅看：不发往多方会议室。</translation>
    </message>
    <message>
        <source>Take a picture with the one code only that you want to compare.</source>
        <translation>请只拍摄您要比对的那一个二维码。</translation>
    </message>
    <message>
        <source>Take another picture of the whole code, or compare the number by eye.</source>
        <translation>请为整个二维码重新拍照，或目视比对号码。</translation>
    </message>
    <message>
        <source>Take another picture, with the code large and nothing else beside it.</source>
        <translation>请重新拍照，使二维码较大，旁边没有其他内容。</translation>
    </message>
    <message>
        <source>Take another share of the same set.</source>
        <translation>请取同一套的另一份份额。</translation>
    </message>
    <message>
        <source>Take four or five words that have nothing to do with each other.</source>
        <translation>请取四五个互不相关的词。</translation>
    </message>
    <message>
        <source>Take shares that were made together.</source>
        <translation>请取用同时制作的份额。</translation>
    </message>
    <message>
        <source>Take the newest set; those made before it open nothing any more.</source>
        <translation>请取用最新的一套；先前制作的已不能打开任何内容。</translation>
    </message>
    <message>
        <source>That cannot be done with this ping round now.</source>
        <translation>目前不能对此轮联络测试进行该操作。</translation>
    </message>
    <message>
        <source>That cannot be done with this statement now.</source>
        <translation>目前不能对此声明进行该操作。</translation>
    </message>
    <message>
        <source>That card and the one in the backup are two different lists of your laptops.</source>
        <translation>该身份卡与备份中的身份卡是两份不同的笔记本电脑清单。</translation>
    </message>
    <message>
        <source>That delegation is a member of this room already.</source>
        <translation>该代表团已是此会议室的成员。</translation>
    </message>
    <message>
        <source>That delegation is not a member of this room.</source>
        <translation>该代表团不是此会议室的成员。</translation>
    </message>
    <message>
        <source>That delegation is not among your contacts.</source>
        <translation>该代表团不在您的通讯录中。</translation>
    </message>
    <message>
        <source>That does not open this backup.</source>
        <translation>这不能打开此备份。</translation>
    </message>
    <message>
        <source>That folder is inside the vault itself: whatever destroys one would destroy the other.</source>
        <translation>该文件夹在保险库内部：凡毁坏其中之一者也会毁坏另一个。</translation>
    </message>
    <message>
        <source>That is not the passphrase of the key file.</source>
        <translation>这不是密钥文件的密码短语。</translation>
    </message>
    <message>
        <source>That is not the passphrase of this vault.</source>
        <translation>这不是此保险库的密码短语。</translation>
    </message>
    <message>
        <source>That stick or disk is failing. Use another one.</source>
        <translation>该U盘或磁盘正在失效。请改用另一个。</translation>
    </message>
    <message>
        <source>The STIX bundle could not be read.</source>
        <translation>STIX包无法读取。</translation>
    </message>
    <message>
        <source>The beginning of this backup is damaged, so that nothing opens it.</source>
        <translation>此备份的开头已损坏，因此无法打开。</translation>
    </message>
    <message>
        <source>The beginning of this text has not arrived yet.</source>
        <translation>此案文的开头部分尚未到达。</translation>
    </message>
    <message>
        <source>The bundle could not be made or taken in.</source>
        <translation>封包无法制作或收入。</translation>
    </message>
    <message>
        <source>The bundle could not be read back as it was written, so no file was made.</source>
        <translation>该包读回后与写入的不同，因此未生成文件。</translation>
    </message>
    <message>
        <source>The bundle holds more than 5,000 objects.</source>
        <translation>该包所含对象超过5,000个。</translation>
    </message>
    <message>
        <source>The bundle holds no incident and no indicator.</source>
        <translation>该包中没有事件，也没有指标。</translation>
    </message>
    <message>
        <source>The bundle is larger than 8 MiB.</source>
        <translation>该包超过8 MiB。</translation>
    </message>
    <message>
        <source>The bundle is of another version than STIX 2.1.</source>
        <translation>该包不是STIX 2.1版本。</translation>
    </message>
    <message>
        <source>The bundle was written, but reads back differently: the stick or disk is failing.</source>
        <translation>封包已写出，但读回内容不同：U盘或磁盘正在失效。</translation>
    </message>
    <message>
        <source>The calendar has more than 10,000 entries.</source>
        <translation>日历超过10,000个条目。</translation>
    </message>
    <message>
        <source>The calendar is larger than 16 MiB.</source>
        <translation>日历超过16 MiB。</translation>
    </message>
    <message>
        <source>The card of this delegation does not hold a key that can be compared.</source>
        <translation>该代表团的身份卡中没有可供比对的密钥。</translation>
    </message>
    <message>
        <source>The card of your delegation does not list both laptops.</source>
        <translation>本代表团的身份卡未列出两台笔记本电脑。</translation>
    </message>
    <message>
        <source>The card of your delegation would be too large to travel.</source>
        <translation>本代表团的身份卡将过大，无法传送。</translation>
    </message>
    <message>
        <source>The certificate of a laptop is not valid.</source>
        <translation>一台笔记本电脑的证书无效。</translation>
    </message>
    <message>
        <source>The check code is not the one that was compared.</source>
        <translation>核对码与所比对的不同。</translation>
    </message>
    <message>
        <source>The comparison did not come to an end.</source>
        <translation>比对未能完成。</translation>
    </message>
    <message>
        <source>The contact cards could not be read back as they were written, so no file was made.</source>
        <translation>联系人名片读回后与写入的不同，因此未生成文件。</translation>
    </message>
    <message>
        <source>The contact cards could not be read or written.</source>
        <translation>联系人名片无法读取或写入。</translation>
    </message>
    <message>
        <source>The copy is not the same as the key file beside the vault.</source>
        <translation>副本与保险库旁的密钥文件不同。</translation>
    </message>
    <message>
        <source>The damaged part holds the keys of this laptop itself.</source>
        <translation>损坏的部分存有本机自身的密钥。</translation>
    </message>
    <message>
        <source>The database of the vault is not protected as it must be.</source>
        <translation>保险库的数据库未按要求受到保护。</translation>
    </message>
    <message>
        <source>The date for answers lies in the past.</source>
        <translation>答复日期已过。</translation>
    </message>
    <message>
        <source>The deadline has not passed yet and nobody has broken the silence.</source>
        <translation>期限未满，也无人打破默许。</translation>
    </message>
    <message>
        <source>The delegation that opened it can open it again.</source>
        <translation>开启该事件的代表团可以重新开启。</translation>
    </message>
    <message>
        <source>The delegation that sent this does not allow you to send it on to others.</source>
        <translation>发来此内容的代表团不允许您转发给他方。</translation>
    </message>
    <message>
        <source>The directory has changed since this file was read.</source>
        <translation>此文件读取之后，名录已有变动。</translation>
    </message>
    <message>
        <source>The disk did not store the last change.</source>
        <translation>磁盘未能存储最近的更改。</translation>
    </message>
    <message>
        <source>The disk is full; the last change was not stored.</source>
        <translation>磁盘已满；最近的更改未能存储。</translation>
    </message>
    <message>
        <source>The document could not be read.</source>
        <translation>文档无法读取。</translation>
    </message>
    <message>
        <source>The document has too many paragraphs.</source>
        <translation>文档段落过多。</translation>
    </message>
    <message>
        <source>The document is too large.</source>
        <translation>文档过大。</translation>
    </message>
    <message>
        <source>The document took too long to read or needed too much memory.</source>
        <translation>读取文档用时过长或所需内存过多。</translation>
    </message>
    <message>
        <source>The embargo on this has not ended, so it was not sent on.</source>
        <translation>此内容的禁止披露期限未满，因此未予转发。</translation>
    </message>
    <message>
        <source>The evidence could not be written or checked.</source>
        <translation>证据无法写出或检查。</translation>
    </message>
    <message>
        <source>The exchange did not succeed.</source>
        <translation>交换未成功。</translation>
    </message>
    <message>
        <source>The file cannot be opened.</source>
        <translation>文件无法打开。</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>无法读取该文件。</translation>
    </message>
    <message>
        <source>The file could not be read or written.</source>
        <translation>文件无法读取或写入。</translation>
    </message>
    <message>
        <source>The file could not be read.</source>
        <translation>文件无法读取。</translation>
    </message>
    <message>
        <source>The file could not be written.</source>
        <translation>文件无法写入。</translation>
    </message>
    <message>
        <source>The file did not arrive as it was sent.</source>
        <translation>文件到达时与发送时不同。</translation>
    </message>
    <message>
        <source>The file has faults, and a file is taken as a whole or not at all.</source>
        <translation>文件有错误；文件要么全部收入，要么一概不收。</translation>
    </message>
    <message>
        <source>The file holds control characters that no text has.</source>
        <translation>该文件含有文本中不会有的控制字符。</translation>
    </message>
    <message>
        <source>The file holds no words.</source>
        <translation>文件中没有文字。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件是空的。</translation>
    </message>
    <message>
        <source>The file is larger than 256 MiB.</source>
        <translation>文件超过256 MiB。</translation>
    </message>
    <message>
        <source>The file is larger than such a file can be.</source>
        <translation>文件超过此类文件的大小。</translation>
    </message>
    <message>
        <source>The file is not a STIX 2.1 bundle.</source>
        <translation>该文件不是STIX 2.1包。</translation>
    </message>
    <message>
        <source>The file is not as long as its sender announced.</source>
        <translation>文件长度与其发送者所告知的不符。</translation>
    </message>
    <message>
        <source>The file is not readable as text.</source>
        <translation>该文件无法作为文本读取。</translation>
    </message>
    <message>
        <source>The file is not written as STIX is (JSON).</source>
        <translation>该文件不是STIX所用的格式 (JSON)。</translation>
    </message>
    <message>
        <source>The file lacks a column that says what each row is about, or has nothing but that.</source>
        <translation>文件缺少说明每行所涉对象的列，或只有该列。</translation>
    </message>
    <message>
        <source>The file or entry is torn or was changed on its way.</source>
        <translation>该文件或条目不完整，或在途中被更改。</translation>
    </message>
    <message>
        <source>The file reads back otherwise than it was written, so it was not kept.</source>
        <translation>文件读回后与写入的不同，因此未予保留。</translation>
    </message>
    <message>
        <source>The file that arrived is not the one its sender announced.</source>
        <translation>到达的文件不是其发送者所告知的那一个。</translation>
    </message>
    <message>
        <source>The file that opens the vault and the vault do not belong together.</source>
        <translation>用于打开保险库的文件与保险库不相配。</translation>
    </message>
    <message>
        <source>The file that opens the vault is damaged.</source>
        <translation>用于打开保险库的文件已损坏。</translation>
    </message>
    <message>
        <source>The file that opens the vault is missing.</source>
        <translation>用于打开保险库的文件缺失。</translation>
    </message>
    <message>
        <source>The file that opens the vault is not as it must be.</source>
        <translation>用于打开保险库的文件不合要求。</translation>
    </message>
    <message>
        <source>The file that was looked at is not at hand any more.</source>
        <translation>先前查看的文件已不可用。</translation>
    </message>
    <message>
        <source>The folder, stick or relay cannot be reached.</source>
        <translation>无法连接文件夹、U盘或中继站。</translation>
    </message>
    <message>
        <source>The form holds something that does not belong to it.</source>
        <translation>表单中有不属于它的内容。</translation>
    </message>
    <message>
        <source>The identity of a delegation concerned changed and nobody has decided yet.</source>
        <translation>有关代表团的身份已变更，尚无人作出决定。</translation>
    </message>
    <message>
        <source>The identity of a laptop is not as it must be.</source>
        <translation>一台笔记本电脑的身份不合要求。</translation>
    </message>
    <message>
        <source>The identity of this delegation changed and nobody has decided yet.</source>
        <translation>该代表团的身份已变更，尚无人作出决定。</translation>
    </message>
    <message>
        <source>The incident is closed.</source>
        <translation>该事件已结束。</translation>
    </message>
    <message>
        <source>The incident is open.</source>
        <translation>该事件未结束。</translation>
    </message>
    <message>
        <source>The key file no longer lies beside the vault.</source>
        <translation>密钥文件已不在保险库旁。</translation>
    </message>
    <message>
        <source>The key of the vault is not as it must be.</source>
        <translation>保险库的密钥不合要求。</translation>
    </message>
    <message>
        <source>The keyring of this computer could not be used.</source>
        <translation>无法使用本计算机的密钥环。</translation>
    </message>
    <message>
        <source>The keyring of this computer does not answer.</source>
        <translation>本计算机的密钥环没有响应。</translation>
    </message>
    <message>
        <source>The keyring of this computer no longer holds what opens this vault.</source>
        <translation>本计算机的密钥环已不存有打开此保险库所需的内容。</translation>
    </message>
    <message>
        <source>The keys in this request are not possible.</source>
        <translation>此请求中的密钥不可能成立。</translation>
    </message>
    <message>
        <source>The keys of a laptop on this card do not verify.</source>
        <translation>此身份卡上有一台笔记本电脑的密钥未通过验证。</translation>
    </message>
    <message>
        <source>The ladder goes up only.</source>
        <translation>阶梯只能逐级向上。</translation>
    </message>
    <message>
        <source>The language is not one of the six official languages of the United Nations.</source>
        <translation>该语言不是联合国六种正式语言之一。</translation>
    </message>
    <message>
        <source>The laptop that asks shows another certificate than the one known here.</source>
        <translation>提出比对的笔记本电脑出示的证书与此处已知的不同。</translation>
    </message>
    <message>
        <source>The laptop that made this answer may not admit others.</source>
        <translation>作出此答复的笔记本电脑无权接纳其他笔记本电脑。</translation>
    </message>
    <message>
        <source>The laptop that made this bundle has numbered two different ones alike.</source>
        <translation>制作此封包的笔记本电脑给两个不同的封包编了相同的号。</translation>
    </message>
    <message>
        <source>The last column of this line names no row that this register can have.</source>
        <translation>此行最后一列所列的行，此登记册不可能有。</translation>
    </message>
    <message>
        <source>The marking in the bundle contradicts itself.</source>
        <translation>该包中的标识自相矛盾。</translation>
    </message>
    <message>
        <source>The message is empty.</source>
        <translation>消息是空的。</translation>
    </message>
    <message>
        <source>The message is too long.</source>
        <translation>消息过长。</translation>
    </message>
    <message>
        <source>The name of this State cannot be changed so.</source>
        <translation>不能这样更改该国的名称。</translation>
    </message>
    <message>
        <source>The new passphrase is the old one.</source>
        <translation>新密码短语与旧密码短语相同。</translation>
    </message>
    <message>
        <source>The new passphrase is too short.</source>
        <translation>新密码短语过短。</translation>
    </message>
    <message>
        <source>The note is longer than 2,000 characters.</source>
        <translation>备注超过2,000个字符。</translation>
    </message>
    <message>
        <source>The number of a paragraph is too long to be one.</source>
        <translation>一个段落编号过长，不可能是编号。</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation concerned differ.</source>
        <translation>与有关代表团比对的号码不一致。</translation>
    </message>
    <message>
        <source>The pages of this PDF are pictures: they hold no words that can be read.</source>
        <translation>此PDF各页均为图像：没有可读取的文字。</translation>
    </message>
    <message>
        <source>The paragraph does not stand so that this could be done.</source>
        <translation>该段的状态不允许进行该操作。</translation>
    </message>
    <message>
        <source>The paragraph has changed since this draft was written; it did not leave.</source>
        <translation>此草稿写成之后该段已有变动；草稿没有发出。</translation>
    </message>
    <message>
        <source>The paragraph is agreed; its words cannot be changed.</source>
        <translation>该段已商定；其文字不能更改。</translation>
    </message>
    <message>
        <source>The paragraph is no longer in the text.</source>
        <translation>该段已不在案文中。</translation>
    </message>
    <message>
        <source>The part of the vault that answers to a passphrase is damaged.</source>
        <translation>保险库中对应密码短语的部分已损坏。</translation>
    </message>
    <message>
        <source>The part that encrypts the database is missing.</source>
        <translation>缺少加密数据库的组件。</translation>
    </message>
    <message>
        <source>The parts of the bundle are nested deeper than those of any honest one.</source>
        <translation>该包各部分的嵌套层数超过任何正当的包。</translation>
    </message>
    <message>
        <source>The parts of the document are not built as expected.</source>
        <translation>文档各部分的结构与预期不符。</translation>
    </message>
    <message>
        <source>The parts of this file are nested deeper than those of any text.</source>
        <translation>此文件各部分的嵌套层数超过任何案文。</translation>
    </message>
    <message>
        <source>The parts of this page are nested deeper than those of any text. It was not read.</source>
        <translation>此网页各部分的嵌套层数超过任何案文。未予读取。</translation>
    </message>
    <message>
        <source>The passphrase is empty.</source>
        <translation>密码短语为空。</translation>
    </message>
    <message>
        <source>The passphrase of the key file is empty.</source>
        <translation>密钥文件的密码短语为空。</translation>
    </message>
    <message>
        <source>The passphrase of this vault is protected less than it must be: somebody may have changed the file.</source>
        <translation>此保险库密码短语的保护程度低于要求：可能有人更改过该文件。</translation>
    </message>
    <message>
        <source>The pen can only go to a delegation that takes part in this text.</source>
        <translation>执笔权只能移交给参与此案文的代表团。</translation>
    </message>
    <message>
        <source>The pen has already decided on this amendment.</source>
        <translation>执笔方已就此修正案作出决定。</translation>
    </message>
    <message>
        <source>The permission to use the relay has ended.</source>
        <translation>使用中继站的许可已终止。</translation>
    </message>
    <message>
        <source>The picture could not be read.</source>
        <translation>图片无法读取。</translation>
    </message>
    <message>
        <source>The place of the amendment in the new words is missing.</source>
        <translation>缺少该修正案在新文字中的位置。</translation>
    </message>
    <message>
        <source>The process that checks evidence could not be started.</source>
        <translation>检查证据的进程无法启动。</translation>
    </message>
    <message>
        <source>The process that checks evidence gave no usable answer.</source>
        <translation>检查证据的进程未给出可用的结果。</translation>
    </message>
    <message>
        <source>The program has a register with this id already.</source>
        <translation>程序已有使用此标识的登记册。</translation>
    </message>
    <message>
        <source>The proxy of this network did not let Valise through to the relay.</source>
        <translation>此网络的代理服务器未让Valise通往中继站。</translation>
    </message>
    <message>
        <source>The public name is too long or holds control characters.</source>
        <translation>公开名称过长或含有控制字符。</translation>
    </message>
    <message>
        <source>The quotation marks of the table do not match in this row.</source>
        <translation>表格此行的引号不配对。</translation>
    </message>
    <message>
        <source>The reader for documents could not be started.</source>
        <translation>文档读取程序无法启动。</translation>
    </message>
    <message>
        <source>The recovery shares are needed while passphrase and keyring open together only.</source>
        <translation>在只能由密码短语和密钥环共同打开期间，需要恢复份额。</translation>
    </message>
    <message>
        <source>The recovery shares could not be used.</source>
        <translation>恢复份额无法使用。</translation>
    </message>
    <message>
        <source>The register was changed since the file was read.</source>
        <translation>该文件读取之后，登记册已有变动。</translation>
    </message>
    <message>
        <source>The relay did not do what it was asked.</source>
        <translation>中继站未按要求执行。</translation>
    </message>
    <message>
        <source>The relay does not accept the permission of this laptop, or no longer.</source>
        <translation>中继站不接受或不再接受本机的许可。</translation>
    </message>
    <message>
        <source>The relay runs a version that is too old to be relied on.</source>
        <translation>中继站运行的版本过旧，不可信赖。</translation>
    </message>
    <message>
        <source>The relay takes no revocations by itself.</source>
        <translation>该中继站不自行受理吊销。</translation>
    </message>
    <message>
        <source>The rights of this laptop were changed too often.</source>
        <translation>这台笔记本电脑的权利更改过于频繁。</translation>
    </message>
    <message>
        <source>The root key of your delegation cannot be used for this now.</source>
        <translation>目前不能将本代表团的根密钥用于此处。</translation>
    </message>
    <message>
        <source>The root key of your delegation is not open; nothing was signed.</source>
        <translation>本代表团的根密钥未打开；未签署任何内容。</translation>
    </message>
    <message>
        <source>The root key of your delegation was closed in the meantime; nothing was signed.</source>
        <translation>本代表团的根密钥已在此期间关闭；未签署任何内容。</translation>
    </message>
    <message>
        <source>The row was changed again since, so this change cannot be undone by itself.</source>
        <translation>该行此后又有更改，因此不能单独撤销此项更改。</translation>
    </message>
    <message>
        <source>The rows of this file cannot be taken in.</source>
        <translation>此文件的各行无法收入。</translation>
    </message>
    <message>
        <source>The search could not be done.</source>
        <translation>无法进行搜索。</translation>
    </message>
    <message>
        <source>The separate process that reads pictures could not be started.</source>
        <translation>读取图片的独立进程无法启动。</translation>
    </message>
    <message>
        <source>The separate program that lays out pages could not be started.</source>
        <translation>负责页面排版的独立程序无法启动。</translation>
    </message>
    <message>
        <source>The separate program that lays out pages gave no usable answer.</source>
        <translation>负责页面排版的独立程序未给出可用的结果。</translation>
    </message>
    <message>
        <source>The separate reader of documents gave no usable answer.</source>
        <translation>独立的文档读取程序未给出可用的结果。</translation>
    </message>
    <message>
        <source>The shares stay as they are while passphrase and keyring are needed together.</source>
        <translation>在密码短语和密钥环须兼备期间，份额保持不变。</translation>
    </message>
    <message>
        <source>The signature of this answer does not verify.</source>
        <translation>此答复的签名未通过验证。</translation>
    </message>
    <message>
        <source>The signature of this card does not verify: it was changed, or it is a forgery.</source>
        <translation>此身份卡的签名未通过验证：要么被更改，要么是伪造的。</translation>
    </message>
    <message>
        <source>The signature of this release file does not hold: the file was changed on its way.</source>
        <translation>此发布文件的签名无效：文件在传递途中被更改。</translation>
    </message>
    <message>
        <source>The signature of this request does not verify.</source>
        <translation>此请求的签名未通过验证。</translation>
    </message>
    <message>
        <source>The stick or disk of the backup does not answer, or cannot be written.</source>
        <translation>用于备份的U盘或磁盘没有响应，或无法写入。</translation>
    </message>
    <message>
        <source>The system did not allow what is needed.</source>
        <translation>系统不允许所需的操作。</translation>
    </message>
    <message>
        <source>The table could not be written: its rows are not of one length.</source>
        <translation>表格无法写出：各行长度不一。</translation>
    </message>
    <message>
        <source>The table has more rows than are read at once.</source>
        <translation>表格行数过多，无法一次读取。</translation>
    </message>
    <message>
        <source>The table has more than 20,000 rows, too many for one printed file.</source>
        <translation>表格超过20,000行，一个打印文件容纳不下。</translation>
    </message>
    <message>
        <source>The table has no row of headings.</source>
        <translation>表格没有表头行。</translation>
    </message>
    <message>
        <source>The table holds control characters that no cell has.</source>
        <translation>表格含有单元格中不会有的控制字符。</translation>
    </message>
    <message>
        <source>The table is not written in UTF-8, so its letters cannot be told.</source>
        <translation>表格不是UTF-8编码，因此无法辨别其字符。</translation>
    </message>
    <message>
        <source>The tasks are in the vault for practice, and this is a real one.</source>
        <translation>任务在练习保险库中，而这是真实的保险库。</translation>
    </message>
    <message>
        <source>The text has changed since this file was read; nothing was proposed.</source>
        <translation>此文件读取之后，案文已有变动；未提出任何内容。</translation>
    </message>
    <message>
        <source>The text has no title.</source>
        <translation>案文没有标题。</translation>
    </message>
    <message>
        <source>The text is frozen: two different continuations were written with the pen.</source>
        <translation>案文已冻结：以执笔权写出了两份不同的后续文字。</translation>
    </message>
    <message>
        <source>The text of this room can only be read with its past.</source>
        <translation>此会议室的案文只有连同其历史记录才能阅读。</translation>
    </message>
    <message>
        <source>The title or the words hold signs that cannot be seen and could show other words.</source>
        <translation>标题或文本含有不可见的字符，可能显示为其他文字。</translation>
    </message>
    <message>
        <source>The unlock page could not be started.</source>
        <translation>解锁页无法启动。</translation>
    </message>
    <message>
        <source>The vault could not be brought to this version.</source>
        <translation>保险库无法升级到此版本。</translation>
    </message>
    <message>
        <source>The vault could not be opened or written.</source>
        <translation>保险库无法打开或写入。</translation>
    </message>
    <message>
        <source>The vault is closed. Start Valise again.</source>
        <translation>保险库已关闭。请重新启动Valise。</translation>
    </message>
    <message>
        <source>The vault stays sealed.</source>
        <translation>保险库保持密封。</translation>
    </message>
    <message>
        <source>The vault was closed meanwhile.</source>
        <translation>保险库已在此期间关闭。</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged.</source>
        <translation>保险库的数据库已损坏。</translation>
    </message>
    <message>
        <source>The vault&apos;s database is damaged: a part of it does not verify any more.</source>
        <translation>保险库的数据库已损坏：有一部分不再通过验证。</translation>
    </message>
    <message>
        <source>The vault&apos;s files are not where they were.</source>
        <translation>保险库的文件不在原处。</translation>
    </message>
    <message>
        <source>The words are too long for one paragraph.</source>
        <translation>文字过长，不能作为一段。</translation>
    </message>
    <message>
        <source>The words contain characters that a text cannot hold.</source>
        <translation>文字中含有案文不能使用的字符。</translation>
    </message>
    <message>
        <source>The words of the form that come with the program are damaged.</source>
        <translation>随程序提供的表单文字已损坏。</translation>
    </message>
    <message>
        <source>The words of this statement do not have the hash that would be signed.</source>
        <translation>此声明的文本与将签署的散列值不符。</translation>
    </message>
    <message>
        <source>The words or the title are too long for a joint statement.</source>
        <translation>文本或标题过长，不能用于联合声明。</translation>
    </message>
    <message>
        <source>The words this refers to never stood in the text.</source>
        <translation>所指的文字从未出现在案文中。</translation>
    </message>
    <message>
        <source>There are no words on both screens to be compared now.</source>
        <translation>双方屏幕上目前没有可供比对的词语。</translation>
    </message>
    <message>
        <source>There are no words.</source>
        <translation>没有文字。</translation>
    </message>
    <message>
        <source>There are too many contacts for one answer.</source>
        <translation>一份答复中的联系对象过多。</translation>
    </message>
    <message>
        <source>There is a row about this already.</source>
        <translation>关于此项已有一行。</translation>
    </message>
    <message>
        <source>There is a vault in this folder already.</source>
        <translation>此文件夹中已有一个保险库。</translation>
    </message>
    <message>
        <source>There is more than one code of a delegation in this picture.</source>
        <translation>此图片中有一个以上代表团二维码。</translation>
    </message>
    <message>
        <source>There is no State of this code.</source>
        <translation>没有使用此代码的国家。</translation>
    </message>
    <message>
        <source>There is no card of that delegation yet.</source>
        <translation>尚无该代表团的身份卡。</translation>
    </message>
    <message>
        <source>There is no contact card in this file.</source>
        <translation>此文件中没有联系人名片。</translation>
    </message>
    <message>
        <source>There is no event and no task in this calendar.</source>
        <translation>此日历中没有活动，也没有任务。</translation>
    </message>
    <message>
        <source>There is no room left in the folder, on the stick or at the relay.</source>
        <translation>文件夹、U盘或中继站已没有空间。</translation>
    </message>
    <message>
        <source>There is no room that you share with this delegation alone, to send it the permission in.</source>
        <translation>没有您与该代表团单独共有的会议室可用来发送许可。</translation>
    </message>
    <message>
        <source>There is no such kind of export.</source>
        <translation>没有此种导出。</translation>
    </message>
    <message>
        <source>There is no such offer any more.</source>
        <translation>已没有该项提议。</translation>
    </message>
    <message>
        <source>There is no such part of a text.</source>
        <translation>案文没有此部分。</translation>
    </message>
    <message>
        <source>There is no such position.</source>
        <translation>没有此种立场。</translation>
    </message>
    <message>
        <source>There is no such setting.</source>
        <translation>没有此项设置。</translation>
    </message>
    <message>
        <source>There is nobody to make this bundle for: no laptop of a chosen delegation shares a room with you.</source>
        <translation>此封包没有接收方：所选代表团没有笔记本电脑与您共有会议室。</translation>
    </message>
    <message>
        <source>There is not enough memory to open the key file.</source>
        <translation>内存不足，无法打开密钥文件。</translation>
    </message>
    <message>
        <source>There is not enough memory to open the vault.</source>
        <translation>内存不足，无法打开保险库。</translation>
    </message>
    <message>
        <source>There is not enough room for the backup. What was begun was taken away again.</source>
        <translation>空间不足，无法备份。已开始写入的内容已清除。</translation>
    </message>
    <message>
        <source>There is nothing here that could be taken or written.</source>
        <translation>此处没有可采用或写入的内容。</translation>
    </message>
    <message>
        <source>There is nothing here to speak to.</source>
        <translation>此处没有可表态的对象。</translation>
    </message>
    <message>
        <source>There is nothing in it to take in.</source>
        <translation>其中没有可收入的内容。</translation>
    </message>
    <message>
        <source>There is nothing more to do.</source>
        <translation>无须再作任何操作。</translation>
    </message>
    <message>
        <source>There is nothing to compare with this delegation.</source>
        <translation>没有可与该代表团比对的内容。</translation>
    </message>
    <message>
        <source>There is nothing to decide about this delegation.</source>
        <translation>关于该代表团没有需要决定的事项。</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>无须任何操作。</translation>
    </message>
    <message>
        <source>There is nothing to do: it counts, with the reason that was given.</source>
        <translation>无须任何操作：已连同所述理由作数。</translation>
    </message>
    <message>
        <source>There is nothing to open again.</source>
        <translation>没有需要重新开启的事件。</translation>
    </message>
    <message>
        <source>There is nothing to take back.</source>
        <translation>没有可撤回的内容。</translation>
    </message>
    <message>
        <source>There is something wrong with this backup.</source>
        <translation>此备份有问题。</translation>
    </message>
    <message>
        <source>These shares are not of one set.</source>
        <translation>这些份额不属于同一套。</translation>
    </message>
    <message>
        <source>These shares belong to another set than the one that opens this vault.</source>
        <translation>这些份额不属于能打开此保险库的那一套。</translation>
    </message>
    <message>
        <source>These shares fit together and do not open this vault.</source>
        <translation>这些份额彼此相符，但不能打开此保险库。</translation>
    </message>
    <message>
        <source>These words are a share that Valise did not make.</source>
        <translation>这些词语不是由Valise制作的份额。</translation>
    </message>
    <message>
        <source>They can be made under Security, Unlocking, while the vault is open.</source>
        <translation>可在保险库打开时，在“安全”的“解锁”中制作。</translation>
    </message>
    <message>
        <source>They have been asked for again; wait for the next exchanges.</source>
        <translation>已重新索取；请等待以后的交换。</translation>
    </message>
    <message>
        <source>This PDF has more pages than can be read at once.</source>
        <translation>此PDF页数过多，无法一次读取。</translation>
    </message>
    <message>
        <source>This PDF is protected with a password of its own.</source>
        <translation>此PDF另有密码保护。</translation>
    </message>
    <message>
        <source>This XML file is not a document in Akoma Ntoso.</source>
        <translation>此XML文件不是Akoma Ntoso文档。</translation>
    </message>
    <message>
        <source>This amendment is not in the text.</source>
        <translation>此修正案不在案文中。</translation>
    </message>
    <message>
        <source>This amendment was withdrawn.</source>
        <translation>此修正案已撤回。</translation>
    </message>
    <message>
        <source>This answer does not certify this laptop.</source>
        <translation>此答复未认证本机。</translation>
    </message>
    <message>
        <source>This answer was made by another version of Valise.</source>
        <translation>此答复由另一版本的Valise制作。</translation>
    </message>
    <message>
        <source>This answer was made for another laptop, or was changed on its way.</source>
        <translation>此答复是给另一台笔记本电脑的，或在途中被更改。</translation>
    </message>
    <message>
        <source>This backup is not whole: its end is missing.</source>
        <translation>此备份不完整：缺少结尾。</translation>
    </message>
    <message>
        <source>This backup was changed after it was written, or its medium is failing.</source>
        <translation>此备份在写出后被更改，或其存储介质正在失效。</translation>
    </message>
    <message>
        <source>This backup was made when the vault had no recovery shares.</source>
        <translation>此备份制作时，保险库没有恢复份额。</translation>
    </message>
    <message>
        <source>This backup was written by a newer Valise than this one.</source>
        <translation>此备份由比本程序更新的Valise写出。</translation>
    </message>
    <message>
        <source>This bundle is for other laptops too, so it stays on the stick.</source>
        <translation>此封包也供其他笔记本电脑使用，因此留在U盘上。</translation>
    </message>
    <message>
        <source>This bundle was written by a newer Valise than this one.</source>
        <translation>此封包由比本程序更新的Valise写出。</translation>
    </message>
    <message>
        <source>This calendar could not be read or written.</source>
        <translation>此日历无法读取或写入。</translation>
    </message>
    <message>
        <source>This came from a laptop whose card is not here yet.</source>
        <translation>此内容来自一台笔记本电脑，其身份卡尚未在此。</translation>
    </message>
    <message>
        <source>This can only be changed together with what it rests on, such as its date.</source>
        <translation>此项只能与其所依据的内容（例如其日期）一并更改。</translation>
    </message>
    <message>
        <source>This cannot be done in this room.</source>
        <translation>不能在此会议室进行该操作。</translation>
    </message>
    <message>
        <source>This cannot be done with the text as it stands now.</source>
        <translation>不能对现有案文进行该操作。</translation>
    </message>
    <message>
        <source>This cannot be done with these dates.</source>
        <translation>不能对这些日期进行该操作。</translation>
    </message>
    <message>
        <source>This cannot be done with this amendment.</source>
        <translation>不能对此修正案进行该操作。</translation>
    </message>
    <message>
        <source>This cannot be done with this contact.</source>
        <translation>不能对此联系对象进行该操作。</translation>
    </message>
    <message>
        <source>This cannot be done with this incident now.</source>
        <translation>目前不能对此事件进行该操作。</translation>
    </message>
    <message>
        <source>This cannot be done with this message.</source>
        <translation>不能对此消息进行该操作。</translation>
    </message>
    <message>
        <source>This cannot be done with this register now.</source>
        <translation>目前不能对此登记册进行该操作。</translation>
    </message>
    <message>
        <source>This cannot be signed for a laptop of your delegation.</source>
        <translation>不能为本代表团的一台笔记本电脑签署此内容。</translation>
    </message>
    <message>
        <source>This card and one you hold name different laptops of the same delegation.</source>
        <translation>此身份卡与您所存的一张列出了同一代表团的不同笔记本电脑。</translation>
    </message>
    <message>
        <source>This card claims a laptop that belongs to another delegation.</source>
        <translation>此身份卡声称拥有属于另一代表团的一台笔记本电脑。</translation>
    </message>
    <message>
        <source>This card names a delegation you know, with another identity.</source>
        <translation>此身份卡列出您所知的一个代表团，但身份不同。</translation>
    </message>
    <message>
        <source>This card was made by another version of Valise.</source>
        <translation>此身份卡由另一版本的Valise制作。</translation>
    </message>
    <message>
        <source>This cell names a row that is not here.</source>
        <translation>此单元格所列的行不在此处。</translation>
    </message>
    <message>
        <source>This change is not in the record here.</source>
        <translation>此项更改不在此处的记录中。</translation>
    </message>
    <message>
        <source>This change of the text is not possible.</source>
        <translation>不能对案文作此更改。</translation>
    </message>
    <message>
        <source>This change was undone already.</source>
        <translation>此项更改已被撤销。</translation>
    </message>
    <message>
        <source>This deadline is not possible.</source>
        <translation>此截止时间不可行。</translation>
    </message>
    <message>
        <source>This delegation cannot be reached in that way now.</source>
        <translation>目前不能以该方式与该代表团联络。</translation>
    </message>
    <message>
        <source>This delegation does not wait to be admitted any more.</source>
        <translation>该代表团已不在等待接纳。</translation>
    </message>
    <message>
        <source>This document holds more tracked changes and comments than can be read at once.</source>
        <translation>此文档所含修订标记和批注过多，无法一次读取。</translation>
    </message>
    <message>
        <source>This document is of the old kind (.doc).</source>
        <translation>此文档为旧格式 (.doc)。</translation>
    </message>
    <message>
        <source>This document is protected with a password of its own.</source>
        <translation>此文档另有密码保护。</translation>
    </message>
    <message>
        <source>This draft could not be released, returned or taken back.</source>
        <translation>此草稿无法放行、退回或撤回。</translation>
    </message>
    <message>
        <source>This draft is of another officer, who alone can take it back.</source>
        <translation>此草稿属于另一名官员，只有该官员可以撤回。</translation>
    </message>
    <message>
        <source>This draft is your own: another officer releases or returns it.</source>
        <translation>此草稿是您自己的：由另一名官员放行或退回。</translation>
    </message>
    <message>
        <source>This draft was decided meanwhile.</source>
        <translation>此草稿已在此期间作出决定。</translation>
    </message>
    <message>
        <source>This field belongs to what you assess, and never stands beside what a State says of itself.</source>
        <translation>该字段属于您的评估，绝不与一国的自述并列。</translation>
    </message>
    <message>
        <source>This field does not take what was written: its help says what it asks for.</source>
        <translation>此字段不接受所写内容：其帮助说明了要求。</translation>
    </message>
    <message>
        <source>This field is written by the program itself.</source>
        <translation>该字段由程序自行填写。</translation>
    </message>
    <message>
        <source>This file declares a document type, which no text needs and which can do harm. It was not read.</source>
        <translation>此文件声明了文档类型，任何案文都不需要，且可能造成损害。未予读取。</translation>
    </message>
    <message>
        <source>This file does not define a register: line and column say where it goes wrong.</source>
        <translation>此文件未定义登记册：行号和列号指明出错之处。</translation>
    </message>
    <message>
        <source>This file has more parts than can be read at once.</source>
        <translation>此文件的部分过多，无法一次读取。</translation>
    </message>
    <message>
        <source>This file has not arrived whole yet.</source>
        <translation>此文件尚未完整到达。</translation>
    </message>
    <message>
        <source>This file holds more than any directory has.</source>
        <translation>此文件所含超过任何名录的数量。</translation>
    </message>
    <message>
        <source>This file holds no Word document.</source>
        <translation>此文件中没有Word文档。</translation>
    </message>
    <message>
        <source>This file holds the other side of the register: what you assess and what States say never mix.</source>
        <translation>此文件含有登记册的另一侧：您的评估与各国的自述绝不混合。</translation>
    </message>
    <message>
        <source>This file is damaged, or built as no document is built. It was not read.</source>
        <translation>此文件已损坏，或结构不像任何文档。未予读取。</translation>
    </message>
    <message>
        <source>This file is damaged: it is not well-formed XML.</source>
        <translation>此文件已损坏：不是格式正确的XML。</translation>
    </message>
    <message>
        <source>This file is empty or too large to be sent.</source>
        <translation>此文件为空或过大，无法发送。</translation>
    </message>
    <message>
        <source>This file is in a version of Akoma Ntoso that is not known here.</source>
        <translation>此文件的Akoma Ntoso版本在此未知。</translation>
    </message>
    <message>
        <source>This file is larger than can be received.</source>
        <translation>此文件超过可接收的大小。</translation>
    </message>
    <message>
        <source>This file is no backup of Valise.</source>
        <translation>此文件不是Valise的备份。</translation>
    </message>
    <message>
        <source>This file is not a PDF, or it is damaged.</source>
        <translation>此文件不是PDF，或已损坏。</translation>
    </message>
    <message>
        <source>This file is not a calendar, or it is damaged.</source>
        <translation>此文件不是日历，或已损坏。</translation>
    </message>
    <message>
        <source>This file is not a picture that can be read.</source>
        <translation>此文件不是可读取的图片。</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop, or not a whole one.</source>
        <translation>此文件不是另一台笔记本电脑的请求，或不完整。</translation>
    </message>
    <message>
        <source>This file is not a request of another laptop.</source>
        <translation>此文件不是另一台笔记本电脑的请求。</translation>
    </message>
    <message>
        <source>This file is not a web page.</source>
        <translation>此文件不是网页。</translation>
    </message>
    <message>
        <source>This file is not an identity card, or not a whole one.</source>
        <translation>此文件不是身份卡，或不完整。</translation>
    </message>
    <message>
        <source>This file is not an identity card.</source>
        <translation>此文件不是身份卡。</translation>
    </message>
    <message>
        <source>This file is not in the vault.</source>
        <translation>此文件不在保险库中。</translation>
    </message>
    <message>
        <source>This file is not the answer to a request, or not a whole one.</source>
        <translation>此文件不是对请求的答复，或不完整。</translation>
    </message>
    <message>
        <source>This file is not the answer to a request.</source>
        <translation>此文件不是对请求的答复。</translation>
    </message>
    <message>
        <source>This file is not written in UTF-8.</source>
        <translation>此文件不是UTF-8编码。</translation>
    </message>
    <message>
        <source>This file is too large to be an identity card.</source>
        <translation>此文件过大，不可能是身份卡。</translation>
    </message>
    <message>
        <source>This file unpacks to more than any document holds. It was not read.</source>
        <translation>此文件解压后超过任何文档的内容。未予读取。</translation>
    </message>
    <message>
        <source>This file was attached in another room and is sealed for its members.</source>
        <translation>此文件是在另一会议室附加的，为该会议室成员密封。</translation>
    </message>
    <message>
        <source>This folder is copied elsewhere by a synchronising program.</source>
        <translation>此文件夹由同步程序复制到别处。</translation>
    </message>
    <message>
        <source>This identity was replaced by another one of the same delegation.</source>
        <translation>这一身份已由同一代表团的另一身份取代。</translation>
    </message>
    <message>
        <source>This incident is not here.</source>
        <translation>该事件不在此处。</translation>
    </message>
    <message>
        <source>This internal note could not be kept.</source>
        <translation>此内部备注无法保存。</translation>
    </message>
    <message>
        <source>This is a real State, and this vault is for practice: it was refused.</source>
        <translation>这是真实的国家，而此保险库供练习使用：已拒收。</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>这是出行用笔记本电脑，不适用于此会议室。</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: what it had said since is asked of the others.</source>
        <translation>这是本机保险库的较旧副本：此后所表述的内容正向他方索取。</translation>
    </message>
    <message>
        <source>This is for the delegations the incident was sent to.</source>
        <translation>这由事件的接收方代表团进行。</translation>
    </message>
    <message>
        <source>This is longer than one change of a register can be.</source>
        <translation>内容超过登记册一次更改的长度。</translation>
    </message>
    <message>
        <source>This is no file of settings that can be read here.</source>
        <translation>这不是可在此读取的设置文件。</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>这不是Valise的封包。</translation>
    </message>
    <message>
        <source>This is not a card of your delegation.</source>
        <translation>这不是本代表团的身份卡。</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation, or it was changed.</source>
        <translation>这不是代表团的密钥文件，或已被更改。</translation>
    </message>
    <message>
        <source>This is not a key file of a delegation.</source>
        <translation>这不是代表团的密钥文件。</translation>
    </message>
    <message>
        <source>This is not a release file of Valise, or it is damaged.</source>
        <translation>这不是 Valise 的发布文件，或该文件已损坏。</translation>
    </message>
    <message>
        <source>This is not a valid answer for this laptop.</source>
        <translation>这不是给本机的有效答复。</translation>
    </message>
    <message>
        <source>This is not a valid identity card.</source>
        <translation>这不是有效的身份卡。</translation>
    </message>
    <message>
        <source>This is not a valid key file of a delegation.</source>
        <translation>这不是有效的代表团密钥文件。</translation>
    </message>
    <message>
        <source>This is not a valid request of another laptop.</source>
        <translation>这不是另一台笔记本电脑的有效请求。</translation>
    </message>
    <message>
        <source>This is not an ordinary file.</source>
        <translation>这不是普通文件。</translation>
    </message>
    <message>
        <source>This is not the file of a relay, or it is torn.</source>
        <translation>这不是中继站的文件，或文件不完整。</translation>
    </message>
    <message>
        <source>This is the card of a delegation from a vault for practice: it was refused.</source>
        <translation>这是来自练习保险库的代表团身份卡：已拒收。</translation>
    </message>
    <message>
        <source>This is the card of a real delegation, and this vault is for practice: it was refused.</source>
        <translation>这是真实代表团的身份卡，而此保险库供练习使用：已拒收。</translation>
    </message>
    <message>
        <source>This is too much for one act of the pen.</source>
        <translation>内容过多，不能由执笔方一次完成。</translation>
    </message>
    <message>
        <source>This is too much for one entry of the record.</source>
        <translation>内容过多，不能列入记录的一个条目。</translation>
    </message>
    <message>
        <source>This is your own card.</source>
        <translation>这是您自己的身份卡。</translation>
    </message>
    <message>
        <source>This is your own identity: there is nothing to compare.</source>
        <translation>这是您自己的身份：无须比对。</translation>
    </message>
    <message>
        <source>This is your own message.</source>
        <translation>这是您自己的消息。</translation>
    </message>
    <message>
        <source>This key file belongs to another delegation.</source>
        <translation>此密钥文件属于另一代表团。</translation>
    </message>
    <message>
        <source>This key file is protected less than it must be.</source>
        <translation>此密钥文件的保护程度低于要求。</translation>
    </message>
    <message>
        <source>This key file was written by another version of Valise.</source>
        <translation>此密钥文件由另一版本的Valise写出。</translation>
    </message>
    <message>
        <source>This kind of document cannot be read.</source>
        <translation>此类文档无法读取。</translation>
    </message>
    <message>
        <source>This laptop does not have the right to do this.</source>
        <translation>本机无权进行该操作。</translation>
    </message>
    <message>
        <source>This laptop does not hold the same text under that revision.</source>
        <translation>本机所存该修订稿的案文不同。</translation>
    </message>
    <message>
        <source>This laptop does not wait to be admitted.</source>
        <translation>本机并非在等待接纳。</translation>
    </message>
    <message>
        <source>This laptop has already been admitted.</source>
        <translation>本机已获接纳。</translation>
    </message>
    <message>
        <source>This laptop has been admitted already.</source>
        <translation>本机已获接纳。</translation>
    </message>
    <message>
        <source>This laptop has not been admitted to its delegation yet.</source>
        <translation>本机尚未获其代表团接纳。</translation>
    </message>
    <message>
        <source>This laptop was made from a backup and waits to be admitted.</source>
        <translation>本机由备份生成，正等待接纳。</translation>
    </message>
    <message>
        <source>This laptop was made from a backup, and this cannot be done with it now.</source>
        <translation>本机由备份生成，目前不能对其进行该操作。</translation>
    </message>
    <message>
        <source>This laptop was revoked by its delegation.</source>
        <translation>这台笔记本电脑已被其代表团吊销。</translation>
    </message>
    <message>
        <source>This laptop was revoked; that cannot be taken back.</source>
        <translation>这台笔记本电脑已被吊销；此操作无法收回。</translation>
    </message>
    <message>
        <source>This line changes a field that the program writes itself.</source>
        <translation>此行更改了由程序自行填写的字段。</translation>
    </message>
    <message>
        <source>This line has more or fewer cells than there are headings.</source>
        <translation>此行的单元格数多于或少于表头数。</translation>
    </message>
    <message>
        <source>This line names no State, delegation or item of this register.</source>
        <translation>此行所列的国家、代表团或项目不属于此登记册。</translation>
    </message>
    <message>
        <source>This list is closed already.</source>
        <translation>此名单已经截止。</translation>
    </message>
    <message>
        <source>This list of members is not possible for such a room.</source>
        <translation>此类会议室不能使用这样的成员名单。</translation>
    </message>
    <message>
        <source>This marking is not possible.</source>
        <translation>不能使用此标识。</translation>
    </message>
    <message>
        <source>This message is not in the vault.</source>
        <translation>此消息不在保险库中。</translation>
    </message>
    <message>
        <source>This name is too long, or has signs in it that cannot be shown.</source>
        <translation>此名称过长，或含有无法显示的字符。</translation>
    </message>
    <message>
        <source>This outcome or way is not one of those that are known.</source>
        <translation>该结果或方式不在已知之列。</translation>
    </message>
    <message>
        <source>This package does not belong to this release.</source>
        <translation>此软件包不属于该发布版本。</translation>
    </message>
    <message>
        <source>This package has the name of a released one and another content: it was changed on its way.</source>
        <translation>此软件包与已发布的软件包同名，但内容不同：它在传递途中被更改。</translation>
    </message>
    <message>
        <source>This page has more parts than can be read at once.</source>
        <translation>此网页的部分过多，无法一次读取。</translation>
    </message>
    <message>
        <source>This permission was taken back, or is not known here.</source>
        <translation>此许可已收回，或在此未知。</translation>
    </message>
    <message>
        <source>This picture is too large to be read.</source>
        <translation>此图片过大，无法读取。</translation>
    </message>
    <message>
        <source>This register does not have that side here. What you assess stays within your delegation.</source>
        <translation>此登记册在此没有该侧。您的评估留在本代表团内。</translation>
    </message>
    <message>
        <source>This register has no such field.</source>
        <translation>此登记册没有该字段。</translation>
    </message>
    <message>
        <source>This register is kept within your delegation alone, not in a room with others.</source>
        <translation>此登记册仅在本代表团内保存，不在与他方共有的会议室中保存。</translation>
    </message>
    <message>
        <source>This register is not known here.</source>
        <translation>此登记册在此未知。</translation>
    </message>
    <message>
        <source>This register is not written in that kind of file.</source>
        <translation>此登记册不以该类文件写出。</translation>
    </message>
    <message>
        <source>This release file has a form that only a newer version reads.</source>
        <translation>此发布文件的格式只有更新的版本才能读取。</translation>
    </message>
    <message>
        <source>This release file was signed by somebody else than the publisher of this program.</source>
        <translation>此发布文件由本程序发布者以外的人签署。</translation>
    </message>
    <message>
        <source>This release file, or the package with it, is not what the publisher signed.</source>
        <translation>此发布文件或随附的软件包并非发布者所签署的内容。</translation>
    </message>
    <message>
        <source>This request was made by another version of Valise.</source>
        <translation>此请求由另一版本的Valise制作。</translation>
    </message>
    <message>
        <source>This revision has not arrived yet.</source>
        <translation>此修订稿尚未到达。</translation>
    </message>
    <message>
        <source>This revision is not here, or this laptop computes it differently.</source>
        <translation>此修订稿不在此处，或本机的计算结果不同。</translation>
    </message>
    <message>
        <source>This room is not here.</source>
        <translation>此会议室不在此处。</translation>
    </message>
    <message>
        <source>This room is not in the vault.</source>
        <translation>此会议室不在保险库中。</translation>
    </message>
    <message>
        <source>This round is closed already.</source>
        <translation>本轮已经结束。</translation>
    </message>
    <message>
        <source>This round was an exercise: nothing of it is taken into an entry.</source>
        <translation>这一轮是演习：其中任何内容均不收入条目。</translation>
    </message>
    <message>
        <source>This round, question or contact is not known here.</source>
        <translation>此处未知该轮次、问题或联络人。</translation>
    </message>
    <message>
        <source>This row has more than 500 columns.</source>
        <translation>此行超过500列。</translation>
    </message>
    <message>
        <source>This row is not in the register.</source>
        <translation>该行不在登记册中。</translation>
    </message>
    <message>
        <source>This row was taken out of the register.</source>
        <translation>该行已移出登记册。</translation>
    </message>
    <message>
        <source>This setting is kept inside the vault only.</source>
        <translation>此项设置仅保存在保险库内部。</translation>
    </message>
    <message>
        <source>This silence procedure has not arrived here.</source>
        <translation>此默许程序尚未到达此处。</translation>
    </message>
    <message>
        <source>This silence procedure is over.</source>
        <translation>此默许程序已终结。</translation>
    </message>
    <message>
        <source>This statement is not on this laptop.</source>
        <translation>此声明不在本机上。</translation>
    </message>
    <message>
        <source>This table could not be read or written.</source>
        <translation>此表格无法读取或写入。</translation>
    </message>
    <message>
        <source>This task or note is done, or no longer holds.</source>
        <translation>该任务或备注已完成，或不再有效。</translation>
    </message>
    <message>
        <source>This text is no longer in the vault.</source>
        <translation>此案文已不在保险库中。</translation>
    </message>
    <message>
        <source>This text is not in the vault.</source>
        <translation>此案文不在保险库中。</translation>
    </message>
    <message>
        <source>This time cannot be: an answer comes after the question, and not in the future.</source>
        <translation>此时间不可能：答复在问题之后，且不在将来。</translation>
    </message>
    <message>
        <source>This value is not possible for this setting.</source>
        <translation>此项设置不能使用该值。</translation>
    </message>
    <message>
        <source>This vault does not use a keyring.</source>
        <translation>此保险库不使用密钥环。</translation>
    </message>
    <message>
        <source>This vault has no recovery shares.</source>
        <translation>此保险库没有恢复份额。</translation>
    </message>
    <message>
        <source>This vault opens in a way that this version does not know.</source>
        <translation>此保险库的开启方式是此版本未知的。</translation>
    </message>
    <message>
        <source>This vault wants passphrase and keyring together, and the keyring&apos;s half is not here.</source>
        <translation>此保险库要求密码短语和密钥环兼备，而密钥环的一半不在此处。</translation>
    </message>
    <message>
        <source>This vault was made by a newer Valise.</source>
        <translation>此保险库由更新的Valise建立。</translation>
    </message>
    <message>
        <source>This vault was written by a newer Valise.</source>
        <translation>此保险库由更新的Valise写出。</translation>
    </message>
    <message>
        <source>This way of exchange cannot be used now.</source>
        <translation>目前不能使用此交换方式。</translation>
    </message>
    <message>
        <source>This way of exchange is not known to this version.</source>
        <translation>此版本未知该交换方式。</translation>
    </message>
    <message>
        <source>Tick at least one point of contact.</source>
        <translation>请至少勾选一个联络人。</translation>
    </message>
    <message>
        <source>Tick the exercise box, or choose another type of message.</source>
        <translation>请勾选演习框，或选择另一消息类型。</translation>
    </message>
    <message>
        <source>Too much of this bundle cannot be opened here, and nobody known vouches for it. The rest was left alone.</source>
        <translation>此封包有过多内容无法在此打开，也没有已知方为其担保。其余部分未予处理。</translation>
    </message>
    <message>
        <source>Try again, or use the command valise verify.</source>
        <translation>请重试，或使用valise verify命令。</translation>
    </message>
    <message>
        <source>Try again. If it happens again, run valise doctor.</source>
        <translation>请重试。如再次发生，请运行valise doctor。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, run valise doctor.</source>
        <translation>请重试；如再次发生，请运行valise doctor。</translation>
    </message>
    <message>
        <source>Try again; if it happens again, save the text as a Word document.</source>
        <translation>请重试；如再次发生，请将案文保存为Word文档。</translation>
    </message>
    <message>
        <source>Try other words.</source>
        <translation>请尝试其他字词。</translation>
    </message>
    <message>
        <source>Two columns of the file have the same name.</source>
        <translation>文件中有两列名称相同。</translation>
    </message>
    <message>
        <source>Two entries of the calendar have the same identifier.</source>
        <translation>日历中有两个条目的标识符相同。</translation>
    </message>
    <message>
        <source>Two things in the bundle bear the same identifier.</source>
        <translation>该包中有两项内容标识符相同。</translation>
    </message>
    <message>
        <source>Two to sixteen shares can be made, of which two or more are needed.</source>
        <translation>可制作二至十六份，其中需要两份或更多。</translation>
    </message>
    <message>
        <source>Type a passphrase.</source>
        <translation>请输入密码短语。</translation>
    </message>
    <message>
        <source>Type it.</source>
        <translation>请输入。</translation>
    </message>
    <message>
        <source>Type the code as it stands on your name plate.</source>
        <translation>请按席位名牌所示输入代码。</translation>
    </message>
    <message>
        <source>Type the passphrase the delegation was founded with.</source>
        <translation>请输入建立代表团时所用的密码短语。</translation>
    </message>
    <message>
        <source>Undo the later change first, or write the value you want.</source>
        <translation>请先撤销较晚的更改，或写入您所要的值。</translation>
    </message>
    <message>
        <source>Unlock it and do it again.</source>
        <translation>请解锁后重新操作。</translation>
    </message>
    <message>
        <source>Unlock it with its passphrase.</source>
        <translation>请用其密码短语解锁。</translation>
    </message>
    <message>
        <source>Unlock it, or choose another folder.</source>
        <translation>请将其解锁，或选择另一文件夹。</translation>
    </message>
    <message>
        <source>Unlock the vault to change it.</source>
        <translation>请解锁保险库后更改。</translation>
    </message>
    <message>
        <source>Unlock with your passphrase.</source>
        <translation>请用密码短语解锁。</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; everything works without a keyring.</source>
        <translation>请用您的密码短语解锁；没有密钥环一切也能使用。</translation>
    </message>
    <message>
        <source>Unlock with your passphrase; the keyring can be set up again under Security, Unlocking.</source>
        <translation>请用密码短语解锁；可在“安全”的“解锁”中重新设置密钥环。</translation>
    </message>
    <message>
        <source>Until it is settled, do not rely on who is at the other end.</source>
        <translation>在此事解决之前，请勿信赖另一端的身份。</translation>
    </message>
    <message>
        <source>Use the key file or the recovery shares of your delegation.</source>
        <translation>请使用本代表团的密钥文件或恢复份额。</translation>
    </message>
    <message>
        <source>Use the newer contact.</source>
        <translation>请使用较新的联系对象。</translation>
    </message>
    <message>
        <source>Use the version it was made with, or a newer one.</source>
        <translation>请使用制作它的版本或更新的版本。</translation>
    </message>
    <message>
        <source>Use your central authority for mutual legal assistance, the 24/7 network of the treaty that applies, or INTERPOL through your national central bureau. If you ask for nothing of the kind, say so in the words.</source>
        <translation>请使用贵国负责司法协助的中央机关、所适用条约的24/7网络，或通过贵国国家中心局联系国际刑警组织。如您并未提出此类请求，请在文字中说明。</translation>
    </message>
    <message>
        <source>Use your passphrase. If the keyring is locked, open it in the system&apos;s settings and try again.</source>
        <translation>请使用您的密码短语。如密钥环已锁定，请在系统设置中打开后重试。</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its chair.</source>
        <translation>请等待下次交换，或询问其主席。</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or ask its room.</source>
        <translation>请等待下次交换，或在其会议室询问。</translation>
    </message>
    <message>
        <source>Wait for the next exchange, or freeze a new revision.</source>
        <translation>请等待下次交换，或冻结新的修订稿。</translation>
    </message>
    <message>
        <source>Wait for the next exchange.</source>
        <translation>请等待下次交换。</translation>
    </message>
    <message>
        <source>Wait for the next exchange; everything before it is fetched by itself.</source>
        <translation>请等待下次交换；此前的所有内容会自行取回。</translation>
    </message>
    <message>
        <source>Wait for the next exchange; if it stays so, compare the hash with the opener.</source>
        <translation>请等待下次交换；如情况依旧，请与开放方比对散列值。</translation>
    </message>
    <message>
        <source>Wait for their answers, or send an update.</source>
        <translation>请等待其答复，或发送更新。</translation>
    </message>
    <message>
        <source>Wait until enough others have spoken.</source>
        <translation>请等待足够多的其他代表团表态。</translation>
    </message>
    <message>
        <source>Wait until then; or give the reason why it cannot wait, which is kept in your internal record.</source>
        <translation>请等到期满；或说明为何不能等待，理由保存在您的内部记录中。</translation>
    </message>
    <message>
        <source>What answers at the relay&apos;s address cannot prove that it is the relay.</source>
        <translation>在中继站地址应答者无法证明其为该中继站。</translation>
    </message>
    <message>
        <source>What came from outside is not valid.</source>
        <translation>来自外部的内容无效。</translation>
    </message>
    <message>
        <source>What is immediate says by when a reply is requested.</source>
        <translation>紧急事项须说明请求在何时之前答复。</translation>
    </message>
    <message>
        <source>What this backup holds does not fit together.</source>
        <translation>此备份所含内容前后不符。</translation>
    </message>
    <message>
        <source>What this bundle says of itself cannot be read or is not valid.</source>
        <translation>此封包的自述信息无法读取或无效。</translation>
    </message>
    <message>
        <source>What this file wants otherwise cannot be proposed now.</source>
        <translation>此文件要求的更改目前无法提出。</translation>
    </message>
    <message>
        <source>What this laptop said before it was put back is not all known yet.</source>
        <translation>本机在旧副本重新启用之前所表述的内容尚未全部获知。</translation>
    </message>
    <message>
        <source>What this says about a relay cannot be right.</source>
        <translation>此处关于中继站的信息不可能正确。</translation>
    </message>
    <message>
        <source>What verifies in it came in all the same. Ask its sender for a new one.</source>
        <translation>其中通过验证的内容仍已收入。请向其发送者索取新的封包。</translation>
    </message>
    <message>
        <source>What waits is kept and sent at the next exchange.</source>
        <translation>待发内容予以保留，在下次交换时发送。</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange.</source>
        <translation>待发内容予以保留。请查看“交换方式”。</translation>
    </message>
    <message>
        <source>What waits is kept. Look at Ways of exchange; a courier can take it.</source>
        <translation>待发内容予以保留。请查看“交换方式”；可由信使携带。</translation>
    </message>
    <message>
        <source>What waits is kept. Try again, best with another stick.</source>
        <translation>待发内容予以保留。请重试，最好换一个U盘。</translation>
    </message>
    <message>
        <source>What was announced about the file is impossible.</source>
        <translation>关于该文件所告知的信息不可能成立。</translation>
    </message>
    <message>
        <source>What was given is not the secret of a root key.</source>
        <translation>所提供的不是根密钥的秘密。</translation>
    </message>
    <message>
        <source>What was read back is not what was written, so this is no backup. It was taken away again.</source>
        <translation>读回的内容与写入的不同，因此不构成备份。已予清除。</translation>
    </message>
    <message>
        <source>What was received stays readable; write in another room.</source>
        <translation>已收到的内容仍可阅读；请在另一会议室撰写。</translation>
    </message>
    <message>
        <source>What was sent so far may not be protected as it should be.</source>
        <translation>迄今所发送的内容可能未得到应有的保护。</translation>
    </message>
    <message>
        <source>What was to be signed is not possible in the record.</source>
        <translation>将签署的内容不能列入记录。</translation>
    </message>
    <message>
        <source>What was typed is not the code of your delegation. Nothing was destroyed.</source>
        <translation>所输入的不是本代表团的代码。未销毁任何内容。</translation>
    </message>
    <message>
        <source>What was written does not verify, so it was not kept.</source>
        <translation>写出的内容未通过验证，因此未予保留。</translation>
    </message>
    <message>
        <source>What you wrote is longer than one message can be.</source>
        <translation>您所写的内容超过一条消息的长度。</translation>
    </message>
    <message>
        <source>Who does not act says why, or that the reason is not stated.</source>
        <translation>不采取行动者须说明原因，或表明不说明原因。</translation>
    </message>
    <message>
        <source>Write a sentence.</source>
        <translation>请写一句话。</translation>
    </message>
    <message>
        <source>Write both, then open it for sign-on.</source>
        <translation>请写好两者，然后开放联署。</translation>
    </message>
    <message>
        <source>Write it in the register within your delegation, or ask the other delegation.</source>
        <translation>请写在本代表团内的登记册中，或询问对方代表团。</translation>
    </message>
    <message>
        <source>Write it on a laptop at home, or in one of the rooms this one was made for.</source>
        <translation>请在本部的笔记本电脑上撰写，或在本机所对应的会议室之一撰写。</translation>
    </message>
    <message>
        <source>Write it on the assessed side.</source>
        <translation>请写在评估一侧。</translation>
    </message>
    <message>
        <source>Write or paste the words as plain text, then try again.</source>
        <translation>请以纯文本撰写或粘贴，然后重试。</translation>
    </message>
    <message>
        <source>Write something or attach a file.</source>
        <translation>请撰写内容或附加文件。</translation>
    </message>
    <message>
        <source>Write to it.</source>
        <translation>请写信给该代表团。</translation>
    </message>
    <message>
        <source>You already have a newer card of that delegation.</source>
        <translation>您已有该代表团较新的身份卡。</translation>
    </message>
    <message>
        <source>Your delegation cannot vouch for this one.</source>
        <translation>本代表团不能为该代表团担保。</translation>
    </message>
    <message>
        <source>Your delegation does not sponsor this amendment.</source>
        <translation>本代表团不是此修正案的提案国。</translation>
    </message>
    <message>
        <source>Your delegation does not stand on this list.</source>
        <translation>本代表团不在此名单上。</translation>
    </message>
    <message>
        <source>Your delegation has acknowledged this already.</source>
        <translation>本代表团已经确认收悉。</translation>
    </message>
    <message>
        <source>Your delegation has broken this silence already.</source>
        <translation>本代表团已打破此默许。</translation>
    </message>
    <message>
        <source>Your delegation has said that already.</source>
        <translation>本代表团已就此表态。</translation>
    </message>
    <message>
        <source>Your delegation has signed on already.</source>
        <translation>本代表团已经联署。</translation>
    </message>
    <message>
        <source>Your delegation is no longer a member of this room.</source>
        <translation>本代表团已不是此会议室的成员。</translation>
    </message>
    <message>
        <source>Your delegation sponsors this amendment already.</source>
        <translation>本代表团已是此修正案的提案国。</translation>
    </message>
    <message>
        <source>Your delegation uses no relay, or this laptop may not give permissions for it.</source>
        <translation>本代表团不使用中继站，或本机不可给予其许可。</translation>
    </message>
    <message>
        <source>Your own points of contact cannot be asked by yourself.</source>
        <translation>您不能询问自己的联络人。</translation>
    </message>
    <message>
        <source>Your words are still in the field; change them and try again.</source>
        <translation>您的文字仍在字段中；请改动后重试。</translation>
    </message>
</context>
<context>
    <name>evidence</name>
    <message numerus="yes">
        <source>%n entries: texts {0}, joint statements {1}, messages for the record {2}, attached files {3} (name, size and hash).</source>
        <translation>
            <numerusform>%n个条目：案文{0}，联合声明{1}，载入记录的消息{2}，附加文件{3}（名称、大小和散列值）。</numerusform>
        </translation>
    </message>
    <message>
        <source>A delegation says that it computed other hashes for a revision.</source>
        <translation>一个代表团称其为一份修订稿计算出不同的散列值。</translation>
    </message>
    <message>
        <source>A delegation signed lists of its laptops that contradict each other.</source>
        <translation>一个代表团签署了相互矛盾的笔记本电脑清单。</translation>
    </message>
    <message>
        <source>A laptop has a certificate and stands on no list of its delegation in this file.</source>
        <translation>一台笔记本电脑持有证书，但不在此文件内其代表团的任何清单上。</translation>
    </message>
    <message>
        <source>A laptop signed two entries for one place of its log. What it says from there on decides nothing.</source>
        <translation>一台笔记本电脑在其日志的同一位置签署了两个条目。其此后的表述不决定任何事项。</translation>
    </message>
    <message>
        <source>A laptop that did not hold the pen wrote into a text; what it wrote does not count.</source>
        <translation>一台未持有执笔权的笔记本电脑写入了案文；所写内容不作数。</translation>
    </message>
    <message>
        <source>Anything about the conversation: it is signed for nobody and is in no such file.</source>
        <translation>关于会话的任何内容：会话未向任何人签名，也不列入任何此类文件。</translation>
    </message>
    <message>
        <source>Changes of membership by somebody who had no authority; they count for nothing.</source>
        <translation>由无权者作出的成员变动；概不作数。</translation>
    </message>
    <message>
        <source>Checking took longer than allowed.</source>
        <translation>检查用时超过允许的时间。</translation>
    </message>
    <message>
        <source>Checkpoints that do not say what their own place says; they prove nothing.</source>
        <translation>核对点所述与其自身位置不符；不证明任何内容。</translation>
    </message>
    <message>
        <source>Each entry verifies, but the file as a whole is not what was signed: its first line was changed.</source>
        <translation>每个条目均通过验证，但文件整体与所签署的不符：其首行被更改。</translation>
    </message>
    <message>
        <source>Entries of a delegation that knew of its own removal; they count for nothing.</source>
        <translation>一个已知自己被移除的代表团的条目；概不作数。</translation>
    </message>
    <message>
        <source>Entries of kinds this version does not know: signed as they should be, not read.</source>
        <translation>此版本未知种类的条目：签名合乎要求，未予读取。</translation>
    </message>
    <message>
        <source>Entries that name something else as the one before them.</source>
        <translation>条目所指的前一条目并非其实际的前一条目。</translation>
    </message>
    <message>
        <source>Entries that others name and that are not in this file.</source>
        <translation>其他条目提到、但不在此文件中的条目。</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, lie outside the term of the laptop&apos;s certificate.</source>
        <translation>按其作者自己的时钟，在笔记本电脑证书有效期之外的条目。</translation>
    </message>
    <message>
        <source>Entries that, by their author&apos;s own clock, were made after the laptop was revoked.</source>
        <translation>按其作者自己的时钟，在笔记本电脑被吊销之后作出的条目。</translation>
    </message>
    <message>
        <source>First in line {0}.</source>
        <translation>首次出现于第{0}行。</translation>
    </message>
    <message>
        <source>It belongs to another room.</source>
        <translation>它属于另一个会议室。</translation>
    </message>
    <message>
        <source>It does not stand where the one order of such a file puts it.</source>
        <translation>它不在此类文件唯一次序所定的位置。</translation>
    </message>
    <message>
        <source>It gives a laptop other keys than its earlier certificate.</source>
        <translation>它给予一台笔记本电脑的密钥与其先前的证书不同。</translation>
    </message>
    <message>
        <source>It holds a key that must not be used.</source>
        <translation>其中含有不得使用的密钥。</translation>
    </message>
    <message>
        <source>It holds an internal room and is not marked as an own archive, or the other way round.</source>
        <translation>其中含内部会议室却未标明为自存档案，或情况相反。</translation>
    </message>
    <message>
        <source>It is larger than an evidence file may be.</source>
        <translation>超过证据文件允许的大小。</translation>
    </message>
    <message>
        <source>It is not in the one form that is signed.</source>
        <translation>不是唯一可签名的形式。</translation>
    </message>
    <message>
        <source>It names another delegation than the certificate of its laptop.</source>
        <translation>其所列代表团与其笔记本电脑证书所列的不同。</translation>
    </message>
    <message>
        <source>It stands in the file twice.</source>
        <translation>它在文件中出现两次。</translation>
    </message>
    <message>
        <source>It was written by a later version of Valise.</source>
        <translation>它由更高版本的Valise写出。</translation>
    </message>
    <message>
        <source>Its author was never a member of the room.</source>
        <translation>其作者从未是会议室成员。</translation>
    </message>
    <message>
        <source>Its content is not that of such an entry.</source>
        <translation>其内容不是此类条目的内容。</translation>
    </message>
    <message>
        <source>Its fields are not those of such an entry.</source>
        <translation>其字段不是此类条目的字段。</translation>
    </message>
    <message>
        <source>Its identifier is not the hash of its bytes.</source>
        <translation>其标识符不是其字节的散列值。</translation>
    </message>
    <message>
        <source>Its line number does not fit: a line was removed, added, doubled or moved.</source>
        <translation>其行号不符：有一行被移除、添加、重复或移动。</translation>
    </message>
    <message>
        <source>Its log is complete from 1 to {0}.</source>
        <translation>其日志自1至{0}完整。</translation>
    </message>
    <message>
        <source>Its log reaches {0} and has two histories.</source>
        <translation>其日志至{0}，且有两份历史记录。</translation>
    </message>
    <message>
        <source>Its log reaches {0}; missing: {1}.</source>
        <translation>其日志至{0}；缺少：{1}。</translation>
    </message>
    <message>
        <source>Its signature does not verify.</source>
        <translation>其签名未通过验证。</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: NOT the same.</source>
        <translation>已根据条目重新计算其文字：不相同。</translation>
    </message>
    <message>
        <source>Its words were computed again from the entries: the same.</source>
        <translation>已根据条目重新计算其文字：相同。</translation>
    </message>
    <message>
        <source>Its words were not computed again.</source>
        <translation>未重新计算其文字。</translation>
    </message>
    <message>
        <source>Line {0}, {1}. {2}</source>
        <translation>第{0}行，{1}。{2}</translation>
    </message>
    <message>
        <source>Line {0}. {1}</source>
        <translation>第{0}行。{1}</translation>
    </message>
    <message>
        <source>Number: {0}.</source>
        <translation>编号：{0}。</translation>
    </message>
    <message>
        <source>Place {0} of its log.</source>
        <translation>其日志的位置{0}。</translation>
    </message>
    <message>
        <source>Said nothing in this room.</source>
        <translation>在此会议室未有任何表述。</translation>
    </message>
    <message>
        <source>Something follows the signed last line.</source>
        <translation>经签名的末行之后还有内容。</translation>
    </message>
    <message>
        <source>That nobody withheld the newest entries. Up to a checkpoint nothing can be missing without showing above.</source>
        <translation>无人扣留最新条目。在核对点之前，任何缺失都会在上文显现。</translation>
    </message>
    <message>
        <source>The certificate of its laptop does not give the right to it.</source>
        <translation>其笔记本电脑的证书未给予此项权利。</translation>
    </message>
    <message>
        <source>The content of attached files: only their names, sizes and SHA-256 are here.</source>
        <translation>附加文件的内容：此处只有其名称、大小和SHA-256。</translation>
    </message>
    <message>
        <source>The file holds no card of its delegation.</source>
        <translation>文件中没有其代表团的身份卡。</translation>
    </message>
    <message>
        <source>The file holds no certificate of the laptop that is named as its author.</source>
        <translation>文件中没有所列作者的笔记本电脑证书。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件是空的。</translation>
    </message>
    <message>
        <source>The first line counts other entries than there are.</source>
        <translation>首行所计条目与实有条目不符。</translation>
    </message>
    <message>
        <source>The line is not ended: the file was cut or is still being written.</source>
        <translation>该行未结束：文件被截断或仍在写入。</translation>
    </message>
    <message>
        <source>The newest changes of membership do not know of each other; removal counts.</source>
        <translation>最新的成员变动互不知情；以移除为准。</translation>
    </message>
    <message>
        <source>The pen of a text was recovered or settled by votes: its words were not computed again.</source>
        <translation>一份案文的执笔权曾被恢复或以表决确定：未重新计算其文字。</translation>
    </message>
    <message>
        <source>The signed last line is missing: the file was cut.</source>
        <translation>缺少经签名的末行：文件被截断。</translation>
    </message>
    <message>
        <source>The words of a joint statement do not have the hash that is signed on to.</source>
        <translation>一份联合声明的文字与所联署的散列值不符。</translation>
    </message>
    <message>
        <source>The words of a revision, computed again, do not have the hash that was signed.</source>
        <translation>经重新计算，一份修订稿的文字与所签署的散列值不符。</translation>
    </message>
    <message>
        <source>This is not an evidence file of Valise.</source>
        <translation>这不是Valise的证据文件。</translation>
    </message>
    <message>
        <source>Two delegations certified one laptop.</source>
        <translation>两个代表团认证了同一台笔记本电脑。</translation>
    </message>
    <message>
        <source>Two versions of a text were written from one: its words were computed up to there only.</source>
        <translation>一份案文由同一稿写出了两个版本：其文字只计算到该处为止。</translation>
    </message>
    <message>
        <source>What founded the room had no authority to.</source>
        <translation>建立会议室的条目无权这样做。</translation>
    </message>
    <message>
        <source>What founded the room is not in the file.</source>
        <translation>建立会议室的条目不在文件中。</translation>
    </message>
    <message>
        <source>When anything was said: the times are what each author&apos;s own clock claimed.</source>
        <translation>任何内容于何时表述：时间为各作者自己的时钟所称。</translation>
    </message>
    <message>
        <source>Who stands behind a fingerprint: compare it with one you had from that delegation by another way.</source>
        <translation>指纹背后是何方：请与您通过其他途径从该代表团获得的指纹比对。</translation>
    </message>
    <message>
        <source>a card</source>
        <translation>一张身份卡</translation>
    </message>
    <message>
        <source>a certificate</source>
        <translation>一份证书</translation>
    </message>
    <message>
        <source>an entry of the record</source>
        <translation>记录的一个条目</translation>
    </message>
    <message>
        <source>signed on</source>
        <translation>已联署</translation>
    </message>
    <message>
        <source>signed on late, admitted</source>
        <translation>逾期联署，已获接纳</translation>
    </message>
    <message>
        <source>signed on late, not admitted</source>
        <translation>逾期联署，未获接纳</translation>
    </message>
    <message>
        <source>signed other words</source>
        <translation>签署了不同的文本</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>the first line</source>
        <translation>首行</translation>
    </message>
    <message>
        <source>the last line</source>
        <translation>末行</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>已撤回联署</translation>
    </message>
</context>
<context>
    <name>exchange</name>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come.</source>
        <translation>
            <numerusform>有%n个信封保持密封，直至其密钥到达。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n个文件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n项</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items wait</source>
        <translation>
            <numerusform>%n项待发</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new things came.</source>
        <translation>
            <numerusform>收到%n项新内容。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things in it were new.</source>
        <translation>
            <numerusform>其中%n项为新内容。</numerusform>
        </translation>
    </message>
    <message>
        <source>A relay without an agent never confirms by itself: save the revocations for its operator.</source>
        <translation>没有代理程序的中继站不会自行确认：请保存吊销记录，交给其运营方。</translation>
    </message>
    <message>
        <source>A sealed file on a stick</source>
        <translation>U盘上的密封文件</translation>
    </message>
    <message numerus="yes">
        <source>All %Ln envelopes verified.</source>
        <translation>
            <numerusform>全部%Ln个信封均已验证。</numerusform>
        </translation>
    </message>
    <message>
        <source>Always possible</source>
        <translation>随时可用</translation>
    </message>
    <message>
        <source>Another way</source>
        <translation>其他方式</translation>
    </message>
    <message>
        <source>Ask for the bundle once more; what came in is kept.</source>
        <translation>请再次索要该封包；已收入的内容予以保留。</translation>
    </message>
    <message>
        <source>Ask its operator for a new file and open it here. What waits is kept; a courier can take it.</source>
        <translation>请向其运营方索取新文件并在此打开。待发内容予以保留；可由信使携带。</translation>
    </message>
    <message>
        <source>Bundles (*.valise);;All files (*)</source>
        <translation>封包 (*.valise);;所有文件 (*)</translation>
    </message>
    <message numerus="yes">
        <source>Bundles {0} of {1} have not come.</source>
        <translation>
            <numerusform>来自{1}的封包{0}尚未到达。</numerusform>
        </translation>
    </message>
    <message>
        <source>Cannot be reached</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>Connecting to the relay…</source>
        <translation>正在连接中继站…</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Courier</source>
        <translation>信使</translation>
    </message>
    <message numerus="yes">
        <source>Damaged or cut off: {0} of %n envelopes were whole and came in.</source>
        <translation>
            <numerusform>损坏或不完整：%n个信封中有{0}个完好并已收入。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Drop them to open %n bundles</source>
        <translation>
            <numerusform>放开即可打开%n个封包</numerusform>
        </translation>
    </message>
    <message>
        <source>Ends soon</source>
        <translation>即将终止</translation>
    </message>
    <message>
        <source>Exchange folder connected</source>
        <translation>交换文件夹已连接</translation>
    </message>
    <message>
        <source>Exchange folder not reachable</source>
        <translation>无法连接交换文件夹</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message numerus="yes">
        <source>For %n delegations</source>
        <translation>
            <numerusform>为%n个代表团制作</numerusform>
        </translation>
    </message>
    <message>
        <source>For laptops that share a drive.</source>
        <translation>供共用一个驱动器的笔记本电脑使用。</translation>
    </message>
    <message>
        <source>For the next bundle</source>
        <translation>待列入下一封包</translation>
    </message>
    <message>
        <source>From {0}</source>
        <translation>来自{0}</translation>
    </message>
    <message>
        <source>Has ended</source>
        <translation>已终止</translation>
    </message>
    <message>
        <source>If that stick still comes, open it too; if not, take a bundle back: it asks for what was in it.</source>
        <translation>如那个U盘仍会到达，也请打开；如不会，请带回一个封包：其中会索要缺失的内容。</translation>
    </message>
    <message>
        <source>In trouble</source>
        <translation>出现故障</translation>
    </message>
    <message>
        <source>It can lose, hold back or stop. Nothing is lost by that: what is not confirmed stays here and is sent again.</source>
        <translation>它可能丢失、扣留或停止传送。但不会因此造成任何损失：未经确认的内容留在此处，并会重新发送。</translation>
    </message>
    <message>
        <source>It does not see: any word, title or file, who signed what, or what a delegation is called here.</source>
        <translation>它看不到：任何文字、标题或文件，何人签署了何物，以及代表团在此使用的名称。</translation>
    </message>
    <message>
        <source>It is tried again by itself. You can take it by courier meanwhile.</source>
        <translation>程序会自行重试。在此期间可以交由信使携带。</translation>
    </message>
    <message>
        <source>It sees: that your laptops and those of your correspondents connect, from where, when, and how much they send.</source>
        <translation>它能看到：您和通信方的笔记本电脑进行了连接、从何处连接、何时连接以及发送了多少数据。</translation>
    </message>
    <message>
        <source>It took {0} ms.</source>
        <translation>用时{0}毫秒。</translation>
    </message>
    <message>
        <source>It took {0} ms; the relay runs version {1}.</source>
        <translation>用时{0}毫秒；中继站运行的版本为{1}。</translation>
    </message>
    <message>
        <source>Its relay cannot be reached</source>
        <translation>无法连接其中继站</translation>
    </message>
    <message>
        <source>Its relay cannot be reached.</source>
        <translation>无法连接其中继站。</translation>
    </message>
    <message>
        <source>Its relay is too old</source>
        <translation>其中继站版本过旧</translation>
    </message>
    <message>
        <source>Last bundle {0}</source>
        <translation>上一封包：{0}</translation>
    </message>
    <message>
        <source>Last exchange {0}</source>
        <translation>上次交换：{0}</translation>
    </message>
    <message>
        <source>Look at it under Contacts.</source>
        <translation>请在“通讯录”中查看。</translation>
    </message>
    <message>
        <source>Looking at the folder…</source>
        <translation>正在查看文件夹…</translation>
    </message>
    <message>
        <source>Made before another one that came already: it filled a gap.</source>
        <translation>制作时间早于另一个已到达的封包：它补上了空缺。</translation>
    </message>
    <message>
        <source>Make a bundle, or open one that was brought.</source>
        <translation>请制作封包，或打开所带来的封包。</translation>
    </message>
    <message>
        <source>Make a bundle; it stays listed here until {0} has confirmed it.</source>
        <translation>请制作封包；在{0}确认之前，内容一直在此列出。</translation>
    </message>
    <message>
        <source>May write</source>
        <translation>可以写信</translation>
    </message>
    <message>
        <source>New, and taken in.</source>
        <translation>新内容，已收入。</translation>
    </message>
    <message>
        <source>Next try {0}</source>
        <translation>下次尝试：{0}</translation>
    </message>
    <message>
        <source>No bundle made yet</source>
        <translation>尚未制作封包</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>尚未交换</translation>
    </message>
    <message>
        <source>No folder is chosen</source>
        <translation>未选择文件夹</translation>
    </message>
    <message>
        <source>No relay is used</source>
        <translation>未使用中继站</translation>
    </message>
    <message>
        <source>No room is left there</source>
        <translation>那里已无空间</translation>
    </message>
    <message>
        <source>No way leads to {0}: it gave no address of a relay, and no folder is shared with it.</source>
        <translation>没有可通往{0}的方式：对方未提供中继站地址，也没有与其共享的文件夹。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Not proved to be its relay</source>
        <translation>未证明其为该中继站</translation>
    </message>
    <message>
        <source>Not set up</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Nothing has to be reached for the courier: it takes a sealed file.</source>
        <translation>使用信使无须连接任何地方：由其携带一个密封文件。</translation>
    </message>
    <message>
        <source>Nothing is lost if the stick is: everything in it stays listed as waiting here until it is confirmed.</source>
        <translation>U盘即使丢失也不会造成任何损失：其中所有内容在得到确认之前，都在此列为待发。</translation>
    </message>
    <message>
        <source>Nothing left this device unsealed.</source>
        <translation>没有任何未密封的内容离开本设备。</translation>
    </message>
    <message>
        <source>Nothing reaches it</source>
        <translation>无法送达</translation>
    </message>
    <message>
        <source>Nothing to do: it confirms by itself when it is connected next.</source>
        <translation>无须操作：对方下次连接时会自行确认。</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <translation>无待发内容</translation>
    </message>
    <message>
        <source>On its way, not yet confirmed</source>
        <translation>已在途中，尚未确认</translation>
    </message>
    <message>
        <source>Only relays of correspondents</source>
        <translation>仅有通信方的中继站</translation>
    </message>
    <message>
        <source>Put at {0} for {1}; it has not confirmed it yet.</source>
        <translation>已为{1}投放于{0}；对方尚未确认。</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>中继站</translation>
    </message>
    <message>
        <source>Relay and exchange folder connected</source>
        <translation>中继站和交换文件夹已连接</translation>
    </message>
    <message>
        <source>Relay and exchange folder not reachable</source>
        <translation>无法连接中继站和交换文件夹</translation>
    </message>
    <message>
        <source>Relay connected</source>
        <translation>中继站已连接</translation>
    </message>
    <message>
        <source>Relay not reachable</source>
        <translation>无法连接中继站</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>已吊销</translation>
    </message>
    <message>
        <source>Revoking</source>
        <translation>正在吊销</translation>
    </message>
    <message>
        <source>Sealed, only on this device: no relay and no folder is set</source>
        <translation>已密封，仅存于本设备：未设置中继站和文件夹</translation>
    </message>
    <message>
        <source>Stopped at the proxy</source>
        <translation>在代理服务器处受阻</translation>
    </message>
    <message>
        <source>Stopped until you decide</source>
        <translation>已停止，等待您作出决定</translation>
    </message>
    <message>
        <source>Take what waits by courier, choose a shared folder, or ask it for a card with permission to write to its relay.</source>
        <translation>请将待发内容交由信使携带，选择一个共享文件夹，或向其索取附中继站写信许可的身份卡。</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>已收回</translation>
    </message>
    <message>
        <source>The exchange folder cannot be reached since {0}.</source>
        <translation>自{0}起无法连接交换文件夹。</translation>
    </message>
    <message>
        <source>The exchange folder could not be reached yet.</source>
        <translation>尚未能连接交换文件夹。</translation>
    </message>
    <message>
        <source>The exchange folder works.</source>
        <translation>交换文件夹运行正常。</translation>
    </message>
    <message>
        <source>The folder cannot be reached</source>
        <translation>无法连接文件夹</translation>
    </message>
    <message>
        <source>The folder cannot be reached.</source>
        <translation>无法连接文件夹。</translation>
    </message>
    <message>
        <source>The permission has ended</source>
        <translation>许可已终止</translation>
    </message>
    <message>
        <source>The relay cannot be reached since {0}.</source>
        <translation>自{0}起无法连接中继站。</translation>
    </message>
    <message>
        <source>The relay could not be reached yet.</source>
        <translation>尚未能连接中继站。</translation>
    </message>
    <message>
        <source>The relay has not confirmed what was revoked; it is asked again by itself.</source>
        <translation>中继站尚未确认已吊销的内容；将自动再次询问。</translation>
    </message>
    <message>
        <source>The relay refuses it</source>
        <translation>中继站拒绝</translation>
    </message>
    <message>
        <source>The relay works.</source>
        <translation>中继站运行正常。</translation>
    </message>
    <message>
        <source>This bundle came before; nothing in it is new.</source>
        <translation>此封包此前已到达；其中没有新内容。</translation>
    </message>
    <message>
        <source>This bundle is for somebody else. It cannot be opened here and was not changed.</source>
        <translation>此封包是给他人的。无法在此打开，也未作更改。</translation>
    </message>
    <message>
        <source>This is not a bundle of Valise.</source>
        <translation>这不是Valise的封包。</translation>
    </message>
    <message>
        <source>This laptop&apos;s delegation made this bundle: it is for those it was made for.</source>
        <translation>此封包由本机所属代表团制作：它是给指定接收方的。</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ended on {0}.</source>
        <translation>本机使用该中继站的许可已于{0}终止。</translation>
    </message>
    <message>
        <source>This laptop&apos;s permission to use the relay ends on {0}.</source>
        <translation>本机使用该中继站的许可于{0}终止。</translation>
    </message>
    <message>
        <source>Tick at least one delegation.</source>
        <translation>请至少勾选一个代表团。</translation>
    </message>
    <message>
        <source>Tried just now: {0}.</source>
        <translation>刚刚已尝试：{0}。</translation>
    </message>
    <message>
        <source>Until it does, something may still be put there with that permission.</source>
        <translation>在其确认之前，仍可能有人凭该许可在那里投放内容。</translation>
    </message>
    <message>
        <source>We may write</source>
        <translation>我方可以写信</translation>
    </message>
    <message>
        <source>What is for {0} waits since {1} for the next bundle.</source>
        <translation>给{0}的内容自{1}起等待下一封包。</translation>
    </message>
    <message>
        <source>What you write to {0} waits since {1}: sending is stopped until you decide.</source>
        <translation>您写给{0}的内容自{1}起等待：在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>Works</source>
        <translation>运行正常</translation>
    </message>
    <message>
        <source>Written to the end, read back from there, and equal.</source>
        <translation>已完整写入，并从该处读回，内容相同。</translation>
    </message>
    <message>
        <source>You need the file of an operator.</source>
        <translation>您需要运营方提供的文件。</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约{0}</translation>
    </message>
    <message>
        <source>ask it for a new one</source>
        <translation>向其索取新的许可</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>bundle {0}</source>
        <translation>封包{0}</translation>
    </message>
    <message>
        <source>chosen by you</source>
        <translation>由您选择</translation>
    </message>
    <message>
        <source>connecting to the relay</source>
        <translation>正在连接中继站</translation>
    </message>
    <message>
        <source>folder connected</source>
        <translation>文件夹已连接</translation>
    </message>
    <message>
        <source>given {0}</source>
        <translation>{0}给予</translation>
    </message>
    <message>
        <source>in a card handed over</source>
        <translation>载于移交的身份卡</translation>
    </message>
    <message>
        <source>it answered</source>
        <translation>已应答</translation>
    </message>
    <message>
        <source>it proved that it is the relay</source>
        <translation>已证明其为该中继站</translation>
    </message>
    <message>
        <source>it was read back and is equal</source>
        <translation>已读回且内容相同</translation>
    </message>
    <message>
        <source>it was taken away again</source>
        <translation>已再次取走</translation>
    </message>
    <message>
        <source>known by its own key</source>
        <translation>以其自身密钥识别</translation>
    </message>
    <message>
        <source>known by the authorities of this computer</source>
        <translation>以本计算机信任的证书机构识别</translation>
    </message>
    <message>
        <source>last bundle {0}</source>
        <translation>上一封包{0}</translation>
    </message>
    <message>
        <source>last heard {0}</source>
        <translation>上次收到消息：{0}</translation>
    </message>
    <message>
        <source>looking at the folder</source>
        <translation>正在查看文件夹</translation>
    </message>
    <message>
        <source>made {0}</source>
        <translation>{0}制作</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <translation>尚未发送</translation>
    </message>
    <message>
        <source>noted by you; no answer yet</source>
        <translation>您已记录；尚无答复</translation>
    </message>
    <message>
        <source>nothing more is taken with it</source>
        <translation>不再凭此接收任何内容</translation>
    </message>
    <message>
        <source>our mailbox is there</source>
        <translation>我方邮箱在那里</translation>
    </message>
    <message>
        <source>relay connected</source>
        <translation>中继站已连接</translation>
    </message>
    <message>
        <source>sealed, over the exchange</source>
        <translation>以密封方式，通过交换</translation>
    </message>
    <message>
        <source>since {0}</source>
        <translation>自{0}起</translation>
    </message>
    <message>
        <source>something was written</source>
        <translation>已写入内容</translation>
    </message>
    <message>
        <source>the relay has not confirmed yet</source>
        <translation>中继站尚未确认</translation>
    </message>
    <message>
        <source>through the proxy</source>
        <translation>通过代理服务器</translation>
    </message>
    <message>
        <source>until {0}</source>
        <translation>至{0}</translation>
    </message>
    <message>
        <source>waiting: {0}, since {1}</source>
        <translation>待发：{0}，自{1}起</translation>
    </message>
    <message>
        <source>without an end</source>
        <translation>无期限</translation>
    </message>
    <message>
        <source>{0} What is for {1} waits since {2} and is kept.</source>
        <translation>{0}给{1}的内容自{2}起等待，予以保留。</translation>
    </message>
    <message>
        <source>{0} has confirmed everything.</source>
        <translation>{0}已确认所有内容。</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n envelopes verified.</source>
        <translation>
            <numerusform>%n个信封中有{0}个已验证。</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} of {1} confirmed</source>
        <translation>已确认{0}，共{1}</translation>
    </message>
    <message>
        <source>{0}, everything stays sealed on this device</source>
        <translation>{0}，所有内容均密封保存在本设备</translation>
    </message>
    <message>
        <source>{0}, with trouble</source>
        <translation>{0}，有故障</translation>
    </message>
    <message numerus="yes">
        <source>{0}, {1}, %Ln sealed envelopes</source>
        <translation>
            <numerusform>{0}，{1}，%Ln个密封信封</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: nothing but the word of what came from there.</source>
        <translation>{0}：只含对所收内容的确认。</translation>
    </message>
    <message>
        <source>{0}: {1}, about {2}.</source>
        <translation>{0}：{1}，约{2}。</translation>
    </message>
</context>
<context>
    <name>files</name>
    <message>
        <source>A program that reads the file back does not find exactly: {0}.</source>
        <translation>重新读取该文件的程序不能准确识别：{0}。</translation>
    </message>
    <message>
        <source>Another format</source>
        <translation>其他格式</translation>
    </message>
    <message>
        <source>As found in the file, by {0}.</source>
        <translation>按文件中所示，作者为{0}。</translation>
    </message>
    <message>
        <source>As found in the file.</source>
        <translation>按文件中所示。</translation>
    </message>
    <message>
        <source>By delegation</source>
        <translation>按代表团</translation>
    </message>
    <message>
        <source>Cannot be proposed on the text as it stands now.</source>
        <translation>无法就现有案文提出。</translation>
    </message>
    <message>
        <source>Cannot be proposed: the pen has changed this paragraph since the file was made.</source>
        <translation>无法提出：文件生成后，执笔方已更改该段。</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is agreed or closed.</source>
        <translation>无法提出：该段已商定或已结束讨论。</translation>
    </message>
    <message>
        <source>Cannot be proposed: this paragraph is no longer in the text.</source>
        <translation>无法提出：该段已不在案文中。</translation>
    </message>
    <message>
        <source>Clean</source>
        <translation>清洁案文</translation>
    </message>
    <message>
        <source>Compilation</source>
        <translation>汇编</translation>
    </message>
    <message>
        <source>Every proposed change under its delegation; positions and remarks beside the text.</source>
        <translation>每项拟议更改列于其代表团名下；立场和评论列于案文旁。</translation>
    </message>
    <message>
        <source>Every proposed change written into the words, in brackets with its delegations.</source>
        <translation>每项拟议更改均写入文字中，置于方括号内并注明代表团。</translation>
    </message>
    <message numerus="yes">
        <source>Make %n remarks</source>
        <translation>
            <numerusform>提出%n条评论</numerusform>
        </translation>
    </message>
    <message>
        <source>No proposed change</source>
        <translation>无拟议更改</translation>
    </message>
    <message>
        <source>Notation of negotiation, as text</source>
        <translation>谈判标注法（文本）</translation>
    </message>
    <message>
        <source>PDF, to print and to read</source>
        <translation>PDF，供打印和阅读</translation>
    </message>
    <message>
        <source>Paragraphs: {0}</source>
        <translation>段落：{0}</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>纯文本</translation>
    </message>
    <message>
        <source>Positions and remarks left out: {0}</source>
        <translation>未列入的立场和评论：{0}</translation>
    </message>
    <message>
        <source>Positions and remarks: {0}</source>
        <translation>立场和评论：{0}</translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes</source>
        <translation>
            <numerusform>提出%n项更改</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Propose %n changes, {remarks}</source>
        <translation>
            <numerusform>提出%n项更改，{remarks}</numerusform>
        </translation>
    </message>
    <message>
        <source>Proposed changes left out: {0}</source>
        <translation>未列入的拟议更改：{0}</translation>
    </message>
    <message>
        <source>Proposed changes: {0}, by delegations: {1}</source>
        <translation>拟议更改：{0}，提出代表团数：{1}</translation>
    </message>
    <message>
        <source>The words as they stand: no proposed change, no status, no remark.</source>
        <translation>现有文字：不含拟议更改、状态和评论。</translation>
    </message>
    <message>
        <source>Tracked changes</source>
        <translation>修订标记</translation>
    </message>
    <message>
        <source>UN XML (Akoma Ntoso)</source>
        <translation>联合国XML (Akoma Ntoso)</translation>
    </message>
    <message>
        <source>Under each delegation the paragraphs it wants otherwise, with its own changes.</source>
        <translation>每个代表团名下列出其要求更改的段落及其所提更改。</translation>
    </message>
    <message>
        <source>Web page</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>Word document</source>
        <translation>Word文档</translation>
    </message>
    <message numerus="yes">
        <source>make %n remarks</source>
        <translation>
            <numerusform>提出%n条评论</numerusform>
        </translation>
    </message>
    <message>
        <source>proposed changes</source>
        <translation>拟议更改</translation>
    </message>
    <message>
        <source>remarks</source>
        <translation>评论</translation>
    </message>
    <message>
        <source>the language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>the numbers of paragraphs</source>
        <translation>段落编号</translation>
    </message>
    <message>
        <source>the title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>what is agreed and what is open</source>
        <translation>哪些已商定、哪些未决</translation>
    </message>
    <message>
        <source>where some paragraphs begin and end</source>
        <translation>某些段落的起止位置</translation>
    </message>
</context>
<context>
    <name>fonts</name>
    <message>
        <source>Add the fonts of these languages in the settings of the system, then start Valise again.</source>
        <translation>请在系统设置中添加这些语言的字体，然后重新启动Valise。</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>阿拉伯文</translation>
    </message>
    <message>
        <source>Armenian</source>
        <translation>亚美尼亚文</translation>
    </message>
    <message>
        <source>Ask who looks after this computer to install {0} (Debian, Ubuntu), then start Valise again. What is stored and sent is not touched by this.</source>
        <translation>请让管理本计算机的人员安装{0}（Debian、Ubuntu），然后重新启动Valise。所保存和发送的内容不受此影响。</translation>
    </message>
    <message>
        <source>Bengali</source>
        <translation>孟加拉文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Cyrillic</source>
        <translation>西里尔文</translation>
    </message>
    <message>
        <source>Devanagari</source>
        <translation>天城文</translation>
    </message>
    <message>
        <source>Georgian</source>
        <translation>格鲁吉亚文</translation>
    </message>
    <message>
        <source>Greek</source>
        <translation>希腊文</translation>
    </message>
    <message>
        <source>Hebrew</source>
        <translation>希伯来文</translation>
    </message>
    <message>
        <source>Japanese</source>
        <translation>日文</translation>
    </message>
    <message>
        <source>Korean</source>
        <translation>韩文</translation>
    </message>
    <message>
        <source>Thai</source>
        <translation>泰文</translation>
    </message>
    <message>
        <source>This computer has no letters for: {0}. Such text is shown as boxes.</source>
        <translation>本计算机没有以下文字的字形：{0}。此类文字显示为方框。</translation>
    </message>
</context>
<context>
    <name>guide</name>
    <message>
        <source> or </source>
        <translation>   或   </translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>所有屏幕</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>使用指南</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>hygiene</name>
    <message>
        <source>A second laptop</source>
        <translation>第二台笔记本电脑</translation>
    </message>
    <message>
        <source>About Valise…</source>
        <translation>关于Valise…</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>备份…</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Change it…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Check now…</source>
        <translation>立即检查…</translation>
    </message>
    <message>
        <source>Check of this vault</source>
        <translation>此保险库的检查</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>比对…</translation>
    </message>
    <message>
        <source>Contacts compared</source>
        <translation>已比对的联系对象</translation>
    </message>
    <message>
        <source>Delegations nobody has compared yet: {n}.</source>
        <translation>尚无人比对的代表团：{n}。</translation>
    </message>
    <message>
        <source>Does not pass</source>
        <translation>未达标</translation>
    </message>
    <message>
        <source>Every delegation you exchange with was compared or is vouched for.</source>
        <translation>您与之交换的每个代表团均已比对或有人担保。</translation>
    </message>
    <message>
        <source>Everything verified {when}.</source>
        <translation>{when}全部通过验证。</translation>
    </message>
    <message>
        <source>In use since {when}, for more than two years.</source>
        <translation>自{when}起使用，已超过两年。</translation>
    </message>
    <message>
        <source>It does not lie beside the vault.</source>
        <translation>它不在保险库旁。</translation>
    </message>
    <message>
        <source>It ended on {when}: ask its operator for a new file.</source>
        <translation>已于{when}终止：请向其运营方索取新文件。</translation>
    </message>
    <message>
        <source>It ends on {when}: ask its operator for a new file.</source>
        <translation>于{when}终止：请向其运营方索取新文件。</translation>
    </message>
    <message>
        <source>It holds until {when}.</source>
        <translation>有效期至{when}。</translation>
    </message>
    <message>
        <source>It is protected less than it should be: change it once, and it is sealed anew.</source>
        <translation>保护程度不足：更改一次，即可重新密封。</translation>
    </message>
    <message>
        <source>It still lies beside the vault: whoever takes this laptop takes both.</source>
        <translation>它仍在保险库旁：取走本机者即同时取走两者。</translation>
    </message>
    <message>
        <source>Key file of the delegation</source>
        <translation>代表团的密钥文件</translation>
    </message>
    <message>
        <source>Laptops of your delegation in use: {n}.</source>
        <translation>本代表团在使用的笔记本电脑：{n}。</translation>
    </message>
    <message>
        <source>Last checked {when}, more than a week ago.</source>
        <translation>最近一次检查：{when}，已超过一周。</translation>
    </message>
    <message>
        <source>Last rehearsed {when}, more than a year ago.</source>
        <translation>最近一次演练：{when}，已超过一年。</translation>
    </message>
    <message>
        <source>Locking by itself</source>
        <translation>自动锁定</translation>
    </message>
    <message>
        <source>Made, and last rehearsed {when}.</source>
        <translation>已制作，最近一次演练：{when}。</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>已制作，从未演练：只有演练才能表明纸上内容正确。</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>移走…</translation>
    </message>
    <message>
        <source>None was made: what is only here goes with this laptop.</source>
        <translation>未曾制作：只存于此处的内容将随本机一同丢失。</translation>
    </message>
    <message>
        <source>Not checked yet.</source>
        <translation>尚未检查。</translation>
    </message>
    <message>
        <source>Our laptops…</source>
        <translation>我方笔记本电脑…</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>达标</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>Permission to use the relay</source>
        <translation>使用中继站的许可</translation>
    </message>
    <message>
        <source>Protected as it should be; in use since {when}.</source>
        <translation>保护程度适当；自{when}起使用。</translation>
    </message>
    <message>
        <source>Recovery shares</source>
        <translation>恢复份额</translation>
    </message>
    <message>
        <source>Shorten it…</source>
        <translation>缩短…</translation>
    </message>
    <message>
        <source>Software</source>
        <translation>软件</translation>
    </message>
    <message>
        <source>The check found something wrong.</source>
        <translation>检查发现问题。</translation>
    </message>
    <message>
        <source>The last one is of {when}, and there is news since.</source>
        <translation>最近一次为{when}，此后有新内容。</translation>
    </message>
    <message>
        <source>The last one is of {when}.</source>
        <translation>最近一次为{when}。</translation>
    </message>
    <message numerus="yes">
        <source>The vault locks after %n minutes without a key or the mouse.</source>
        <translation>
            <numerusform>无按键或鼠标操作%n分钟后，保险库锁定。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The vault stays open for %n minutes when nobody is there; ten are enough.</source>
        <translation>
            <numerusform>无人操作时，保险库仍保持打开%n分钟；十分钟足矣。</numerusform>
        </translation>
    </message>
    <message>
        <source>There are none: when the passphrase is forgotten, nobody can open this vault.</source>
        <translation>没有恢复份额：如忘记密码短语，任何人都无法打开此保险库。</translation>
    </message>
    <message>
        <source>This does not pass.</source>
        <translation>此项未达标。</translation>
    </message>
    <message>
        <source>This is the only one: if it is lost, the delegation cannot write until another is admitted.</source>
        <translation>这是唯一的一台：如丢失，在接纳另一台之前，代表团无法撰写。</translation>
    </message>
    <message>
        <source>To the shares…</source>
        <translation>前往份额…</translation>
    </message>
    <message>
        <source>Version {text} of {when} is more than half a year old: ask who installs it for a newer one.</source>
        <translation>{when}的版本{text}已超过半年：请向安装人员索取较新版本。</translation>
    </message>
    <message>
        <source>Version {text} of {when}.</source>
        <translation>{when}的版本{text}。</translation>
    </message>
    <message>
        <source>Ways of exchange…</source>
        <translation>交换方式…</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n pass. Each of the others has a button that leads to where it is put right.</source>
        <translation>
            <numerusform>%n项中有{0}项达标。其余各项均有按钮，可前往改正。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>incidents</name>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n个文件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n laptops</source>
        <translation>
            <numerusform>%n台笔记本电脑</numerusform>
        </translation>
    </message>
    <message>
        <source>A reply is requested by {0}.</source>
        <translation>请在{0}前答复。</translation>
    </message>
    <message>
        <source>Acknowledge receipt</source>
        <translation>确认收悉</translation>
    </message>
    <message>
        <source>Acknowledgements</source>
        <translation>收悉确认</translation>
    </message>
    <message>
        <source>An acknowledgement says that it was received. It accepts no fact and agrees with nothing (norm 13 (c)).</source>
        <translation>收悉确认只表明已收到，不接受任何事实，也不同意任何内容（规范13 (c)）。</translation>
    </message>
    <message>
        <source>An answer is due in {left}, at {when}.</source>
        <translation>应在{left}内答复，即{when}之前。</translation>
    </message>
    <message>
        <source>An offer is taken</source>
        <translation>已接受一项提议</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>答复</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已答复</translation>
    </message>
    <message>
        <source>Answered: no time runs.</source>
        <translation>已答复：无时限在计算。</translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>阿拉伯文</translation>
    </message>
    <message>
        <source>Before the embargo ended ({0}), because: {1}</source>
        <translation>在禁止披露期限 ({0}) 届满之前，理由：{1}</translation>
    </message>
    <message>
        <source>Channel and time</source>
        <translation>渠道和时间</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Choose among the offers</source>
        <translation>请在各项提议中选择</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Correction or addition</source>
        <translation>更正或补充</translation>
    </message>
    <message>
        <source>Done…</source>
        <translation>完成…</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>French</source>
        <translation>法文</translation>
    </message>
    <message>
        <source>From the directory</source>
        <translation>取自名录</translation>
    </message>
    <message>
        <source>Help is offered</source>
        <translation>有援助提议</translation>
    </message>
    <message>
        <source>Inside our delegation</source>
        <translation>本代表团内部</translation>
    </message>
    <message>
        <source>It has ended: close it</source>
        <translation>事件已了结：请结束</translation>
    </message>
    <message>
        <source>No longer holds</source>
        <translation>不再有效</translation>
    </message>
    <message>
        <source>No time runs at {tier}: it is as agreed in this case.</source>
        <translation>{tier}不计时限：按个案商定。</translation>
    </message>
    <message>
        <source>Nobody answered until {when}, and there is no higher channel. Speak to them.</source>
        <translation>至{when}无人答复，且没有更高的渠道。请与对方直接交谈。</translation>
    </message>
    <message>
        <source>Nobody answered until {when}. {tier} is proposed: nothing happens unless you take it there.</source>
        <translation>至{when}无人答复。建议升级至{tier}：除非您予以升级，否则不会有任何变化。</translation>
    </message>
    <message>
        <source>Not seen when the incident was closed: it was under way, or said afterwards.</source>
        <translation>结束事件时未见：当时尚在途中，或为事后所述。</translation>
    </message>
    <message>
        <source>Offer of assistance</source>
        <translation>援助提议</translation>
    </message>
    <message>
        <source>Offer taken back</source>
        <translation>提议已撤回</translation>
    </message>
    <message>
        <source>Offers of assistance</source>
        <translation>援助提议</translation>
    </message>
    <message>
        <source>Offers of assistance taken</source>
        <translation>已接受援助提议</translation>
    </message>
    <message>
        <source>Only your own delegation&apos;s laptops have this. It never leaves.</source>
        <translation>只有本代表团的笔记本电脑存有此内容。它绝不发出。</translation>
    </message>
    <message>
        <source>Opened again</source>
        <translation>已重新开启</translation>
    </message>
    <message>
        <source>Points of contact</source>
        <translation>联络人</translation>
    </message>
    <message>
        <source>Receipt acknowledged</source>
        <translation>已确认收悉</translation>
    </message>
    <message>
        <source>Receipt acknowledged: it accepts no fact and agrees with nothing</source>
        <translation>已确认收悉：不接受任何事实，也不同意任何内容</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>俄文</translation>
    </message>
    <message>
        <source>Save {0}…</source>
        <translation>保存{0}…</translation>
    </message>
    <message>
        <source>Sent on: {where}, {when}</source>
        <translation>已转发：{where}，{when}</translation>
    </message>
    <message>
        <source>Sent, not acknowledged yet</source>
        <translation>已发送，尚未确认收悉</translation>
    </message>
    <message>
        <source>Something this version does not know</source>
        <translation>此版本未知的内容</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>西班牙文</translation>
    </message>
    <message numerus="yes">
        <source>Still required: {0} (and %n more)</source>
        <translation>
            <numerusform>仍须填写：{0}（及另外%n项）</numerusform>
        </translation>
    </message>
    <message>
        <source>Take it back…</source>
        <translation>撤回…</translation>
    </message>
    <message>
        <source>Take it to {0}…</source>
        <translation>升级至{0}…</translation>
    </message>
    <message>
        <source>Taken to {tier}</source>
        <translation>已升级至{tier}</translation>
    </message>
    <message>
        <source>The delegation that reported it takes it higher.</source>
        <translation>由通报该事件的代表团予以升级。</translation>
    </message>
    <message>
        <source>The same at every delegation in the room. Times are those of the laptop that said it.</source>
        <translation>会议室内各代表团所见相同。时间以作出表述的笔记本电脑为准。</translation>
    </message>
    <message>
        <source>This does not count: it is not for that delegation to say. It stays in the record.</source>
        <translation>此项不作数：该代表团无权就此表态。它保留在记录中。</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Two laptops said different things, unseen by each other: {0}. The delegation that reported it settles it with an update.</source>
        <translation>两台笔记本电脑在互不知情的情况下表述不同：{0}。由通报该事件的代表团以更新予以确定。</translation>
    </message>
    <message>
        <source>Unanswered in time: decide</source>
        <translation>逾期未获答复：请决定</translation>
    </message>
    <message>
        <source>We ({officer})</source>
        <translation>我方 ({officer})</translation>
    </message>
    <message>
        <source>What is reported</source>
        <translation>通报内容</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>已答复</translation>
    </message>
    <message>
        <source>done {0}</source>
        <translation>{0}完成</translation>
    </message>
    <message>
        <source>due {0}</source>
        <translation>期限{0}</translation>
    </message>
    <message>
        <source>now {0}</source>
        <translation>现为{0}</translation>
    </message>
    <message>
        <source>open</source>
        <translation>开放</translation>
    </message>
    <message>
        <source>or</source>
        <translation>或</translation>
    </message>
    <message>
        <source>still under way</source>
        <translation>仍在途中</translation>
    </message>
    <message>
        <source>taken</source>
        <translation>已接受</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>taken back, though it was taken</source>
        <translation>虽已被接受，仍已撤回</translation>
    </message>
    <message>
        <source>{0}, it stands here</source>
        <translation>{0}，内容在此</translation>
    </message>
    <message>
        <source>{0}: choose from the directory of points of contact</source>
        <translation>{0}：从联络人名录中选择</translation>
    </message>
    <message>
        <source>{name} ({code}), {officer}</source>
        <translation>{name} ({code})，{officer}</translation>
    </message>
    <message>
        <source>{sign} {who}: {state}</source>
        <translation>{sign} {who}：{state}</translation>
    </message>
    <message>
        <source>{utc} ({local} here)</source>
        <translation>{utc}（当地{local}）</translation>
    </message>
    <message>
        <source>{when} there</source>
        <translation>当地时间{when}</translation>
    </message>
    <message>
        <source>… {who}: not yet</source>
        <translation>… {who}：尚未</translation>
    </message>
    <message>
        <source>✓ {who}: {role}, {when}</source>
        <translation>✓ {who}：{role}，{when}</translation>
    </message>
</context>
<context>
    <name>joint</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n个代表团</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit</source>
        <translation>接纳</translation>
    </message>
    <message>
        <source>Admit a late delegation</source>
        <translation>接纳逾期的代表团</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>截止名单</translation>
    </message>
    <message>
        <source>Co-sponsors</source>
        <translation>共同提案国</translation>
    </message>
    <message>
        <source>Do not rely on them and do not sign. Ask {0} in person or by telephone for its words and its hash; it can open them anew.</source>
        <translation>请勿信赖，也不要签署。请当面或通过电话向{0}询问其文本和散列值；对方可以重新开放。</translation>
    </message>
    <message>
        <source>Everybody in the room sees it. You cannot take it back; the delegation itself can.</source>
        <translation>会议室全体成员都会看到。您无法收回；该代表团自己可以撤回。</translation>
    </message>
    <message>
        <source>Everybody in {0} sees that your delegation no longer stands on the list.</source>
        <translation>{0}的所有成员都会看到本代表团已不在名单上。</translation>
    </message>
    <message>
        <source>Exchange first (Ctrl+R), so that names that are under way are here: who is not on the list now counts as late.</source>
        <translation>请先交换 (Ctrl+R)，使尚在途中的名称到达此处：此刻不在名单上者，即算逾期。</translation>
    </message>
    <message>
        <source>It cannot be opened again. You can still admit each late delegation.</source>
        <translation>名单不能重新开放。您仍可逐一接纳逾期的代表团。</translation>
    </message>
    <message>
        <source>It signed the same words after you had closed the list. Admitted, it stands on the list as the others do.</source>
        <translation>该代表团在您截止名单之后签署了相同的文本。接纳后，与其他代表团同样列于名单。</translation>
    </message>
    <message>
        <source>It was to be open until {0}.</source>
        <translation>原定开放至{0}。</translation>
    </message>
    <message>
        <source>Joint statement</source>
        <translation>联合声明</translation>
    </message>
    <message>
        <source>On the list: {0}.</source>
        <translation>名单上有：{0}。</translation>
    </message>
    <message>
        <source>Open for sign-on for another {0}: until {1}.</source>
        <translation>联署尚开放{0}：至{1}。</translation>
    </message>
    <message>
        <source>Open for sign-on, without a date.</source>
        <translation>已开放联署，未定日期。</translation>
    </message>
    <message>
        <source>Other words stand in the place of these.</source>
        <translation>此文本已由另一文本取代。</translation>
    </message>
    <message>
        <source>Our delegation has not signed on.</source>
        <translation>本代表团尚未联署。</translation>
    </message>
    <message>
        <source>Our delegation has signed on.</source>
        <translation>本代表团已联署。</translation>
    </message>
    <message>
        <source>Our delegation has taken its name back.</source>
        <translation>本代表团已撤回联署。</translation>
    </message>
    <message>
        <source>Our delegation signed other words: that does not count here.</source>
        <translation>本代表团签署的是不同的文本：在此不作数。</translation>
    </message>
    <message>
        <source>Our name came later: it waits until {0} admits it.</source>
        <translation>我方联署较晚：等待{0}接纳。</translation>
    </message>
    <message>
        <source>Sign on as a co-sponsor</source>
        <translation>加入为共同提案国</translation>
    </message>
    <message>
        <source>Sign on to the joint statement</source>
        <translation>联署联合声明</translation>
    </message>
    <message>
        <source>Take our name back</source>
        <translation>撤回我方联署</translation>
    </message>
    <message>
        <source>The list stays open until {0} closes it.</source>
        <translation>在{0}截止之前，名单一直开放。</translation>
    </message>
    <message>
        <source>The list was closed {0}: {1}.</source>
        <translation>名单已于{0}截止：{1}。</translation>
    </message>
    <message>
        <source>The text differs: this laptop does not compute that hash for the revision.</source>
        <translation>案文不一致：本机为该修订稿计算出的散列值不是这一个。</translation>
    </message>
    <message>
        <source>The words differ: they do not have the hash that would be signed.</source>
        <translation>文本不一致：其散列值与将签署的不同。</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>超出%n个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>Who signed on later waits for you: {0}. Admit each, or leave it as it is.</source>
        <translation>此后联署者等待您处理：{0}。请逐一接纳，或保持原状。</translation>
    </message>
    <message>
        <source>Who signed these words has not signed the new ones.</source>
        <translation>签署了此文本者并未签署新文本。</translation>
    </message>
    <message>
        <source>Who signs on now waits to be admitted.</source>
        <translation>现在联署者须等待接纳。</translation>
    </message>
    <message>
        <source>You can sign on again. Once the list is closed, the name then waits to be admitted.</source>
        <translation>您可以重新联署。名单截止后，您的名称须等待接纳。</translation>
    </message>
    <message>
        <source>You cannot sign on. Exchange once more (Ctrl+R), since the revision may still be under way. If it stays so, compare the hash with {0} by telephone.</source>
        <translation>您无法联署。请再交换一次 (Ctrl+R)，因为修订稿可能尚在途中。如情况依旧，请通过电话与{0}比对散列值。</translation>
    </message>
    <message>
        <source>You close the list.</source>
        <translation>由您截止名单。</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>closed, {0} waiting</source>
        <translation>已截止，{0}个等待</translation>
    </message>
    <message>
        <source>late, admitted</source>
        <translation>逾期，已接纳</translation>
    </message>
    <message>
        <source>late, waits to be admitted</source>
        <translation>逾期，等待接纳</translation>
    </message>
    <message>
        <source>nobody has signed on</source>
        <translation>无人联署</translation>
    </message>
    <message>
        <source>open</source>
        <translation>开放</translation>
    </message>
    <message>
        <source>open until {0}</source>
        <translation>开放至{0}</translation>
    </message>
    <message>
        <source>open, its date has passed</source>
        <translation>开放，日期已过</translation>
    </message>
    <message>
        <source>other words, does not count</source>
        <translation>文本不同，不作数</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>已被取代</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>已签署</translation>
    </message>
    <message>
        <source>text differs</source>
        <translation>案文不一致</translation>
    </message>
    <message>
        <source>took its name back</source>
        <translation>已撤回联署</translation>
    </message>
    <message>
        <source>we have not signed</source>
        <translation>我方未签署</translation>
    </message>
    <message>
        <source>we signed</source>
        <translation>我方已签署</translation>
    </message>
    <message>
        <source>we took our name back</source>
        <translation>我方已撤回联署</translation>
    </message>
    <message>
        <source>we wait</source>
        <translation>我方在等待</translation>
    </message>
    <message>
        <source>words differ</source>
        <translation>文本不一致</translation>
    </message>
</context>
<context>
    <name>keys</name>
    <message numerus="yes">
        <source>By courier, or not heard lately: replaced keys are kept %n days.</source>
        <translation>
            <numerusform>通过信使，或近期未收到消息：已更换的密钥保留%n天。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Connected: replaced keys are kept %n hours.</source>
        <translation>
            <numerusform>已连接：已更换的密钥保留%n小时。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>laptops</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n天</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n notes and red lines</source>
        <translation>
            <numerusform>%n项备注和底线</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Not rehearsed yet.</source>
        <translation>
            <numerusform>自{0}起有%n份恢复份额，任意{1}份即可。尚未演练。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n recovery shares since {0}, any {1} are enough. Rehearsed on {2}.</source>
        <translation>
            <numerusform>自{0}起有%n份恢复份额，任意{1}份即可。{2}已演练。</numerusform>
        </translation>
    </message>
    <message>
        <source>Admit a laptop (check code {0}): {1}</source>
        <translation>接纳一台笔记本电脑（核对码{0}）：{1}</translation>
    </message>
    <message>
        <source>Adviser</source>
        <translation>顾问</translation>
    </message>
    <message>
        <source>Another laptop takes its place</source>
        <translation>由另一台笔记本电脑取代</translation>
    </message>
    <message>
        <source>Expired on {0}: nothing is sealed for it. Renew it.</source>
        <translation>已于{0}过期：不再为其密封任何内容。请予更新。</translation>
    </message>
    <message numerus="yes">
        <source>Expires in %n days, on {0}. Renew it.</source>
        <translation>
            <numerusform>将在%n天后（{0}）过期。请予更新。</numerusform>
        </translation>
    </message>
    <message>
        <source>Head of delegation</source>
        <translation>代表团团长</translation>
    </message>
    <message numerus="yes">
        <source>It holds the record of {0} of %n rooms.</source>
        <translation>
            <numerusform>它存有%n个会议室中{0}个的记录。</numerusform>
        </translation>
    </message>
    <message>
        <source>It was lost or stolen</source>
        <translation>丢失或被盗</translation>
    </message>
    <message>
        <source>Its officer has left</source>
        <translation>其官员已离任</translation>
    </message>
    <message numerus="yes">
        <source>Make %n recovery shares, of which any {0} give the root key back.</source>
        <translation>
            <numerusform>制作%n份恢复份额，其中任意{0}份可恢复根密钥。</numerusform>
        </translation>
    </message>
    <message>
        <source>Negotiator</source>
        <translation>谈判人员</translation>
    </message>
    <message>
        <source>Observer</source>
        <translation>观察员</translation>
    </message>
    <message>
        <source>Pen holder</source>
        <translation>执笔人</translation>
    </message>
    <message>
        <source>Point of contact</source>
        <translation>联络人</translation>
    </message>
    <message>
        <source>Renew the laptop of {0}: {1}</source>
        <translation>更新{0}的笔记本电脑：{1}</translation>
    </message>
    <message>
        <source>Revoke the laptop of {0}: from now on it gets nothing.</source>
        <translation>吊销{0}的笔记本电脑：此后它收不到任何内容。</translation>
    </message>
    <message>
        <source>Revoked on {0}: it gets nothing any more. What it signed stands.</source>
        <translation>{0}已吊销：不再收到任何内容。其签名依然有效。</translation>
    </message>
    <message>
        <source>Since {0}, until {1}</source>
        <translation>自{0}至{1}</translation>
    </message>
    <message numerus="yes">
        <source>Stayed with the delegation: the record of %n rooms, of which the successor&apos;s laptop holds {0}; {1}. Conversations before it was admitted, and the library of this laptop, do not pass by themselves.</source>
        <translation>
            <numerusform>留在本代表团的：%n个会议室的记录，其中继任者的笔记本电脑存有{0}个；{1}。该电脑获接纳之前的会话以及本机的文库不会自行移交。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Travel laptop: only %n rooms</source>
        <translation>
            <numerusform>出行用笔记本电脑：仅%n个会议室</numerusform>
        </translation>
    </message>
    <message>
        <source>one year</source>
        <translation>一年</translation>
    </message>
    <message>
        <source>three months</source>
        <translation>三个月</translation>
    </message>
    <message>
        <source>three years</source>
        <translation>三年</translation>
    </message>
    <message>
        <source>two years</source>
        <translation>两年</translation>
    </message>
    <message>
        <source>{officer} may {rights}, for {term}.</source>
        <translation>{officer}可以{rights}，期限{term}。</translation>
    </message>
</context>
<context>
    <name>library</name>
    <message numerus="yes">
        <source>%n more paragraphs after</source>
        <translation>
            <numerusform>后面还有%n段</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more paragraphs before</source>
        <translation>
            <numerusform>前面还有%n段</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n paragraphs</source>
        <translation>
            <numerusform>%n段</numerusform>
        </translation>
    </message>
    <message>
        <source>Arabic</source>
        <translation>阿拉伯文</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Could not be read: {0}.</source>
        <translation>无法读取：{0}。</translation>
    </message>
    <message>
        <source>Document without a symbol</source>
        <translation>无文号的文件</translation>
    </message>
    <message>
        <source>Documents added: {0}.</source>
        <translation>新增文件：{0}。</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>French</source>
        <translation>法文</translation>
    </message>
    <message>
        <source>Here already: {0}.</source>
        <translation>此处已有：{0}。</translation>
    </message>
    <message numerus="yes">
        <source>Importing: {0} of %n files</source>
        <translation>
            <numerusform>正在导入：{0}/%n个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Russian</source>
        <translation>俄文</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>西班牙文</translation>
    </message>
    <message>
        <source>Vote: {0}</source>
        <translation>表决：{0}</translation>
    </message>
    <message>
        <source>You stopped the import. Import the same again to go on where it stopped.</source>
        <translation>您已停止导入。再次导入相同内容即可从停止处继续。</translation>
    </message>
    <message>
        <source>a document without a symbol</source>
        <translation>一份无文号的文件</translation>
    </message>
    <message>
        <source>{0} per cent alike</source>
        <translation>相似度{0}%</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message numerus="yes">
        <source>%n delegations</source>
        <translation>
            <numerusform>%n个代表团</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n devices</source>
        <translation>
            <numerusform>%n台设备</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items waiting in outbox</source>
        <translation>
            <numerusform>%n项在发件箱等待</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n messages</source>
        <translation>
            <numerusform>%n条消息</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread</source>
        <translation>
            <numerusform>%n条未读</numerusform>
        </translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of a delegation in this room. Sending is stopped until you decide.</source>
        <translation>一个受托方为此会议室中一个代表团的另一身份担保。在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>A delegation in this room added a laptop. What you write waits until you have looked at it.</source>
        <translation>此会议室中一个代表团新增了一台笔记本电脑。在您查看之前，您所写的内容将等待。</translation>
    </message>
    <message>
        <source>A delegation in this room showed two lists of its devices. Sending is stopped until you decide.</source>
        <translation>此会议室中一个代表团出示了两份设备清单。在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>A drafting group of several delegations. You become its chair.</source>
        <translation>由若干代表团组成的起草小组。您成为其主席。</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation. What you write waits until you have looked at it.</source>
        <translation>本代表团新增了一台笔记本电脑。在您查看之前，您所写的内容将等待。</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认收悉</translation>
    </message>
    <message>
        <source>Between two delegations.</source>
        <translation>两个代表团之间。</translation>
    </message>
    <message>
        <source>Bilateral</source>
        <translation>双边</translation>
    </message>
    <message>
        <source>For the eyes and ears of the individual recipients only</source>
        <translation>仅供个别接收者本人阅听</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>多方会议室</translation>
    </message>
    <message>
        <source>Internal</source>
        <translation>内部</translation>
    </message>
    <message>
        <source>May be shared with everybody</source>
        <translation>可与所有人分享</translation>
    </message>
    <message>
        <source>May be shared within the community, not publicly</source>
        <translation>可在所属群体内分享，不得公开</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Need to know, within the organization and its clients</source>
        <translation>按需知悉，限于本组织及其客户</translation>
    </message>
    <message>
        <source>Need to know, within the organization only</source>
        <translation>按需知悉，仅限本组织</translation>
    </message>
    <message>
        <source>No marking</source>
        <translation>无标识</translation>
    </message>
    <message>
        <source>Not everybody sees the same members: another list is seen by {who}.</source>
        <translation>各方所见的成员不尽相同：{who}看到的是另一份名单。</translation>
    </message>
    <message>
        <source>Our delegation</source>
        <translation>本代表团</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
    <message>
        <source>Sending in this room is stopped until you decide.</source>
        <translation>在您作出决定之前，此会议室已停止发送。</translation>
    </message>
    <message>
        <source>The identity of a delegation in this room changed. Sending is stopped until you decide.</source>
        <translation>此会议室中一个代表团的身份已变更。在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>The numbers compared with a delegation in this room differ. Sending is stopped until you decide.</source>
        <translation>与此会议室中一个代表团比对的号码不一致。在您作出决定之前，已停止发送。</translation>
    </message>
    <message>
        <source>This is a travel laptop, and it is not for this room.</source>
        <translation>这是出行用笔记本电脑，不适用于此会议室。</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing any more.</source>
        <translation>本机已被本代表团吊销：不再发送任何内容。</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Your delegation is no longer in this room: you can read, not write.</source>
        <translation>本代表团已不在此会议室中：您可以阅读，不能撰写。</translation>
    </message>
    <message>
        <source>Your own delegation only. Nothing in it can be sent to another.</source>
        <translation>仅限本代表团。其中任何内容都不能发给其他代表团。</translation>
    </message>
    <message>
        <source>acknowledged</source>
        <translation>已确认收悉</translation>
    </message>
    <message>
        <source>acknowledged by {count} of {all}</source>
        <translation>{all}方中有{count}方已确认收悉</translation>
    </message>
    <message>
        <source>acknowledged {time}</source>
        <translation>{time}确认收悉</translation>
    </message>
    <message>
        <source>arriving</source>
        <translation>正在到达</translation>
    </message>
    <message>
        <source>chair</source>
        <translation>主席</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>已送达</translation>
    </message>
    <message>
        <source>delivered to {count} of {all}</source>
        <translation>已送达{count}方，共{all}方</translation>
    </message>
    <message>
        <source>file {name}, {size}</source>
        <translation>文件{name}，{size}</translation>
    </message>
    <message>
        <source>for the record</source>
        <translation>载入记录</translation>
    </message>
    <message>
        <source>never leaves your delegation</source>
        <translation>绝不离开本代表团</translation>
    </message>
    <message>
        <source>no longer a member</source>
        <translation>已不是成员</translation>
    </message>
    <message>
        <source>no subject</source>
        <translation>无主题</translation>
    </message>
    <message>
        <source>not acknowledged yet</source>
        <translation>尚未确认收悉</translation>
    </message>
    <message>
        <source>not everybody sees the same members</source>
        <translation>各方所见的成员不尽相同</translation>
    </message>
    <message>
        <source>not received yet</source>
        <translation>尚未收到</translation>
    </message>
    <message>
        <source>received {time}</source>
        <translation>{time}收到</translation>
    </message>
    <message>
        <source>sending stopped</source>
        <translation>已停止发送</translation>
    </message>
    <message>
        <source>sent, not yet delivered</source>
        <translation>已发送，尚未送达</translation>
    </message>
    <message>
        <source>waiting in outbox</source>
        <translation>在发件箱等待</translation>
    </message>
    <message>
        <source>waiting in outbox, next exchange {time}</source>
        <translation>在发件箱等待，下次交换：{time}</translation>
    </message>
    <message>
        <source>you acknowledged {time}</source>
        <translation>您于{time}确认收悉</translation>
    </message>
    <message>
        <source>{members}, all verified</source>
        <translation>{members}，全部已核验</translation>
    </message>
    <message>
        <source>{members}, not all verified</source>
        <translation>{members}，未全部核验</translation>
    </message>
    <message>
        <source>{who}, revoked</source>
        <translation>{who}，已吊销</translation>
    </message>
    <message>
        <source>{who}, valid until {date}</source>
        <translation>{who}，有效期至{date}</translation>
    </message>
</context>
<context>
    <name>notice</name>
    <message numerus="yes">
        <source>Valise: %n items</source>
        <translation>
            <numerusform>Valise：%n项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>overview</name>
    <message numerus="yes">
        <source>%n entries in {register} are due for review</source>
        <translation>
            <numerusform>{register}中有%n个条目应予审查</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n envelopes are kept sealed until their keys come; they have been asked for.</source>
        <translation>
            <numerusform>有%n个信封保持密封，直至其密钥到达；已索取这些密钥。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n internal dates were left out.</source>
        <translation>
            <numerusform>略去 %n 个内部日期。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items are waiting for their receipts.</source>
        <translation>
            <numerusform>%n项在等待回执。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n items not yet received by everybody</source>
        <translation>
            <numerusform>%n项尚未被各方收到</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n new proposals in {title}</source>
        <translation>
            <numerusform>%n项新提案：{title}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n things need you</source>
        <translation>
            <numerusform>%n件事项需要您处理</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unread messages in {room}</source>
        <translation>
            <numerusform>%n条未读消息：{room}</numerusform>
        </translation>
    </message>
    <message>
        <source>A copy of the laptop of {officer} is in use too: what it signs in {room} no longer counts. Stop using it and tell your delegation</source>
        <translation>{officer}的笔记本电脑另有一个副本也在使用：其在{room}的签名不再作数。请停止使用，并告知本代表团</translation>
    </message>
    <message>
        <source>A custodian vouches for another identity of {who}: sending is stopped until you decide</source>
        <translation>一个受托方为{who}的另一身份担保：在您作出决定之前，已停止发送</translation>
    </message>
    <message>
        <source>A delegation signed on late to {title}: admit it or not</source>
        <translation>一个代表团逾期联署，请决定是否接纳：{title}</translation>
    </message>
    <message>
        <source>A draft of {officer} on {title} waits for your release</source>
        <translation>{officer}的草稿待您放行：{title}</translation>
    </message>
    <message>
        <source>A laptop was added to your own delegation: everything you send waits until you have looked at it</source>
        <translation>本代表团新增了一台笔记本电脑：在您查看之前，您发送的一切内容都将等待</translation>
    </message>
    <message>
        <source>Acknowledge</source>
        <translation>确认收悉</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>答复</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Commitments</source>
        <translation>承诺</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比对</translation>
    </message>
    <message>
        <source>Compare the safety number with {who}</source>
        <translation>与{who}比对安全号码</translation>
    </message>
    <message>
        <source>Consultation: {title}, {when}</source>
        <translation>磋商：{title}，{when}</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>通讯录</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>决定</translation>
    </message>
    <message numerus="yes">
        <source>Different values stand in %n entries of {register}</source>
        <translation>
            <numerusform>{register}中有 %n 个条目存在不同的值</numerusform>
        </translation>
    </message>
    <message>
        <source>Further dates in {register} that are due: {count}</source>
        <translation>{register}中其他到期日期：{count}</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Last exchange {time}</source>
        <translation>上次交换：{time}</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>No exchange yet</source>
        <translation>尚未交换</translation>
    </message>
    <message>
        <source>No round of pings was made yet</source>
        <translation>尚未进行过联络测试</translation>
    </message>
    <message>
        <source>No way of exchange is set up yet: nothing is sent or received but by courier</source>
        <translation>尚未设置交换方式：只能通过信使收发内容</translation>
    </message>
    <message>
        <source>Not everybody in {room} sees the same members: look at {who}</source>
        <translation>{room}中各方所见的成员不尽相同：请查看{who}</translation>
    </message>
    <message>
        <source>Nothing has been exchanged: no relay is used and no folder is chosen.</source>
        <translation>未曾交换：未使用中继站，也未选择文件夹。</translation>
    </message>
    <message>
        <source>Open one</source>
        <translation>开启一轮</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>阅读</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>登记册</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>审查</translation>
    </message>
    <message>
        <source>Set one up</source>
        <translation>进行设置</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settle</source>
        <translation>裁定</translation>
    </message>
    <message>
        <source>Silence on {title} until {when}: break it if your delegation does not agree</source>
        <translation>默许期至{when}，如本代表团不同意请打破默许：{title}</translation>
    </message>
    <message>
        <source>Something in {place} needs you</source>
        <translation>{place}中有事项需要您处理</translation>
    </message>
    <message>
        <source>Something in {place} needs you: {what}</source>
        <translation>{place}中有事项需要您处理：{what}</translation>
    </message>
    <message>
        <source>Task “{0}” of {1} is due</source>
        <translation>{1}的任务“{0}”已到期</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>案文</translation>
    </message>
    <message numerus="yes">
        <source>The certificate of {officer}&apos;s laptop expires in %n days</source>
        <translation>
            <numerusform>{officer}的笔记本电脑证书将在%n天后过期</numerusform>
        </translation>
    </message>
    <message>
        <source>The certificate of {officer}&apos;s laptop has expired: nothing is sealed for it</source>
        <translation>{officer}的笔记本电脑证书已过期：不再为其密封任何内容</translation>
    </message>
    <message>
        <source>The check of this vault found something wrong</source>
        <translation>对此保险库的检查发现问题</translation>
    </message>
    <message>
        <source>The identity of {who} changed: sending is stopped until you decide</source>
        <translation>{who}的身份已变更：在您作出决定之前，已停止发送</translation>
    </message>
    <message>
        <source>The key file of your delegation still lies beside the vault: move it to a stick</source>
        <translation>本代表团的密钥文件仍在保险库旁：请移到U盘</translation>
    </message>
    <message>
        <source>The laptop of {officer}, {who}, has signed two different things at one place in {room}: what it signs there no longer counts. Ask {who}</source>
        <translation>{officer} ({who}) 的笔记本电脑在{room}的同一位置签署了两项不同内容：其在该处的签名不再作数。请向{who}查问</translation>
    </message>
    <message>
        <source>The last round of pings was on {when}: it is time for another one</source>
        <translation>上一轮联络测试在{when}进行：该进行下一轮了</translation>
    </message>
    <message>
        <source>The oldest since {when}</source>
        <translation>最早的始于{when}</translation>
    </message>
    <message numerus="yes">
        <source>The permission of {who} to write to you ends in %n days and cannot renew by itself</source>
        <translation>
            <numerusform>{who}向您写信的许可将在%n天后终止，且不能自行更新</numerusform>
        </translation>
    </message>
    <message>
        <source>The round {title} is over; not confirmed: {count}</source>
        <translation>轮次{title}已结束；未确认：{count}</translation>
    </message>
    <message>
        <source>The silence on {title} was broken</source>
        <translation>默许已被打破：{title}</translation>
    </message>
    <message>
        <source>The silence on {title} was broken in time by its own word, but heard of only after it ended: decide</source>
        <translation>对方称已及时打破默许，但在期满后才获悉，请决定：{title}</translation>
    </message>
    <message>
        <source>This is an older copy of this laptop&apos;s vault: nothing is lost; connect, and it goes on by itself</source>
        <translation>这是本机保险库的较旧副本：没有任何损失；请连接，随后会自行继续</translation>
    </message>
    <message>
        <source>This laptop was revoked by your delegation: it sends nothing and gets nothing any more</source>
        <translation>本机已被本代表团吊销：不再发送也不再收到任何内容</translation>
    </message>
    <message>
        <source>This vault has not been checked for more than a week</source>
        <translation>此保险库已超过一周未检查</translation>
    </message>
    <message>
        <source>Two copies of the vault of {officer}, {who}, are in use: ask {who}</source>
        <translation>{officer} ({who}) 的保险库有两个副本在使用：请向{who}查问</translation>
    </message>
    <message>
        <source>Valise</source>
        <translation>Valise</translation>
    </message>
    <message>
        <source>Your draft on {title} cannot leave: the paragraph has changed</source>
        <translation>您的草稿因该段已变更而无法发出：{title}</translation>
    </message>
    <message>
        <source>Your draft on {title} was returned</source>
        <translation>您的草稿已被退回：{title}</translation>
    </message>
    <message numerus="yes">
        <source>Your permission to use the relay {host} ends in %n days</source>
        <translation>
            <numerusform>您使用中继站{host}的许可将在%n天后终止</numerusform>
        </translation>
    </message>
    <message>
        <source>Your permission to use the relay {host} has ended: what waits goes another way</source>
        <translation>您使用中继站{host}的许可已终止：待发内容改用其他方式</translation>
    </message>
    <message>
        <source>again within a minute</source>
        <translation>一分钟内再次交换</translation>
    </message>
    <message>
        <source>has received everything</source>
        <translation>已收到全部内容</translation>
    </message>
    <message>
        <source>next {time}</source>
        <translation>下次：{time}</translation>
    </message>
    <message>
        <source>{0} has ended: close it</source>
        <translation>{0}已了结：请予结束</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}</source>
        <translation>{0}在{1}未获答复</translation>
    </message>
    <message>
        <source>{0} is unanswered at {1}: {2} is proposed</source>
        <translation>{0}在{1}未获答复：建议升级至{2}</translation>
    </message>
    <message>
        <source>{0}: offers of help to choose from: {1}</source>
        <translation>{0}：可供选择的援助提议：{1}</translation>
    </message>
    <message>
        <source>{0}: {1} reports an incident; nobody has acknowledged it</source>
        <translation>{0}：{1}通报了一起事件；尚无人确认收悉</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer corrects the entry</source>
        <translation>{contact}，{state}：答复对条目作了更正</translation>
    </message>
    <message>
        <source>{contact}, {state}: the answer says that this is the wrong contact</source>
        <translation>{contact}，{state}：答复称联络人有误</translation>
    </message>
    <message>
        <source>{title} begins {when}</source>
        <translation>将于{when}开始：{title}</translation>
    </message>
    <message>
        <source>{title} goes on; it began {when}</source>
        <translation>正在继续，已于{when}开始：{title}</translation>
    </message>
    <message>
        <source>{title} is open for sign-on</source>
        <translation>已开放联署：{title}</translation>
    </message>
    <message>
        <source>{title} is open for sign-on until {when}</source>
        <translation>开放联署至{when}：{title}</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer</source>
        <translation>{who}请求答复：{title}</translation>
    </message>
    <message>
        <source>{title}: {who} asks for an answer by {when}</source>
        <translation>{who}请求在{when}前答复：{title}</translation>
    </message>
    <message>
        <source>{title}: “{what}” is {when}</source>
        <translation>{title}：“{what}”定于{when}</translation>
    </message>
    <message>
        <source>{title}: “{what}” was {when}</source>
        <translation>{title}：“{what}”原定于{when}</translation>
    </message>
    <message>
        <source>{who} added a laptop: what you send to it waits until you have looked at it</source>
        <translation>{who}新增了一台笔记本电脑：在您查看之前，您发给它的内容将等待</translation>
    </message>
    <message>
        <source>{who} asks you to confirm a point of contact by {when}</source>
        <translation>{who}请您在{when}前确认一个联络人</translation>
    </message>
    <message>
        <source>{who} cannot be reached: what waits is kept</source>
        <translation>无法与{who}联络：待发内容予以保留</translation>
    </message>
    <message>
        <source>{who} wants to compare words with you now</source>
        <translation>{who}现在希望与您比对词语</translation>
    </message>
    <message>
        <source>{who}: {what} What waits is kept</source>
        <translation>{who}：{what}待发内容予以保留</translation>
    </message>
</context>
<context>
    <name>practice</name>
    <message>
        <source>Acknowledge a message</source>
        <translation>确认收悉一条消息</translation>
    </message>
    <message>
        <source>Answer a ping</source>
        <translation>答复联络测试</translation>
    </message>
    <message>
        <source>Borovia asks whether your point of contact is still right. Answer under Contacts. Reading it is no answer.</source>
        <translation>Borovia询问您的联络人是否仍然正确。请在“通讯录”中答复。阅读问题不算答复。</translation>
    </message>
    <message>
        <source>Borovia has sent you a message. Read it and acknowledge it: delivery alone tells nobody that a person has read it.</source>
        <translation>Borovia向您发来一条消息。请阅读并确认收悉：仅凭送达并不能让任何人知道已有人阅读。</translation>
    </message>
    <message>
        <source>Compare the safety number with Borovia</source>
        <translation>与Borovia比对安全号码</translation>
    </message>
    <message>
        <source>Done {when}.</source>
        <translation>{when}完成。</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>尚未完成。</translation>
    </message>
    <message>
        <source>Open Borovia under Contacts and compare the number by eye. In life somebody of Borovia reads the words to you; here they stand below, as Borovia&apos;s own laptop shows them. Say that they match only when every one does.</source>
        <translation>在“通讯录”中打开Borovia并目视比对号码。实际情况下，由Borovia的人员向您朗读词语；此处则显示在下方，与Borovia的笔记本电脑所示相同。只有每个词语都一致时，才可表明一致。</translation>
    </message>
    <message>
        <source>Open a new incident, tick that it is an exercise, fill in what the form asks for and send it to Borovia.</source>
        <translation>打开一个新事件，勾选其为演习，填写表单要求的内容，发送给Borovia。</translation>
    </message>
    <message>
        <source>Open the text of the practice group, choose a paragraph that is still open, change some words and propose them.</source>
        <translation>打开练习小组的案文，选择一个仍然开放的段落，改动若干文字并提出。</translation>
    </message>
    <message>
        <source>Propose an amendment</source>
        <translation>提出修正案</translation>
    </message>
    <message>
        <source>Report an incident, as an exercise</source>
        <translation>以演习方式通报事件</translation>
    </message>
    <message>
        <source>To Borovia</source>
        <translation>前往Borovia</translation>
    </message>
    <message>
        <source>To the contacts</source>
        <translation>前往通讯录</translation>
    </message>
    <message>
        <source>To the incidents</source>
        <translation>前往事件</translation>
    </message>
    <message>
        <source>To the messages</source>
        <translation>前往消息</translation>
    </message>
    <message>
        <source>To the texts</source>
        <translation>前往案文</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n tasks done</source>
        <translation>
            <numerusform>已完成%n项任务中的{0}项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>registers</name>
    <message>
        <source> and {0} more</source>
        <translation>以及另外{0}项</translation>
    </message>
    <message numerus="yes">
        <source>%Ln States</source>
        <translation>
            <numerusform>%Ln个国家</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln行</numerusform>
        </translation>
    </message>
    <message>
        <source>All States</source>
        <translation>所有国家</translation>
    </message>
    <message>
        <source>As stated</source>
        <translation>自述</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Our assessment – internal</source>
        <translation>我方评估——内部</translation>
    </message>
    <message>
        <source>Review due</source>
        <translation>应审查日期</translation>
    </message>
    <message>
        <source>Taken in: {0}.</source>
        <translation>已收入：{0}。</translation>
    </message>
    <message>
        <source>Taken out</source>
        <translation>已移出</translation>
    </message>
    <message>
        <source>That file is not protected any more.</source>
        <translation>该文件不再受保护。</translation>
    </message>
    <message>
        <source>The name is shown so from now on, in this vault alone.</source>
        <translation>此后仅在此保险库中这样显示该名称。</translation>
    </message>
    <message>
        <source>The register {0} is there.</source>
        <translation>登记册{0}已添加。</translation>
    </message>
    <message>
        <source>What a State says of itself, or a fact with its source.</source>
        <translation>一国的自述，或注明来源的事实。</translation>
    </message>
    <message>
        <source>What our delegation thinks. It stays on our own laptops and is in no message and no export of the other side.</source>
        <translation>本代表团的看法。只留在我方自己的笔记本电脑上，不列入任何消息，也不列入另一侧的任何导出。</translation>
    </message>
    <message>
        <source>Written: {0}, to {1}</source>
        <translation>已写入：{0}，位置：{1}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>different values stand</source>
        <translation>有不同值并存</translation>
    </message>
    <message>
        <source>due</source>
        <translation>到期</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>not what the field asks for</source>
        <translation>不符合字段要求</translation>
    </message>
    <message>
        <source>taken out and changed at the same time</source>
        <translation>同时被移出和更改</translation>
    </message>
    <message>
        <source>{0} Differences</source>
        <translation>{0} 差异</translation>
    </message>
    <message>
        <source>{0} Different values stand: {1}</source>
        <translation>{0} 有不同值并存：{1}</translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0}：{1}</translation>
    </message>
</context>
<context>
    <name>rights</name>
    <message>
        <source>admit other laptops</source>
        <translation>接纳其他笔记本电脑</translation>
    </message>
    <message>
        <source>enter commitments</source>
        <translation>录入承诺</translation>
    </message>
    <message>
        <source>hold the pen</source>
        <translation>执笔</translation>
    </message>
    <message>
        <source>propose amendments and state positions</source>
        <translation>提出修正案和表明立场</translation>
    </message>
    <message>
        <source>read</source>
        <translation>阅读</translation>
    </message>
    <message>
        <source>write messages</source>
        <translation>撰写消息</translation>
    </message>
</context>
<context>
    <name>screens</name>
    <message>
        <source>Commitments</source>
        <translation>承诺</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>通讯录</translation>
    </message>
    <message>
        <source>Incidents</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>文库</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>登记册</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Texts</source>
        <translation>案文</translation>
    </message>
</context>
<context>
    <name>security</name>
    <message>
        <source>Backups and travel</source>
        <translation>备份和出行</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>First steps</source>
        <translation>初始步骤</translation>
    </message>
    <message>
        <source>Hygiene</source>
        <translation>日常防护</translation>
    </message>
    <message>
        <source>Keys that move on</source>
        <translation>密钥更换</translation>
    </message>
    <message>
        <source>Our laptops</source>
        <translation>我方笔记本电脑</translation>
    </message>
    <message>
        <source>Unlocking</source>
        <translation>解锁</translation>
    </message>
</context>
<context>
    <name>seeing</name>
    <message>
        <source> (contested)</source>
        <translation>（有争议）</translation>
    </message>
    <message>
        <source> (too late, without effect)</source>
        <translation>（过迟，不产生效力）</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n天</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours</source>
        <translation>
            <numerusform>%n小时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hours longer</source>
        <translation>
            <numerusform>延长%n小时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n readings</source>
        <translation>
            <numerusform>%n种行文</numerusform>
        </translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its other half</source>
        <translation>方括号只有一半，没有配对</translation>
    </message>
    <message>
        <source>A resolution is one sentence. Usually a preambular paragraph ends with a comma, an operative one with a semicolon, and the last with a full stop.</source>
        <translation>决议是一个完整的句子。通常序言部分段落以逗号结束，执行部分段落以分号结束，最后一段以句号结束。</translation>
    </message>
    <message>
        <source>Agreed, but a bracket is still open in it</source>
        <translation>已商定，但其中仍有未决的方括号</translation>
    </message>
    <message>
        <source>Another paragraph has the same number: {0}</source>
        <translation>另一段落编号相同：{0}</translation>
    </message>
    <message>
        <source>Broken by {0}, {1}{2}: {3}</source>
        <translation>由{0}打破，{1}{2}：{3}</translation>
    </message>
    <message>
        <source>Delegations refer to paragraphs by number and would speak of different ones. Usually the later one becomes “bis”, or the next revision numbers anew.</source>
        <translation>各代表团按编号提及段落，这样会各有所指。通常后一段改为“bis”，或在下一修订稿中重新编号。</translation>
    </message>
    <message>
        <source>Geneva</source>
        <translation>日内瓦</translation>
    </message>
    <message>
        <source>It seems to name a person: {0}</source>
        <translation>似乎点名提及某人：{0}</translation>
    </message>
    <message>
        <source>Nairobi</source>
        <translation>内罗毕</translation>
    </message>
    <message>
        <source>New York</source>
        <translation>纽约</translation>
    </message>
    <message>
        <source>Nobody can tell which words are still open. Usually the missing bracket is put where the disputed words begin or end.</source>
        <translation>无法辨别哪些文字仍未决。通常将缺失的方括号补在有争议文字的开头或结尾。</translation>
    </message>
    <message>
        <source>Paragraph without number</source>
        <translation>无编号的段落</translation>
    </message>
    <message>
        <source>Repeating the bare verb reads as if the earlier paragraph had been forgotten. The second time “also” is usual, from the third “further”.</source>
        <translation>单独重复动词，读来似乎忘记了前一段。通常第二次用“also”，第三次起用“further”。</translation>
    </message>
    <message numerus="yes">
        <source>Send %n paragraphs</source>
        <translation>
            <numerusform>发送%n段</numerusform>
        </translation>
    </message>
    <message>
        <source>Singapore</source>
        <translation>新加坡</translation>
    </message>
    <message>
        <source>Texts speak of functions, which outlast those who hold them. Usual are “the Chair”, “the Special Rapporteur” or “the delegation of …”.</source>
        <translation>案文提及的是职务，职务比任职者更持久。通常写作“主席”、“特别报告员”或“……代表团”。</translation>
    </message>
    <message>
        <source>The adverb stands in the wrong place; usual would be “{0}”</source>
        <translation>副词位置不当；通常写作“{0}”</translation>
    </message>
    <message>
        <source>The usual sign at its end is missing</source>
        <translation>缺少通常的段末标点</translation>
    </message>
    <message>
        <source>The verb has opened a paragraph before; usual would be “{0}”</source>
        <translation>此动词此前已用作段落开头；通常写作“{0}”</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message numerus="yes">
        <source>Too long by %n characters.</source>
        <translation>
            <numerusform>超出%n个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>Usually the verb comes first in the preamble (“Recalling also”), and in the operative part the adverb does (“Also requests”). Editors change it anyway, and later than one would like.</source>
        <translation>通常在序言部分动词在前（“Recalling also”），在执行部分副词在前（“Also requests”）。编辑最终也会改正，只是往往比您希望的晚。</translation>
    </message>
    <message>
        <source>Vienna</source>
        <translation>维也纳</translation>
    </message>
    <message>
        <source>What stands in brackets is not agreed, so the two contradict each other. Usually the brackets are decided first, or the paragraph is reopened.</source>
        <translation>方括号内的文字未商定，因此两者相互矛盾。通常先就方括号作出决定，或重新讨论该段。</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>商定（待核准）</translation>
    </message>
    <message>
        <source>also written by the pen itself</source>
        <translation>执笔方自己也写有此文字</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>以及另外%n项</numerusform>
        </translation>
    </message>
    <message>
        <source>became a sponsor of an amendment</source>
        <translation>成为一项修正案的提案国</translation>
    </message>
    <message>
        <source>came into the text</source>
        <translation>进入案文</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>已改动</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>dropped</source>
        <translation>已舍弃</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>来自{0}</translation>
    </message>
    <message>
        <source>here</source>
        <translation>此处</translation>
    </message>
    <message>
        <source>its number became {0}</source>
        <translation>编号改为{0}</translation>
    </message>
    <message>
        <source>moved</source>
        <translation>已移动</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>number: {0}, was {1}</source>
        <translation>编号：{0}，原为{1}</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>proposed: {0}</source>
        <translation>提出：{0}</translation>
    </message>
    <message>
        <source>remarked</source>
        <translation>作了评论</translation>
    </message>
    <message>
        <source>reopened</source>
        <translation>重新讨论</translation>
    </message>
    <message>
        <source>same words</source>
        <translation>文字相同</translation>
    </message>
    <message>
        <source>stands in revision {0}</source>
        <translation>列于修订稿{0}</translation>
    </message>
    <message>
        <source>the pen admitted an amendment</source>
        <translation>执笔方接纳了一项修正案</translation>
    </message>
    <message>
        <source>the pen moved it</source>
        <translation>执笔方移动了该段</translation>
    </message>
    <message>
        <source>the pen on an amendment: {0}</source>
        <translation>执笔方对一项修正案：{0}</translation>
    </message>
    <message>
        <source>the pen set new words</source>
        <translation>执笔方写定新文字</translation>
    </message>
    <message>
        <source>the pen took it out</source>
        <translation>执笔方移出了该段</translation>
    </message>
    <message>
        <source>withdrew from an amendment</source>
        <translation>退出一项修正案</translation>
    </message>
    <message>
        <source>written by the pen itself</source>
        <translation>由执笔方自己所写</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0}小时</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0}小时{1}分</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0}分{1}秒</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n amendments have their answer.</source>
        <translation>
            <numerusform>%n项修正案中有{0}项已有答复。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n paragraphs differ. Struck words are gone, underlined ones are new.</source>
        <translation>
            <numerusform>%n段中有{0}段不同。删除线为已删文字，下划线为新增文字。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n words stand outside brackets: {1} %.</source>
        <translation>
            <numerusform>%n个词中有{0}个在方括号之外：{1}%。</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}, for {1}</source>
        <translation>{0}，关于{1}</translation>
    </message>
    <message>
        <source>{0}, on an amendment</source>
        <translation>{0}，关于一项修正案</translation>
    </message>
    <message>
        <source>{0}, on the paragraph</source>
        <translation>{0}，关于该段</translation>
    </message>
    <message>
        <source>{0}, was {1}</source>
        <translation>{0}，原为{1}</translation>
    </message>
    <message>
        <source>“Also” and “further” refer back to an earlier paragraph with the same verb. Usually the first such paragraph has the verb alone.</source>
        <translation>“Also”和“further”回指此前以同一动词开头的段落。通常第一个此类段落单用动词。</translation>
    </message>
    <message>
        <source>“{0}” although the verb has not opened a paragraph before</source>
        <translation>“{0}”，但此动词此前并未用作段落开头</translation>
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
            <numerusform>有%n行在此没有意义，已略去：可能来自另一版本。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them would protect less than now; they stand first.</source>
        <translation>
            <numerusform>其中%n项的保护程度将低于现在；这些项排在最前。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings were taken from the file.</source>
        <translation>
            <numerusform>已从文件采用%n项设置。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n settings would change. Nothing has changed yet.</source>
        <translation>
            <numerusform>将更改%n项设置。目前尚未作任何更改。</numerusform>
        </translation>
    </message>
    <message>
        <source>A crash leaves no image of the memory behind.</source>
        <translation>程序崩溃时不留下内存映像。</translation>
    </message>
    <message>
        <source>A crash may leave an image of the memory on the disk: turn that off in the system.</source>
        <translation>程序崩溃时可能在磁盘上留下内存映像：请在系统中关闭此功能。</translation>
    </message>
    <message>
        <source>A delegation that shares the exchange folder is then reached through it, until the relay answers again. Not for a delegation for which you chose a way yourself.</source>
        <translation>此时通过交换文件夹与共享该文件夹的代表团联络，直至中继站恢复应答。不适用于您已自行选定方式的代表团。</translation>
    </message>
    <message>
        <source>A notification says how many items came, at most once a minute, and nothing else: no name, no word.</source>
        <translation>通知只说明到达了几项，每分钟最多一次，别无其他：没有名称，没有文字。</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As on this computer</source>
        <translation>与本计算机相同</translation>
    </message>
    <message>
        <source>Clocks of the talks</source>
        <translation>会谈时钟</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Empty the clipboard after</source>
        <translation>清空剪贴板前等待</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Español</source>
        <translation>Español</translation>
    </message>
    <message>
        <source>Exchange</source>
        <translation>交换</translation>
    </message>
    <message>
        <source>Exchange every</source>
        <translation>交换间隔</translation>
    </message>
    <message>
        <source>Exchange folder</source>
        <translation>交换文件夹</translation>
    </message>
    <message>
        <source>Français</source>
        <translation>Français</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Hours after which you are reminded that nobody answered. 0 = as agreed in each case.</source>
        <translation>达到此小时数后提醒您无人答复。0 = 按个案商定。</translation>
    </message>
    <message>
        <source>Hours without an answer after which T2 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>无答复的小时数，期满后向您建议T2。不会自行发送任何内容。0 = 不作建议。</translation>
    </message>
    <message>
        <source>Hours without an answer after which T3 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.</source>
        <translation>无答复的小时数，期满后向您建议T3。不会自行发送任何内容。0 = 不作建议。</translation>
    </message>
    <message>
        <source>How long a replaced key is kept for envelopes still under way. Somebody who takes this laptop and opens the vault within that time can also open what was sent to the replaced key.</source>
        <translation>为尚在途中的信封保留已更换密钥的时长。在此期间取得本机并打开保险库者，还能打开以已更换密钥密封发来的内容。</translation>
    </message>
    <message>
        <source>How often the ways of exchange are looked at. A relay says by itself when something has come.</source>
        <translation>查看各交换方式的频率。有内容到达时，中继站会自行告知。</translation>
    </message>
    <message>
        <source>Incidents: wait at T0 (routine)</source>
        <translation>事件：在T0（例行）的等待时间</translation>
    </message>
    <message>
        <source>Incidents: wait at T1 (technical to technical)</source>
        <translation>事件：在T1（技术对技术）的等待时间</translation>
    </message>
    <message>
        <source>Incidents: wait at T2 (diplomatic to diplomatic)</source>
        <translation>事件：在T2（外交对外交）的等待时间</translation>
    </message>
    <message>
        <source>Incidents: wait at T3 (policy level)</source>
        <translation>事件：在T3（政策层级）的等待时间</translation>
    </message>
    <message>
        <source>It is newer than the version that runs, {0}.</source>
        <translation>它比正在运行的版本 {0} 新。</translation>
    </message>
    <message>
        <source>It is older than the version that runs, {0}. Going back brings back faults that are mended since.</source>
        <translation>它比正在运行的版本 {0} 旧。退回会使此后已修复的缺陷重新出现。</translation>
    </message>
    <message>
        <source>It is the version that runs.</source>
        <translation>它就是正在运行的版本。</translation>
    </message>
    <message>
        <source>Keep old keys, by courier</source>
        <translation>保留旧密钥（经信使）</translation>
    </message>
    <message>
        <source>Keep old keys, connected</source>
        <translation>保留旧密钥（已连接）</translation>
    </message>
    <message>
        <source>Keep windows out of screenshots</source>
        <translation>不将窗口列入截图</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Letters, signs and buttons grow together, up to twice their size; what no longer fits can be scrolled. It holds from the next time you unlock.</source>
        <translation>文字、图标和按钮一同放大，最大为原来的两倍；容纳不下的内容可以滚动查看。自您下次解锁起生效。</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Light or dark</source>
        <translation>浅色或深色</translation>
    </message>
    <message>
        <source>Lock after</source>
        <translation>锁定前等待</translation>
    </message>
    <message>
        <source>Locking</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Movement</source>
        <translation>动态效果</translation>
    </message>
    <message>
        <source>Nothing in the window moves by itself: menus open at once, and what takes long says so without moving.</source>
        <translation>窗口中没有任何内容会自行移动：菜单立即打开，耗时较长的操作会予以说明，但不显示动态。</translation>
    </message>
    <message>
        <source>Nothing moves</source>
        <translation>一律不动</translation>
    </message>
    <message>
        <source>Other programs of your account cannot read the memory of Valise.</source>
        <translation>您账户下的其他程序不能读取Valise的内存。</translation>
    </message>
    <message>
        <source>Other programs of your account could read the memory of Valise: install only what you trust.</source>
        <translation>您账户下的其他程序可能读取Valise的内存：请只安装您信任的程序。</translation>
    </message>
    <message>
        <source>Proxy to the relay</source>
        <translation>通往中继站的代理服务器</translation>
    </message>
    <message>
        <source>Release files of Valise ({0})</source>
        <translation>Valise 发布文件（{0}）</translation>
    </message>
    <message>
        <source>Send again after</source>
        <translation>重新发送前等待</translation>
    </message>
    <message>
        <source>Show the public name when locked</source>
        <translation>锁定时显示公开名称</translation>
    </message>
    <message>
        <source>Size of everything</source>
        <translation>整体大小</translation>
    </message>
    <message>
        <source>Stop until I decide</source>
        <translation>停止，直至我作出决定</translation>
    </message>
    <message>
        <source>Tell me and go on</source>
        <translation>告知我并继续</translation>
    </message>
    <message>
        <source>Tell the desktop when something came</source>
        <translation>有内容到达时通知桌面</translation>
    </message>
    <message>
        <source>The colours of the window. Both can be read by those who see contrasts poorly.</source>
        <translation>窗口的颜色。两种颜色均可供不易辨别对比度的人阅读。</translation>
    </message>
    <message>
        <source>The language of the window. Texts and messages stay as they were written.</source>
        <translation>窗口的语言。案文和消息保持原文。</translation>
    </message>
    <message>
        <source>The same for delegations reached by courier: longer than the longest way of a stick.</source>
        <translation>同样适用于通过信使联络的代表团：须长于U盘最长的途中时间。</translation>
    </message>
    <message>
        <source>The shared folder through which sealed envelopes travel. Whoever can open it sees sizes and times, never a name or a word.</source>
        <translation>传送密封信封的共享文件夹。能打开它的任何人都会看到大小和时间，但绝看不到名称或文字。</translation>
    </message>
    <message>
        <source>The system decides who may read what Valise writes: keep this account to yourself.</source>
        <translation>由系统决定谁可读取Valise写出的内容：请勿与他人共用此账户。</translation>
    </message>
    <message>
        <source>The unlock page shows the name you made public. Anybody who sees the screen can read it.</source>
        <translation>解锁页显示您公开的名称。看到屏幕的任何人都能读到。</translation>
    </message>
    <message>
        <source>The vault locks after this long without a key or the mouse. It also locks when the computer sleeps.</source>
        <translation>无按键或鼠标操作达到此时长后，保险库锁定。计算机进入睡眠时也会锁定。</translation>
    </message>
    <message>
        <source>Time zones in which a deadline is also shown, separated by commas, for example Asia/Singapore. UTC and the time of this computer are always there.</source>
        <translation>截止时间另行显示的时区，以逗号分隔，例如Asia/Singapore。UTC和本计算机的时间始终显示。</translation>
    </message>
    <message>
        <source>Use the folder when the relay cannot be reached</source>
        <translation>无法连接中继站时使用文件夹</translation>
    </message>
    <message>
        <source>What Valise writes can be read by your account only.</source>
        <translation>Valise写出的内容只有您的账户可以读取。</translation>
    </message>
    <message>
        <source>What a recipient has not confirmed after this long is sent once more, and then less and less often.</source>
        <translation>接收方在此时长之后仍未确认的内容会再发送一次，此后发送间隔逐渐拉长。</translation>
    </message>
    <message>
        <source>What was copied from here is removed from the clipboard after this long, and when the vault locks.</source>
        <translation>从此处复制的内容在此时长之后以及保险库锁定时从剪贴板移除。</translation>
    </message>
    <message>
        <source>When a delegation adds a laptop</source>
        <translation>代表团新增笔记本电脑时</translation>
    </message>
    <message>
        <source>Where the system can leave windows out of screenshots and recordings, it is asked to. This device, below, says what holds here.</source>
        <translation>在系统能够不将窗口列入截图和录屏时，程序会向其提出请求。下方的“本设备”说明此处的实际情况。</translation>
    </message>
    <message>
        <source>Where this network lets nothing out but a proxy: http://host:port, or http://name:password@host:port. It is kept in the vault only, and the password is not shown again. The proxy sees which relay is used, never what is sent.</source>
        <translation>用于此网络只允许经代理服务器外连的情况：http://host:port，或http://name:password@host:port。仅保存在保险库中，密码不再显示。代理服务器能看到使用哪个中继站，绝看不到所发送的内容。</translation>
    </message>
    <message>
        <source>Whoever holds a delegation&apos;s key can admit a laptop that then reads what is sent to it. Nothing more is sent to that delegation, or from ours when the laptop is our own, until somebody here has looked at it.</source>
        <translation>持有代表团密钥者可以接纳一台笔记本电脑，该电脑随后即可读到发给该代表团的内容。在本方有人查看之前，不再向该代表团发送任何内容；如新增的是我方自己的笔记本电脑，则我方不再发送任何内容。</translation>
    </message>
    <message>
        <source>Working days without an answer after which the next channel is proposed to you. 0 = nothing is proposed.</source>
        <translation>无答复的工作日数，期满后向您建议下一渠道。0 = 不作建议。</translation>
    </message>
    <message>
        <source>days</source>
        <translation>天</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开启</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
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
            <numerusform>全部%n份份额均正确</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Share {0} of {1} is right. %n more.</source>
        <translation>
            <numerusform>第{0}份（共{1}份）正确。还需%n份。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>steps</name>
    <message>
        <source>A laptop can be lost or break. A backup on a stick, kept apart from it, brings back what you wrote and received.</source>
        <translation>笔记本电脑可能丢失或损坏。存于U盘并与之分开保管的备份，可找回您所写和所收到的内容。</translation>
    </message>
    <message>
        <source>Back up…</source>
        <translation>备份…</translation>
    </message>
    <message>
        <source>Done.</source>
        <translation>已完成。</translation>
    </message>
    <message>
        <source>It says which laptops belong to your delegation. While it lies beside the vault, whoever takes this laptop takes both; only its passphrase is then in the way.</source>
        <translation>它说明哪些笔记本电脑属于本代表团。它在保险库旁时，取走本机者即同时取走两者；届时只有其密码短语可作阻挡。</translation>
    </message>
    <message>
        <source>Made, and never rehearsed: only a rehearsal shows that the paper is right.</source>
        <translation>已制作，从未演练：只有演练才能表明纸上内容正确。</translation>
    </message>
    <message>
        <source>Make a backup</source>
        <translation>制作备份</translation>
    </message>
    <message>
        <source>Make recovery shares of the delegation</source>
        <translation>制作代表团的恢复份额</translation>
    </message>
    <message>
        <source>Make recovery shares of this vault</source>
        <translation>制作此保险库的恢复份额</translation>
    </message>
    <message>
        <source>Make shares…</source>
        <translation>制作份额…</translation>
    </message>
    <message>
        <source>Move it…</source>
        <translation>移走…</translation>
    </message>
    <message>
        <source>Move the key file to a stick</source>
        <translation>将密钥文件移到U盘</translation>
    </message>
    <message>
        <source>Not done yet.</source>
        <translation>尚未完成。</translation>
    </message>
    <message>
        <source>Rehearse…</source>
        <translation>演练…</translation>
    </message>
    <message>
        <source>Words on paper for several people. Some of them together open this vault when the passphrase is forgotten. Without them nobody can.</source>
        <translation>写在纸上、交由数人保管的词语。忘记密码短语时，其中若干人合在一起可打开此保险库。没有恢复份额，任何人都做不到。</translation>
    </message>
    <message>
        <source>Words on paper that give the delegation&apos;s key back when the key file or its passphrase is lost. Without it no laptop can be admitted or revoked.</source>
        <translation>写在纸上的词语，密钥文件或其密码短语丢失时可恢复代表团的密钥。没有该密钥，就不能接纳或吊销任何笔记本电脑。</translation>
    </message>
</context>
<context>
    <name>texts</name>
    <message numerus="yes">
        <source>%n amendments</source>
        <translation>
            <numerusform>%n项修正案</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets</source>
        <translation>
            <numerusform>%n处方括号</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n brackets are still open in it.</source>
        <translation>
            <numerusform>其中仍有%n处未决的方括号。</numerusform>
        </translation>
    </message>
    <message>
        <source>A PDF does not keep the order of right-to-left words: read closely where Latin words or figures stand.</source>
        <translation>PDF不保留从右至左文字的次序：遇有拉丁文字或数字之处，请仔细阅读。</translation>
    </message>
    <message>
        <source>A bracket is opened or closed without its partner.</source>
        <translation>有方括号未配对。</translation>
    </message>
    <message>
        <source>A field has no end; all its letters were kept.</source>
        <translation>有一个字段没有结尾；其所有字符均予保留。</translation>
    </message>
    <message>
        <source>A marked change could not be placed at the words it is about.</source>
        <translation>有一项带标记的更改无法对应其所涉文字。</translation>
    </message>
    <message>
        <source>A number stands at two paragraphs.</source>
        <translation>有一个编号出现在两个段落。</translation>
    </message>
    <message>
        <source>A paragraph cut in two is proposed as a deletion and a new paragraph.</source>
        <translation>一分为二的段落作为一项删除和一个新段落提出。</translation>
    </message>
    <message>
        <source>A reference to a note was left out.</source>
        <translation>已略去一处注释引用。</translation>
    </message>
    <message>
        <source>Addresses behind words were left out, the words kept. None was followed.</source>
        <translation>已略去文字所附的地址，保留文字。未访问任何地址。</translation>
    </message>
    <message>
        <source>Agreed at the table, subject to confirmation by capitals; not reopened meanwhile.</source>
        <translation>在谈判桌上商定，待各国国内核准；在此期间不重新讨论。</translation>
    </message>
    <message>
        <source>Broken lines were joined into paragraphs.</source>
        <translation>已将断行合并为段落。</translation>
    </message>
    <message>
        <source>Changes by others inside words that were moved or joined were left out.</source>
        <translation>他方在已移动或合并的文字中所作的更改已略去。</translation>
    </message>
    <message>
        <source>Characters that reverse the order of reading were found: read closely.</source>
        <translation>发现了会颠倒阅读次序的字符：请仔细阅读。</translation>
    </message>
    <message>
        <source>Elements that are not known were read as plain paragraphs.</source>
        <translation>未知的元素读取为普通段落。</translation>
    </message>
    <message>
        <source>Embedded objects were left out and not opened.</source>
        <translation>已略去嵌入的对象，未予打开。</translation>
    </message>
    <message>
        <source>Endnotes were kept as remarks.</source>
        <translation>尾注保留为评论。</translation>
    </message>
    <message>
        <source>Fallback</source>
        <translation>备用方案</translation>
    </message>
    <message>
        <source>Fields were read as the result they show.</source>
        <translation>字段按其显示的结果读取。</translation>
    </message>
    <message>
        <source>Footnotes were kept as remarks.</source>
        <translation>脚注保留为评论。</translation>
    </message>
    <message>
        <source>Forms and their fields were left out.</source>
        <translation>已略去表单及其字段。</translation>
    </message>
    <message>
        <source>Formulas were left out.</source>
        <translation>已略去公式。</translation>
    </message>
    <message>
        <source>Formulas were read by their letters; their shape is lost.</source>
        <translation>公式按其字符读取；形式已丢失。</translation>
    </message>
    <message>
        <source>Go along</source>
        <translation>可以接受</translation>
    </message>
    <message>
        <source>Headers and footers were left out.</source>
        <translation>已略去页眉和页脚。</translation>
    </message>
    <message>
        <source>Hidden control characters were taken out.</source>
        <translation>已移出隐藏的控制字符。</translation>
    </message>
    <message>
        <source>Hidden words were left out.</source>
        <translation>已略去隐藏的文字。</translation>
    </message>
    <message>
        <source>Instruction</source>
        <translation>指示</translation>
    </message>
    <message>
        <source>It belongs to a continuation that was not the one taken.</source>
        <translation>它属于未获采用的后续文字。</translation>
    </message>
    <message>
        <source>It came after its computer was taken out of the talks.</source>
        <translation>它在其计算机被移出会谈之后到达。</translation>
    </message>
    <message>
        <source>It is without effect by the rules of the text.</source>
        <translation>按案文的规则不产生效力。</translation>
    </message>
    <message>
        <source>It refers to a paragraph that is not in the text.</source>
        <translation>其所指的段落不在案文中。</translation>
    </message>
    <message>
        <source>It refers to a version of the paragraph that never stood.</source>
        <translation>其所指的该段版本从未存在。</translation>
    </message>
    <message>
        <source>It refers to an amendment that is not in the text.</source>
        <translation>其所指的修正案不在案文中。</translation>
    </message>
    <message>
        <source>It refers to something that is not in the text.</source>
        <translation>其所指的内容不在案文中。</translation>
    </message>
    <message>
        <source>It would change nothing.</source>
        <translation>不会带来任何变化。</translation>
    </message>
    <message>
        <source>Its computer did not hold the pen.</source>
        <translation>其计算机未持有执笔权。</translation>
    </message>
    <message>
        <source>Its computer signed two different histories.</source>
        <translation>其计算机签署了两份不同的历史记录。</translation>
    </message>
    <message>
        <source>Its paragraph was agreed at that time.</source>
        <translation>其段落当时已商定。</translation>
    </message>
    <message>
        <source>Its place in the new words could not be found.</source>
        <translation>未能找到其在新文字中的位置。</translation>
    </message>
    <message>
        <source>Lines were joined into paragraphs: look where one begins.</source>
        <translation>已将各行合并为段落：请查看段落的起点。</translation>
    </message>
    <message>
        <source>Marks for right-to-left words were kept.</source>
        <translation>已保留从右至左文字的标记。</translation>
    </message>
    <message>
        <source>Menus of the page were left out.</source>
        <translation>已略去网页的菜单。</translation>
    </message>
    <message>
        <source>No numbered paragraphs were recognised.</source>
        <translation>未识别出带编号的段落。</translation>
    </message>
    <message>
        <source>No title was found: give one.</source>
        <translation>未找到标题：请写上标题。</translation>
    </message>
    <message>
        <source>Not reopened without the chair&apos;s consent.</source>
        <translation>未经主席同意不重新讨论。</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Numbers were given to paragraphs that had none.</source>
        <translation>已为没有编号的段落编号。</translation>
    </message>
    <message>
        <source>Of the page the words were read; its look, tables and marks are lost.</source>
        <translation>已读取网页的文字；其外观、表格和标记已丢失。</translation>
    </message>
    <message>
        <source>Of the pages the words were read; their look, tables and strokes are lost.</source>
        <translation>已读取各页的文字；其外观、表格和线条已丢失。</translation>
    </message>
    <message>
        <source>Oppose</source>
        <translation>反对</translation>
    </message>
    <message>
        <source>Page breaks were left out.</source>
        <translation>已略去分页符。</translation>
    </message>
    <message>
        <source>Page numbers and lines repeated on the pages were left out.</source>
        <translation>已略去页码和各页重复的行。</translation>
    </message>
    <message>
        <source>Parts that come from other documents were left out.</source>
        <translation>已略去来自其他文档的部分。</translation>
    </message>
    <message>
        <source>Pictures were left out, with any words in them.</source>
        <translation>已略去图片及其中的任何文字。</translation>
    </message>
    <message>
        <source>Pictures were left out.</source>
        <translation>已略去图片。</translation>
    </message>
    <message numerus="yes">
        <source>Proposes %n changes:</source>
        <translation>
            <numerusform>提出%n项更改：</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading guides above characters were left out.</source>
        <translation>已略去字符上方的注音。</translation>
    </message>
    <message>
        <source>Red line</source>
        <translation>底线</translation>
    </message>
    <message numerus="yes">
        <source>Released: %n proposals leave with the next exchange.</source>
        <translation>
            <numerusform>已放行：%n项提案随下次交换发出。</numerusform>
        </translation>
    </message>
    <message>
        <source>Reserve</source>
        <translation>持保留</translation>
    </message>
    <message>
        <source>Set aside until later.</source>
        <translation>搁置待议。</translation>
    </message>
    <message>
        <source>Signs of a symbol font that have no letter were left out.</source>
        <translation>已略去符号字体中没有对应字符的符号。</translation>
    </message>
    <message numerus="yes">
        <source>Since you last looked: %n paragraphs changed or spoken to, by {0}.</source>
        <translation>
            <numerusform>您上次查看以来：有%n段改动或有人表态，来自{0}。</numerusform>
        </translation>
    </message>
    <message>
        <source>Some comments stand at no words.</source>
        <translation>有些批注未对应任何文字。</translation>
    </message>
    <message>
        <source>Some pages are pictures: nothing of them was read.</source>
        <translation>有些页面是图像：未从中读取任何内容。</translation>
    </message>
    <message>
        <source>Some paragraphs carry no number.</source>
        <translation>有些段落没有编号。</translation>
    </message>
    <message>
        <source>Something in the document was read differently than it was written: read closely.</source>
        <translation>文档中有内容读取后与所写不同：请仔细阅读。</translation>
    </message>
    <message>
        <source>Support</source>
        <translation>支持</translation>
    </message>
    <message>
        <source>Tables were read cell by cell as paragraphs.</source>
        <translation>表格逐格读取为段落。</translation>
    </message>
    <message>
        <source>Tables were read row by row as paragraphs.</source>
        <translation>表格逐行读取为段落。</translation>
    </message>
    <message>
        <source>Text boxes were read as paragraphs.</source>
        <translation>文本框读取为段落。</translation>
    </message>
    <message>
        <source>The document holds macros. They were not read.</source>
        <translation>文档含有宏。未予读取。</translation>
    </message>
    <message>
        <source>The document refers to files or addresses elsewhere. None was followed.</source>
        <translation>文档引用了别处的文件或地址。均未访问。</translation>
    </message>
    <message>
        <source>The file names another language than its words are in.</source>
        <translation>文件所标语言与其文字的语言不同。</translation>
    </message>
    <message>
        <source>The language was not recognised: choose it.</source>
        <translation>未识别出语言：请予选择。</translation>
    </message>
    <message>
        <source>The numbering of its computer&apos;s entries is broken.</source>
        <translation>其计算机的条目编号中断。</translation>
    </message>
    <message>
        <source>The page holds scripts. They were not read and did not run.</source>
        <translation>网页含有脚本。未予读取，也未运行。</translation>
    </message>
    <message>
        <source>The page refers to pages or files elsewhere. None was fetched.</source>
        <translation>网页引用了别处的网页或文件。均未取回。</translation>
    </message>
    <message>
        <source>The pen carried this over to another place than this computer would have. Read both again.</source>
        <translation>执笔方将此项转入的位置与本计算机所选的不同。请重新阅读两者。</translation>
    </message>
    <message>
        <source>The words it quotes are not those of the text.</source>
        <translation>其引用的文字不是案文的文字。</translation>
    </message>
    <message>
        <source>This paragraph</source>
        <translation>此段</translation>
    </message>
    <message>
        <source>This text is frozen: nobody can write on.</source>
        <translation>此案文已冻结：任何一方都不能继续撰写。</translation>
    </message>
    <message>
        <source>This text is frozen: the computer that holds the pen signed two different histories.</source>
        <translation>此案文已冻结：持有执笔权的计算机签署了两份不同的历史记录。</translation>
    </message>
    <message>
        <source>This text is frozen: the delegations recovered the pen in two different ways.</source>
        <translation>此案文已冻结：各代表团以两种不同方式恢复了执笔权。</translation>
    </message>
    <message>
        <source>This text is frozen: the pen wrote two different continuations.</source>
        <translation>此案文已冻结：执笔方写出了两份不同的后续文字。</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Tracked changes inside notes, headers or comments were left out.</source>
        <translation>已略去注释、页眉或批注中的修订标记。</translation>
    </message>
    <message>
        <source>Tracked changes of look alone were left out.</source>
        <translation>已略去仅涉及外观的修订标记。</translation>
    </message>
    <message>
        <source>Tracked changes of numbers or statuses were left out.</source>
        <translation>编号或状态的修订标记已略去。</translation>
    </message>
    <message>
        <source>Tracked rows or cells of tables were read as changes of their words.</source>
        <translation>表格中带修订标记的行或单元格按文字更改读取。</translation>
    </message>
    <message>
        <source>Two paragraphs made one are proposed as new words and a deletion.</source>
        <translation>合二为一的段落作为新文字和一项删除提出。</translation>
    </message>
    <message>
        <source>Under negotiation.</source>
        <translation>正在谈判。</translation>
    </message>
    <message>
        <source>Words divided at the end of a line were joined: look at their hyphens.</source>
        <translation>行末断开的词已合并：请查看其连字符。</translation>
    </message>
    <message>
        <source>Words in parts that are not known here were left out or read plainly.</source>
        <translation>未知部分中的文字已略去或按普通文字读取。</translation>
    </message>
    <message>
        <source>Words inserted and struck by the same author were left out.</source>
        <translation>同一作者插入又删去的文字已略去。</translation>
    </message>
    <message>
        <source>Words marked as inserted or struck were kept in the text, without who marked them.</source>
        <translation>标为插入或删去的文字保留在案文中，不含标记者。</translation>
    </message>
    <message>
        <source>Words moved inside paragraphs are proposed as deletions and insertions.</source>
        <translation>段落内移动的文字作为删除和增添提出。</translation>
    </message>
    <message>
        <source>Words that one inserted and another struck were kept as remarks.</source>
        <translation>一方插入、另一方删去的文字保留为评论。</translation>
    </message>
    <message>
        <source>agreed ad ref</source>
        <translation>商定（待核准）</translation>
    </message>
    <message>
        <source>alternative to the paragraph</source>
        <translation>该段的备选案文</translation>
    </message>
    <message>
        <source>came after the paragraph was agreed; the pen decides whether to admit it</source>
        <translation>在该段商定之后到达；由执笔方决定是否接纳</translation>
    </message>
    <message>
        <source>can go along</source>
        <translation>可以接受</translation>
    </message>
    <message>
        <source>cannot leave: the paragraph has changed since it was written</source>
        <translation>无法发出：写成之后该段已有变动</translation>
    </message>
    <message>
        <source>change of title</source>
        <translation>更改标题</translation>
    </message>
    <message>
        <source>change of words</source>
        <translation>更改文字</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>contested: the pen decides whether the silence was broken in time</source>
        <translation>有争议：由执笔方决定默许是否及时打破</translation>
    </message>
    <message>
        <source>delete the paragraph</source>
        <translation>删除该段</translation>
    </message>
    <message>
        <source>its paragraph is no longer in the text</source>
        <translation>其段落已不在案文中</translation>
    </message>
    <message>
        <source>kept as an alternative</source>
        <translation>保留为备选</translation>
    </message>
    <message>
        <source>move the paragraph</source>
        <translation>移动该段</translation>
    </message>
    <message>
        <source>new paragraph</source>
        <translation>新段落</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>无立场</translation>
    </message>
    <message>
        <source>not taken</source>
        <translation>未采纳</translation>
    </message>
    <message>
        <source>open</source>
        <translation>开放</translation>
    </message>
    <message>
        <source>open, carried over to the new words by the pen</source>
        <translation>开放，由执笔方转入新文字</translation>
    </message>
    <message>
        <source>opposes</source>
        <translation>反对</translation>
    </message>
    <message>
        <source>parked</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>proposes</source>
        <translation>提出</translation>
    </message>
    <message>
        <source>released</source>
        <translation>已放行</translation>
    </message>
    <message>
        <source>replaced by a later proposal</source>
        <translation>由较晚的提案取代</translation>
    </message>
    <message>
        <source>reserves</source>
        <translation>持保留</translation>
    </message>
    <message>
        <source>returned</source>
        <translation>已退回</translation>
    </message>
    <message>
        <source>scrutiny reservation</source>
        <translation>审查保留</translation>
    </message>
    <message>
        <source>silence broken: it is not agreed</source>
        <translation>默许已被打破：未商定</translation>
    </message>
    <message>
        <source>silence kept: it stands as agreed</source>
        <translation>默许未被打破：视为商定</translation>
    </message>
    <message>
        <source>supports</source>
        <translation>支持</translation>
    </message>
    <message>
        <source>taken back</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>taken into the text</source>
        <translation>已采纳入案文</translation>
    </message>
    <message>
        <source>taken with changes</source>
        <translation>修改后采纳</translation>
    </message>
    <message>
        <source>under silence</source>
        <translation>适用默许程序</translation>
    </message>
    <message>
        <source>waits for release by a second officer</source>
        <translation>等待第二名官员放行</translation>
    </message>
    <message>
        <source>withdrawn by its sponsor</source>
        <translation>由其提案国撤回</translation>
    </message>
    <message>
        <source>without effect</source>
        <translation>不产生效力</translation>
    </message>
    <message>
        <source>written for earlier words; the pen decides whether to admit it</source>
        <translation>针对先前文字而写；由执笔方决定是否接纳</translation>
    </message>
    <message numerus="yes">
        <source>{0} of %n delegations decide; no clock does. What you say here is signed and stays.</source>
        <translation>
            <numerusform>由%n个代表团中的{0}个决定；与任何时钟无关。您在此的表态经签名并予保留。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more paragraphs</source>
        <translation>
            <numerusform>…以及另外%n段</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>times</name>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>{day}, {clock}</source>
        <translation>{day} {clock}</translation>
    </message>
</context>
<context>
    <name>trust</name>
    <message>
        <source>identity changed</source>
        <translation>身份已变更</translation>
    </message>
    <message>
        <source>not verified yet</source>
        <translation>尚未核验</translation>
    </message>
    <message>
        <source>our own</source>
        <translation>我方自己的</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>verified in person</source>
        <translation>已当面核验</translation>
    </message>
    <message>
        <source>vouched for</source>
        <translation>已获担保</translation>
    </message>
</context>
<context>
    <name>unlock</name>
    <message numerus="yes">
        <source>%n rows were rescued, {lost} lost.</source>
        <translation>
            <numerusform>已抢救%n行，丢失{lost}行。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rows were rescued; how many were lost cannot be told.</source>
        <translation>
            <numerusform>已抢救%n行；丢失多少无法得知。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything that was there verifies: %n rows were rescued.</source>
        <translation>
            <numerusform>原有内容全部通过验证：已抢救%n行。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets</name>
    <message numerus="yes">
        <source>{0}, %n need you</source>
        <translation>
            <numerusform>{0}，%n项需要您处理</numerusform>
        </translation>
    </message>
</context>
</TS>
