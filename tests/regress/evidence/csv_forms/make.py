"""One table in every form that exports have; and some that have no one meaning."""
import pathlib

folder = pathlib.Path("inputs/evidence/csv")
folder.mkdir(parents=True)


def put(name, content):
    (folder / f"{name}-2025-12-31.csv").write_bytes(content)


put("crlf", b"id,n,note\r\na,1,x\r\nb,2,y\r\n")
put("cr", b"id,n,note\ra,1,x\rb,2,y\r")
put("mixed", b"id,n,note\na,1,x\r\nb,2,y\rc,3,z")
put("mark", b"\xef\xbb\xbfid,n,note\na,1,x\n")
put("unended", b"id,n,note\na,1,x")
put("semicolon", b"id;n;note\na;1;x, y\n")
put("tab", b"id\tn\tnote\na\t1\tx, y\n")
put("bar", b"id|n|note\na|1|x, y\n")
put("lines", b'id,n,note\na,1,"x\r\ny ""z"""\nb,2,w\n')
put("spaces", b"id,n,ok,made,note\na , 1 ,true  , 2025-12-01,x  \n")
put("cells", b'id,n,note\na,1,"{""b"": [1, 2]}"\n@b,2,=1+1\n+c,3,"[\'d\', None]"\n')
put("empty-lines", b"id,n,note\n\na,1,x\n\n\n")
put("twice", b"id,n,other,other,note\na,1,p,q,x\n")
put("blank-names", b"id,n,,,note\na,1,,,x\n")
put("ragged", b"id,n,note\na,1,x,\nb,2\nc,3,z\n")
put("nul", b"id,n,note\na,1,x\0y\nb,2,z\n")
put("wide", b"id,n,note\na,1,x\nb" + b"," * 1000000 + b"\nc,3,z\n")
put("long", b"id,n,note\na,1,x\nb,2," + b"y" * (20 << 20) + b"\nc,3,z\n")
put("error", b"<html><head><title>502 Bad Gateway</title></head></html>\n")
put("denied", b'{"error": "access_denied"}\n')
put("titles", b"\"Things, all of them\"\nAs of;2025-12-31\n\nid;n;note\na;1;x, y\n")
put("titles-wide", b"this,is,no,title\nid,n,note\na,1,x\n")
put("titles-many", b"a title\n" * 21 + b"id,n,note\na,1,x\n")
put("head-only", b"id,n,note\n")
put("nothing", b"")
