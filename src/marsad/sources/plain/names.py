"""What columns are called: for each field the names in use, folded, the most telling first.

From the headers of twarc (v1 and v2, CSV), the X/Twitter API, 4CAT, DMI-TCAT, TAGS, rtweet,
snscrape, Twint, CooRTweet, the coordination network toolkit, the FiveThirtyEight and the platform's
own releases of state-run accounts, CrowdTangle, Meta Content Library, Telethon, YouTube Data Tools,
the TikTok Research API, VK, Brandwatch, Meltwater, Talkwalker and Mastodon; and plain words in
English, Arabic, French, German, Spanish and some others. Names are folded by
`marsad.sources.plain.columns.fold`: ``Tweet-ID`` is ``tweetid``.
The order within a field decides between two columns that would both do.

What says where somebody is (`PLACES`) is never read.
"""

from __future__ import annotations

from collections.abc import Mapping

from marsad.sources.plain.columns import fold


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(word) for word in text.split()))


def _table(**fields: str) -> Mapping[str, tuple[str, ...]]:
    return {field: _names(names) for field, names in fields.items()}


PLACES = frozenset(
    _names(
        "geo coordinates place location region country countrycode city state_province latitude "
        "longitude lat lng lon near userlocation authorlocation accountlocation "
        "userreportedlocation userprofilelocation locationcreated subregion continent province "
        "timezone usertimezone utcoffset place_id placefullname placecountry fromuserutcoffset "
        "fromusertimezone withheldincountries geocoordinates geoplaceid geoloc latlong zipcode "
        "المكان الموقع البلد الدولة المدينة المنطقة lieu pays ville ort land stadt lugar pais "
        "ciudad"
    )
)

WHO = tuple(
    sorted(
        _names(
            "user author account from fromuser sender poster owner postowner creator channel "
            "profile actor page influencer member tweetuser tweetauthor statususer publisher "
            "authormeta channelmeta userinfo extraauthorattributes"
        ),
        key=len,
        reverse=True,
    )
)
"""Words before a field of the account: ``user_followers_count``, ``author.name``; longest first."""

WRAPPINGS = frozenset(
    _names(
        "tweet status post data record attributes node legacy message value item note fields "
        "source hit result results content payload object toot twarc snippet video comment "
        "publicmetrics statistics stats metrics engagement counts entities commit core "
        "userresults tweetresults edge media_node nonpublicmetrics public"
    )
)
"""Objects that wrap the fields of a post or account and say nothing themselves."""

OTHERS = frozenset(
    _names(
        "retweetedstatus quotedstatus retweetedtweet quotedtweet referencedtweets reblog quote "
        "retweet quoted retweeted repliedto inreplytouser inreplytotweet originaltweet parent root "
        "attachments video_info"
    )
)
"""Objects that are about another post: what is inside is never a field of this one by its last
name alone."""

GENERIC_ACCOUNT = _names(
    "account user author username_or_id creator poster sender from owner actor who by postedby "
    "verfasser absender expediteur remitente mittente "
    "publisher influencer source_user nutzer benutzer konto autor autore auteur utilisateur compte "
    "usuario cuenta kullanici пользователь автор аккаунт الحساب المستخدم الكاتب الناشر صاحب_الحساب "
    "حساب مستخدم کاربر نویسنده utente conta pengguna akun"
)
"""Names that say it is the account without saying how: an id or a handle, as the values look."""

