"""Writes examples.jsonl and promptfoo-tests.json from the sentences below: the same bytes every time.

    python suite/make_suite.py            writes both files beside this one
    python suite/make_suite.py --check    exits with 1 when they are not what this program writes

Every example is a customer message put together from hand-written parts; the right answer follows from the parts, so
that nobody has to judge. Sizes come from the formula in README.md.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIZES = {
    "refund-denial": 190,
    "refund-approval": 190,
    "ticket-routing": 175,
    "order-number": 160,
    "urgency": 175,
    "language": 160,
}

ITEMS = (
    "kettle",
    "rain jacket",
    "desk lamp",
    "toaster",
    "backpack",
    "pair of boots",
    "coffee grinder",
    "tent",
    "office chair",
    "mixer",
    "bath towel set",
    "garden hose",
    "cordless drill",
    "yoga mat",
    "picture frame",
    "wool blanket",
    "bike helmet",
    "alarm clock",
    "frying pan",
    "suitcase",
    "electric fan",
    "sleeping bag",
    "kitchen scale",
    "bookshelf",
    "reading light",
)
GREETINGS = ("", "Hi, ", "Hello, ", "Good morning, ", "Dear team, ", "Hey there, ", "Quick question: ", "Hello again, ")
REFUND_ASKS = (
    "Can I get my money back?",
    "I would like a refund.",
    "Please refund me.",
    "Could you return the payment?",
    "May I send it back for a refund?",
    "I want to return it.",
)
UNUSED = ("I have not used it", "it is still sealed", "it never left the box", "nobody has used it", "it is unopened")
USED = (
    "I used it every day",
    "we took it on a trip",
    "I have used it a few times",
    "it has been in use since then",
    "I wore it out already",
    "my kids played with it for a week",
)
BROKEN = ("arrived broken", "came with a crack", "was damaged in the box", "did not work out of the box")
WRONG = ("is not the one I ordered", "is the wrong colour, not what I ordered", "is a different model than I ordered")
SOFTWARE = ("photo editor", "tax program", "language course", "antivirus", "chess game", "music studio")


def refund_approval(draw: random.Random) -> tuple[str, str]:
    """A case the rule allows."""
    item, ask = draw.choice(ITEMS), draw.choice(REFUND_ASKS)
    kind = draw.choice(("unused", "unused", "broken", "wrong"))
    if kind == "unused":
        days = draw.randint(2, 29)
        text = f"the {item} was delivered {days} days ago and {draw.choice(UNUSED)}. {ask}"
    else:
        days = draw.randint(3, 88)
        fault = draw.choice(BROKEN if kind == "broken" else WRONG)
        text = f"the {item} you delivered {days} days ago {fault}. {ask}"
    return text, kind


def refund_denial(draw: random.Random) -> tuple[str, str]:
    """A case the rule forbids, for one of six reasons."""
    item, ask = draw.choice(ITEMS), draw.choice(REFUND_ASKS)
    kind = draw.choice(("late", "used", "sale", "gift-card", "software", "broken-late"))
    days = draw.randint(3, 28)
    if kind == "late":
        text = f"the {item} was delivered {draw.randint(35, 80)} days ago and {draw.choice(UNUSED)}. {ask}"
    elif kind == "used":
        text = f"the {item} was delivered {days} days ago and {draw.choice(USED)}. {ask}"
    elif kind == "sale":
        text = f"the {item} was a sale item, delivered {days} days ago, and {draw.choice(UNUSED)}. {ask}"
    elif kind == "gift-card":
        text = f"I bought a gift card over {draw.randint(2, 20) * 5} dollars {days} days ago and did not use it. {ask}"
    elif kind == "software":
        text = f"I opened the {draw.choice(SOFTWARE)} software you delivered {days} days ago and do not like it. {ask}"
    else:
        text = f"the {item} you delivered {draw.randint(95, 200)} days ago {draw.choice(BROKEN)}. {ask}"
    return text, kind


ROUTING = {
    "billing": (
        "I was charged twice for the same {item}.",
        "The invoice shows the wrong company name.",
        "Why is there a fee of 4 dollars on my card statement?",
        "My discount code was not taken off the price of the {item}.",
        "I need a receipt with the tax shown for the {item}.",
        "You took the money for the {item} but the payment page said failed.",
        "Can I pay for the {item} in three parts?",
        "The total on my invoice does not add up.",
        "The refund of 30 dollars is not on my bank statement.",
        "Your price for the {item} is lower now, do I get the difference back?",
        "Please put our tax number on the bill for the {item}.",
        "My credit card was refused although it is valid.",
        "I was asked to pay for the {item} although I paid by bank transfer.",
        "What is the late payment charge on my bill for?",
        "Two payments for one {item} left my bank account.",
        "The bill for the {item} came without the agreed discount.",
    ),
    "delivery": (
        "The parcel with my {item} has not arrived.",
        "Tracking says my {item} was handed over, but nobody was at the door.",
        "Can the driver leave the {item} with my neighbour?",
        "The courier brought the {item} to the wrong address.",
        "When will my {item} be shipped?",
        "My {item} has been stuck in the depot since Monday.",
        "Please send the {item} to my office and not to my home.",
        "The box with the {item} is lost in the post.",
        "Only one of two boxes came, the {item} is missing.",
        "The driver left my {item} in the rain.",
        "Does the courier come on Saturday with the {item}?",
        "I will be away, please hold back the parcel with the {item} for a week.",
        "The tracking number for the {item} is not known to the courier.",
        "How long does shipping the {item} to Norway take?",
        "A neighbour I do not know signed for my {item}.",
        "The parcel shop says it never got my {item}.",
    ),
    "account": (
        "I forgot my password and the reset mail does not come.",
        "Please change the e-mail address I log in with.",
        "I cannot log in since yesterday.",
        "Delete my profile and all my data, please.",
        "How do I turn on two-step login?",
        "Somebody else has logged in with my user name.",
        "I have two profiles, can you join them into one?",
        "The site says my user name is locked.",
        "I want to change my password but the page gives an error.",
        "My new phone number must go into my profile, I cannot edit it.",
        "The login code never reaches my phone.",
        "Why was my user profile suspended?",
        "I signed up twice by mistake, remove one login.",
        "The app logs me out every five minutes.",
        "Please unsubscribe my profile from all mails and close it.",
        "My user name has a typo, can you correct it?",
    ),
    "repair": (
        "The {item} stopped working and is under warranty.",
        "A screw of my {item} broke, can you fix it?",
        "Where can I get a spare part for the {item}?",
        "The {item} makes a strange noise, please have a technician look at it.",
        "The handle came off the {item}. Can it be mended?",
        "My {item} needs a new switch.",
        "The motor of the {item} is dead, I want it fixed under warranty.",
        "Can you replace the worn part of my {item}?",
        "After two months the {item} does not switch on any more.",
        "The zip of my {item} is torn, do you mend it?",
        "What does fixing a cracked {item} cost?",
        "How do I send the {item} to your workshop?",
        "The {item} leaks, I would like it fixed.",
        "A technician should check the cable of my {item}.",
        "My {item} came back from the workshop and still fails.",
        "I lost a small wheel of the {item} and need a spare one.",
    ),
}
CLOSINGS = (
    "",
    " Thanks.",
    " Thank you for your help.",
    " Please advise.",
    " Best regards, Kim",
    " Waiting for your answer.",
)


def ticket_routing(draw: random.Random) -> tuple[str, str]:
    """A message for one of four teams."""
    team = draw.choice(tuple(ROUTING))
    return draw.choice(ROUTING[team]).format(item=draw.choice(ITEMS)) + draw.choice(CLOSINGS), team


ORDER_MESSAGES = (
    "my order {order} with the {item} has not arrived, please call me at 555-{phone}.",
    "I paid {price} dollars for {order} and got a {item} I did not want.",
    "Where is {order}? I ordered the {item} on {date}.",
    "Please cancel {order}. Customer number {customer}.",
    "Invoice {customer} belongs to {order}, and the {item} is missing.",
    "The {item} from {date} ({order}) has a scratch. You can reach me at 555-{phone}.",
    "{order}: wrong size. I live at {house} Mill Road.",
    "Ticket {customer} was closed, but {order} is still open. It was a {item} for {price} dollars.",
    "Two parcels, {house} items, one number: {order}. The {item} is broken.",
    "I moved to {house} Station Street, send {order} there instead.",
    "It is about {order}. I paid on {date} and heard nothing.",
    "Can you add a {item} to {order}? My old one cost {price} dollars.",
    "The {item} was {price} dollars in the shop and {order} says less.",
    "My reference is {customer}, my order is {order}, my phone 555-{phone}.",
    "Since {date} I am waiting for the {item}. The order is {order}.",
    "{house} days and no {item}! Look at {order}.",
    "Please gift wrap {order} and take {price} dollars from voucher {customer}.",
    "I called 555-{phone} about {order} but nobody answered.",
    "Order {order} should hold {house} pieces, I counted fewer.",
    "For the tax office I need the bill of {order}, dated {date}.",
)


def order_number(draw: random.Random) -> tuple[str, str]:
    """A message with one order number and other numbers around it."""
    order = "".join(draw.choices("ABCDEFGHKLMNPRSTWX", k=2)) + f"-{draw.randint(10_000, 99_999)}"
    text = draw.choice(ORDER_MESSAGES).format(
        order=order,
        item=draw.choice(ITEMS),
        phone=draw.randint(1000, 9999),
        price=draw.randint(12, 340),
        date=f"{draw.randint(1, 28)} {draw.choice(('May', 'June', 'July', 'August'))}",
        customer=draw.randint(100_000, 999_999),
        house=draw.randint(2, 98),
    )
    return text, order


URGENCY = {
    "urgent": (
        "The {item} is smoking and smells of burning plastic.",
        "I got an electric shock from the {item}.",
        "The {item} must be here tomorrow or the wedding has no present.",
        "I am locked out of my account and need my tickets today.",
        "The battery of the {item} is swelling and hot.",
        "My card is being used by a stranger in your shop right now.",
        "The {item} caught fire this morning.",
        "I leave for the airport today and the {item} is not here.",
        "The glass of the {item} exploded and my child is bleeding.",
        "The court date is tomorrow and I still have no invoice.",
        "Smoke is coming out of the {item}, what do I do?",
        "Sparks fly out of the {item} when I plug it in.",
        "Somebody changed my password and is ordering with my card now.",
        "I cannot get into my account and the booking closes tonight.",
        "The {item} is a present for this evening and has not come.",
        "Gas smells from the {item} since an hour.",
        "We open our shop tomorrow morning and the {item} is missing.",
        "The {item} cut my hand badly because a guard is missing.",
        "My exam is tomorrow and I am locked out of the course.",
        "The {item} melted the socket and it is still hot.",
    ),
    "normal": (
        "Does the {item} come in green?",
        "What does the {item} weigh?",
        "I would like to know more about the {item} some day.",
        "Do you plan a new colour of the {item} for spring?",
        "The {item} is nice, I am just writing to say so.",
        "Is the {item} made of steel or aluminium?",
        "Can you send me the manual of the {item} when you have time?",
        "How do I wash the {item}?",
        "Will the {item} be cheaper next year?",
        "Which {item} do you recommend for a beginner?",
        "How many people can use the {item}?",
        "I like your shop. Is the {item} a best seller?",
        "Which country is the {item} made in?",
        "Could you tell me how long the {item} lasts on average?",
        "Please add a bigger {item} to your range.",
        "Where can I read reviews of the {item}?",
        "Is there a film that shows the {item}?",
        "I wonder whether the {item} fits into a small cupboard.",
        "What is the difference between the two kinds of {item}?",
        "Do you have a paper catalogue with the {item}?",
    ),
}


def urgency(draw: random.Random) -> tuple[str, str]:
    """A message that cannot wait, or one that can."""
    label = draw.choice(tuple(URGENCY))
    return draw.choice(URGENCY[label]).format(item=draw.choice(ITEMS)) + draw.choice(CLOSINGS), label


LANGUAGE = {
    "english": (
        "Thank you, the {n} parts fit.",
        "We ordered {n} chairs last week.",
        "Is shop number {n} open on Sunday?",
        "Please send {n} more boxes.",
        "I have waited {n} days for an answer.",
        "The lamp costs {n} dollars too much.",
        "Can {n} people share one card?",
        "Your shop in street {n} is lovely.",
    ),
    "german": (
        "Danke, die {n} Teile passen.",
        "Wir haben letzte Woche {n} Stühle bestellt.",
        "Ist Laden {n} sonntags offen?",
        "Bitte schicken Sie {n} weitere Kisten.",
        "Ich warte seit {n} Tagen auf eine Antwort.",
        "Die Lampe kostet {n} Euro zu viel.",
        "Können {n} Leute eine Karte teilen?",
        "Ihr Laden in Haus {n} ist schön.",
    ),
    "french": (
        "Merci, les {n} pièces vont bien.",
        "Nous avons commandé {n} chaises.",
        "Le magasin {n} est-il ouvert dimanche ?",
        "Envoyez encore {n} boîtes, s'il vous plaît.",
        "J'attends une réponse depuis {n} jours.",
        "La lampe coûte {n} euros de trop.",
        "Est-ce que {n} personnes peuvent partager une carte ?",
        "Votre magasin au numéro {n} est joli.",
    ),
    "spanish": (
        "Gracias, las {n} piezas encajan.",
        "Pedimos {n} sillas la semana pasada.",
        "¿La tienda {n} abre el domingo?",
        "Envíen {n} cajas más, por favor.",
        "Espero una respuesta desde hace {n} días.",
        "La lámpara cuesta {n} euros de más.",
        "¿Pueden {n} personas compartir una tarjeta?",
        "Su tienda en el número {n} es bonita.",
    ),
}


def language(draw: random.Random) -> tuple[str, str]:
    """A line in one of four languages."""
    label = draw.choice(tuple(LANGUAGE))
    return draw.choice(LANGUAGE[label]).format(n=draw.randint(2, 60)), label


def examples() -> Iterator[dict[str, object]]:
    """Every example, task by task, without two equal messages."""
    makers = {
        "refund-denial": refund_denial,
        "refund-approval": refund_approval,
        "ticket-routing": ticket_routing,
        "order-number": order_number,
        "urgency": urgency,
        "language": language,
    }
    seen: set[str] = set()
    for task, make in makers.items():
        draw = random.Random(f"towpath example suite 1 {task}")
        made = 0
        while made < SIZES[task]:
            text, kind = make(draw)
            if task.startswith("refund"):
                text = draw.choice(GREETINGS) + text
            message = text[0].upper() + text[1:]
            if message in seen:
                continue
            seen.add(message)
            made += 1
            expected = {"refund-denial": "no", "refund-approval": "yes"}.get(task, kind)
            tags = [kind] if task.startswith("refund") else []
            yield {"id": f"{task}-{made:03d}", "task": task, "message": message, "expected": expected, "tags": tags}


def prompts() -> dict[str, str]:
    """Prompt templates by heading of prompts/triage.md."""
    found: dict[str, str] = {}
    for section in (HERE.parent / "prompts" / "triage.md").read_text(encoding="utf-8").split("# ")[1:]:
        heading, _, body = section.partition("\n")
        found[heading.strip()] = body.strip()
    return found


def prompt_for(example: dict[str, object], templates: dict[str, str]) -> str:
    """What the model is asked."""
    task = str(example["task"])
    return templates["refund" if task.startswith("refund") else task].replace("{{message}}", str(example["message"]))


def promptfoo_test(example: dict[str, object], templates: dict[str, str]) -> dict[str, object]:
    """The example as promptfoo reads it."""
    return {
        "description": example["id"],
        "vars": {
            "prompt": prompt_for(example, templates),
            "task": example["task"],
            "expected": example["expected"],
        },
        "metadata": {"id": example["id"], "task": example["task"], "tags": example["tags"]},
    }


def files() -> dict[str, str]:
    """File name -> contents."""
    rows = list(examples())
    templates = prompts()
    return {
        "examples.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
        "promptfoo-tests.json": json.dumps(
            [promptfoo_test(row, templates) for row in rows], ensure_ascii=False, indent=1
        )
        + "\n",
    }


def main(arguments: list[str]) -> int:
    """Write or check both files."""
    for name, text in files().items():
        path = HERE / name
        if "--check" in arguments:
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                print(f"{name} is not what make_suite.py writes", file=sys.stderr)
                return 1
        else:
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
