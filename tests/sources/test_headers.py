"""Header lines of public tools, each with made-up rows: what they are taken for."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pyarrow as pa
import pytest

from marsad.sources.registry import recognise
from marsad.sources.source import Options, Sample


@dataclass(frozen=True)
class Header:
    """A tool's header with rows, and the kind and mapping that are expected (``field=column``)."""

    tool: str
    table: str
    kind: str
    mapping: str


def table_of(text: str) -> pa.Table:
    """A table of strings from CSV text, empty cells kept."""
    rows = list(csv.reader(io.StringIO(text.strip())))
    columns = list(zip(*rows[1:], strict=True))
    return pa.table({name: pa.array(column) for name, column in zip(rows[0], columns, strict=True)})


def mapped(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split("; "))


HEADERS = [
    Header(
        "twarc 1, json2csv",
        """
id,tweet_url,created_at,parsed_created_at,user_screen_name,text,tweet_type,coordinates,hashtags,media,urls,favorite_count,in_reply_to_screen_name,in_reply_to_status_id,in_reply_to_user_id,lang,place,possibly_sensitive,retweet_count,retweet_or_quote_id,retweet_or_quote_screen_name,retweet_or_quote_user_id,source,user_id,user_created_at,user_default_profile_image,user_description,user_favourites_count,user_followers_count,user_friends_count,user_listed_count,user_location,user_name,user_screen_name.1,user_statuses_count,user_time_zone,user_urls,user_verified
1001000000000000001,https://twitter.com/ann/status/1001000000000000001,Wed Oct 10 20:19:24 +0000 2018,2018-10-10 20:19:24+00:00,ann,a first post #one,original,,one,,https://example.org/a,3,,,,en,Somewhere,False,1,,,,<a href="https://twitter.com">Twitter Web App</a>,9000001,Mon Jan 02 10:00:00 +0000 2012,False,likes maps,12,340,120,2,Nowhere,Ann,ann,5000,,,False
1001000000000000002,https://twitter.com/bob/status/1001000000000000002,Wed Oct 10 20:20:24 +0000 2018,2018-10-10 20:20:24+00:00,bob,a second post,reply,,two three,,,0,ann,1001000000000000001,9000001,en,,False,0,,,,<a href="https://twitter.com">Twitter Web App</a>,9000002,Mon Jan 02 10:00:00 +0000 2012,False,,1,20,10,0,,Bob,bob,70,,,False
""",
        "posts",
        "id=id; created_at=created_at; text=text; account_id=user_id; handle=user_screen_name; "
        "language=lang; is_repost=tweet_type; client=source; likes=favorite_count; "
        "reposts=retweet_count; reply_to=in_reply_to_status_id; "
        "reply_to_account=in_reply_to_user_id; hashtags=hashtags; urls=urls; media_urls=media; "
        "followers=user_followers_count; following=user_friends_count; "
        "account_posts=user_statuses_count; account_created_at=user_created_at; "
        "bio=user_description; name=user_name",
    ),
    Header(
        "twarc-csv (X API v2)",
        """
id,conversation_id,referenced_tweets.replied_to.id,referenced_tweets.retweeted.id,referenced_tweets.quoted.id,author_id,in_reply_to_user_id,in_reply_to_username,retweeted_user_id,retweeted_username,quoted_user_id,quoted_username,created_at,text,lang,source,public_metrics.impression_count,public_metrics.reply_count,public_metrics.retweet_count,public_metrics.quote_count,public_metrics.like_count,reply_settings,edit_history_tweet_ids,edit_controls.editable_until,possibly_sensitive,withheld.scope,withheld.copyright,withheld.country_codes,entities.annotations,entities.cashtags,entities.hashtags,entities.mentions,entities.urls,context_annotations,attachments.media,attachments.media_keys,author.created_at,author.username,author.name,author.description,author.entities.description.hashtags,author.entities.url.urls,author.url,author.location,author.pinned_tweet_id,author.profile_image_url,author.protected,author.public_metrics.followers_count,author.public_metrics.following_count,author.public_metrics.listed_count,author.public_metrics.tweet_count,author.verified,geo.coordinates.coordinates,geo.country,geo.full_name,__twarc.retrieved_at,__twarc.url,__twarc.version
1501000000000000001,1501000000000000001,,,,8000001,,,,,,,2022-03-08T10:00:00.000Z,hello #Plum,en,Twitter Web App,5,0,1,0,2,everyone,"[""1501000000000000001""]",,False,,,,,,"[{""start"": 6, ""end"": 11, ""tag"": ""Plum""}]",,"[{""url"": ""https://t.co/x"", ""expanded_url"": ""https://example.org/x""}]",,,,2015-01-01T00:00:00.000Z,ann,Ann,likes maps,,,https://example.org,Nowhere,,https://example.org/a.jpg,False,340,120,1,5000,False,,,,2022-03-09T00:00:00+00:00,https://api.example.org,2.9.0
1501000000000000002,1501000000000000001,1501000000000000001,1501000000000000000,1500000000000000000,8000002,8000001,ann,8000003,cat,8000004,dan,2022-03-08T10:01:00.000Z,@ann hello,en,Twitter for iPhone,5,0,1,0,2,everyone,"[""1501000000000000002""]",,False,,,,,,,"[{""username"": ""ann"", ""id"": ""8000001""}]",,,,,2016-01-01T00:00:00.000Z,bob,Bob,,,,,,,https://example.org/b.jpg,False,20,10,0,70,False,,,,2022-03-09T00:00:00+00:00,https://api.example.org,2.9.0
""",
        "posts",
        "id=id; created_at=created_at; text=text; account_id=author_id; handle=author.username; "
        "name=author.name; bio=author.description; language=lang; client=source; "
        "repost_of=referenced_tweets.retweeted.id; reply_to=referenced_tweets.replied_to.id; "
        "quote_of=referenced_tweets.quoted.id; repost_of_account=retweeted_user_id; "
        "reply_to_account=in_reply_to_user_id; likes=public_metrics.like_count; "
        "reposts=public_metrics.retweet_count; replies=public_metrics.reply_count; "
        "hashtags=entities.hashtags; urls=entities.urls; mentions=entities.mentions; "
        "media_urls=attachments.media; followers=author.public_metrics.followers_count; "
        "following=author.public_metrics.following_count; "
        "account_posts=author.public_metrics.tweet_count; account_created_at=author.created_at; "
        "avatar=author.profile_image_url; observed_at=__twarc.retrieved_at",
    ),
    Header(
        "4CAT, X/Twitter",
        """
id,thread_id,timestamp,unix_timestamp,link,subject,body,author,author_fullname,author_id,author_followers,source,language_guess,possibly_sensitive,retweet_count,reply_count,like_count,quote_count,is_retweet,retweeted_user,is_quote_tweet,quoted_user,is_reply,replied_user,hashtags,urls,images,mentions,long_lat,place_name
1001000000000000001,1001000000000000001,2021-05-01 10:00:00,1619863200,https://twitter.com/ann/status/1001000000000000001,,a first post #one,ann,Ann,9000001,340,Twitter Web App,en,no,1,0,2,0,no,,no,,no,,"one,two",https://example.org/a,,bob,,
1001000000000000002,1001000000000000001,2021-05-01 10:01:00,1619863260,https://twitter.com/bob/status/1001000000000000002,,a second post,bob,Bob,9000002,20,Twitter Web App,en,no,0,0,0,0,yes,cat,no,,no,,,,,,,
""",
        "posts",
        "id=id; created_at=timestamp; text=body; account_id=author_id; handle=author; "
        "name=author_fullname; followers=author_followers; client=source; is_repost=is_retweet; "
        "repost_of_account=retweeted_user; likes=like_count; reposts=retweet_count; "
        "replies=reply_count; hashtags=hashtags; urls=urls; mentions=mentions; media_urls=images",
    ),
    Header(
        "4CAT, Telegram",
        """
id,thread_id,chat,author,author_username,author_name,author_is_bot,body,body_markdown,reply_to,viewcount,forwards,reactions,timestamp,unix_timestamp,timestamp_edited,unix_timestamp_edited,author_forwarded_from_name,author_forwarded_from_username,author_forwarded_from_id,entities_linked,entities_mentioned,all_links,urls_linked,hashtags,attachment_type,attachment_data,attachment_filename
11,plumnews,plumnews,1000000001,plumnews,Plum News,False,the plums are ripe,the plums are ripe,,12,0,,2021-05-01 10:00:00,1619863200,,,,,,https://example.org/a,,https://example.org/a,https://example.org/a,,,,
12,plumnews,plumnews,1000000001,plumnews,Plum News,False,more plums today,more plums today,11,15,2,,2021-05-01 11:00:00,1619866800,,,Fig News,fignews,1000000002,,,,,#plum,,,
""",
        "posts",
        "id=id; created_at=timestamp; text=body; account_id=author; handle=author_username; "
        "name=author_name; reply_to=reply_to; repost_of_account=author_forwarded_from_id; "
        "reposts=forwards; urls=urls_linked; hashtags=hashtags; mentions=entities_mentioned; "
        "likes=reactions",
    ),
    Header(
        "4CAT, TikTok",
        """
collected_from_url,id,thread_id,author,author_full,author_followers,author_likes,author_videos,author_avatar,body,stickers,timestamp,unix_timestamp,is_duet,is_ad,is_paid_partnership,is_sensitive,is_photosensitive,music_name,music_id,music_url,music_thumbnail,music_author,video_url,tiktok_url,thumbnail_url,likes,comments,shares,plays,hashtags,challenges,diversification_labels,location_created,effects,warning
https://example.org/q,7001000000000000001,7001000000000000001,ann,Ann,340,99,12,https://example.org/a.jpg,a dance #one,,2022-05-01 10:00:00,1651399200,no,no,no,no,no,song,1,https://example.org/m,https://example.org/t.jpg,Cat,https://example.org/v.mp4,https://www.tiktok.com/@ann/video/7001000000000000001,https://example.org/t1.jpg,5,1,2,90,one,one,,NL,,
https://example.org/q,7001000000000000002,7001000000000000002,bob,Bob,20,9,2,https://example.org/b.jpg,a song,,2022-05-01 10:01:00,1651399260,no,no,no,no,no,song,1,https://example.org/m,https://example.org/t.jpg,Cat,https://example.org/w.mp4,https://www.tiktok.com/@bob/video/7001000000000000002,https://example.org/t2.jpg,0,0,0,9,,,,NL,,
""",
        "posts",
        "id=id; created_at=timestamp; text=body; handle=author; name=author_full; "
        "avatar=author_avatar; followers=author_followers; account_posts=author_videos; likes=likes; "
        "replies=comments; reposts=shares; hashtags=hashtags; media_urls=video_url",
    ),
    Header(
        "FiveThirtyEight release",
        """
external_author_id,author,content,region,language,publish_date,harvested_date,following,followers,updates,post_type,account_type,retweet,account_category,new_june_2018,alt_external_id,tweet_id,article_id,tco1_step1,tco2_step1,tco3_step1
9.06E+17,ANN_PLUM,"a first post, with a comma https://t.co/1",Unknown,English,10/1/2017 19:58,10/1/2017 19:59,1052,9636,253,,Right,0,RightTroll,0,905874659358453760,914580356430536707,914580356430536707,https://twitter.com/905874659358453760/status/914580356430536707/video/1,,
9.06E+17,BOB_PLUM,a second post,Unknown,English,10/1/2017 22:43,10/1/2017 22:43,1054,9637,254,RETWEET,Right,1,RightTroll,0,905874659358453760,914621840496189440,914621840496189440,https://example.org/b,https://example.org/c,
""",
        "posts",
        "id=tweet_id; created_at=publish_date; text=content; handle=author; language=language; "
        "is_repost=retweet; observed_at=harvested_date; following=following; followers=followers; "
        "account_posts=updates; urls=tco1_step1 + tco2_step1 + tco3_step1",
    ),
    Header(
        "the platform's release of state-run accounts",
        """
tweetid,userid,user_display_name,user_screen_name,user_reported_location,user_profile_description,user_profile_url,follower_count,following_count,account_creation_date,account_language,tweet_language,tweet_text,tweet_time,tweet_client_name,in_reply_to_userid,in_reply_to_tweetid,quoted_tweet_tweetid,is_retweet,retweet_userid,retweet_tweetid,latitude,longitude,quote_count,reply_count,like_count,retweet_count,hashtags,urls,user_mentions,poll_choices
849295393867399169,4437233895,Ann,ann,Nowhere,likes maps,https://example.org,1082,1720,2015-12-02,en,en,a first post,2017-04-04 16:20,Twitter Web Client,,,,false,,,absent,absent,0,0,0,0,"[one, two]",[https://example.org/a],,
849295393867399170,4437233896,Bob,bob,,,,82,20,2015-12-02,en,tr,RT @ann: a first post,2017-04-04 16:21,Twitter for Android,,,,true,4437233895,849295393867399169,absent,absent,0,0,0,0,[],[],[4437233895],
""",
        "posts",
        "id=tweetid; created_at=tweet_time; text=tweet_text; account_id=userid; "
        "handle=user_screen_name; name=user_display_name; bio=user_profile_description; "
        "followers=follower_count; following=following_count; "
        "account_created_at=account_creation_date; language=tweet_language; "
        "client=tweet_client_name; reply_to=in_reply_to_tweetid; "
        "reply_to_account=in_reply_to_userid; quote_of=quoted_tweet_tweetid; is_repost=is_retweet; "
        "repost_of=retweet_tweetid; repost_of_account=retweet_userid; likes=like_count; "
        "reposts=retweet_count; replies=reply_count; hashtags=hashtags; urls=urls; "
        "mentions=user_mentions",
    ),
    Header(
        "DMI-TCAT",
        """
id,time,created_at,from_user_name,text,filter_level,possibly_sensitive,withheld_copyright,withheld_scope,truncated,retweet_count,favorite_count,lang,to_user_name,in_reply_to_status_id,quoted_status_id,source,location,lat,lng,from_user_id,from_user_realname,from_user_verified,from_user_description,from_user_url,from_user_profile_image_url,from_user_utcoffset,from_user_timezone,from_user_lang,from_user_tweetcount,from_user_followercount,from_user_friendcount,from_user_favourites_count,from_user_listed,from_user_withheld_scope,from_user_created_at
601000000000000001,1432720800,2015-05-27 10:00:00,ann,a first post,low,0,,,0,1,2,en,,,,"<a href=""https://twitter.com"" rel=""nofollow"">Twitter Web Client</a>",Nowhere,,,9000001,Ann,0,likes maps,,https://example.org/a.jpg,0,,en,5000,340,120,12,2,,2012-01-02 10:00:00
601000000000000002,1432720860,2015-05-27 10:01:00,bob,@ann a second post,low,0,,,0,0,0,en,ann,601000000000000001,,"<a href=""https://twitter.com"" rel=""nofollow"">Twitter Web Client</a>",,,,9000002,Bob,0,,,https://example.org/b.jpg,0,,en,70,20,10,1,0,,2012-01-02 10:00:00
""",
        "posts",
        "id=id; created_at=created_at; text=text; account_id=from_user_id; handle=from_user_name; "
        "name=from_user_realname; bio=from_user_description; avatar=from_user_profile_image_url; "
        "followers=from_user_followercount; following=from_user_friendcount; "
        "account_posts=from_user_tweetcount; account_created_at=from_user_created_at; language=lang; "
        "client=source; reply_to=in_reply_to_status_id; reply_to_account=to_user_name; "
        "quote_of=quoted_status_id; likes=favorite_count; reposts=retweet_count",
    ),
    Header(
        "TAGS",
        """
id_str,from_user,text,created_at,time,geo_coordinates,user_lang,in_reply_to_user_id_str,in_reply_to_screen_name,from_user_id_str,in_reply_to_status_id_str,source,profile_image_url,user_followers_count,user_friends_count,user_location,status_url,entities_str
701000000000000001,ann,a first post,Wed May 27 10:00:00 +0000 2015,27/05/2015 11:00:00,,en,,,9000001,,"<a href=""https://twitter.com"">Twitter Web Client</a>",https://example.org/a.jpg,340,120,Nowhere,https://twitter.com/ann/statuses/701000000000000001,{}
701000000000000002,bob,a second post,Wed May 27 10:01:00 +0000 2015,27/05/2015 11:01:00,,en,9000001,ann,9000002,701000000000000001,"<a href=""https://twitter.com"">Twitter Web Client</a>",https://example.org/b.jpg,20,10,,https://twitter.com/bob/statuses/701000000000000002,{}
""",
        "posts",
        "id=id_str; created_at=created_at; text=text; account_id=from_user_id_str; "
        "handle=from_user; avatar=profile_image_url; followers=user_followers_count; "
        "following=user_friends_count; client=source; reply_to=in_reply_to_status_id_str; "
        "reply_to_account=in_reply_to_user_id_str",
    ),
    Header(
        "rtweet",
        """
user_id,status_id,created_at,screen_name,text,source,display_text_width,reply_to_status_id,reply_to_user_id,reply_to_screen_name,is_quote,is_retweet,favorite_count,retweet_count,hashtags,symbols,urls_url,urls_t.co,urls_expanded_url,media_url,mentions_user_id,mentions_screen_name,lang,quoted_status_id,quoted_text,retweet_status_id,retweet_text,retweet_user_id,place_url,country,name,location,description,url,protected,followers_count,friends_count,listed_count,statuses_count,favourites_count,account_created_at,verified
9000001,1001000000000000001,2019-05-01 10:00:00,ann,a first post,Twitter Web App,12,NA,NA,NA,FALSE,FALSE,2,1,one two,NA,example.org/a,https://t.co/1,https://example.org/a,NA,NA,NA,en,NA,NA,NA,NA,NA,NA,NA,Ann,Nowhere,likes maps,https://example.org,FALSE,340,120,2,5000,12,2012-01-02 10:00:00,FALSE
9000002,1001000000000000002,2019-05-01 10:01:00,bob,a second post,Twitter Web App,13,1001000000000000001,9000001,ann,FALSE,TRUE,0,0,NA,NA,NA,NA,NA,NA,9000001,ann,en,NA,NA,1001000000000000001,a first post,9000001,NA,NA,Bob,NA,likes figs,NA,FALSE,20,10,0,70,1,2012-01-02 10:00:00,FALSE
""",
        "posts",
        "account_id=user_id; id=status_id; created_at=created_at; handle=screen_name; text=text; "
        "client=source; reply_to=reply_to_status_id; reply_to_account=reply_to_user_id; "
        "is_repost=is_retweet; likes=favorite_count; reposts=retweet_count; hashtags=hashtags; "
        "urls=urls_expanded_url; mentions=mentions_screen_name; media_urls=media_url; language=lang; "
        "quote_of=quoted_status_id; repost_of=retweet_status_id; repost_of_account=retweet_user_id; "
        "name=name; bio=description; followers=followers_count; following=friends_count; "
        "account_posts=statuses_count; account_created_at=account_created_at",
    ),
    Header(
        "Twint",
        """
id,conversation_id,created_at,date,time,timezone,user_id,username,name,place,tweet,language,mentions,urls,photos,replies_count,retweets_count,likes_count,hashtags,cashtags,link,retweet,quote_url,video,thumbnail,near,geo,source,user_rt_id,user_rt,retweet_id,reply_to,retweet_date,translate,trans_src,trans_dest
1201000000000000001,1201000000000000001,2019-12-01 10:00:00 UTC,2019-12-01,10:00:00,+0000,9000001,ann,Ann,,a first post,en,[],['https://example.org/a'],[],0,1,2,['one'],[],https://twitter.com/ann/status/1201000000000000001,False,,0,,,,,,,,[],,,,
1201000000000000002,1201000000000000001,2019-12-01 10:01:00 UTC,2019-12-01,10:01:00,+0000,9000002,bob,Bob,,a second post,en,"[{'screen_name': 'ann', 'name': 'Ann', 'id': '9000001'}]",[],[],0,0,0,[],[],https://twitter.com/bob/status/1201000000000000002,False,,0,,,,,,,,"[{'screen_name': 'ann', 'name': 'Ann', 'id': '9000001'}]",,,,
""",
        "posts",
        "id=id; created_at=created_at; account_id=user_id; handle=username; name=name; text=tweet; "
        "language=language; mentions=mentions; urls=urls; media_urls=photos; replies=replies_count; "
        "reposts=retweets_count; likes=likes_count; hashtags=hashtags; is_repost=retweet; "
        "repost_of=retweet_id; repost_of_account=user_rt_id; client=source",
    ),
    Header(
        "GetOldTweets3",
        """
date,username,to,replies,retweets,favorites,text,geo,mentions,hashtags,id,permalink
2019-12-01 10:00:00,ann,,0,1,2,a first post,,,#one #two,1201000000000000001,https://twitter.com/ann/status/1201000000000000001
2019-12-01 10:01:00,bob,ann,0,0,0,a second post,,@ann,,1201000000000000002,https://twitter.com/bob/status/1201000000000000002
""",
        "posts",
        "created_at=date; handle=username; replies=replies; reposts=retweets; likes=favorites; "
        "text=text; mentions=mentions; hashtags=hashtags; id=id",
    ),
    Header(
        "a spreadsheet of accounts and their posts",
        """
name,username,description,location,followers,numberstatuses,time,tweets
Ann,ann_plum,likes maps,Nowhere,640,49,1/6/2015 21:07,the plums are ripe today in all gardens
Bob,bob_fig,,Somewhere,20,70,1/6/2015 21:27,@ann_plum the figs are not
""",
        "posts",
        "handle=username; name=name; bio=description; followers=followers; "
        "account_posts=numberstatuses; created_at=time; text=tweets",
    ),
    Header(
        "coordination network toolkit",
        """
message_id,user_id,username,repost_id,reply_id,message,timestamp,urls
1201000000000000001,9000001,ann,,,a first post,1575194400,https://example.org/a https://example.org/b
1201000000000000002,9000002,bob,1201000000000000001,,a first post,1575194460,
""",
        "posts",
        "id=message_id; account_id=user_id; handle=username; repost_of=repost_id; "
        "reply_to=reply_id; text=message; created_at=timestamp; urls=urls",
    ),
    Header(
        "CrowdTangle",
        """
Page Name,User Name,Facebook Id,Page Category,Page Admin Top Country,Page Description,Page Created,Likes at Posting,Followers at Posting,Post Created,Post Created Date,Post Created Time,Type,Total Interactions,Likes,Comments,Shares,Love,URL,Message,Link,Final Link,Image Text,Link Text,Description
Plum News,plumnews,100044000000001,NEWS_SITE,XX,News of plums,2010-01-01 00:00:00,10,340,2021-05-01 10:00:00 CEST,2021-05-01,10:00:00,Link,12,5,1,2,0,https://www.facebook.com/100044000000001/posts/1000001,the plums are ripe,https://example.org/a,https://example.org/a,,A,
Fig News,fignews,100044000000002,NEWS_SITE,XX,News of figs,2010-01-01 00:00:00,10,20,2021-05-01 10:01:00 CEST,2021-05-01,10:01:00,Photo,2,0,0,0,0,https://www.facebook.com/100044000000002/posts/1000002,the figs are not,https://example.org/b,,,B,
""",
        "posts",
        "name=Page Name; handle=User Name; account_id=Facebook Id; bio=Page Description; "
        "account_created_at=Page Created; followers=Followers at Posting; created_at=Post Created; "
        "is_repost=Type; likes=Likes; replies=Comments; reposts=Shares; text=Message; "
        "urls=Final Link; id=URL",
    ),
    Header(
        "Meta Content Library",
        """
id,creation_time,modified_time,text,lang,link_attachment.link,post_owner.id,post_owner.name,post_owner.username,post_owner.type,surface.id,statistics.like_count,statistics.comment_count,statistics.share_count,statistics.views
900000000000001,2023-05-01T10:00:00+00:00,,the plums are ripe,en,https://example.org/a,100044000000001,Plum News,plumnews,page,1,5,1,2,90
900000000000002,2023-05-01T10:01:00+00:00,,the figs are not,en,,100044000000002,Fig News,fignews,page,1,0,0,0,9
""",
        "posts",
        "id=id; created_at=creation_time; text=text; language=lang; urls=link_attachment.link; "
        "account_id=post_owner.id; name=post_owner.name; handle=post_owner.username; "
        "likes=statistics.like_count; replies=statistics.comment_count; "
        "reposts=statistics.share_count",
    ),
    Header(
        "Telethon",
        """
id,date,message,sender_id,peer_id,views,forwards,replies,reply_to_msg_id,fwd_from.from_id,edit_date
11,2021-05-01 10:00:00+00:00,the plums are ripe,1000000001,1000000001,12,0,0,,,
12,2021-05-01 11:00:00+00:00,more plums,1000000001,1000000001,15,2,1,11,1000000002,
""",
        "posts",
        "id=id; created_at=date; text=message; account_id=sender_id; reposts=forwards; "
        "replies=replies; reply_to=reply_to_msg_id; repost_of_account=fwd_from.from_id",
    ),
    Header(
        "Pushshift, comments",
        """
author,author_created_utc,author_fullname,body,created_utc,id,link_id,parent_id,permalink,retrieved_on,score,subreddit,subreddit_id
ann_plum,1400000000,t2_aaaaa,the plums are ripe,1575194400,f9aaaa1,t3_e4aaaa,t3_e4aaaa,/r/plums/comments/e4aaaa/x/f9aaaa1/,1575200000,3,plums,t5_aaaaa
bob_fig,1400000001,t2_aaaab,the figs are not,1575194460,f9aaaa2,t3_e4aaaa,t1_f9aaaa1,/r/plums/comments/e4aaaa/x/f9aaaa2/,1575200000,1,plums,t5_aaaaa
""",
        "posts",
        "handle=author; account_created_at=author_created_utc; name=author_fullname; text=body; "
        "created_at=created_utc; id=id; reply_to=parent_id; likes=score",
    ),
    Header(
        "YouTube Data Tools, comments",
        """
id,replyCount,likeCount,publishedAt,authorName,text,authorChannelId,authorChannelUrl,isReply,isReplyTo,isReplyToName
Ugaaaaaaaaaaaaaaaaaaaaaaaa1,0,3,2021-05-01 10:00:00,Ann Plum,the plums are ripe,UCaaaaaaaaaaaaaaaaaaaaaa,http://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaaa,0,,
Ugaaaaaaaaaaaaaaaaaaaaaaaa2,0,0,2021-05-01 10:01:00,Bob Fig,the figs are not,UCaaaaaaaaaaaaaaaaaaaaab,http://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaab,1,Ugaaaaaaaaaaaaaaaaaaaaaaaa1,Ann Plum
""",
        "posts",
        "id=id; replies=replyCount; likes=likeCount; created_at=publishedAt; name=authorName; "
        "text=text; account_id=authorChannelId; reply_to=isReplyTo",
    ),
    Header(
        "Brandwatch",
        """
Query Id,Query Name,Date,Title,Snippet,Url,Domain,Sentiment,Page Type,Language,Country Code,City,Author,Full Text,Twitter Author ID,Twitter Followers,Twitter Following,Twitter Retweets,Hashtags,Mentioned Authors
1,plums,2021-05-01 10:00:00.0,a title,the plums,http://twitter.com/ann_plum/statuses/1388000000000000001,twitter.com,neutral,twitter,en,XX,X,ann_plum,the plums are ripe,9000001,340,120,1,#plums,
1,plums,2021-05-01 10:01:00.0,a title,the figs,http://twitter.com/bob_fig/statuses/1388000000000000002,twitter.com,neutral,twitter,en,XX,X,bob_fig,the figs are not,9000002,20,10,0,,@ann_plum
""",
        "posts",
        "created_at=Date; text=Full Text; language=Language; handle=Author; "
        "account_id=Twitter Author ID; followers=Twitter Followers; following=Twitter Following; "
        "hashtags=Hashtags; id=Url",
    ),
    Header(
        "Mastodon API, flattened",
        """
id,created_at,in_reply_to_id,in_reply_to_account_id,sensitive,visibility,language,uri,url,replies_count,reblogs_count,favourites_count,content,reblog,account.id,account.username,account.acct,account.display_name,account.note,account.followers_count,account.following_count,account.statuses_count
110000000000000001,2023-05-01T10:00:00.000Z,,,False,public,en,https://plum.example/users/ann/statuses/110000000000000001,https://plum.example/@ann/110000000000000001,0,1,2,<p>the plums are ripe</p>,,1,ann,ann,Ann,<p>likes maps</p>,340,120,5000
110000000000000002,2023-05-01T10:01:00.000Z,110000000000000001,1,False,public,en,https://fig.example/users/bob/statuses/110000000000000002,https://fig.example/@bob/110000000000000002,0,0,0,<p>the figs are not</p>,,2,bob,bob@fig.example,Bob,,20,10,70
""",
        "posts",
        "id=id; created_at=created_at; reply_to=in_reply_to_id; "
        "reply_to_account=in_reply_to_account_id; language=language; replies=replies_count; "
        "reposts=reblogs_count; likes=favourites_count; text=content; account_id=account.id; "
        "handle=account.acct; name=account.display_name; bio=account.note; "
        "followers=account.followers_count; following=account.following_count; "
        "account_posts=account.statuses_count",
    ),
    Header(
        "snscrape",
        """
url,date,content,renderedContent,id,user,replyCount,retweetCount,likeCount,quoteCount,conversationId,lang,source,sourceUrl,sourceLabel,outlinks,tcooutlinks,media,retweetedTweet,quotedTweet,inReplyToTweetId,inReplyToUser,mentionedUsers,coordinates,place,hashtags,cashtags,username
https://twitter.com/ann/status/1388000000000000001,2021-05-01 10:00:00+00:00,the plums are ripe #plums,the plums are ripe #plums,1388000000000000001,https://twitter.com/ann,0,1,2,0,1388000000000000001,en,"<a href=""https://twitter.com"">Twitter Web App</a>",https://twitter.com,Twitter Web App,['https://example.org/a'],['https://t.co/1'],,,,,,,,,['plums'],,ann
https://twitter.com/bob/status/1388000000000000002,2021-05-01 10:01:00+00:00,the figs are not,the figs are not,1388000000000000002,https://twitter.com/bob,0,0,0,0,1388000000000000001,en,"<a href=""https://twitter.com"">Twitter Web App</a>",https://twitter.com,Twitter Web App,,,,,,1388000000000000001,https://twitter.com/ann,,,,,,bob
""",
        "posts",
        "id=id; created_at=date; text=content; handle=username; account_id=user; language=lang; "
        "client=sourceLabel; reply_to=inReplyToTweetId; reply_to_account=inReplyToUser; "
        "replies=replyCount; reposts=retweetCount; likes=likeCount; hashtags=hashtags; "
        "urls=outlinks; mentions=mentionedUsers; media_urls=media",
    ),
    Header(
        "Bluesky, 4CAT",
        """
collected_at,query,id,thread_id,timestamp,timestamp_created,created_at,author,author_id,body,url,repost_count,like_count,quote_count,reply_count,languages,mentions,tags,links,replied_to_author,replied_to_id
2024-10-01T00:00:00,plums,at://did:plc:aaaaaaaaaaaaaaaaaaaaaaaa/app.bsky.feed.post/3kaaaaaaaaa2a,3kaaaaaaaaa2a,2024-09-01 10:00:00,2024-09-01T10:00:00Z,2024-09-01T10:00:00Z,ann.example.org,did:plc:aaaaaaaaaaaaaaaaaaaaaaaa,the plums are ripe,https://bsky.app/profile/ann.example.org/post/3kaaaaaaaaa2a,0,1,0,0,en,,plums,https://example.org/a,,
2024-10-01T00:00:00,plums,at://did:plc:bbbbbbbbbbbbbbbbbbbbbbbb/app.bsky.feed.post/3kbbbbbbbbb2a,3kaaaaaaaaa2a,2024-09-01 10:01:00,2024-09-01T10:01:00Z,2024-09-01T10:01:00Z,bob.example.org,did:plc:bbbbbbbbbbbbbbbbbbbbbbbb,the figs are not,https://bsky.app/profile/bob.example.org/post/3kbbbbbbbbb2a,0,0,0,0,en,,,,ann.example.org,3kaaaaaaaaa2a
""",
        "posts",
        "id=id; created_at=created_at; handle=author; account_id=author_id; text=body; "
        "reposts=repost_count; likes=like_count; replies=reply_count; language=languages; "
        "mentions=mentions; hashtags=tags; urls=links; reply_to=replied_to_id; "
        "reply_to_account=replied_to_author; observed_at=collected_at",
    ),
    Header(
        "a plain Arabic table",
        """
الحساب,التاريخ,النص,اللغة,عدد المتابعين,الوسوم
ann_plum,2021-05-01 10:00,نضج البرقوق اليوم في كل الحدائق,العربية,340,برقوق
bob_fig,2021-05-01 10:05,لم ينضج التين بعد,العربية,20,تين
""",
        "posts",
        "handle=الحساب; created_at=التاريخ; text=النص; language=اللغة; followers=عدد المتابعين; "
        "hashtags=الوسوم",
    ),
    Header(
        "a plain German table",
        """
Nutzername;Datum;Beitrag;Sprache
ann_plum;01.05.2021 10:00;die Pflaumen sind reif;Deutsch
bob_fig;01.05.2021 10:05;die Feigen noch nicht;Deutsch
""".replace(";", ","),
        "posts",
        "handle=Nutzername; created_at=Datum; text=Beitrag; language=Sprache",
    ),
    Header(
        "a plain French table",
        """
Auteur,Date de publication,Texte,Langue,Abonnés
ann_plum,2021-05-01 10:00:00,les prunes sont mûres,français,340
bob_fig,2021-05-01 10:05:00,les figues pas encore,français,20
""",
        "posts",
        "handle=Auteur; created_at=Date de publication; text=Texte; language=Langue; "
        "followers=Abonnés",
    ),
    Header(
        "a plain Spanish table",
        """
Usuario,Fecha,Mensaje,Seguidores,Idioma
ann_plum,2021-05-01 10:00:00,las ciruelas están maduras,340,es
bob_fig,2021-05-01 10:05:00,los higos todavía no,20,es
""",
        "posts",
        "handle=Usuario; created_at=Fecha; text=Mensaje; followers=Seguidores; language=Idioma",
    ),
    Header(
        "date and time of day apart",
        """
Screen Name,Date,Time,Post Text
@ann_plum,2021-05-01,10:00:03,the plums are ripe
@bob_fig,2021-05-01,10:05:09,the figs are not
""",
        "posts",
        "handle=Screen Name; created_at=Date + Time; text=Post Text",
    ),
    Header(
        "names that say nothing",
        """
c1,c2,c3
@ann_plum,2021-05-01 10:00:03,the plums are ripe in all gardens
@bob_fig,2021-05-01 10:05:09,the figs are not ripe anywhere yet
""",
        "posts",
        "handle=c1; created_at=c2; text=c3",
    ),
    Header(
        "CooRTweet",
        """
object_id,account_id,content_id,timestamp_share
85d2d12251a735ce05255061f7f231e2,0fb4232d1b7b37069c13ee17579bd10e,114e22f1b2b648528277b76f0b0224e7,1623881091
89864519cd34cabd6f5a801b6857fea6,7d0e462c10d52c4ec1db5af953bf9b26,60e1901aa670f6c05a2d7f7e74cadaf3,1623879483
""",
        "shares",
        "object=object_id; account_id=account_id; post_id=content_id; shared_at=timestamp_share",
    ),
    Header(
        "CooRTweet, several kinds of objects",
        """
account_id,post_id,url_id,hashtag_id,domain_id,phash_id,timestamp
fb_12670,129235,23678,,3498,,1629589836
tw_5966,84441,,12,6756,77,1629589069
""",
        "shares",
        "account_id=account_id; post_id=post_id; url=url_id; hashtag=hashtag_id; domain=domain_id; "
        "image=phash_id; shared_at=timestamp",
    ),
    Header(
        "Hoaxy-like shares",
        """
user_id,tweet_id,canonical_url,domain,created_at
9000001,1388000000000000001,https://example.org/a,example.org,2021-05-01 10:00:00
9000002,1388000000000000002,https://example.org/a,example.org,2021-05-01 10:01:00
""",
        "shares",
        "account_id=user_id; post_id=tweet_id; url=canonical_url; domain=domain; "
        "shared_at=created_at",
    ),
    Header(
        "Gephi edges",
        """
Source,Target,Type,Id,Label,timeset,Weight
9000001,9000002,Directed,0,,,1
9000002,9000003,Directed,1,,,2
""",
        "edges",
        "source=Source; target=Target",
    ),
    Header(
        "NodeXL edges",
        """
Vertex 1,Vertex 2,Color,Width,Relationship,Relationship Date (UTC)
ann,bob,1,1,Follows,2021-05-01 10:00:00
bob,cat,1,1,Follows,2021-05-01 10:01:00
""",
        "edges",
        "source=Vertex 1; target=Vertex 2; kind=Relationship",
    ),
    Header(
        "followers of accounts",
        """
user_id,follower_id
9000001,9000002
9000001,9000003
""",
        "edges",
        "source=follower_id; target=user_id",
    ),
    Header(
        "friends of accounts",
        """
screen_name,friend_screen_name,collected_at
ann,bob,2021-05-01
ann,cat,2021-05-01
""",
        "edges",
        "source=screen_name; target=friend_screen_name; observed_at=collected_at",
    ),
    Header(
        "accounts, API v1.1",
        """
user_id,screen_name,name,location,description,url,protected,followers_count,friends_count,listed_count,statuses_count,favourites_count,created_at,verified,profile_image_url
9000001,ann,Ann,Nowhere,likes maps,https://example.org,FALSE,340,120,2,5000,12,2012-01-02 10:00:00,FALSE,https://example.org/a.jpg
9000002,bob,Bob,,likes figs,,FALSE,20,10,0,70,1,2013-01-02 10:00:00,FALSE,https://example.org/b.jpg
""",
        "observations",
        "account_id=user_id; handle=screen_name; name=name; bio=description; "
        "followers=followers_count; following=friends_count; account_posts=statuses_count; "
        "account_created_at=created_at; avatar=profile_image_url",
    ),
    Header(
        "probes of accounts",
        """
handle,checked_at,status
ann,2021-05-01 10:00:00,active
bob,2021-05-01 10:00:05,suspended
""",
        "observations",
        "handle=handle; observed_at=checked_at; state=status",
    ),
    Header(
        "labels of posts",
        """
tweet_id,text,label,annotator
1388000000000000001,the plums are ripe,fruit,coder-1
1388000000000000002,the figs are not,fruit,coder-2
""",
        "labels",
        "post_id=tweet_id; label=label; labeller=annotator",
    ),
    Header(
        "labels of accounts, drawn at random",
        """
account_id,label,coder,probability,draw,date
9000001,supporter,c1,0.05,random,2021-05-01
9000002,other,c1,0.05,random,2021-05-01
""",
        "labels",
        "account_id=account_id; label=label; labeller=coder; probability=probability; draw=draw; "
        "labelled_at=date",
    ),
    Header(
        "daily totals, wide",
        """
date,group,stat,posts,users
2021-01-01,plums,total,875,4390
2021-01-02,plums,total,3382,11629
""",
        "series",
        "day=date; group=group + stat; value=posts + users",
    ),
    Header(
        "daily totals, long",
        """
day,group,outcome,value
2021-01-01,plums,posts,875
2021-01-01,plums,users,4390
2021-01-02,plums,posts,3382
2021-01-02,plums,users,11629
""",
        "series",
        "day=day; group=group; outcome=outcome; value=value",
    ),
    Header(
        "daily totals without a group",
        """
Date,Posts,Removed
2021-01-01,875,3
2021-01-02,3382,4
""",
        "series",
        "day=Date; value=Posts + Removed",
    ),
]


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.tool)
def test_a_known_header_is_mapped_by_itself(header: Header) -> None:
    sample = Sample("table.csv", "table", rows=table_of(header.table))
    plan = recognise(sample, Options())
    assert plan.kinds == (header.kind,)
    assert dict(plan.mapping) == mapped(header.mapping)


def test_no_place_is_ever_mapped() -> None:
    for header in HEADERS:
        sample = Sample("table.csv", "table", rows=table_of(header.table))
        used = " ".join(recognise(sample, Options()).mapping.values()).lower()
        for word in ("location", "geo", "place", "coordinates", "latitude", "region", "country"):
            assert word not in used, header.tool