_ACCOUNT_ID = (
    "authorid userid accountid useridstr authoridstr accountidstr fromuserid fromuseridstr "
    "externalauthorid twitterauthorid authorchannelid senderid fromid posterid ownerid postownerid "
    "creatorid "
    "channelid actorid profileid pageid facebookid did authordid uid accounturi authoruri "
    "authorurl "
    "accounturl userurl authorchannelurl channelurl peerid memberid idauthor iduser "
    "idutilisateur autorid nutzerid benutzerid idusuario usuarioid معرف_الحساب معرف_المستخدم "
    "رقم_الحساب رقم_المستخدم"
)
_HANDLE = (
    "screenname userscreenname fromuserscreenname authorscreenname twitterhandle handle userhandle "
    "authorhandle accounthandle acct accountacct authoracct useracct authorusername "
    "accountusername "
    "fromusername channelusername userusername uniqueid authoruniqueid username login "
    "twitterscreenname fromuser "
    "nickname nick pseudo nomutilisateur nomdutilisateur benutzername nutzername nombredeusuario "
    "nomeutente kullaniciadi kullanicadi اسم_المستخدم المعرف_النصي اسم_الحساب یوزرنیم نام_کاربری"
)
_NAME = (
    "displayname userdisplayname authordisplayname accountdisplayname fullname authorfullname "
    "authorfull realname fromuserrealname authorname accountname sendername usertitle pagename "
    "channelname chattitle name username anzeigename nomaffiche nombre nom الاسم اسم_العرض"
)
_BIO = (
    "bio biography userdescription authordescription accountdescription userprofiledescription "
    "profiledescription userbio authorbio accountnote fromuserdescription aboutme about "
    "channeldescription summary note description biographie biografia النبذة السيرة نبذة"
)
_AVATAR = (
    "avatar avatarurl profileimageurlhttps profileimageurl userprofileimageurl "
    "userprofileimageurlhttps authorprofileimageurl fromuserprofileimageurl useravatar "
    "authoravatar accountavatar profilepicture profilepicurl profilepic الصورة"
)
_FOLLOWERS = (
    "followers followerscount followercount numfollowers nfollowers userfollowerscount "
    "userfollowercount authorfollowerscount authorfollowers accountfollowerscount "
    "fromuserfollowercount followersatposting subscribers subscribercount twitterfollowers abonnes "
    "nombreabonnes seguidores numseguidores abonnenten followerzahl takipci подписчики المتابعون "
    "المتابعين عدد_المتابعين متابعون دنبال_کنندگان"
)
_FOLLOWING = (
    "following followingcount followingscount friendscount friends followed followedcount "
    "numfollowing nfollowing userfriendscount userfollowingcount authorfollowingcount "
    "accountfollowingcount fromuserfriendcount followscount twitterfollowing followees abonnements "
    "siguiendo seguidos folgt gefolgt يتابع عدد_المتابعة المتابَعون"
)
_ACCOUNT_POSTS = (
    "statusescount userstatusescount authorstatusescount accountstatusescount numberstatuses "
    "numstatuses updates tweetcount usertweetcount authortweetcount fromusertweetcount "
    "publicmetricstweetcount postscount numposts totalposts userposts totaltweets numtweets "
    "numberoftweets twittertweets authorvideos postcount posts tweets عدد_المنشورات عدد_التغريدات"
)
_ACCOUNT_CREATED = (
    "accountcreatedat usercreatedat authorcreatedat accountcreationdate usercreationdate "
    "fromusercreatedat accountcreated usercreated datejoined joindate joinedat joined registered "
    "registrationdate registeredat profilecreated createdatuser تاريخ_إنشاء_الحساب تاريخ_التسجيل"
)
_OBSERVED = (
    "observedat harvesteddate harvestedat collectedat collectiondate retrievedat twarcretrievedat "
    "scrapedat crawledat fetchedat downloadedat checkedat checked lookedat capturedat probedat "
    "lastchecked "
    "checktime collectedon scrapedate crawldate retrieved seenat تاريخ_الجمع تاريخ_الرصد"
)
_PLATFORM = (
    "platform network socialnetwork sourceplatform socialmedia socialmediaplatform plattform "
    "plateforme plataforma المنصة منصة source"
)

_ACCOUNT = _table(
    account_id=_ACCOUNT_ID, handle=_HANDLE, name=_NAME, bio=_BIO, avatar=_AVATAR,
    followers=_FOLLOWERS, following=_FOLLOWING, account_posts=_ACCOUNT_POSTS,
    account_created_at=_ACCOUNT_CREATED, observed_at=_OBSERVED,
    state="accountstate accountstatus userstatus suspended issuspended حالة_الحساب",
    platform=_PLATFORM,
)  # fmt: skip

