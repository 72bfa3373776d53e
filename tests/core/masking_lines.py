"""The lines that masking is measured on: what must be hidden stands in ⟦...⟧."""

STRUCTURED = """\
Please write to ⟦ann.smith@example.org⟧ instead.
My mail is ⟦ann+shop@mail.example.co.uk⟧, not the old one.
Contact ⟦o'brien@example.ie⟧ about the invoice.
Adresse: ⟦jürgen@müller-gmbh.de⟧, danke.
reach me: ⟦ann (at) example (dot) com⟧
It is ⟦ann.smith [at] example [dot] org⟧ now.
Email me under ⟦john dot smith at gmail dot com⟧ please.
My address is ⟦ann @ example . com⟧, thanks
Send it to ⟦ａｎｎ＠ｅｘａｍｐｌｅ．ｃｏｍ⟧ today
Send it to ⟦a\u200bnn@exa\u200bmple.com⟧ today
mailto:⟦bob_1984@hotmail.com⟧?subject=hi
почта ⟦ivan@пример.рф⟧, спасибо
My mail: ⟦a n n @ m a i l . c o m⟧
<⟦support-wanted@firma.example.pl⟧> wrote on Monday
Call me on ⟦+44 7911 123456⟧ after six.
Call me on ⟦07911 123456⟧ after six.
You can reach me at ⟦(202) 555-0143⟧.
tel ⟦202-555-0143⟧, ask for Ann
Cell: ⟦2025550143⟧
Meine Nummer ist ⟦0171 2345678⟧, abends.
Telefon ⟦+49 (0)30 901820⟧ oder per Post
Rufen Sie mich an: ⟦030 901820⟧
Mon portable est le ⟦06 12 34 56 78⟧.
Mon numéro: ⟦+33 6 12 34 56 78⟧
Ou bien ⟦06.12.34.56.78⟧ le soir
Mój numer to ⟦601 234 567⟧, po południu.
Zadzwoń: ⟦+48 601 234 567⟧
My WhatsApp is ⟦98765 43210⟧
My phone is ⟦9876543210⟧ in India
⟦+91 98765 43210⟧ is my number
Mi móvil es ⟦612 345 678⟧.
Chiamami al ⟦340 123 4567⟧ stasera
Meu celular é ⟦(11) 96123-4567⟧.
dial ⟦0049 30 901820⟧ from abroad
Text ⟦٠٧٩١١ ١٢٣٤٥٦⟧ please
Call ０７９１１ ⟦１２３４５６⟧ please
Card ⟦4111 1111 1111 1111⟧ was charged twice.
Card ⟦4111-1111-1111-1111⟧ was charged twice.
I paid with ⟦5555555555554444⟧ yesterday.
Amex ⟦3782 822463 10005⟧ is refused
Diners ⟦30569309025904⟧ is refused
Visa ⟦４１１１ １１１１ １１１１ １１１１⟧ abgelehnt
It was ⟦4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1⟧ if you must know
card 4⟦242 4242 4242 4242⟧, cvc ⟦123⟧
Karte ⟦5105105105105100⟧, gültig bis ⟦04/29⟧
the CVV is ⟦987⟧
IBAN ⟦DE89 3704 0044 0532 0130 00⟧ bitte
My account is ⟦GB82WEST12345698765432⟧.
Compte ⟦FR14 2004 1010 0505 0001 3M02 606⟧ merci
Konto ⟦PL61109010140000071219812874⟧ dziękuję
rekening ⟦NL91 ABNA 0417 1643 00⟧ alstublieft
⟦ch93 0076 2011 6238 5295 7⟧ ist mein Konto
Sort code: ⟦12-34-56⟧, account number ⟦12345678⟧
routing number ⟦021000021⟧ at my bank
Kontonummer ⟦532013000⟧ BLZ ⟦37040044⟧
BIC: ⟦COBADEFFXXX⟧
My SSN is ⟦536-22-1234⟧.
social security number ⟦536221234⟧
PESEL ⟦44051401359⟧ w formularzu
My NI number is ⟦AB 12 34 56 C⟧.
Aadhaar ⟦2341 2341 2346⟧ is linked
Passport number ⟦C01X00T47⟧ is rejected
passport no. ⟦533380006⟧ is rejected
CPF ⟦529.982.247-25⟧ não aceito
DNI ⟦12345678Z⟧ no vale
Codice fiscale ⟦RSSMRA85T10A562S⟧ errato
My IP is ⟦203.0.113.45⟧, is it blocked?
Login from ⟦81.2.69.142⟧ was not me
http://⟦81.2.69.142⟧:8080/admin
it shows ⟦2001:db8:85a3::8a2e:370:7334⟧ now
IP ⟦2a02:8108:8440:5a4:1cd3:1b2c:3d4e:5f60⟧ banned
Order ⟦123-1234567-1234567⟧ never came.
Where is ⟦#A-10432⟧?
Invoice ⟦INV-2024-00123⟧ is wrong.
order number ⟦48213377⟧ is late
Bestellnummer ⟦7741-2291⟧ fehlt
Ma commande n° ⟦FR4482190⟧ est perdue
Mi pedido ⟦ES-99120⟧ no llega
Zamówienie nr ⟦20245581⟧ nie dotarło
tracking number ⟦1Z999AA10123456784⟧
Rechnung ⟦RG-2024-118⟧ stimmt nicht
customer id: ⟦CUST-88123⟧
booking reference ⟦X7KQ2P⟧ is not found"""

