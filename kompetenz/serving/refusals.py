"""What a client is told whose request never reaches the app, by status: a heading and what to do."""

SENT_IN_VAIN = "Gespeichert ist davon nichts. Bitte gehen Sie zurück und"

REFUSALS = {
    408: (
        "Nicht vollständig angekommen",
        f"Ihre Eingaben kamen in zwei Minuten nicht vollständig an. {SENT_IN_VAIN} senden Sie sie noch einmal.",
    ),
    411: (
        "Nicht verstanden",
        "Es war nicht zu erkennen, wie lang die Anfrage ist. Bitte senden Sie sie mit einem Browser.",
    ),
    413: (
        "Zu groß",
        f"Eine Datei darf höchstens 10 MB haben, ein Formular höchstens 2 MB. {SENT_IN_VAIN} senden Sie weniger auf einmal.",
    ),
    414: (
        "Zu lange Adresse",
        "So lang ist keine Adresse dieser Anwendung. Bitte gehen Sie zurück und suchen Sie mit weniger Angaben.",
    ),
    429: (
        "Zu viel auf einmal",
        "Von Ihnen warten schon viele Anfragen. Bitte warten Sie, bis sie beantwortet sind, und fragen Sie dann noch einmal.",
    ),
    431: (
        "Zu viel mitgeschickt",
        "Ihr Browser schickt mehr Cookies mit, als die Anwendung liest. Bitte löschen Sie die Cookies dieser Seite.",
    ),
    500: (
        "Es ist ein Fehler aufgetreten",
        "Der Fehler liegt bei uns. Was gespeichert war, ist noch da. Bitte gehen Sie zurück und versuchen Sie es noch einmal.",
    ),
    503: (
        "Gerade ist sehr viel los",
        f"Ihre Anfrage kam nicht an die Reihe. {SENT_IN_VAIN} versuchen Sie es in einer Minute noch einmal.",
    ),
    507: (
        "Kein Speicherplatz frei",
        f"Auf dem Server ist kein Platz mehr für Ihre Anfrage. {SENT_IN_VAIN} versuchen Sie es in einer Minute noch einmal.",
    ),
}