_POST_TIME = (
    "createdat tweetcreatedat statuscreatedat postcreatedat tweettime posttime timestamp "
    "datetime publishedat publishdate publicationdate publicationtime publicationdatetime "
    "published "
    "pubdate postedat postdate posteddate posted postedon dateposted datepublished postcreated "
    "messagedate messagetime messagetimestamp creationtime creationdate datecreated created "
    "createdutc "
    "createdatformatted createtime createdtime createtimeiso timestampshare sharedat sentat "
    "datesent "
    "sentdate tweetdate tweettimestamp date time timestampms timestamputc timestamputciso "
    "utctime utcdatetime dateutc timeutc unixtimestamp unixtime epoch epochtime "
    "createdattimestamp timems ts tstamp "
    "timeus takenat takenattimestamp "
    "parsedcreatedat postcreateddate created_at_utc when "
    "datepublication datedepublication datecreation dateheure horodatage heure datum zeitstempel "
    "zeitpunkt uhrzeit zeit veroffentlichtam erstelltam fecha fechahora fechapublicacion "
    "fechadepublicacion fechacreacion hora data datahora dataora tarih дата время "
    "التاريخ تاريخ تاريخ_النشر وقت_النشر الوقت وقت الزمن تاريخ_الإنشاء تاريخ_التغريدة "
    "التاريخ_والوقت تاریخ زمان"
)
_TEXT = (
    "fulltext tweetfulltext extendedtweetfulltext text tweettext posttext statustext messagetext "
    "rawcontent tweetcontent postcontent contenttext textcontent body content message tweet "
    "tweets renderedcontent caption selftext commenttext commentbody "
    "textdisplay textoriginal comment post toot status msg captiontext videodescription desc "
    "description openingtext hitsentence snippet headline title texte contenu nachricht inhalt "
    "beitrag "
    "beitragstext "
    "tweettexto texto contenido mensaje mensagem conteudo testo contenuto messaggio metin icerik "
    "текст сообщение النص نص التغريدة تغريدة المنشور منشور المحتوى محتوى الرسالة رسالة "
    "نص_التغريدة نص_المنشور نص_الرسالة متن توییت پیام"
)
_POST_ID = (
    "commentid tweetid statusid tweetidstr statusidstr postid messageid msgid videoid contentid "
    "documentid noteid tootid idstr id idpost idtweet posturi uri guid postguid itemid mid "
    "identifiant identificador kennung معرف_التغريدة معرف_المنشور رقم_التغريدة المعرف معرف شناسه"
)

_POST = _table(
    id=_POST_ID,
    created_at=_POST_TIME,
    text=_TEXT,
    language=(
        "lang language languages langs tweetlanguage tweetlang postlanguage postlang "
        "languagecode defaultlanguage textlanguage textlang detectedlanguage detectedlang langcode "
        "langue sprache idioma lingua lingua_post dil язык اللغة لغة زبان bahasa"
    ),
    is_repost=(
        "isretweet isrepost isreblog isrt isshare isboost retweet repost rt posttype tweettype "
        "messagetype type isforwarded forwarded إعادة_نشر اعادة_تغريد retweeted"
    ),
    repost_of=(
        "retweetedstatusid retweetedstatusidstr retweetstatusid retweettweetid retweetedtweetid "
        "retweetid retweetedid repostid repostof repostofid reblogid reblogofid reblogof "
        "referencedtweetsretweetedid reblogurl rtid sharedpostid reblogedid originaltweetid "
        "originalpostid reblogurireblog twitterretweetof"
    ),
    repost_of_account=(
        "retweeteduserid retweetuserid retweetedstatususerid retweetedstatususeridstr userrtid "
        "repostofaccount reblogaccountid authorforwardedfromid fwdfromfromid forwardedfromid "
        "retweetedscreenname retweetscreenname retweetedusername retweeteduser userrt repostedfrom "
        "authorforwardedfromusername retweetedfrom"
    ),
    reply_to=(
        "inreplytostatusid inreplytostatusidstr inreplytotweetid inreplytoid inreplytopostid "
        "replytostatusid replytotweetid replytoid replytopostid replytomsgid replytomessageid "
        "repliedtoid referencedtweetsrepliedtoid replyid parentid parentcommentid isreplyto "
        "inreplyto replyto twitterreplyto"
    ),
    reply_to_account=(
        "inreplytouserid inreplytouseridstr inreplytoaccountid replytouserid repliedtoauthorid "
        "inreplytoscreenname inreplytousername replytoscreenname replytousername touserid "
        "tousername "
        "touserscreenname repliedtoauthor replytouser inreplytouser replyto"
    ),
    quote_of=(
        "quotedstatusid quotedstatusidstr quotedtweettweetid quotedtweetid quoteof quotedid "
        "quoteid "
        "referencedtweetsquotedid quotedpostid quotetweetid"
    ),
    client=(
        "tweetclientname clientname client sourcelabel applicationname appname application app "
        "postedvia postedfrom device sourceapp tweetsource source الجهاز التطبيق"
    ),
    likes=(
        "likecount likescount likes favoritecount favouritecount favouritescount favorites "
        "favourites favoritescount favs faves publicmetricslikecount statisticslikecount numlikes "
        "nlikes "
        "heartcount diggcount upvotes reactions reactionscount score إعجابات الإعجابات jaime "
        "meGusta twitterlikes"
    ),
    reposts=(
        "retweetcount retweetscount retweets repostcount repostscount reposts reblogscount "
        "sharecount sharescount shares forwards forwardscount publicmetricsretweetcount "
        "numretweets nretweets "
        "إعادات_النشر إعادات_التغريد إعادة_التغريد المشاركات partages twitterretweets"
    ),
    replies=(
        "replycount repliescount replies commentcount commentscount comments numcomments "
        "publicmetricsreplycount numreplies nreplies ردود الردود twitterreplycount"
    ),
    hashtags=(
        "hashtags hashtag entitieshashtagstag entitieshashtagstext entitieshashtags hashtagstag "
        "hashtagstext tagsname tags hashtagslist hashtagnames textextrahashtagname hashtagsname "
        "الوسوم وسوم الهاشتاقات هاشتاق هشتگ"
    ),
    urls=(
        "expandedurls urlsexpandedurl entitiesurlsexpandedurl entitiesurlsunwoundurl urlexpanded "
        "expandedurl urlsexpanded outlinks urls links urlslinked linkedurls alllinks "
        "entitieslinked "
        "entitiesurls sharedurls "
        "sharedurl canonicalurl finallink linkattachmentlink tcostep url link liens enlaces "
        "entitiesurlsurl urlsurl الروابط روابط الرابط رابط"
    ),
    mentions=(
        "usermentions mentionedusers mentionsscreenname mentionsusername entitiesmentionsusername "
        "entitiesusermentionsscreenname usermentionsscreenname mentionedusersusername mentions "
        "mentioned entitiesmentioned entitiesmentions entitiesusermentions mentionsacct "
        "mentionsuserid "
        "mentionslist mentionedauthors الإشارات المذكورون mencions menciones erwahnungen"
    ),
    media_urls=(
        "mediaurls mediaurl mediaurlhttps attachmentsmedia entitiesmediamediaurlhttps "
        "entitiesmediamediaurl "
        "extendedentitiesmediamediaurlhttps mediaattachmentsurl attachmentsmediaurl photos images "
        "imageurls imageurl photourls photourl mediafullurl mediapreviewurl media videourl picture "
        "image الصور الوسائط"
    ),
    media_hashes="mediahash mediahashes phash imagehash imagephash pdq pdqhash md5 sha256 imagemd5",
    media_alts="alttext mediaalttext mediaalt imagealt attachmentsmediaalttext "
    "mediaattachmentsdescription",
    **{field: " ".join(names) for field, names in _ACCOUNT.items()},
)  # fmt: skip