SECRETS = """\
key ⟦sk_live_4eC39HqLyjWDarjtT1zdp7dc⟧ stopped working
token ⟦ghp_16C7e42F292c6912E7710c838347Ae178B4a⟧ is mine
slack says ⟦xoxb-123456789012-abcdefGHIJKL⟧ is revoked
AWS ⟦AKIAIOSFODNN7EXAMPLE⟧ denied
google ⟦AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY⟧ quota
⟦eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P⟧ expired
my password is ⟦hunter2⟧
My password is ⟦swordfish⟧.
Password: ⟦Tr0ub4dor&3⟧
password = "⟦correct horse⟧"
I set the password to ⟦Winter2024!⟧ and it fails
pw: ⟦s3cret99⟧
login bob, pass ⟦qwerty77⟧
mein Passwort ist ⟦Sommer2023⟧
Passwort: ⟦geheim!7⟧
mon mot de passe est ⟦azerty123⟧
mi contraseña es ⟦Perro2020⟧
moje hasło to ⟦Kotek123⟧
пароль: ⟦qwerty123⟧
密码：⟦abc12345⟧
DB_PASSWORD=⟦s3cr3tpw⟧
AWS_SECRET_ACCESS_KEY=⟦wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY⟧
{"api_key": "⟦9f8a7b6c5d4e3f2a⟧", "user": 1}
export TOKEN=⟦abc123def456⟧
client_secret: ⟦8Qx-77Zp_1⟧
Authorization: Bearer ⟦abcdef1234567890⟧
curl -H 'Authorization: Basic ⟦YW5uOmh1bnRlcjI=⟧' https://api.example.com
Cookie: ⟦session=abc123; csrftoken=def456⟧
curl -u ⟦ann:hunter2⟧ https://api.example.com/v1
postgres://⟦ann:s3cret⟧@db.example.com/shop
https://example.com/reset?token=⟦a1b2c3d4e5f6⟧
use https://example.com/magic/⟦Zx9Qw3Er7Ty1Ui5Op2As8D⟧ to get in
my pin is ⟦4821⟧
PIN: ⟦0042⟧
verification code is ⟦493021⟧
the security code was ⟦A7X-99Q⟧
your one-time code: ⟦118 204⟧
backup codes: ⟦8f3k-22lp⟧
licence key: ⟦7HQ2K-9PLM3-XX4TT⟧
the key ⟦q8ZrT3vXn5LkW2yHb7Jd⟧ does not work
seed phrase: ⟦apple river stone cloud green table window paper dog house light moon⟧
password for ann@x.example is ⟦Blue#42⟧
⟦-----BEGIN RSA PRIVATE KEY-----⟧
the passcode is "⟦open sesame⟧"
ｐａｓｓｗｏｒｄ： ⟦ｈｕｎｔｅｒ２⟧
pass\u200bword: ⟦hun\u200bter2⟧"""

CLEAN = """\
I use version 10.15.7 on the laptop and 2.4.1 at work.
Chrome/120.0.6099.109 on Windows 10.0.19045.3803
Error 0x80070005 and exit code 137
It happened on 2024-05-13 at 14:22:33.
Am 13.05.2024 um 14:22 Uhr
From 05/13/2024 to 06/01/2024 it worked.
The epoch is 1700000000 and in ms 1700000000123.
id 550e8400-e29b-41d4-a716-446655440000 in the log
commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broke it
commit 9fceb02 broke it
It listens on 127.0.0.1:8080 and 192.168.1.17.
The router is 10.0.0.1, mask 255.255.255.0.
fe80::1 and ::1 are local
MAC 00:1A:2B:3C:4D:5E
It costs $1,299.99, or 1.299,99 EUR.
€12 345 678 was the budget
ISBN 978-3-16-148410-0 and ISBN 0-306-40615-2
RFC 2822 and RFC 5322 say so.
1920x1080 or 3840 x 2160
lines 100-200, pages 1000-2000
52.5200, 13.4050 is Berlin
KB5005565 and CVE-2024-12345
UTF-8, SHA-256, ISO-8601, AES-256
Call of duty crashes on the second level.
How do I change my password?
My password is wrong every time.
The password is not accepted.
Password: must be at least 8 characters
The token is expired.
I lost my PIN and my card.
The PIN has 4 digits.
My password is too short, it wants 12 characters.
In order to 2024 we moved.
I want to order 3 items for my address book.
Sort the orders by date, newest first.
The order status page is empty.
Which card do you accept?
The phone rings 3 times and stops.
Call the function with 2 arguments.
max_tokens: 4096 and temperature 0.7
password = getpass.getpass()
token = os.environ["TOKEN"]
icon@2x.png is missing, react@18.2.0 too
git clone git@github.com:acme/shop.git
@everyone look at this
Meet me at noon dot the i.
getUserByIdFromDatabaseAndCacheItForLater()
https://docs.acme.com/en/latest/install/index.html
/usr/lib/python3.11/site-packages/requests/adapters.py
The session cookie is blocked by the browser.
Mein Passwort ist falsch.
J'ai oublié mon mot de passe.
Moje hasło jest nieprawidłowe.
It took 1234567 ms for 10000000 rows.
Ports 80, 443 and 8443 are open.
docker run -u 1000:1000 image
It fails with HTTP 404 since 3.11.2.
#1234 and #bug are about the same thing
The colour is #1a2b3c.
He scored 12-34-56 in a row.
ORCID 0000-0002-1825-0097
Nutze ich Windows 11 24H2, Build 26100.2605?
0.1234567 and 3.14159265358979
Ticket to ride is on page 12.
4111 1111 1111 1112 was printed on the sample.
Restaurants-g1493737-c21-Province_of_Trento_Trentino
getUserById2FromDatabase3AndCacheIt
The router has firmware version 81.2.69.142 now."""

KNOWN = """\
Hi, I am ⟦Ann-Kathrin Müller⟧ and it fails.
regards, ⟦ANN-KATHRIN MUELLER⟧
⟦annkathrin muller⟧ wrote this
Dear ⟦Müller⟧, hello
call ⟦0 79 11 / 12 34 56⟧ now
or ⟦+447911123456⟧
or ⟦0044 7911 123456⟧
it is ⟦7911-123-456⟧
mail ⟦ANN@Example.org⟧
ann at example: ⟦ann (at) example.org⟧
order ⟦ab 991⟧ and ⟦AB-991⟧ and ⟦ab991⟧
I work at ⟦Müller & Söhne⟧ GmbH
⟦Ａｎｎ－Ｋａｔｈｒｉｎ Müller⟧ again
⟦A\u200bnn-Kathrin Mü\u200bller⟧ again
account ⟦77-12-9⟧ of mine"""