_SHARE_TIME = "timestampshare sharedat sharetime " + _POST_TIME

_SHARE = _table(
    account_id=_ACCOUNT_ID,
    handle=_HANDLE,
    shared_at=_SHARE_TIME,
    post_id=_POST_ID.replace("contentid ", "").replace("tweetid ", "contentid tweetid ", 1),
    url="urlid url urls expandedurl expandedurls canonicalurl link links sharedurl urlsexpandedurl "
    "linkid entitiesurlsexpandedurl الرابط رابط",
    hashtag="hashtagid hashtag hashtags tag tags الوسم وسم الوسوم",
    domain="domainid domain domains domainname websitedomain النطاق",
    image="phashid phash imagehash imageid image pdq pdqhash mediahash mediaid imagephash",
    repost="repostid retweetid retweetedid retweetedstatusid retweettweetid repostof repostofid "
    "reblogid",
    reply="replyid replytoid inreplytostatusid inreplytoid inreplytotweetid replyto",
    mention="mentionid mentionedid mention mentions mentioneduser usermentions",
    text="textid texthash textkey textcluster",
    object="objectid object sharedobject item itemid contentkey cluster clusterid",
    platform=_PLATFORM,
)

_OBSERVATION = _table(
    **{
        **{field: " ".join(names) for field, names in _ACCOUNT.items()},
        "account_id": _ACCOUNT_ID + " idstr id restid uri url subject المعرف معرف",
        "handle": _HANDLE + " subject twitter",
        "account_created_at": _ACCOUNT_CREATED + " createdat creationdate created createdtime",
        "observed_at": _OBSERVED + " timestamp datetime date time day when lastseen التاريخ تاريخ "
        "fecha datum الوقت",
        "state": "state accountstate accountstatus status userstatus suspended issuspended outcome "
        "availability zustand etat estado الحالة حالة حالة_الحساب",
    },
    subject_kind="subjectkind subjecttype",
    route="route discoveryroute foundby discoveredby",
    vantage="vantage vantagepoint seenfrom",
)

_EDGE_TIME = "observedat timestamp createdat followedat datetime date time collectedat since"

_EDGE = _table(
    source="source sourceid sourceuser sourceuserid sourcehandle sourceaccount sourcename "
    "sourceusername sourcescreenname follower followerid followeruserid followername "
    "followerusername followerhandle followerscreenname from fromid fromuser fromuserid fromnode "
    "fromaccount src srcid srcuser vertex1 "
    "node1 user1 ego المتابع المصدر من quelle origen",
    target="target targetid targetuser targetuserid targethandle targetaccount targetname "
    "targetusername targetscreenname followed followedid followeduserid followedname "
    "followedusername followee "
    "followeeid followeeusername followeduser following followingid followinguser friend friendid "
    "friendscreenname to toid touser touserid tonode toaccount dst dstid dstuser dest "
    "vertex2 node2 user2 alter المتابَع الهدف الى ziel destino",
    one="user userid username screenname account accountid handle المستخدم الحساب",
    kind="kind edgetype relation relationship relationshiptype type edgekind",
    observed_at=_EDGE_TIME,
    platform=_PLATFORM,
)

_LABEL = _table(
    account_id=_ACCOUNT_ID,
    handle=_HANDLE,
    post_id=_POST_ID.replace(" idstr id ", " "),
    subject="subjectid subject subjecturi",
    subject_kind="subjectkind subjecttype unit",
    label="label labels finallabel goldlabel labelgold verdict judgement judgment annotation "
    "annotationlabel classification class classlabel codedas decision rating category التصنيف "
    "التسمية الوسم etiquette etiqueta klasse",
    labeller="labeller labeler annotator annotatorid coder coderid rater raterid workerid "
    "reviewer labelledby labeledby judge codedby المصنف",
    labelled_at="labelledat labeledat annotatedat codedat annotationdate timestamp datetime date "
    "createdat time",
    draw="draw drawn sampling samplingmethod sampledhow selection howdrawn",
    probability="probability inclusionprobability samplingprobability pi prob "
    "samplingweightinverse "
    "selectionprobability",
    note="note notes comment comments remark remarks explanation rationale",
    platform=_PLATFORM,
)

_SERIES = _table(
    day="date day ds dt datum fecha jour tag periode period timestamp datetime time createdat "
    "التاريخ تاريخ اليوم يوم дата data",
    group="group series segment cohort population category class arm unit panel stratum stat "
    "gruppe groupe grupo "
    "المجموعة مجموعة الفئة",
    outcome="outcome metric variable measure indicator series key statistic name المؤشر المقياس",
    value="value count n total y amount number freq frequency القيمة العدد قيمة عدد wert valeur "
    "valor",
)

NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "posts": _POST,
    "observations": _OBSERVATION,
    "edges": _EDGE,
    "shares": _SHARE,
    "labels": _LABEL,
    "series": _SERIES,
}
"""Kind → field → folded names, the most telling first. Fields that no loose table has (``source``
of an edge, ``url`` of a share) are what the kind's own rules make into its columns."""

ACCOUNT_LEAVES = _table(
    account_id="id idstr restid did uid uri url channelid channelurl authorid userid",
    handle="acct screenname username handle uniqueid login nick shortname",
    name="displayname name fullname full realname nickname title",
    bio="description bio biography summary note profiledescription about signature",
    avatar="avatar avatarstatic avatarurl profileimageurlhttps profileimageurl profileimage "
    "picture profilepicture profilepicurl avatarlarger",
    followers="followers followerscount followercount followersnum subscribercount",
    following="following followingcount friendscount friends friendcount followscount",
    account_posts="statusescount tweetcount tweetscount posts postscount videos videocount "
    "mediacount updates",
    account_created_at="createdat created createdutc creationdate creationtime joined joindate "
    "registrationdate",
)
"""Names of a field of the account, once it is known from what stands before that it is one."""

CHATS = _names(
    "chatid channelid peerid dialogid groupid chat channel chatusername channelusername chatname "
    "ownerid"
)
"""Columns that say in which chat (on whose wall) a message is, whose number counts there only."""

THREADS = frozenset(_names("postid videoid documentid"))
"""Ids of a post that in a table of comments are those of what is commented on."""

TITLED = frozenset(_names("selftext body video_description"))
"""Texts that go on where a title ends."""

TITLES = _names("title subject video_title")

LINK_TEXTS = frozenset(_names("link_text"))
"""What stands on the card of a link; beside it a ``description`` is the link's."""

SURE_TEXTS = frozenset(_names("text full_text tweet_text post_text message_text selftext"))
"""Names of texts that need no second look: a text may well be a number, a URL or one word."""

WEAK_TEXTS = frozenset(_names("description desc title headline summary note snippet caption"))
"""Names of texts that describe an account as often as they are a post."""

NEVER = frozenset(
    _names(
        "userlang accountlanguage accountlang userlanguage fromuserlang authorlang "
        "userfavouritescount favouritescountuser authorlikes fromuserfavouritescount"
    )
)
"""Names that look like a field's and are another thing: the account's settings, its own likes."""
